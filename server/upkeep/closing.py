"""The closer that sweeps what has served its time: idempotency keys, rate counters, ended sessions, old invitations."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.cycles.api import INSTANCE, Closer, Due, NotDue, Skip
from server.kit.clock import local_date, local_midnight
from server.people import api as people
from server.web import idempotency, rates

NAME = "upkeep.sweep"
KEYS_FOR = timedelta(days=30)
"""Idempotency keys: longer than any phone keeps a queue."""
COUNTS_FOR = timedelta(days=2)
DAY = timedelta(days=1)


def closers() -> list[Closer]:
    """One sweep for each day on which something has served its time."""
    return [Closer(NAME, _next_due, _close)]


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    """The midnight after the day on which the oldest thing's time was over."""
    keys, counts = idempotency.oldest(session), rates.oldest(session)
    ends = [keys + KEYS_FOR] if keys else []
    ends += [counts + COUNTS_FOR] if counts else []
    if not ends:
        return None
    day = local_date(min(ends)) + DAY
    at, period = local_midnight(day), f"{day}/{min(ends).timestamp():.0f}"
    return Due(INSTANCE, period, at) if at <= now and (INSTANCE, period) not in skip else None


def _close(session: Session, due: Due, now: datetime) -> None:
    swept = idempotency.sweep(session, now - KEYS_FOR) + rates.sweep(session, now - COUNTS_FOR)
    if swept == 0:
        raise NotDue
    people.sweep(session, now)
