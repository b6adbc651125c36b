"""What follows from results: proposals with the decision of the body that they name, notices of rectification
followed up until they are closed. The engine and this module decide nothing about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.process import cycles, errors, rules, subjects
from server.assessment.process.case_models import Proposal, Rectification
from server.assessment.process.decisions import begun
from server.assessment.process.decisions import step as move
from server.assessment.process.models import Cycle, Duty
from server.assessment.process.standing import Standing, managed, standing
from server.assessment.process.states import ProposalStatus, RectificationStatus
from server.kit.clock import local_date
from server.kit.errors import FieldFault, Invalid, NotAllowed, NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.messages.api import Note, notify_persons
from server.people.api import Actor


@dataclass(frozen=True)
class Decided:
    """What the deciding body resolved, put on record by somebody who runs the cycle."""

    approved: bool
    reason: str
    decided_on: date
    document_number: str = ""
    demand: str = ""


def proposals(
    session: Session, held: Standing, cursor: str | None, limit: int
) -> tuple[list[Proposal], str | None]:
    """Proposals that did not lapse: all for those who read the process, else those about oneself."""
    query = select(Proposal).where(
        Proposal.cycle_id == held.cycle.id, Proposal.status != ProposalStatus.LAPSED.value
    )
    if not held.sees_process:
        query = query.where(Proposal.subject.in_(sorted(held.own_codes)))
    if cursor:
        query = query.where(Proposal.id > decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Proposal.id).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def decide(session: Session, actor: Actor, proposal_id: str, given: Decided, now: datetime) -> Proposal:
    """Record the decision on a proposal; one with a deadline that is approved issues its notice.

    Raises NotFound, NotAllowed `own_case`, Invalid `decided_in_future`, Conflict.
    """
    row = session.get(Proposal, proposal_id)
    if row is None:
        raise NotFound()
    held = managed(session, actor, row.cycle_id)
    if row.subject in held.own_codes:
        raise errors.own_case()
    if given.decided_on > local_date(now):
        fault = FieldFault("decided_on", "填已经开过的会的日期。")
        raise Invalid("decided_in_future", "决定的日期还没有到。", [fault])
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    target = ProposalStatus.APPROVED if given.approved else ProposalStatus.DECLINED
    move(
        session, cycle, "proposal", row, target, now, actor, given.reason,
        reason=given.reason, decided_on=given.decided_on, document_number=given.document_number,
        recorded_by=actor.person, recorded_at=now,
    )  # fmt: skip
    if given.approved and row.subject and row.deadline_days:
        _issue(session, actor, cycle, row, given.demand or row.title, row.deadline_days, now)
    return row


def issue(
    session: Session, actor: Actor, cycle_id: str, code: str, demand: str, days: int, now: datetime
) -> Rectification:
    """Issue a notice of rectification without a proposal, such as after a check."""
    held = managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    subjects.one(session, cycle_id, code)
    if code in held.own_codes:
        raise errors.own_case()
    return _issue(session, actor, cycle, None, demand, days, now, code)


def _issue(
    session: Session,
    actor: Actor,
    cycle: Cycle,
    proposal: Proposal | None,
    demand: str,
    days: int,
    now: datetime,
    code: str = "",
) -> Rectification:
    row = Rectification(
        id=new_id(),
        cycle_id=cycle.id,
        subject=proposal.subject if proposal else code,
        proposal_id=proposal.id if proposal else None,
        demand=demand,
        issued_by=actor.person,
        issued_at=now,
        due_at=rules.due_at(now, days),
        status=RectificationStatus.ISSUED,
        report="",
        remark="",
    )
    session.add(row)
    session.flush()
    begun(session, actor, cycle, "rectification", row.id, RectificationStatus.ISSUED, now)
    last = local_date(row.due_at)
    text = f"整改通知：{demand}。请在 {last.month}月{last.day}日 前报告整改情况。"
    _tell(session, cycle, row, text, now, overseer=False)
    return row


def report(session: Session, actor: Actor, key: str, text: str, now: datetime) -> Rectification:
    """The subject (or who speaks for the unit) reports what was done; late is better than never."""
    row, held = _found(session, actor, key)
    if row.subject not in held.own_codes:
        raise NotAllowed()
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    move(
        session, cycle, "rectification", row, RectificationStatus.REPORTED, now, actor,
        report=text, reported_by=actor.person, reported_at=now,
    )  # fmt: skip
    return row


def close(
    session: Session, actor: Actor, key: str, accepted: bool, remark: str, days: int, now: datetime
) -> Rectification:
    """Close a notice after its report was checked, or send the report back with a new deadline."""
    row, held = _found(session, actor, key)
    if held.manages is None and not held.oversees:
        raise NotAllowed()
    if row.subject in held.own_codes or row.reported_by == actor.person:
        raise errors.own_case()
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    if accepted:
        move(
            session, cycle, "rectification", row, RectificationStatus.CLOSED, now, actor, remark,
            remark=remark, closed_by=actor.person, closed_at=now,
        )  # fmt: skip
        return row
    due = rules.due_at(now, days)
    move(
        session, cycle, "rectification", row, RectificationStatus.ISSUED, now, actor, remark,
        remark=remark, due_at=due,
    )  # fmt: skip
    text = f"整改情况被退回：{remark}。请在 {local_date(due).month}月{local_date(due).day}日 前再报。"
    _tell(session, cycle, row, text, now, overseer=False)
    return row


def overdue(session: Session, row: Rectification, now: datetime) -> None:
    """The deadline has passed without a report: the subject and the overseer hear of it."""
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    move(session, cycle, "rectification", row, RectificationStatus.OVERDUE, now, None, "逾期未报告")
    _tell(session, cycle, row, f"整改逾期没有报告：{row.demand}。请尽快报告。", now, overseer=True)


def _found(session: Session, actor: Actor, key: str) -> tuple[Rectification, Standing]:
    row = session.get(Rectification, key)
    if row is None:
        raise NotFound()
    held = standing(session, actor, row.cycle_id)
    if not held.sees_process and row.subject not in held.own_codes:
        raise NotFound()
    return row, held


def listed(
    session: Session, held: Standing, cursor: str | None, limit: int
) -> tuple[list[Rectification], str | None]:
    """Notices of rectification: all for those who read the process, else the own."""
    query = select(Rectification).where(Rectification.cycle_id == held.cycle.id)
    if not held.sees_process:
        query = query.where(Rectification.subject.in_(sorted(held.own_codes)))
    if cursor:
        query = query.where(Rectification.id > decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Rectification.id).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def _tell(
    session: Session, cycle: Cycle, row: Rectification, text: str, now: datetime, overseer: bool
) -> None:
    people = {subjects.one(session, cycle.id, row.subject).person_id}
    if overseer:
        query = select(Duty.person_id).where(
            Duty.cycle_id == cycle.id, Duty.ended_at.is_(None), Duty.role == rules.OVERSEER
        )
        people |= {cycle.created_by, *session.scalars(query)}
    notes = [
        Note(one, "assessment_rectification", text, {"cycle": cycle.id, "rectification": row.id})
        for one in sorted(person for person in people if person)
    ]
    notify_persons(session, notes, now)
