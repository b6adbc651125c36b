"""Pairing 标兵率带: a model takes others along, with a goal and notes on how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assessment.process import cycles, errors, packs, rules, subjects
from server.assessment.process.case_models import FollowUp, Pairing
from server.assessment.process.decisions import begun
from server.assessment.process.decisions import step as move
from server.assessment.process.models import Cycle
from server.assessment.process.standing import Standing, managed, standing
from server.assessment.process.states import PairingStatus
from server.kit.errors import Conflict, FieldFault, Invalid, NotAllowed, NotFound
from server.kit.ids import new_id
from server.messages.api import notify_person
from server.people.api import Actor


def begin(
    session: Session, actor: Actor, cycle_id: str, model: str, follower: str, goal: str, now: datetime
) -> Pairing:
    """Let a model take somebody along; raises Invalid `pairing_wrong`, Conflict `already_paired`,
    `model_full`.
    """
    managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    people = {one.code: one for one in subjects.by_code(session, cycle_id, [model, follower])}
    given = {"model": model, "follower": follower}
    faults = [FieldFault(f, "本周期里没有这个考核对象。") for f, code in given.items() if code not in people]
    if model == follower:
        faults.append(FieldFault("follower", "不能自己带自己。"))
    if faults:
        raise Invalid("pairing_wrong", "这样结对不行，请改正。", faults)
    _check_room(session, cycle, model, follower)
    row = Pairing(
        id=new_id(),
        cycle_id=cycle_id,
        model=model,
        follower=follower,
        goal=goal,
        status=PairingStatus.ACTIVE,
        begun_by=actor.person,
        begun_at=now,
        remark="",
    )
    session.add(row)
    session.flush()
    begun(session, actor, cycle, "pairing", row.id, PairingStatus.ACTIVE, now)
    for code, other in ((model, follower), (follower, model)):
        person = people[code].person_id
        if person is not None:
            text = f"“标兵率带”：您和{people[other].name}结对，目标是：{goal}"
            notify_person(session, person, "assessment_pairing", text, now, {"cycle": cycle_id})
    return row


def _check_room(session: Session, cycle: Cycle, model: str, follower: str) -> None:
    active = (Pairing.cycle_id == cycle.id, Pairing.status == PairingStatus.ACTIVE.value)
    if session.scalar(select(Pairing.id).where(*active, Pairing.follower == follower).limit(1)):
        raise Conflict("already_paired", "已经有人带着了，先结束原来的结对。")
    most = rules.pairing_limit(packs.pack_of(session, cycle))
    taken = session.scalar(select(func.count()).select_from(Pairing).where(*active, Pairing.model == model))
    if most is not None and (taken or 0) >= most:
        raise Conflict("model_full", f"一名标兵最多带 {most} 人，已经满了。")


def follow_up(session: Session, actor: Actor, key: str, text: str, now: datetime) -> FollowUp:
    """A note on how it goes, by one of the two or by those who run the cycle."""
    row, held = _found(session, actor, key)
    if held.manages is None and not {row.model, row.follower} & held.own_codes:
        raise NotAllowed()
    cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    if row.status != PairingStatus.ACTIVE:
        raise errors.state_changed()
    note = FollowUp(id=new_id(), pairing_id=row.id, text=text, person_id=actor.person, at=now)
    session.add(note)
    session.flush()
    return note


def finish(session: Session, actor: Actor, key: str, met: bool, remark: str, now: datetime) -> Pairing:
    """End a pairing: goal met or not."""
    row, _ = _found(session, actor, key)
    managed(session, actor, row.cycle_id)
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    target = PairingStatus.MET if met else PairingStatus.ENDED
    move(session, cycle, "pairing", row, target, now, actor, remark, remark=remark, ended_at=now)
    return row


def _found(session: Session, actor: Actor, key: str) -> tuple[Pairing, Standing]:
    row = session.get(Pairing, key)
    if row is None:
        raise NotFound()
    held = standing(session, actor, row.cycle_id)
    if not held.sees_process and not {row.model, row.follower} & held.own_codes:
        raise NotFound()
    return row, held


def listed(session: Session, held: Standing) -> list[tuple[Pairing, Sequence[FollowUp]]]:
    """Pairings with their notes: all for those who read the process, else the own."""
    query = select(Pairing).where(Pairing.cycle_id == held.cycle.id)
    if not held.sees_process:
        own = sorted(held.own_codes)
        query = query.where(Pairing.model.in_(own) | Pairing.follower.in_(own))
    rows = session.scalars(query.order_by(Pairing.id)).all()
    found: dict[str, list[FollowUp]] = {row.id: [] for row in rows}
    for one in session.scalars(select(FollowUp).where(FollowUp.pairing_id.in_(found)).order_by(FollowUp.id)):
        found[one.pairing_id].append(one)
    return [(row, found[row.id]) for row in rows]
