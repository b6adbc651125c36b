"""Task lists: goals that cascade from the county to units to those responsible, with progress by period.

A score that is lost on a task is lost by the unit and by the person responsible: where the scheme has such an
indicator (hangjin: `task_loss`), missing a task enters it for both at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.cell_faults import PERIOD
from server.assessment.process import cycles, entries, errors, packs, rules, subjects
from server.assessment.process.case_models import Progress, Task
from server.assessment.process.decisions import begun
from server.assessment.process.decisions import step as move
from server.assessment.process.models import Cycle
from server.assessment.process.standing import Standing, managed, standing
from server.assessment.process.states import TaskStatus
from server.kit.errors import Conflict, FieldFault, Invalid, NotAllowed, NotFound
from server.kit.ids import new_id
from server.kit.upsert import insert_for
from server.people.api import Actor


@dataclass(frozen=True)
class NewTask:
    """A goal; `parent` None is the top of the list."""

    title: str
    goal: str = ""
    area: str = ""
    subject: str = ""
    parent: str | None = None
    due_on: date | None = None


def add(session: Session, actor: Actor, cycle_id: str, wanted: NewTask, now: datetime) -> Task:
    """Put a goal on the list; raises NotFound, Invalid `task_wrong`, Conflict `cycle_over`."""
    managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    levels = rules.task_levels(packs.pack_of(session, cycle))
    parent = _parent(session, cycle, wanted.parent)
    level = parent.level + 1 if parent else 0
    faults = []
    if level >= len(levels):
        faults.append(FieldFault("parent", f"清单只到“{levels[-1]}”一级，不能再往下分。"))
    if level > 0 and not wanted.subject:
        faults.append(FieldFault("subject", f"“{levels[min(level, len(levels) - 1)]}”一级要写由谁负责。"))
    if wanted.subject and not subjects.by_code(session, cycle_id, [wanted.subject]):
        faults.append(FieldFault("subject", "本周期里没有这个考核对象。"))
    if faults:
        raise Invalid("task_wrong", "这个任务还不能列入清单。", faults)
    row = Task(
        id=new_id(),
        cycle_id=cycle.id,
        parent_id=parent.id if parent else None,
        level=level,
        subject=wanted.subject,
        title=wanted.title,
        goal=wanted.goal,
        area=wanted.area,
        due_on=wanted.due_on,
        status=TaskStatus.OPEN,
        remark="",
        created_by=actor.person,
        created_at=now,
    )
    session.add(row)
    session.flush()
    begun(session, actor, cycle, "task", row.id, TaskStatus.OPEN, now)
    return row


def _parent(session: Session, cycle: Cycle, key: str | None) -> Task | None:
    if key is None:
        return None
    found = session.get(Task, key)
    if found is None or found.cycle_id != cycle.id:
        raise Invalid("task_wrong", "没有这个上级任务。", [FieldFault("parent", "请从本周期的清单里选。")])
    return found


def report(
    session: Session, actor: Actor, task_id: str, period: str, percent: int, text: str, now: datetime
) -> Progress:
    """How far a task is in a period, told by whoever answers for it (or by those who run the cycle).

    Raises NotFound, NotAllowed, Invalid `period_wrong`, Conflict `progress_reported`, `task_over`.
    """
    row, held = _found(session, actor, task_id)
    if held.manages is None and row.subject not in held.own_codes:
        raise NotAllowed()
    cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    if row.status != TaskStatus.OPEN:
        raise errors.task_over()
    if not PERIOD.fullmatch(period):
        fault = FieldFault("period", "年 2026、半年 2026H1、季 2026Q3、月 2026-07、周 2026-W31。")
        raise Invalid("period_wrong", "周期写法不对。", [fault])
    told = {"task_id": row.id, "period": period, "percent": percent, "text": text}
    told |= {"reported_by": actor.person, "reported_at": now}
    kept = session.execute(insert_for(session, Progress).values(told).on_conflict_do_nothing())
    if kept.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("progress_reported", "这个周期已经报过了；有变化请在下一个周期里说明。")
    return session.get_one(Progress, (row.id, period))


def finish(
    session: Session,
    actor: Actor,
    task_id: str,
    target: TaskStatus,
    remark: str,
    loss: str | None,
    now: datetime,
) -> Task:
    """Close a task: done, missed or dropped; a missed one may cost points, of the unit and of who answers.

    Raises NotFound, Conflict, Invalid `loss_wrong`, `sheet_faulty`.
    """
    row, _ = _found(session, actor, task_id)
    held = managed(session, actor, row.cycle_id)
    cycle = cycles.changeable(session, row.cycle_id)
    session.refresh(row)
    move(session, cycle, "task", row, target, now, actor, remark, remark=remark)
    if loss is not None:
        if target is not TaskStatus.MISSED:
            raise _loss_wrong("没有完成的任务才扣分。")
        if cycle.frozen_at is not None:
            raise errors.frozen()
        cells = _loss_cells(session, cycle, row) | {"value": loss, "note": f"任务“{row.title}”：{remark}"}
        entries.keep(session, held, cycle, [(2, cells)], "task", now)
    return row


def _loss_cells(session: Session, cycle: Cycle, row: Task) -> dict[str, str]:
    """The indicator that charges a unit and the person in charge, filled from the task and the one above."""
    pack = packs.pack_of(session, cycle)
    indicator = next((one for one in pack.indicators.values() if one.kind_is_subject and one.entry), None)
    above = session.get(Task, row.parent_id) if row.parent_id else None
    if indicator is None:
        raise _loss_wrong("本方案没有按责任人扣分的指标，请直接录入扣分。")
    if above is None or not above.subject or not row.subject:
        raise _loss_wrong("责任人的任务要挂在单位的任务下面，才知道扣哪个单位、哪个人的分。")
    return {"subject": above.subject, "indicator": indicator.code, "kind": row.subject}


def _loss_wrong(what: str) -> Invalid:
    return Invalid("loss_wrong", what, [FieldFault("loss", what)])


def _found(session: Session, actor: Actor, task_id: str) -> tuple[Task, Standing]:
    row = session.get(Task, task_id)
    if row is None:
        raise NotFound()
    held = standing(session, actor, row.cycle_id)
    if not _visible(held, row):
        raise NotFound()
    return row, held


def _visible(held: Standing, row: Task) -> bool:
    """Goals at the top are everybody's; below, those who read the process and who answers for it."""
    return held.sees_process or row.level == 0 or row.subject in held.own_codes


def listed(session: Session, held: Standing) -> list[tuple[Task, list[Progress]]]:
    """The list with its progress, parents before children, each as it was put there."""
    rows = session.scalars(select(Task).where(Task.cycle_id == held.cycle.id).order_by(Task.id)).all()
    known = [row for row in rows if _visible(held, row)]
    told: dict[str, list[Progress]] = {row.id: [] for row in known}
    query = (
        select(Progress)
        .join(Task, Task.id == Progress.task_id)
        .where(Task.cycle_id == held.cycle.id)
        .order_by(Progress.reported_at, Progress.period)
    )
    for one in session.scalars(query):
        if one.task_id in told:
            told[one.task_id].append(one)
    return [(row, told[row.id]) for row in known]
