"""Reports about somebody under assessment 监督举报: taken in, checked, answered to who made them.

Who made a report, and that there is one, is known to the overseer only; the person concerned hears of it when
it is checked, by the overseer, never by this program.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.process import cycles, errors, packs, rules, subjects
from server.assessment.process.case_models import ConductReport
from server.assessment.process.decisions import begun
from server.assessment.process.decisions import step as move
from server.assessment.process.models import Duty
from server.assessment.process.standing import Standing, standing
from server.assessment.process.states import ReportStatus
from server.kit.errors import NotAllowed, NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.messages.api import Note, notify_person, notify_persons
from server.people.api import Actor


def make(session: Session, actor: Actor, cycle_id: str, code: str, text: str, now: datetime) -> ConductReport:
    """Report something about a subject of a cycle that one has a part in; raises NotFound, Conflict
    `cycle_not_ready` where the scheme takes none.
    """
    standing(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    if not packs.pack_of(session, cycle).process.get("reports"):
        raise errors.cycle_not("本方案没有设监督举报，请向上级反映。")
    subjects.one(session, cycle_id, code)
    row = ConductReport(
        id=new_id(),
        cycle_id=cycle_id,
        subject=code,
        text=text,
        person_id=actor.person,
        made_at=now,
        status=ReportStatus.RECEIVED,
        finding="",
    )
    session.add(row)
    session.flush()
    # in the audit log without the person: it is read by others than the overseer
    begun(session, None, cycle, "report", row.id, ReportStatus.RECEIVED, now)
    overseers = session.scalars(
        select(Duty.person_id).where(
            Duty.cycle_id == cycle_id, Duty.ended_at.is_(None), Duty.role == rules.OVERSEER
        )
    )
    text = f"“{cycle.title}”收到一条监督举报，请受理。"
    people = sorted(set(overseers) - {actor.person})
    notify_persons(
        session, [Note(one, "assessment_report", text, {"cycle": cycle_id}) for one in people], now
    )
    return row


def check(session: Session, actor: Actor, key: str, now: datetime) -> ConductReport:
    """The overseer takes a report up; raises NotFound, NotAllowed `own_case`."""
    row, _ = _found(session, actor, key)
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    move(session, cycle, "report", row, ReportStatus.CHECKING, now, actor, checked_by=actor.person)
    return row


def answer(
    session: Session, actor: Actor, key: str, confirmed: bool, finding: str, now: datetime
) -> ConductReport:
    """The overseer answers after checking; who made the report is told."""
    row, _ = _found(session, actor, key)
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    target = ReportStatus.CONFIRMED if confirmed else ReportStatus.UNFOUNDED
    move(session, cycle, "report", row, target, now, actor, finding=finding, answered_at=now)
    word = "经核查属实" if confirmed else "经核查不属实"
    text = f"您在“{cycle.title}”中反映的情况{word}：{finding}"
    notify_person(session, row.person_id, "assessment_report", text, now, {"cycle": cycle.id})
    return row


def _found(session: Session, actor: Actor, key: str) -> tuple[ConductReport, Standing]:
    """A report for the overseer; whoever made it may know of it, nobody else."""
    row = session.get(ConductReport, key)
    if row is None:
        raise NotFound()
    held = standing(session, actor, row.cycle_id)
    if not held.oversees:
        raise NotAllowed() if row.person_id == actor.person else NotFound()
    if row.subject in held.own_codes or row.person_id == actor.person:
        raise errors.own_case()
    return row, held


def listed(
    session: Session, held: Standing, cursor: str | None, limit: int
) -> tuple[list[ConductReport], str | None]:
    """Reports, newest first: all (but those about oneself) for the overseer, else those one made."""
    query = select(ConductReport).where(ConductReport.cycle_id == held.cycle.id)
    own = ConductReport.person_id == held.actor.person
    if held.oversees:
        query = query.where(own | ConductReport.subject.not_in(sorted(held.own_codes)))
    else:
        query = query.where(own)
    if cursor:
        query = query.where(ConductReport.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(ConductReport.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))
