"""The round and the month of a grid, as plain values. Pure. Source 004 and spec 03: a round every day, every
household at least once a month; a shortfall warns in the last week, then goes one tier up.

A month of visits is a calendar month: it has nothing to do with the cut-off of points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.cycles.calendar import Month, month_of
from server.grid.duties.rules import HIGHEST, LOWEST, Tier, next_tier

MONTH_END = 31
LAST_WEEK = timedelta(days=6)
LATEST = timedelta(days=14)
"""How far back a phone may bring in a visit."""
_DIGITS = re.compile(r"(\d+)")


def month_of_visit(day: date) -> Month:
    """The month in which a visit counts."""
    return month_of(day, MONTH_END)


def number_of(month: Month) -> int:
    """A month as yyyymm."""
    return month.year * 100 + month.number


def last_day(month: Month) -> date:
    """The last day of the month."""
    return month.last_day(MONTH_END)


def last_week(month: Month) -> date:
    """The first of the month's last seven days: from here on a shortfall warns."""
    return last_day(month) - LAST_WEEK


def day_of(sent: datetime | None, now: datetime) -> datetime:
    """When a visit was: as the phone says, but never later than now (phones' clocks run ahead)."""
    return min(sent, now) if sent else now


@dataclass(frozen=True)
class Stop:
    """A household of the round: where it is, and when it was last visited before this month's days count."""

    household: str
    label: str
    team: str
    door: str
    east: float | None
    north: float | None
    last_visit: date | None


def house_key(team: str, door: str) -> tuple[object, ...]:
    """Doors in the order in which they stand: lane by lane, 2 before 10; odd and even numbers side by side."""
    parts = _DIGITS.split(f"{team} {door}")
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part.strip()) for part in parts if part.strip()
    )


def todays(stops: Sequence[Stop], today: date) -> list[Stop]:
    """Which households are today's: the longest unvisited, so many a day that the month's end is reached.

    The same all day: a visit of today does not change it. Most overdue first, those never visited foremost.
    """
    month = month_of_visit(today)
    first = month.first_day(MONTH_END)
    left = [s for s in stops if s.last_visit is None or s.last_visit < first]
    days = (last_day(month) - today).days + 1
    wanted = math.ceil(len(left) / days)
    left.sort(key=lambda stop: (stop.last_visit or date.min, house_key(stop.team, stop.door), stop.household))
    return left[:wanted]


def walk(stops: Sequence[Stop]) -> list[Stop]:
    """The stops in walking order, beginning at the first one: by place where every one has a place, else door
    by door along the lanes and round again.
    """
    if not stops:
        return []
    if all(stop.east is not None and stop.north is not None for stop in stops):
        return _nearest(list(stops))
    ordered = sorted(stops, key=lambda stop: (house_key(stop.team, stop.door), stop.household))
    start = ordered.index(stops[0])
    return ordered[start:] + ordered[:start]


def _nearest(left: list[Stop]) -> list[Stop]:
    """Always on to the nearest door that is left; a round has few enough for that."""
    found = [left.pop(0)]
    while left:
        here = found[-1]
        following = min(left, key=lambda stop: (_apart(here, stop), stop.household))
        left.remove(following)
        found.append(following)
    return found


def _apart(one: Stop, other: Stop) -> float:
    """Squared distance in degrees of latitude; near enough within a village."""
    north = (one.north or 0) - (other.north or 0)
    east = ((one.east or 0) - (other.east or 0)) * math.cos(math.radians(one.north or 0))
    return north * north + east * east


@dataclass(frozen=True)
class Home:
    """A household as coverage counts it."""

    household: str
    grid: str
    since: date


def to_visit(homes: Sequence[Home], month: Month) -> list[Home]:
    """The households a month counts: those that were there before its last week."""
    return [home for home in homes if home.since < last_week(month)]


def escalated_tier(before: int, held: frozenset[Tier]) -> Tier:
    """Who hears of a month's shortfall: one tier above the workers, and one more for each month before it in
    a row (`before`: the tier told last month, 0 when nothing was missed). Tiers nobody holds are passed over.
    """
    below = Tier(before) if before else LOWEST
    return next_tier(below, held) or Tier(min(below + 1, HIGHEST))


def missed_by_grid(homes: Sequence[Home], visited: frozenset[str]) -> dict[str, list[str]]:
    """The households nobody visited, by grid; grids without any are there too."""
    found: dict[str, list[str]] = {home.grid: [] for home in homes}
    for home in homes:
        if home.household not in visited:
            found[home.grid].append(home.household)
    return found
