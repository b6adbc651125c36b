"""A replay over a village's past months: the records are looked up, `replay` says what would have been
different. Nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.cycles.calendar import Month
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.exact import ZERO
from server.people.api import Actor, Permission, Place, Village
from server.rulebook.items import Rulebook
from server.rulebook.models import RulebookRow
from server.rulebook.replay import Difference, ReplayRecord, replay

MOST_MONTHS = 24


@dataclass(frozen=True)
class Replayed:
    """What another rulebook would have changed: lines per household and item, and the sums of all records."""

    first: Month
    last: Month
    records: int
    households: int
    old_points: Decimal
    new_points: Decimal
    lines: tuple[Difference, ...]
    names: dict[str, str]

    @property
    def households_changed(self) -> int:
        return len({line.household for line in self.lines})


def replay_of(
    session: Session, actor: Actor, key: str, first: Month, last: Month
) -> tuple[RulebookRow, Replayed]:
    """The replay of a rulebook that the village keeps, drafts included; raises NotFound, Invalid."""
    row = session.get(RulebookRow, key)
    if row is None:
        raise NotFound()
    actor.at(Permission.RULEBOOK_DRAFT, Place(row.village_code))
    return row, replay_village(session, row.village_code, Rulebook.from_document(row.document), first, last)


def replay_village(session: Session, village: str, rulebook: Rulebook, first: Month, last: Month) -> Replayed:
    """What `rulebook` would have changed in these months of `village`, against the points as they count.

    Records before the first month only use up caps. Raises NotFound, Invalid `months_wrong`.
    """
    found = session.get(Village, village)
    if found is None:
        raise NotFound("village_not_found", f"没有代码是 {village} 的村，请核对代码。")
    span = (last.year - first.year) * 12 + last.number - first.number
    if not 0 <= span < MOST_MONTHS:
        fault = FieldFault("to", f"结束月不早于开始月，最多 {MOST_MONTHS} 个月。")
        raise Invalid("months_wrong", "月份的先后不对。", [fault])
    start = first.first_day(found.cutoff_day)
    reach = date(min(start.year, first.year) - 1, 1, 1)  # the longest cap is a calendar year
    rows = conduct.counted_records(session, village, reach, last.year * 100 + last.number)
    within = {row.id for row in rows if row.month >= first.year * 100 + first.number}
    records = [
        ReplayRecord(
            row.id,
            row.household,
            row.household_kind,
            row.item,
            row.points,
            row.occurred_on,
            settled=row.id not in within,
        )
        for row in rows
    ]
    lines = tuple(replay(None, rulebook, records))
    old = sum((row.points for row in rows if row.id in within), ZERO)
    return Replayed(
        first,
        last,
        len(within),
        len({row.household for row in rows if row.id in within}),
        old,
        old + sum((line.change for line in lines), ZERO),
        lines,
        {item.code: item.name for item in rulebook.items},
    )
