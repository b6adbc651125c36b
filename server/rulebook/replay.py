"""Replay: what the same records would have brought under another rulebook.

Nothing is written, nothing is looked up.

Pure. Records that a stricter cap had refused at the time do not exist, so a replay cannot bring them back:
it answers for the records there are, as a run of these records from scratch under the other rulebook would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.kit.exact import ZERO
from server.rulebook.items import Cap, Item, Rulebook
from server.rulebook.rules import applies_to, cap_window, caps_of, nearest_points


@dataclass(frozen=True)
class ReplayRecord:
    """A record that counted: `points` signed as posted, `household_class` as on the date of conduct.

    Records are taken in the order given, which is the order in which they were accepted. A `settled` one
    lies before the months compared: it keeps its points and only uses up caps.
    """

    id: str
    household: str
    household_class: str | None
    item: str
    points: Decimal
    occurred_on: date
    settled: bool = False


@dataclass(frozen=True)
class Difference:
    """One household and item: sum and number of counting records under the old and the new rulebook."""

    household: str
    item: str
    old_points: Decimal
    new_points: Decimal
    old_records: int
    new_records: int

    @property
    def change(self) -> Decimal:
        """New minus old: what the household would have gained or lost."""
        return self.new_points - self.old_points


_Window = tuple[str, str, Cap, date]  # household, item code, cap, first day of its period


@dataclass
class _Sums:
    """One side of a difference while it is added up."""

    points: Decimal = ZERO
    records: int = 0

    def add(self, points: Decimal | None) -> None:
        if points is not None:
            self.points += points
            self.records += 1


def points_under(
    rulebook: Rulebook, records: Iterable[ReplayRecord], since: date | None = None
) -> dict[str, Decimal | None]:
    """Points of each record (by id) under this rulebook; None where it would not count.

    A record does not count when the item is not in the rulebook, does not apply to the household's class, or
    a cap is used up. Points stay as they were given where the item allows them, else become the nearest
    value that it allows. Caps follow the item's code: records before `since` keep their points and use up
    the rulebook's caps all the same.
    """
    items = {item.code: item for item in rulebook.items}
    used: defaultdict[_Window, int] = defaultdict(int)
    result: dict[str, Decimal | None] = {}
    for record in records:
        item = items.get(record.item)
        settled = record.settled or (since is not None and record.occurred_on < since)
        if settled:
            result[record.id] = record.points
        elif item is None or not _counts(rulebook, item, record, used):
            result[record.id] = None
            continue
        else:
            result[record.id] = nearest_points(item, record.points)
        for window in _windows(item, record):
            used[window] += 1
    return result


def replay(
    old: Rulebook | None, new: Rulebook, records: Sequence[ReplayRecord], since: date | None = None
) -> list[Difference]:
    """Per household and item, what `new` would have changed, sorted by household and item.

    Equal ones are left out.

    `old` None compares with the points as posted, which is right over months that saw several versions.
    Records before `since` only use up caps (a yearly one reaches back) and are not compared.
    """
    compared = [
        record for record in records if not record.settled and (since is None or record.occurred_on >= since)
    ]
    before = (
        {record.id: record.points for record in records} if old is None else points_under(old, records, since)
    )
    after = points_under(new, records, since)
    olds, news = _sums(compared, before), _sums(compared, after)
    lines = [
        Difference(*key, olds[key].points, news[key].points, olds[key].records, news[key].records)
        for key in sorted(olds)
    ]
    return [line for line in lines if line.change or line.old_records != line.new_records]


def _windows(item: Item | None, record: ReplayRecord) -> list[_Window]:
    caps = caps_of(item) if item else ()
    return [(record.household, record.item, cap, cap_window(cap.per, record.occurred_on)[0]) for cap in caps]


def _counts(rulebook: Rulebook, item: Item, record: ReplayRecord, used: Mapping[_Window, int]) -> bool:
    return applies_to(rulebook, item, record.household_class) and all(
        used.get(window, 0) < window[2].times for window in _windows(item, record)
    )


def _sums(
    records: Iterable[ReplayRecord], points: Mapping[str, Decimal | None]
) -> defaultdict[tuple[str, str], _Sums]:
    sums: defaultdict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for record in records:
        sums[record.household, record.item].add(points[record.id])
    return sums
