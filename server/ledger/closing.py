"""The closer that seals: due a minute after the oldest entry without a seal was posted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, NotDue, Skip
from server.ledger import sealing

NAME = "ledger.seal"


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    for at, village, number in sealing.due_for_sealing(session):
        if at <= now and (village, _period(number)) not in skip:
            return Due(village, _period(number), at)
    return None


def _close(session: Session, due: Due, now: datetime) -> None:
    number = sealing.next_number(session, due.village)
    if _period(number) != due.period:
        raise NotDue  # a notice sealed in between
    sealing.seal_village(session, due.village, now)


def _period(number: int) -> str:
    """A seal's number exists once per village, so the period that begins with it can be closed once."""
    return f"from-{number}"


def closer() -> Closer:
    """Seals each village's new entries."""
    return Closer(NAME, _next_due, _close)
