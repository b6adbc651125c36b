"""Exchange days 兑换日: on which dates they fall, through which states they go, and when. Pure.

Instants are those of Asia/Shanghai. Figures marked illustrative stand in no source document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from server.kit.clock import local_midnight

MONTHS_AHEAD = 12
# Illustrative: reservations open two weeks before the day and close at six the evening before, when the pick list
# is printed. One rule for all and no setting of a village: a keeper who wants it earlier takes that one day a step
# on by hand, and the closers find due days by their date alone, without looking at each village's settings.
OPENS_DAYS_BEFORE = 14
CLOSES_HOUR = 18
_QUARTERS = frozenset({1, 4, 7, 10})


class DayState(StrEnum):
    """The way of an exchange day."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    REDEEMING = "redeeming"
    SETTLED = "settled"
    CANCELLED = "cancelled"


S = DayState
TRANSITIONS: dict[DayState, frozenset[DayState]] = {
    S.PLANNED: frozenset({S.OPEN, S.CANCELLED}),
    S.OPEN: frozenset({S.CLOSED, S.CANCELLED}),
    S.CLOSED: frozenset({S.REDEEMING, S.CANCELLED}),
    S.REDEEMING: frozenset({S.SETTLED, S.CANCELLED}),
    S.SETTLED: frozenset(),
    S.CANCELLED: frozenset(),
}
MOVABLE = frozenset({S.PLANNED, S.OPEN, S.CLOSED})


def dates(rule: Mapping[str, Any], after: date, until: date) -> list[date]:
    """The dates of a rule after `after` up to and including `until`, in order.

    `{"kind": "monthly", "day": 1}` is the 1st of each month (source 004), `quarterly` the first month of
    each quarter (county rule), `{"kind": "weekday", "weekday": 5}` every Friday.
    """
    return [day for day in _days(after, until) if falls_on(rule, day)]


def _days(after: date, until: date) -> Iterator[date]:
    for number in range(1, (until - after).days + 1):
        yield after + timedelta(days=number)


def falls_on(rule: Mapping[str, Any], day: date) -> bool:
    """Whether the shop redeems on `day` by this rule; raises ValueError for a rule of another kind."""
    kind = rule["kind"]
    if kind == "monthly":
        return bool(day.day == rule["day"])
    if kind == "quarterly":
        return bool(day.day == rule["day"]) and day.month in _QUARTERS
    if kind == "weekday":
        return bool(day.isoweekday() == rule["weekday"])
    raise ValueError(f"not a rule of exchange days: {kind!r}")


def horizon(today: date) -> date:
    """The last day that is planned ahead: twelve months from today (29 February counts as the 28th)."""
    last = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year + 1, today.month, last)


@dataclass(frozen=True)
class Step:
    """What time does to a day next, and from which instant on."""

    target: DayState
    at: datetime


def next_step(status: DayState, day: date) -> Step | None:
    """The step that time brings; None where people decide (settling takes two signatures)."""
    if status is S.PLANNED:
        return Step(S.OPEN, local_midnight(day - timedelta(days=OPENS_DAYS_BEFORE)))
    if status is S.OPEN:
        return Step(S.CLOSED, local_midnight(day) - timedelta(hours=24 - CLOSES_HOUR))
    if status is S.CLOSED:
        return Step(S.REDEEMING, local_midnight(day))
    return None


def pickup_ends(day: date, pickup_days: int) -> datetime:
    """The instant from which what was not picked up goes back, and nothing more is handed out for the day."""
    return local_midnight(day + timedelta(days=pickup_days + 1))


def hours_fit(opens_at: str, closes_at: str) -> bool:
    """Whether `HH:MM` to `HH:MM` is a span of one day."""
    return opens_at < closes_at
