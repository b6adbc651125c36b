"""Facts as plain values: what a kind allows, and what a file says as of a day. Pure. Spec 03.

Two dates matter: since when something is so, and when it was written down. A file as of a past day shows
what had been written down by then, corrections of later days left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from server.grid.vocabulary import About, FactKind, Keeps, Value
from server.kit.errors import FieldFault

EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class NewFact:
    """A fact as a phone sends it; `ended`: the state is over from `since` on."""

    id: str
    kind: str
    member: str | None = None
    value: str = ""
    since: date | None = None
    ended: bool = False


@dataclass(frozen=True)
class Known:
    """One entry of a file as the table has it."""

    id: str
    kind: str
    member: str | None
    value: str
    since: date
    ended: bool
    corrects: str | None
    void: bool
    recorded_at: datetime


def faults_of(
    new: NewFact, kinds: dict[str, FactKind], members: Iterable[str], today: date
) -> list[FieldFault]:
    """What is wrong with a fact, in words for who wrote it."""
    kind = kinds.get(new.kind)
    if kind is None:
        return [FieldFault("kind", "没有这一类情况，请从列表里选。")]
    found = []
    if kind.about is About.MEMBER and new.member not in set(members):
        found.append(FieldFault("member", f"“{kind.name}”要选是这户的哪一位。"))
    if kind.about is About.HOUSEHOLD and new.member is not None:
        found.append(FieldFault("member", f"“{kind.name}”是整户的情况，不用选人。"))
    found += _faults_of_value(kind, new)
    if new.ended and kind.keeps is Keeps.EVENT:
        found.append(FieldFault("ended", f"“{kind.name}”是一次性的事，没有结束。"))
    if new.since is not None and not EARLIEST <= new.since <= today:
        found.append(FieldFault("since", "日期不能晚于今天，也不能早于 1900 年。"))
    return found


def _faults_of_value(kind: FactKind, new: NewFact) -> list[FieldFault]:
    if new.ended or kind.value is Value.NONE:
        said = f"“{kind.name}”不用写内容。"
        return [FieldFault("value", said)] if new.value and not new.ended else []
    if kind.value is Value.CHOICE and new.value not in kind.choices:
        return [FieldFault("value", f"请从这些里选：{'、'.join(kind.choices)}。")]
    if kind.value is Value.TEXT and not new.value.strip():
        return [FieldFault("value", f"请写明“{kind.name}”的内容。")]
    return []


def content_hash(household: str, new: NewFact) -> str:
    """What makes two facts with one id the same; stays when the content is blanked."""
    since = new.since.isoformat() if new.since else None
    content = [household, new.kind, new.member, new.value, since, new.ended]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def standing(entries: Sequence[Known], kinds: dict[str, FactKind], day: date) -> list[Known]:
    """What the file says on `day`: of each state the latest entry unless it ended, and every event until then.

    `entries` are those written down by then. Of two entries about one day the later written one counts.
    """
    corrected = {entry.corrects for entry in entries if entry.corrects}
    said = [e for e in entries if e.id not in corrected and not e.void and e.since <= day]
    said.sort(key=lambda entry: (entry.since, entry.recorded_at, entry.id))
    states: dict[tuple[str, str | None], Known] = {}
    shown: list[Known] = []
    for entry in said:
        kind = kinds.get(entry.kind)
        if kind is not None and kind.keeps is Keeps.STATE:
            states[entry.kind, entry.member] = entry
            continue
        shown.append(entry)
        if kind is not None and kind.ends:
            states.pop((kind.ends, entry.member), None)
    shown += [entry for entry in states.values() if not entry.ended]
    order = {code: number for number, code in enumerate(kinds)}
    return sorted(shown, key=lambda e: (e.member or "", order.get(e.kind, len(order)), e.since, e.id))


def over(entries: Sequence[Known], new: NewFact, since: date, kinds: dict[str, FactKind]) -> list[str]:
    """The entries of states that a new fact brings to their end: from now on they are only history."""
    kind = kinds[new.kind]
    target = kind.code if kind.keeps is Keeps.STATE else kind.ends
    return [
        entry.id
        for entry in entries
        if entry.kind == target and entry.member == new.member and entry.since <= since and entry.id != new.id
    ]
