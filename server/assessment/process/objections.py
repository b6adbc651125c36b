"""Objections to results on notice: made by the assessed, answered by somebody else, brought before the overseer
when nobody answers in time.

One that is upheld says which entries go and which come; the results are computed anew and stand as a new round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.faults import Faulty
from server.assessment.process import cycles, entries, errors, packs, results, rules, subjects, workflow
from server.assessment.process.case_models import ResultObjection
from server.assessment.process.decisions import begun
from server.assessment.process.decisions import step as move
from server.assessment.process.models import Cycle, Duty, EntryRow, Step
from server.assessment.process.standing import Standing, standing
from server.assessment.process.states import ObjectionStatus
from server.kit.errors import NotAllowed, NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.messages.api import Note, notify_person, notify_persons
from server.people.api import Actor

_OBJECTING = frozenset({"notice", "objection"})


@dataclass(frozen=True)
class Answer:
    """How an objection is answered: entries to be withdrawn and rows to be added only where it is upheld."""

    upheld: bool
    reason: str
    withdraw: tuple[str, ...] = ()
    rows: Sequence[tuple[int, Mapping[str, str]]] = ()


def make(
    session: Session, actor: Actor, cycle_id: str, code: str, text: str, now: datetime
) -> ResultObjection:
    """Object to a result that one may see, the own or another's; raises NotFound, Conflict `step_not_open`."""
    held = standing(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    workflow.open_step(session, cycle, _OBJECTING)
    subject = subjects.one(session, cycle_id, code)
    levels = rules.seeing(packs.pack_of(session, cycle))
    own = [rules.Place(one.code, one.category, one.unit) for one in held.subjects]
    place = rules.Place(subject.code, subject.category, subject.unit)
    if not subjects.knows(held, subject) and not rules.may_see(levels, own, place):
        raise NotFound()
    row = ResultObjection(
        id=new_id(),
        cycle_id=cycle.id,
        round=cycle.round,
        subject=code,
        text=text,
        person_id=actor.person,
        made_at=now,
        due_at=rules.due_at(now, rules.OBJECTION_DAYS),
        status=ObjectionStatus.OPEN,
        reason="",
    )
    session.add(row)
    session.flush()
    begun(session, actor, cycle, "objection", row.id, ObjectionStatus.OPEN, now)
    answering = [cycle.created_by, *_acting(session, cycle)]
    notes = [
        Note(
            person,
            "assessment_objection",
            f"“{cycle.title}”收到一条异议，请在 5 日内答复。",
            {"cycle": cycle.id},
        )
        for person in sorted(set(answering) - {actor.person})
    ]
    notify_persons(session, notes, now)
    return row


def _acting(session: Session, cycle: Cycle) -> list[str]:
    """Those who act in the notice, and the overseer."""
    roles = select(Step.role).where(Step.cycle_id == cycle.id, Step.step == "notice")
    return list(
        session.scalars(
            select(Duty.person_id).where(
                Duty.cycle_id == cycle.id,
                Duty.ended_at.is_(None),
                Duty.role.in_(roles) | (Duty.role == rules.OVERSEER),
            )
        )
    )


def answer(
    session: Session, actor: Actor, objection_id: str, given: Answer, now: datetime
) -> ResultObjection:
    """Answer an objection; raises NotFound, NotAllowed `own_case`, Conflict `state_changed`, Invalid
    `sheet_faulty` when the corrected sheet cannot be computed.
    """
    row = session.get(ResultObjection, objection_id)
    if row is None:
        raise NotFound()
    held = standing(session, actor, row.cycle_id)
    if not _may_answer(session, held, row):
        raise NotAllowed() if _may_read(held, row) else NotFound()
    if row.person_id == actor.person or row.subject in held.own_codes:
        raise errors.own_case()
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    target = ObjectionStatus.UPHELD if given.upheld else ObjectionStatus.DISMISSED
    move(
        session, cycle, "objection", row, target, now, actor, given.reason,
        reason=given.reason, answered_by=actor.person, answered_at=now,
    )  # fmt: skip
    if given.upheld and (given.withdraw or given.rows):
        _correct(session, held, cycle, given, now)
    word = "采纳，已更正" if given.upheld else "核实后维持原结果"
    text = f"您对“{cycle.title}”提出的异议有了答复：{word}。{given.reason}"
    notify_person(session, row.person_id, "assessment_objection", text, now, {"cycle": cycle.id})
    return row


def _correct(session: Session, held: Standing, cycle: Cycle, given: Answer, now: datetime) -> None:
    for key in given.withdraw:
        entry = session.get(EntryRow, key)
        if entry is None or entry.cycle_id != cycle.id:
            raise NotFound()
        entries.take_back(session, held, cycle, entry, given.reason, now)
    entries.keep(session, held, cycle, given.rows, "form", now)
    try:
        results.settle(session, cycle, held.actor, given.reason, now)
    except Faulty as found:
        raise errors.faulty(found, "照这样更正后结果算不出来，请补齐。") from None


def _may_answer(session: Session, held: Standing, row: ResultObjection) -> bool:
    """Those who act in the notice; one that was brought before the overseer, the overseer too."""
    if held.manages is not None or (held.oversees and row.status == ObjectionStatus.ESCALATED):
        return True
    roles = select(Step.role).where(Step.cycle_id == row.cycle_id, Step.step == "notice")
    return any(held.has_duty(role) for role in session.scalars(roles))


def _may_read(held: Standing, row: ResultObjection) -> bool:
    return held.sees_process or row.person_id == held.actor.person or row.subject in held.own_codes


def escalate(session: Session, row: ResultObjection, now: datetime) -> None:
    """Nobody answered in time: the overseer takes it up."""
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    move(session, cycle, "objection", row, ObjectionStatus.ESCALATED, now, None, "逾期未答复")
    overseers = session.scalars(
        select(Duty.person_id).where(
            Duty.cycle_id == cycle.id, Duty.ended_at.is_(None), Duty.role == rules.OVERSEER
        )
    )
    text = f"“{cycle.title}”有一条异议逾期没有答复，请督促答复。"
    people = sorted({cycle.created_by, *overseers})
    notify_persons(
        session, [Note(one, "assessment_objection", text, {"cycle": cycle.id}) for one in people], now
    )


def listed(
    session: Session, held: Standing, cursor: str | None, limit: int
) -> tuple[list[ResultObjection], str | None]:
    """Objections, newest first: all for those who read the process, else the own and those about oneself."""
    query = select(ResultObjection).where(ResultObjection.cycle_id == held.cycle.id)
    if not held.sees_process:
        own = ResultObjection.person_id == held.actor.person
        query = query.where(own | ResultObjection.subject.in_(sorted(held.own_codes)))
    if cursor:
        query = query.where(ResultObjection.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(ResultObjection.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))
