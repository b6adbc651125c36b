"""The closers of assessments: a cycle begins on its day, a step ends with its time limit, objections are
brought before the overseer, deadlines of rectification pass, anonymous appraisals close.

Each looks for what is due in the state itself and says so again and again until the state has moved on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from server.assessment.faults import Faulty
from server.assessment.process import appraisals, cycles, objections, rectifications, rules, workflow
from server.assessment.process.appraisal_models import Appraisal
from server.assessment.process.case_models import Rectification, ResultObjection
from server.assessment.process.models import AssessedSubject, Cycle, Step
from server.assessment.process.states import (
    AppraisalStatus,
    CycleStatus,
    ObjectionStatus,
    RectificationStatus,
    StepStatus,
)
from server.cycles.api import Closer, Due, NotDue, Skip
from server.kit.clock import local_date, local_midnight

OPENING = "assessment.opening"
APPRAISAL = "assessment.appraisal"
STEP = "assessment.step"
OBJECTION = "assessment.objection"
RECTIFICATION = "assessment.rectification"
_RUNNING = Cycle.status == CycleStatus.RUNNING.value

# every look of every bell asks these: built once, so that SQLAlchemy finds them compiled
_NOW: BindParameter[Any] = bindparam("now")
_WITH_SUBJECTS = select(AssessedSubject.code).where(AssessedSubject.cycle_id == Cycle.id).exists()
_OPENINGS = (
    select(Cycle.division, Cycle.id, Cycle.starts_on)
    .where(Cycle.status == CycleStatus.PREPARING.value, Cycle.starts_on <= bindparam("today"), _WITH_SUBJECTS)
    .order_by(Cycle.starts_on, Cycle.id)
)
_STEPS = (
    select(Cycle.division, Step)
    .join(Cycle, Cycle.id == Step.cycle_id)
    .where(Step.status == StepStatus.OPEN.value, Step.due_at <= _NOW, _RUNNING)
    .order_by(Step.due_at, Step.id)
)
_OBJECTIONS = (
    select(Cycle.division, ResultObjection.id, ResultObjection.due_at)
    .join(Cycle, Cycle.id == ResultObjection.cycle_id)
    .where(ResultObjection.status == ObjectionStatus.OPEN.value, ResultObjection.due_at <= _NOW, _RUNNING)
    .order_by(ResultObjection.due_at, ResultObjection.id)
)
_RECTIFICATIONS = (
    select(Cycle.division, Rectification.id, Rectification.due_at)
    .join(Cycle, Cycle.id == Rectification.cycle_id)
    .where(Rectification.status == RectificationStatus.ISSUED.value, Rectification.due_at <= _NOW, _RUNNING)
    .order_by(Rectification.due_at, Rectification.id)
)
_APPRAISALS = (
    select(Cycle.division, Appraisal.id, Appraisal.closes_at)
    .join(Cycle, Cycle.id == Appraisal.cycle_id)
    .where(Appraisal.status == AppraisalStatus.OPEN.value, Appraisal.closes_at <= _NOW, _RUNNING)
    .order_by(Appraisal.closes_at, Appraisal.id)
)


def closers() -> list[Closer]:
    """In the order in which they work when due at the same instant: an appraisal is counted before the step
    that needs its mean ends.
    """
    return [
        Closer(OPENING, _next_opening, _open),
        Closer(APPRAISAL, _next_appraisal, _count),
        Closer(OBJECTION, _next_objection, _escalate),
        Closer(RECTIFICATION, _next_rectification, _overdue),
        Closer(STEP, _next_step, _end_step),
    ]


def _first(candidates: Iterable[Due], skip: Skip) -> Due | None:
    return next((due for due in candidates if (due.village, due.period) not in skip), None)


def _next_opening(session: Session, now: datetime, skip: Skip) -> Due | None:
    """Cycles with a first day that has come; one without subjects waits until it has some."""
    rows = session.execute(_OPENINGS, {"today": local_date(now)})
    return _first((Due(place, key, local_midnight(day)) for place, key, day in rows if day), skip)


def _open(session: Session, due: Due, now: datetime) -> None:
    cycle = session.get_one(Cycle, due.period)
    if cycle.status != CycleStatus.PREPARING:
        raise NotDue
    workflow.start(session, None, cycles.changeable(session, due.period), now)


def _next_step(session: Session, now: datetime, skip: Skip) -> Due | None:
    """Open steps whose time is over and that wait for nothing else."""
    rows = session.execute(_STEPS, {"now": now})
    candidates = (
        Due(place, f"{row.id}/{row.attempt}", row.due_at)
        for place, row in rows
        if row.due_at and not workflow.waits_for(session, row)
    )
    return _first(candidates, skip)


def _end_step(session: Session, due: Due, now: datetime) -> None:
    key, _, attempt = due.period.partition("/")
    row = session.get_one(Step, key)
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    if row.status != StepStatus.OPEN or row.attempt != int(attempt):
        raise NotDue
    try:
        workflow.end(session, cycle, row, None, now, rules.due_from_midnight)
    except Faulty as found:
        workflow.hold(session, cycle, row, found, now)


def _next_objection(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_OBJECTIONS, {"now": now})
    return _first((Due(*row) for row in rows), skip)


def _escalate(session: Session, due: Due, now: datetime) -> None:
    row = session.get_one(ResultObjection, due.period)
    if row.status != ObjectionStatus.OPEN:
        raise NotDue
    objections.escalate(session, row, now)


def _next_rectification(session: Session, now: datetime, skip: Skip) -> Due | None:
    """A deadline passes once for each time the notice was issued: a report that was sent back has a new one."""
    rows = session.execute(_RECTIFICATIONS, {"now": now})
    return _first((Due(place, f"{key}/{at:%Y%m%d}", at) for place, key, at in rows), skip)


def _overdue(session: Session, due: Due, now: datetime) -> None:
    row = session.get_one(Rectification, due.period.partition("/")[0])
    if row.status != RectificationStatus.ISSUED or row.due_at > now:
        raise NotDue
    rectifications.overdue(session, row, now)


def _next_appraisal(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_APPRAISALS, {"now": now})
    return _first((Due(*row) for row in rows), skip)


def _count(session: Session, due: Due, now: datetime) -> None:
    row = session.get_one(Appraisal, due.period)
    if row.status != AppraisalStatus.OPEN:
        raise NotDue
    appraisals.count(session, row, None, now)
