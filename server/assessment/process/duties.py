"""Who does what in a cycle: acting roles, raters with what is assigned to them, the overseer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.process import cycles, packs, rules
from server.assessment.process.decisions import noted
from server.assessment.process.models import Cycle, Duty, Step
from server.assessment.process.standing import Standing, managed
from server.assessment.scheme import Pack
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.ids import is_id, new_id
from server.messages.api import notify_person
from server.people.api import Actor, Person


@dataclass(frozen=True)
class NewDuty:
    """One duty to be given."""

    person: str
    role: str = rules.RATER
    rater: str = ""
    indicators: tuple[str, ...] = field(default=())
    category: str = ""
    unit: str = ""


def give(session: Session, actor: Actor, cycle_id: str, wanted: NewDuty, now: datetime) -> Duty:
    """Give somebody a duty; raises Invalid `duty_wrong` with the fields, Conflict `cycle_over`."""
    managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    faults = _faults(session, cycle, packs.pack_of(session, cycle), wanted)
    if faults:
        raise Invalid("duty_wrong", "这样分工不行，请改正。", faults)
    row = Duty(
        id=new_id(),
        cycle_id=cycle.id,
        person_id=wanted.person,
        role=wanted.role,
        rater=wanted.rater,
        indicators=list(wanted.indicators),
        category=wanted.category,
        unit=wanted.unit,
        given_by=actor.person,
        given_at=now,
    )
    session.add(row)
    session.flush()
    noted(session, actor, cycle, "duty.given", "duty", row.id, now, {"role": row.role, "rater": row.rater})
    text = f"请您参加“{cycle.title}”：{_words(wanted)}。"
    notify_person(session, row.person_id, "assessment_duty", text, now, {"cycle": cycle.id})
    return row


def _words(wanted: NewDuty) -> str:
    if wanted.role == rules.OVERSEER:
        return "监督全过程"
    return "给分到您名下的对象评分" if wanted.role == rules.RATER else "办理流程中由您负责的环节"


def _faults(session: Session, cycle: Cycle, pack: Pack, wanted: NewDuty) -> list[FieldFault]:
    roles = set(session.scalars(select(Step.role).where(Step.cycle_id == cycle.id)))
    roles = (roles | {rules.RATER, rules.OVERSEER}) - {rules.SELF, rules.EVERYONE}
    found = []
    if not is_id(wanted.person) or session.get(Person, wanted.person) is None:
        found.append(FieldFault("person", "没有这个人。"))
    if wanted.role not in roles:
        found.append(FieldFault("role", f"本流程的分工有：{'、'.join(sorted(roles))}。"))
    code, _, suffix = wanted.rater.partition(":")
    if wanted.rater and pack.raters and (code not in pack.raters or (":" in wanted.rater and not suffix)):
        found.append(FieldFault("rater", f"评分人有：{'、'.join(pack.raters)}；同类多人写成 编号:1。"))
    if wanted.category and wanted.category not in pack.categories:
        found.append(FieldFault("category", f"类别有：{'、'.join(pack.categories)}。"))
    for number, pattern in enumerate(wanted.indicators):
        if not any(rules.covers([pattern], code) for code in pack.indicators):
            found.append(FieldFault(f"indicators.{number}", "方案里没有这个指标（一类可写成 编号.*）。"))
    return found


def end(session: Session, actor: Actor, duty_id: str, now: datetime) -> None:
    """Take a duty back; what was entered under it stays. Again changes nothing."""
    row = session.get(Duty, duty_id)
    if row is None:
        raise NotFound()
    managed(session, actor, row.cycle_id)
    cycle = cycles.changeable(session, row.cycle_id)
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        noted(session, actor, cycle, "duty.ended", "duty", row.id, now)


def listed(session: Session, held: Standing) -> list[tuple[Duty, str]]:
    """The duties of a cycle with the people's names: all for those who read the process, else the own."""
    query = (
        select(Duty, Person.name)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.cycle_id == held.cycle.id, Duty.ended_at.is_(None))
        .order_by(Duty.id)
    )
    if not held.sees_process:
        query = query.where(Duty.person_id == held.actor.person)
    return [(row, name) for row, name in session.execute(query)]
