"""The closers of the year: nominations open when its last month is posted; a notice that is over gives the honours;
an objection that nobody answered goes up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, NotDue, Skip
from server.honours import awarding, objections
from server.honours.evaluations import begin, locked
from server.honours.models import Evaluation, HonourObjection
from server.honours.states import EvaluationStatus, ObjectionStatus
from server.kit.sql import Statement, instant_in, instant_out
from server.messages.api import Note, notify_persons
from server.people.api import COMMITTEE, holders

YEAR = "honours.year_close"
NOTICE_END = "honours.notice_end"
ESCALATION = "honours.objection_escalation"
_YEAR_DUE = Statement(
    "SELECT t.village_code, t.month / 100, t.posted_at FROM tallies t "
    "WHERE t.status = 'posted' AND t.month % 100 = 12 AND NOT EXISTS (SELECT 1 FROM evaluations e "
    "WHERE e.village_code = t.village_code AND e.year = t.month / 100 AND e.year_posted_at IS NOT NULL) "
    "ORDER BY t.posted_at, t.village_code, t.month LIMIT :most"
)
_NOTICE_DUE = Statement(
    "SELECT village_code, year, ends_at FROM evaluations WHERE status = 'on_notice' AND ends_at <= :now "
    "ORDER BY ends_at, village_code LIMIT :most"
)
_OBJECTION_DUE = Statement(
    "SELECT village_code, id, due_at FROM honour_objections WHERE status = 'open' AND due_at <= :now "
    "ORDER BY due_at, id LIMIT :most"
)


def closers() -> list[Closer]:
    """In the order in which they work when due at the same instant."""
    return [
        Closer(YEAR, _next_year, _close_year),
        Closer(ESCALATION, _next_objection, _escalate),
        Closer(NOTICE_END, _next_notice, _end_notice),
    ]


def _first(rows: Iterable[tuple[str, object, object]], now: datetime, skip: Skip) -> Due | None:
    found = (Due(village, str(period), instant_out(at)) for village, period, at in rows)
    return next((due for due in found if due.at <= now and (due.village, due.period) not in skip), None)


def _next_year(session: Session, now: datetime, skip: Skip) -> Due | None:
    return _first(_YEAR_DUE.run(session, {"most": len(skip) + 1}), now, skip)


def _close_year(session: Session, due: Due, now: datetime) -> None:
    """The year is whole: an evaluation that began early may vote from now on, else nominations open."""
    year = int(due.period)
    mine = (Evaluation.village_code == due.village, Evaluation.year == year)
    row = session.scalar(select(Evaluation).where(*mine).with_for_update())
    if row is None:
        begin(session, None, None, due.village, year, now, due.at)
        return
    closed = session.execute(
        update(Evaluation)
        .where(Evaluation.id == row.id, Evaluation.year_posted_at.is_(None))
        .values(year_posted_at=due.at)
        .execution_options(synchronize_session=False)
    )
    if closed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotDue
    text = f"{year} 年度最后一个月已经入账，年度评比可以截止提名、开始表决了。"
    people = holders(session, sorted(COMMITTEE), due.village, now)
    notes = [Note(one.person, "year_closed", text, {"evaluation": row.id}) for one in people]
    notify_persons(session, notes, now)


def _next_notice(session: Session, now: datetime, skip: Skip) -> Due | None:
    given = {"now": instant_in(session, now), "most": len(skip) + 1}
    return _first(_NOTICE_DUE.run(session, given), now, skip)


def _end_notice(session: Session, due: Due, now: datetime) -> None:
    mine = (Evaluation.village_code == due.village, Evaluation.year == int(due.period))
    row = locked(session, session.scalars(select(Evaluation.id).where(*mine)).one())
    if row.status != EvaluationStatus.ON_NOTICE or row.ends_at is None or row.ends_at > now:
        raise NotDue
    awarding.end_notice(session, row, now)


def _next_objection(session: Session, now: datetime, skip: Skip) -> Due | None:
    given = {"now": instant_in(session, now), "most": len(skip) + 1}
    return _first(_OBJECTION_DUE.run(session, given), now, skip)


def _escalate(session: Session, due: Due, now: datetime) -> None:
    made = session.get_one(HonourObjection, due.period, with_for_update=True, populate_existing=True)
    if made.status != ObjectionStatus.OPEN:
        raise NotDue
    objections.escalate(session, made, now)
