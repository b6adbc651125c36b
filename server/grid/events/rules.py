"""The states of an event and what each step needs. Pure. Spec 03: reported, given to someone, handled, checked by
the reporter, closed; unhandled past its time it goes one tier up; the reporter rates it and may reopen it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from server.grid.duties.rules import IN_GRID

_Counted = TypeVar("_Counted", int, str)


class EventStatus(StrEnum):
    """Where an event stands. Reported, escalated and reopened ones wait for somebody of their tier."""

    REPORTED = "reported"
    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    HANDLED = "handled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


S = EventStatus
_AT_WORK = frozenset({S.ASSIGNED, S.HANDLED, S.ESCALATED})
TRANSITIONS: dict[EventStatus, frozenset[EventStatus]] = {
    S.REPORTED: _AT_WORK | {S.WITHDRAWN},
    S.ASSIGNED: _AT_WORK | {S.WITHDRAWN},
    S.ESCALATED: _AT_WORK | {S.WITHDRAWN},
    S.REOPENED: _AT_WORK | {S.WITHDRAWN},
    S.HANDLED: frozenset({S.CLOSED, S.REOPENED}),
    S.CLOSED: frozenset({S.REOPENED}),
    S.WITHDRAWN: frozenset(),
}
WAITING = frozenset({S.REPORTED, S.ASSIGNED, S.ESCALATED, S.REOPENED})
"""Not handled yet: the clock of the tier runs."""
BY_REPORTER = frozenset({S.CLOSED, S.REOPENED, S.WITHDRAWN})
"""Steps that are the reporter's alone."""
CHECK = timedelta(days=7)
"""How long the reporter may look at the handling before it counts as accepted (illustrative)."""
REOPENABLE = timedelta(days=30)
"""How long after closing an event may be reopened (illustrative)."""


def may_reopen(round_: int, closed_at: datetime | None, now: datetime) -> bool:
    """Once, and not long after it was closed."""
    return round_ == 1 and (closed_at is None or now - closed_at <= REOPENABLE)


@dataclass(frozen=True)
class Told:
    """An event as the figures count it; `tier`: where it was handled, or where it is waiting."""

    type: str
    status: EventStatus
    tier: int
    overdue: bool
    rating: int | None


@dataclass(frozen=True)
class Figures:
    """A village's events of a time: how many, where they were settled, how the handling was rated."""

    reported: int
    settled: int
    settled_in_grid: int
    waiting: int
    overdue: int
    by_tier: dict[int, int]
    by_type: dict[str, int]
    ratings: dict[int, int]


def figures(events: Iterable[Told]) -> Figures:
    """Count; what was withdrawn counts nowhere. Settled in the grid: by its workers or its leader."""
    told = [event for event in events if event.status is not S.WITHDRAWN]
    settled = [event for event in told if event.status in (S.HANDLED, S.CLOSED)]
    waiting = [event for event in told if event.status in WAITING]
    return Figures(
        reported=len(told),
        settled=len(settled),
        settled_in_grid=sum(event.tier <= IN_GRID for event in settled),
        waiting=len(waiting),
        overdue=sum(event.overdue for event in waiting),
        by_tier=_count(event.tier for event in settled),
        by_type=_count(event.type for event in told),
        ratings=_count(event.rating for event in told if event.rating is not None),
    )


def _count(values: Iterable[_Counted]) -> dict[_Counted, int]:
    return dict(sorted(Counter(values).items()))
