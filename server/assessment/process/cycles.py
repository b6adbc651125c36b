"""Setting up a cycle, listing and reading cycles, giving one up. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.assessment.process import errors, packs, rules
from server.assessment.process.decisions import begun, step
from server.assessment.process.models import Cycle, Step
from server.assessment.process.standing import known_cycles, managed
from server.assessment.process.states import CycleStatus
from server.kit.clock import local_date
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Division, Permission, Place


@dataclass(frozen=True)
class NewCycle:
    """A cycle as somebody asks for it; what is left out comes from the scheme and the person's own scope."""

    pack: str | None = None
    text: str | None = None
    division: str | None = None
    title: str | None = None
    period: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    steps: tuple[rules.PlannedStep, ...] | None = None
    starts_on: date | None = None


def create(session: Session, actor: Actor, wanted: NewCycle, now: datetime) -> Cycle:
    """A cycle in preparation with its steps; raises NotFound outside the scope, Invalid for the scheme."""
    division = wanted.division or _own_division(actor)
    grant = actor.at(Permission.ASSESSMENT_MANAGE, Place(division))
    if session.get(Division, division) is None:
        raise NotFound()
    stored = packs.store(session, wanted.pack, wanted.text, now)
    pack = packs.read_with(stored.text, stored.digest, wanted.parameters)
    period = wanted.period or rules.period_of(local_date(now), str(pack.process.get("cycle", "year")))
    cycle = Cycle(
        id=new_id(),
        division=division,
        digest=stored.digest,
        pack=pack.id,
        title=wanted.title or f"{pack.title} {period}",
        period=period,
        parameters=dict(wanted.parameters),
        status=CycleStatus.PREPARING,
        starts_on=wanted.starts_on,
        entries_version=0,
        round=0,
        created_by=actor.person,
        created_grant=grant.id,
        created_at=now,
    )
    session.add(cycle)
    session.flush()
    _add_steps(session, cycle, wanted.steps or rules.workflow(pack))
    begun(session, actor, cycle, "cycle", cycle.id, CycleStatus.PREPARING, now)
    return cycle


def _own_division(actor: Actor) -> str:
    scopes = {g.scope for g in actor.grants_for(Permission.ASSESSMENT_MANAGE) if len(g.scope) == 12}
    if len(scopes) != 1:
        fault = FieldFault("division", "您在几处任职，请写明是哪里的考核（12 位区划代码）。")
        raise Invalid("division_missing", "请写明在哪里考核。", [fault])
    return scopes.pop()


def _add_steps(session: Session, cycle: Cycle, planned: Sequence[rules.PlannedStep]) -> None:
    session.add_all(
        Step(
            id=new_id(),
            cycle_id=cycle.id,
            position=place,
            step=one.step,
            title=one.title,
            role=one.role,
            days=one.days,
            status="waiting",
            attempt=1,
        )
        for place, one in enumerate(planned, 1)
    )
    session.flush()


def steps_of(session: Session, cycle_ids: Sequence[str]) -> dict[str, list[Step]]:
    """The steps of some cycles, in order."""
    found: dict[str, list[Step]] = {key: [] for key in cycle_ids}
    rows = session.scalars(
        select(Step).where(Step.cycle_id.in_(cycle_ids)).order_by(Step.cycle_id, Step.position)
    )
    for row in rows:
        found[row.cycle_id].append(row)
    return found


def listed(
    session: Session, actor: Actor, wanted: dict[str, Any], cursor: str | None, limit: int
) -> tuple[list[Cycle], str | None]:
    """The cycles that the person runs, reads, oversees, works in or is assessed by; newest first."""
    query = select(Cycle).where(known_cycles(actor))
    columns = {"division": Cycle.division, "pack": Cycle.pack, "status": Cycle.status}
    for name, column in columns.items():
        if wanted.get(name) is not None:
            query = query.where(column == wanted[name])
    if cursor:
        query = query.where(Cycle.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Cycle.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def changeable(session: Session, cycle_id: str) -> Cycle:
    """The cycle, held for this transaction, as long as it is not over; raises Conflict `cycle_over`.

    Whatever changes a cycle's sheet or workflow begins here, so that two requests come one after the other.
    """
    cycle = alone(session, cycle_id)
    if cycle.status in (CycleStatus.FINISHED, CycleStatus.CANCELLED):
        raise errors.cycle_over()
    return cycle


def alone(session: Session, cycle_id: str) -> Cycle:
    """The cycle, held for this transaction, whatever its state; raises NotFound."""
    cycle = session.scalar(
        select(Cycle).where(Cycle.id == cycle_id).with_for_update().execution_options(populate_existing=True)
    )
    if cycle is None:
        raise NotFound()
    return cycle


def touch(session: Session, cycle: Cycle) -> None:
    """The sheet changed: whatever was computed from it is old."""
    session.execute(
        update(Cycle)
        .where(Cycle.id == cycle.id)
        .values(entries_version=Cycle.entries_version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(cycle)


def cancel(session: Session, actor: Actor, cycle_id: str, reason: str, now: datetime) -> Cycle:
    """Give a cycle up, with the reason; what was entered stays to be read."""
    managed(session, actor, cycle_id)
    cycle = changeable(session, cycle_id)
    step(session, cycle, "cycle", cycle, CycleStatus.CANCELLED, now, actor, reason, ended_at=now)
    return cycle
