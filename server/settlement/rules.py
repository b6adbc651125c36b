"""The sentences of the month as functions of plain values: majorities, minutes, deadlines, desensitised
names.

No database, no clock, no request. Source: spec 01 (Month) and 05 (separation of duties).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.kit.errors import FieldFault

OBJECTION_DAYS = 7
LONGEST_NOTICE = 60
ADULT_YEARS = 18


def majority(votes_for: int, members: int) -> bool:
    """More than half of all members, not only of those who voted."""
    return votes_for * 2 > members


@dataclass(frozen=True)
class Minutes:
    """The minutes of a committee meeting on a month."""

    number: str
    held_on: date
    attended: tuple[str, ...]
    votes_for: int
    votes_against: int
    abstained: int


def check_minutes(minutes: Minutes, members: Iterable[str], cutoff: date, today: date) -> list[FieldFault]:
    """What is wrong with the minutes; `cutoff` is the last day of the month they are about."""
    known = frozenset(members)
    faults = []
    if minutes.held_on > today:
        faults.append(FieldFault("held_on", "开会日期在将来，请核对。"))
    elif minutes.held_on <= cutoff:
        faults.append(FieldFault("held_on", "开会日期要在本月截止日之后。"))
    if len(set(minutes.attended)) != len(minutes.attended):
        faults.append(FieldFault("attended", "有人写了两遍。"))
    if not set(minutes.attended) <= known:
        faults.append(FieldFault("attended", "到会的人里有不是村委会委员的。"))
    if not majority(len(set(minutes.attended) & known), len(known)):
        faults.append(FieldFault("attended", f"到会要超过半数，村委会共 {len(known)} 人。"))
    cast = minutes.votes_for + minutes.votes_against + minutes.abstained
    if cast != len(minutes.attended):
        message = f"同意、反对、弃权加起来是 {cast}，到会是 {len(minutes.attended)} 人。"
        faults.append(FieldFault("for", message))
    elif not majority(minutes.votes_for, len(known)):
        message = f"同意的要超过村委会的半数，共 {len(known)} 人。没通过的不用登记。"
        faults.append(FieldFault("for", message))
    return faults


def cut_points(added: int, each: int | None, factor: tuple[int, int]) -> int:
    """What is left of a household's points added (hundredths): at most `each`, then the village's share
    (numerator, denominator), floored to 0.01 so that a cut never leaves more than the ceiling.
    """
    left = added if each is None else min(added, each)
    return left * factor[0] // factor[1]


def notice_days_fault(days: int, setting: int) -> FieldFault | None:
    """A notice may be longer than the village's setting, never shorter."""
    if days < setting:
        return FieldFault("days", f"公示不能少于 {setting} 天。")
    if days > LONGEST_NOTICE:
        return FieldFault("days", f"公示最多 {LONGEST_NOTICE} 天。")
    return None


def alone(person: str, resolvers: Iterable[str]) -> bool:
    """Whether nobody but `person` resolved: who publishes a tally is not alone in resolving it."""
    return not set(resolvers) - {person}


def objection_due(made_at: datetime) -> datetime:
    """Unanswered after 7 days an objection goes to the township."""
    return made_at + timedelta(days=OBJECTION_DAYS)


def desensitised(name: str) -> str:
    """A name as villagers see it: the first character and two stars, whatever its length (王**)."""
    stripped = name.strip()
    return f"{stripped[0]}**" if stripped else ""


def is_minor(birth_date: date | None, day: date) -> bool:
    """Under 18 on `day`; an unknown birth date counts as grown up (heads of households are)."""
    if birth_date is None:
        return False
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday) < ADULT_YEARS


def shown_name(name: str, birth_date: date | None, day: date) -> str:
    """The desensitised name, or nothing at all for a minor."""
    return "" if is_minor(birth_date, day) else desensitised(name)
