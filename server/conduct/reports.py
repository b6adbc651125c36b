"""Weekly reports: each grid's running week becomes one; its leader submits it, after two days the system.

Set-based: a village's week is closed with a handful of statements, however many records it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct.models import Record, WeeklyReport
from server.conduct.rules import RecordStatus
from server.cycles.api import WEEK, Closer, Due, Skip, calendar_closer, following_week
from server.cycles.calendar import parse_week
from server.grid.api import Grid
from server.kit.claim import claim_or_conflict
from server.kit.clock import iso, local_midnight
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.people.api import Actor, Grant, Permission, Place, visible

TIME_TO_SUBMIT = timedelta(days=2)
AUTOSUBMIT = "conduct.week_autosubmit"


class ReportStatus(StrEnum):
    """A report is open until its leader, or after two days the system, hands it to the panel."""

    OPEN = "open"
    SUBMITTED = "submitted"


TRANSITIONS: Mapping[ReportStatus, frozenset[ReportStatus]] = {
    ReportStatus.OPEN: frozenset({ReportStatus.SUBMITTED}),
    ReportStatus.SUBMITTED: frozenset(),
}
OPEN, SUBMITTED = ReportStatus.OPEN, ReportStatus.SUBMITTED
_UNSUBMITTED = (
    select(WeeklyReport.village_code, WeeklyReport.period, WeeklyReport.due_at)
    .where(WeeklyReport.status == OPEN.value, WeeklyReport.due_at <= bindparam("now"))
    .order_by(WeeklyReport.due_at, WeeklyReport.village_code)
    .limit(1)
)


def closers() -> list[Closer]:
    """The week becomes reports; what nobody submits, the system submits."""
    return [
        calendar_closer(WEEK, close_week, following_week),
        Closer(AUTOSUBMIT, _next_unsubmitted, _submit_unsubmitted),
    ]


def close_week(session: Session, due: Due, now: datetime) -> None:
    """Make the reports of a village's week (or of its part up to a cut-off) and put its records into them.

    Every grid has a report on Monday, if only to say that nothing happened; at a cut-off those with records.
    """
    week, _, part = due.period.partition("/")
    loose = (
        Record.village_code == due.village,
        Record.status == RecordStatus.RECORDED.value,
        Record.report_id.is_(None),
        Record.logged_at < due.at,
    )
    grids = set(session.scalars(select(Record.grid_id).where(*loose).distinct()))
    if not part:
        grids |= set(session.scalars(select(Grid.id).where(Grid.village_code == due.village)))
    if not grids:
        return
    begins = _begin(session, due.village, week, due.at)
    rows = [
        {
            "id": new_id(),
            "village_code": due.village,
            "grid_id": grid,
            "week": week,
            "period": due.period,
            "starts_at": begins,
            "ends_at": due.at,
            "due_at": due.at + TIME_TO_SUBMIT,
            "status": OPEN.value,
            "remark": "",
            "automatic": False,
        }
        for grid in sorted(grids, key=str)
    ]
    session.execute(insert(WeeklyReport), rows)
    mine = (
        select(WeeklyReport.id)
        .where(
            WeeklyReport.village_code == due.village,
            WeeklyReport.period == due.period,
            WeeklyReport.grid_id.is_not_distinct_from(Record.grid_id),
        )
        .scalar_subquery()
    )
    _update(session, update(Record).where(*loose).values(report_id=mine))


def _begin(session: Session, village: str, week: str, ends_at: datetime) -> datetime:
    """Monday 00:00, or the cut-off inside this week at which the part before ended."""
    monday = local_midnight(parse_week(week))
    before = session.scalar(
        select(func.max(WeeklyReport.ends_at)).where(
            WeeklyReport.village_code == village, WeeklyReport.ends_at < ends_at
        )
    )
    return max(monday, before) if before else monday


def _next_unsubmitted(session: Session, now: datetime, skip: Skip) -> Due | None:
    """All reports of one village and period that nobody submitted in time are one thing to do."""
    query = _UNSUBMITTED
    if skip:
        query = query.where(tuple_(WeeklyReport.village_code, WeeklyReport.period).not_in(sorted(skip)))
    row = session.execute(query, {"now": now}).first()
    return Due(*row) if row else None


def _submit_unsubmitted(session: Session, due: Due, now: datetime) -> None:
    open_ones = (
        WeeklyReport.village_code == due.village,
        WeeklyReport.period == due.period,
        WeeklyReport.status == OPEN.value,
    )
    keys = list(session.scalars(select(WeeklyReport.id).where(*open_ones)))
    _update(
        session,
        update(WeeklyReport)
        .where(*open_ones)
        .values(status=SUBMITTED.value, submitted_at=now, automatic=True),
    )
    _hand_over(session, keys)
    audit.decide_many(
        session, None, "weekly_report", keys, OPEN, SUBMITTED, now, "两天没有报送，系统自动报送"
    )


def submit(session: Session, actor: Actor, key: str, remark: str, now: datetime) -> dict[str, Any]:
    """The leader hands the grid's week to the panel; raises Conflict when it was submitted before."""
    report = session.get(WeeklyReport, key)
    if report is None:
        raise NotFound()
    grant = actor.at(Permission.REPORT_SUBMIT, Place(report.village_code, report.grid_id))
    values = {"remark": remark, "submitted_at": now, "submitted_by": actor.person, "grant_id": grant.id}
    claim_or_conflict(session, WeeklyReport, key, OPEN, SUBMITTED, "这一周已经报送过了。", **values)
    _hand_over(session, [key])
    _noted(session, actor, grant, report, remark, now)
    session.expire(report)
    return one_report(session, key)


def _hand_over(session: Session, reports: list[str]) -> None:
    """The records of these reports go to the panel; what was withdrawn stays behind."""
    _update(
        session,
        update(Record)
        .where(Record.report_id.in_(reports), Record.status == RecordStatus.RECORDED.value)
        .values(status=RecordStatus.SUBMITTED.value),
    )


def _noted(
    session: Session, actor: Actor, grant: Grant, report: WeeklyReport, remark: str, now: datetime
) -> None:
    audit.decide(session, actor, "weekly_report", report.id, OPEN, SUBMITTED, now, remark, grant)
    audit.record(session, actor, "report.submit", "weekly_report", report.id, now, report.village_code)


def _update(session: Session, statement: Any) -> Any:
    return session.execute(statement.execution_options(synchronize_session=False))


@dataclass(frozen=True)
class ReportFilter:
    """What a list of reports is narrowed to."""

    village: str | None = None
    grid: str | None = None
    week: str | None = None
    status: str | None = None


def list_reports(
    session: Session, actor: Actor, wanted: ReportFilter, limit: int = 200
) -> list[dict[str, Any]]:
    """The newest first, only of grids that the actor may see; at most `limit`."""
    inside = visible(
        actor, Permission.REPORT_READ, village=WeeklyReport.village_code, grid=WeeklyReport.grid_id
    )
    exact = {
        WeeklyReport.village_code: wanted.village,
        WeeklyReport.grid_id: wanted.grid,
        WeeklyReport.week: wanted.week,
        WeeklyReport.status: wanted.status,
    }
    conditions = [column == value for column, value in exact.items() if value is not None]
    query = _listing().where(inside, *conditions)
    rows = session.execute(query.order_by(WeeklyReport.ends_at.desc(), WeeklyReport.id).limit(limit))
    return [_answer(*row) for row in rows]


def one_report(session: Session, key: str) -> dict[str, Any]:
    """One report as an answer. Permission is the caller's."""
    return _answer(*session.execute(_listing().where(WeeklyReport.id == key)).one())


def _listing() -> Any:
    records = (
        select(func.count())
        .where(Record.report_id == WeeklyReport.id, Record.status != RecordStatus.WITHDRAWN.value)
        .scalar_subquery()
    )
    return select(WeeklyReport, Grid.name, records).outerjoin(Grid, Grid.id == WeeklyReport.grid_id)


def _answer(report: WeeklyReport, grid_name: str | None, records: int) -> dict[str, Any]:
    return {
        "id": report.id,
        "village": report.village_code,
        "grid": report.grid_id,
        "grid_name": grid_name,
        "week": report.week,
        "period": report.period,
        "starts_at": iso(report.starts_at),
        "ends_at": iso(report.ends_at),
        "due_at": iso(report.due_at),
        "status": report.status,
        "records": records,
        "remark": report.remark,
        "submitted_at": iso(report.submitted_at) if report.submitted_at else None,
        "submitted_by": report.submitted_by,
        "automatic": report.automatic,
    }
