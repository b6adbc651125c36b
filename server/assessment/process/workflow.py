"""The steps of a cycle, one after the other: opened, ended by whoever acts or by their time limit, held back
when the sheet is faulty.

Results stand from the first of notice, objection, bulletin, filing and rectification that the workflow has
(or from its end): entering that step computes them. A sheet with faults holds the step before it until an
entry changes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.faults import Faulty
from server.assessment.process import cycles, errors, results, rules
from server.assessment.process.case_models import Rectification, ResultObjection
from server.assessment.process.decisions import step as move
from server.assessment.process.models import AssessedSubject, Cycle, Duty, Step
from server.assessment.process.standing import managed, standing
from server.assessment.process.states import (
    CycleStatus,
    ObjectionStatus,
    RectificationStatus,
    StepStatus,
)
from server.kit.errors import NotAllowed, NotFound
from server.messages.api import Note, notify_persons
from server.people.api import Actor

UNANSWERED = (ObjectionStatus.OPEN.value, ObjectionStatus.ESCALATED.value)
UNCLOSED = tuple(status.value for status in RectificationStatus if status is not RectificationStatus.CLOSED)


def start(session: Session, actor: Actor | None, cycle: Cycle, now: datetime) -> None:
    """Begin the cycle with its first step; `actor` None: its day has come. Raises Conflict."""
    if cycle.status != CycleStatus.PREPARING:
        raise errors.state_changed()
    if (
        session.scalar(select(AssessedSubject.code).where(AssessedSubject.cycle_id == cycle.id).limit(1))
        is None
    ):
        raise errors.cycle_not("还没有考核对象，请先加入。")
    move(session, cycle, "cycle", cycle, CycleStatus.RUNNING, now, actor)
    _enter(session, cycle, 1, actor, now, rules.due_at)


def open_cycle(session: Session, actor: Actor, cycle_id: str, now: datetime) -> Cycle:
    """Begin a cycle by hand; raises NotFound, Conflict `cycle_not_ready`, `state_changed`."""
    managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    start(session, actor, cycle, now)
    return cycle


def complete(
    session: Session,
    actor: Actor,
    cycle_id: str,
    position: int,
    remark: str,
    document_number: str,
    now: datetime,
) -> Step:
    """End a step before its time limit, by whoever acts in it or runs the cycle.

    Raises NotFound, NotAllowed, Conflict `step_not_open`, `objections_open`, Invalid `sheet_faulty`.
    """
    held = standing(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    row = _step(session, cycle, position)
    if not held.acts(row.role):
        raise NotAllowed()
    if row.status not in (StepStatus.OPEN, StepStatus.HELD):
        raise errors.step_not_open()
    waiting = waits_for(session, row)
    if waiting:
        raise errors.step_waits(waiting)
    row.remark, row.document_number = remark, document_number
    session.flush()
    try:
        if row.status == StepStatus.HELD:
            move(session, cycle, "step", row, StepStatus.OPEN, now, actor)
        end(session, cycle, row, actor, now, rules.due_at)
    except Faulty as found:
        raise errors.faulty(found, "分数还不齐或有错，结果算不出来，这一步先不能结束。") from None
    return row


def waits_for(session: Session, row: Step) -> str:
    """What a step waits for beyond its time: every objection is answered, every rectification closed."""
    if row.step == "objection" and _any(session, ResultObjection, row.cycle_id, UNANSWERED):
        return "还有异议没有答复。"
    if row.step == "rectification" and _any(session, Rectification, row.cycle_id, UNCLOSED):
        return "还有整改没有销号。"
    return ""


def _any(
    session: Session, model: type[ResultObjection | Rectification], cycle: str, states: tuple[str, ...]
) -> bool:
    query = select(model.id).where(model.cycle_id == cycle, model.status.in_(states)).limit(1)
    return session.scalar(query) is not None


def end(
    session: Session, cycle: Cycle, row: Step, actor: Actor | None, now: datetime, limit: rules.Limit
) -> None:
    """End a step and enter the next, or finish the cycle; raises Faulty where results cannot be computed."""
    steps = cycles.steps_of(session, [cycle.id])[cycle.id]
    following = row.position + 1
    stands_at = rules.standing_position([one.step for one in steps])
    if following >= stands_at and cycle.frozen_at is None:
        results.settle(session, cycle, actor, "", now)
    move(
        session, cycle, "step", row, StepStatus.DONE, now, actor,
        ended_at=now, ended_by=actor.person if actor else None,
    )  # fmt: skip
    if following <= len(steps):
        _enter(session, cycle, following, actor, now, limit)
    else:
        move(session, cycle, "cycle", cycle, CycleStatus.FINISHED, now, actor, ended_at=now)


def hold(session: Session, cycle: Cycle, row: Step, found: Faulty, now: datetime) -> None:
    """A step whose time is over, but whose sheet is faulty: those who run it are told, it waits for entries."""
    move(session, cycle, "step", row, StepStatus.HELD, now, None, f"{len(found.faults) + found.more} 处")
    first = found.faults[0].sentence()
    count = len(found.faults) + found.more
    text = f"“{cycle.title}”的“{row.title}”到期了，但分数有 {count} 处不齐或有错，先不往下走。如：{first}"
    _tell(session, cycle, [cycle.created_by, *_acting(session, cycle, row.role)], "held", text, now)


def entries_changed(session: Session, cycle: Cycle, actor: Actor | None, now: datetime) -> None:
    """A step that was held back gets another try."""
    row = session.scalar(select(Step).where(Step.cycle_id == cycle.id, Step.status == StepStatus.HELD.value))
    if row is not None:
        move(session, cycle, "step", row, StepStatus.OPEN, now, actor, attempt=row.attempt + 1)


def _enter(
    session: Session, cycle: Cycle, position: int, actor: Actor | None, now: datetime, limit: rules.Limit
) -> None:
    row = _step(session, cycle, position)
    move(
        session, cycle, "step", row, StepStatus.OPEN, now, actor,
        opened_at=now, due_at=limit(now, row.days),
    )  # fmt: skip
    if row.step == "notice":
        text = f"“{cycle.title}”的结果开始公示，可以看到自己的得分和由来；有出入请在异议期内提出。"
        _tell(session, cycle, _assessed(session, cycle), "notice", text, now)
    elif row.role == rules.SELF and row.step == "self_assessment":
        text = f"“{cycle.title}”开始自评，请在截止前写好自评。"
        _tell(session, cycle, _assessed(session, cycle), "step", text, now)
    else:
        text = f"“{cycle.title}”到了“{row.title}”，请在截止前办好。"
        _tell(session, cycle, _acting(session, cycle, row.role), "step", text, now)


def _step(session: Session, cycle: Cycle, position: int) -> Step:
    row = session.scalar(select(Step).where(Step.cycle_id == cycle.id, Step.position == position))
    if row is None:
        raise NotFound()
    session.refresh(row)
    return row


def open_step(session: Session, cycle: Cycle, kinds: frozenset[str]) -> Step:
    """The step that is open now, which must be one of `kinds`; raises Conflict `step_not_open`."""
    row = session.scalar(select(Step).where(Step.cycle_id == cycle.id, Step.status.in_(("open", "held"))))
    if row is None or row.step not in kinds:
        raise errors.step_not_open()
    return row


def _assessed(session: Session, cycle: Cycle) -> list[str]:
    query = select(AssessedSubject.person_id).where(AssessedSubject.cycle_id == cycle.id)
    return [person for person in session.scalars(query) if person]


def _acting(session: Session, cycle: Cycle, role: str) -> list[str]:
    """Those who act in a step; the overseer hears of every step."""
    query = select(Duty.person_id).where(
        Duty.cycle_id == cycle.id, Duty.ended_at.is_(None), Duty.role.in_((role, rules.OVERSEER))
    )
    return list(session.scalars(query))


def _tell(session: Session, cycle: Cycle, persons: list[str], kind: str, text: str, now: datetime) -> None:
    refs = {"cycle": cycle.id}
    notes = [Note(person, f"assessment_{kind}", text, refs) for person in sorted(set(persons))]
    notify_persons(session, notes, now)
