"""The closer that blanks the photos of a month's records and objections, so many days after the month was posted.

A month with lines that still wait for the answer to an objection keeps its photos until they are answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from server.conduct.api import Record
from server.cycles.api import Closer, Due, NotDue, Skip
from server.cycles.calendar import Month
from server.evidence import api as evidence
from server.settlement.models import Objection, Tally, TallyLine
from server.settlement.months import month_from, month_number
from server.settlement.states import LineStatus, TallyStatus

NAME = "settlement.photo_retention"
_HELD = exists().where(TallyLine.tally_id == Tally.id, TallyLine.status == LineStatus.HELD)
_AGED = (
    select(Tally.village_code, Tally.month, Tally.posted_at)
    .where(
        Tally.status == TallyStatus.POSTED, Tally.photos_kept, Tally.posted_at <= bindparam("before"), ~_HELD
    )
    .order_by(Tally.posted_at, Tally.village_code, Tally.month)
)


def closer() -> Closer:
    """One period per village and month."""
    return Closer(NAME, _next_due, _close)


def _days() -> timedelta:
    return timedelta(days=current_app.extensions["jifen_settings"].photo_days)


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    for village, month, posted_at in session.execute(_AGED, {"before": now - _days()}):
        if (village, str(month_from(month))) not in skip and posted_at is not None:
            return Due(village, str(month_from(month)), posted_at + _days())
    return None


def _close(session: Session, due: Due, now: datetime) -> None:
    month = month_number(Month.parse(due.period))
    mine = (Tally.village_code == due.village, Tally.month == month)
    done = session.execute(
        update(Tally)
        .where(*mine, Tally.photos_kept)
        .values(photos_kept=False)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotDue
    records = select(Record.id).where(Record.village_code == due.village, Record.month == month)
    objections = select(Objection.id).join(Tally, Tally.id == Objection.tally_id).where(*mine)
    evidence.blank_attached(session, "record", records, now)
    evidence.blank_attached(session, "objection", objections, now)
