"""What of a household is still on its way into the ledger: nothing may be, when it splits, merges, moves or ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.settlement.models import Appeal, Objection, Tally, TallyLine
from server.settlement.notices import UNANSWERED
from server.settlement.states import AppealStatus, LineStatus

_S = conduct.RecordStatus
_WITH_PANEL = (_S.RECORDED.value, _S.SUBMITTED.value)


def unsettled(session: Session, household: str, until: datetime) -> list[str]:
    """Of `records` (logged until an instant), `lines`, `objections`, `appeals`: what is not settled yet."""
    found = {
        "records": _open_record(household, until),
        "lines": (TallyLine.household_code == household) & (TallyLine.status != LineStatus.POSTED),
        "objections": (Objection.household_code == household) & Objection.status.in_(UNANSWERED),
        "appeals": (Appeal.household_code == household)
        & Appeal.status.in_([AppealStatus.OPEN, AppealStatus.ESCALATED]),
    }
    return [name for name, condition in found.items() if session.scalar(select(exists().where(condition)))]


def _open_record(household: str, until: datetime) -> ColumnElement[bool]:
    """With the panel, or approved and not posted with its month."""
    record = conduct.Record
    posted = (
        exists()
        .where(
            Tally.village_code == record.village_code,
            Tally.month == record.month,
            TallyLine.tally_id == Tally.id,
            TallyLine.household_code == household,
            TallyLine.status == LineStatus.POSTED,
        )
        .correlate(record)
    )
    waiting = record.status.in_(_WITH_PANEL) | ((record.status == _S.APPROVED.value) & ~posted)
    return (record.household_code == household) & (record.logged_at <= until) & waiting
