"""The closer of household changes: an agreement is carried out as soon as nothing of the household is open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, NotDue, Skip
from server.grid.changes import carrying, service
from server.grid.changes.models import HouseholdChange
from server.grid.changes.rules import ChangeStatus

NAME = "grid.household_change"
_AGREED = (
    select(HouseholdChange)
    .where(HouseholdChange.status == ChangeStatus.AGREED.value)
    .order_by(HouseholdChange.agreed_at, HouseholdChange.id)
)


def closers() -> list[Closer]:
    """Agreements are few: each that waits is looked at."""
    return [Closer(NAME, _next_due, _close)]


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    for row in session.scalars(_AGREED):
        waits = (row.village_code, row.id) in skip or row.agreed_at > now
        if not waits and not carrying.open_matters(session, row, now):
            return Due(row.village_code, row.id, row.agreed_at)
    return None


def _close(session: Session, due: Due, now: datetime) -> None:
    if not service.carry_out_due(session, due.period, now):
        raise NotDue
