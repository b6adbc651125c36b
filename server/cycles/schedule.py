"""Calendar closers: the schedule row of each village says what is due next, and closing moves it on.

Week and month start when a village adopts its first rulebook. A running week ends on Monday 00:00 and
also at the month's cut-off (spec 01); periods are named `2026-W47` and, for the part up to a cut-off,
`2026-W47/2026-11`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, object_session

from server.cycles.calendar import Month, month_of, next_monday, week_of
from server.cycles.engine import Closer, Due, NotDue, Skip
from server.cycles.models import ClosedPeriod, Schedule
from server.kit.clock import local_date, local_midnight
from server.kit.errors import Conflict, FieldFault, NotFound
from server.kit.sql import Statement, instant_in, instant_out
from server.kit.upsert import insert_for
from server.people.api import Village

WEEK = "conduct.week_report"
MONTH = "settlement.month_cutoff"
Following = Callable[[Village, Due], Due]
_NEXT = Statement(
    "SELECT village_code, period, due_at FROM schedules WHERE closer = :closer AND due_at <= :now "
    "ORDER BY due_at, village_code LIMIT :most"
)


def calendar_closer(
    name: str, close: Callable[[Session, Due, datetime], None], following: Following
) -> Closer:
    """A closer whose periods stand in `schedules`; `following(village, due)` gives the period after `due`."""

    def next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
        # every look of every bell asks this of each calendar closer: by hand, so that it costs next to nothing
        rows = _NEXT.run(session, {"closer": name, "now": instant_in(session, now), "most": len(skip) + 1})
        found = (Due(village, period, instant_out(at)) for village, period, at in rows)
        return next((due for due in found if (due.village, due.period) not in skip), None)

    def close_and_move_on(session: Session, due: Due, now: datetime) -> None:
        village = session.get_one(Village, due.village)
        after = following(village, due)
        if after.at <= due.at or after.period == due.period:
            raise ValueError(f"{name}: the period after {due.period} does not lie after it")
        _move_on(session, name, due, after)
        close(session, due, now)

    return Closer(name, next_due, close_and_move_on)


def _move_on(session: Session, name: str, due: Due, after: Due) -> None:
    moved = session.execute(
        update(Schedule)
        .where(Schedule.closer == name, Schedule.village_code == due.village, Schedule.period == due.period)
        .values(period=after.period, due_at=after.at)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise NotDue


def schedule(session: Session, closer: str, first: Due) -> None:
    """Let a calendar closer begin in a village with the period `first`; it stays as it is where it has
    begun.
    """
    values = {"closer": closer, "village_code": first.village, "period": first.period, "due_at": first.at}
    session.execute(insert_for(session, Schedule).values(values).on_conflict_do_nothing())


def begun(session: Session, closer: str, village: str) -> bool:
    """Whether a calendar closer has begun in a village."""
    return session.get(Schedule, (closer, village)) is not None


def start_village(session: Session, village: str, day: date) -> None:
    """Begin the week and the month of a village on `day`, the day of its first adoption; again changes
    nothing.
    """
    found = session.get(Village, village)
    if found is None:
        raise NotFound()
    month = first_month(found, day)
    schedule(session, WEEK, _week_from(day, month))
    schedule(session, MONTH, month)


def following_week(village: Village, due: Due) -> Due:
    """The week (or part of one) that begins where `due` ends."""
    day = local_date(due.at)
    return _week_from(day, _month_ahead(village, day))


def _week_from(day: date, month: Due) -> Due:
    """The running week at `day`: it ends next Monday, or earlier with the cut-off of the running month."""
    monday = local_midnight(next_monday(day))
    if month.at < monday:
        return Due(month.village, f"{week_of(day)}/{month.period}", month.at)
    return Due(month.village, week_of(day), monday)


def _month_ahead(village: Village, day: date) -> Due:
    """The month whose cut-off is the next after `day`, as it was closed or is planned: the setting may have been
    changed meanwhile, and weeks may lag behind months.
    """
    session, since = object_session(village), local_midnight(day)
    if session is None:
        return first_month(village, day)
    past = (
        select(ClosedPeriod.period, ClosedPeriod.due_at)
        .where(
            ClosedPeriod.closer == MONTH,
            ClosedPeriod.village_code == village.code,
            ClosedPeriod.due_at > since,
        )
        .order_by(ClosedPeriod.due_at)
    )
    row: Any = session.execute(past.limit(1)).first()
    row = row or session.get(Schedule, (MONTH, village.code), populate_existing=True)
    if row is None:
        return first_month(village, day)
    planned = Due(village.code, row.period, row.due_at)
    while planned.at <= local_midnight(day):
        planned = following_month(village, planned)
    return planned


def move_cutoff(session: Session, code: str, now: datetime) -> None:
    """The village has another cut-off day: the running month ends on it, and the running week with it.

    Raises Conflict `cutoff_passed` where that day of the running month is already over (what was logged since
    would belong to a month that has ended), `cutoff_due` while a cut-off waits to be closed.
    """
    row = session.get(Schedule, (MONTH, code), with_for_update=True, populate_existing=True)
    village = session.get_one(Village, code)
    if row is None or row.due_at == month_due(village, Month.parse(row.period)).at:
        return
    if row.due_at <= now:
        raise Conflict("cutoff_due", "本月刚到截止日，正在汇总，请过几分钟再改截止日。")
    month = month_due(village, Month.parse(row.period))
    if month.at <= now:
        last = local_date(row.due_at) - timedelta(days=1)
        until = f"{last.month}月{last.day}日"
        said = f"{month.period} 的 {village.cutoff_day} 日已经过了，请在本月截止（{until}）以后再改。"
        raise Conflict("cutoff_passed", said, [FieldFault("cutoff_day", said)])
    row.due_at = month.at
    week = session.get(Schedule, (WEEK, code), with_for_update=True, populate_existing=True)
    if week is not None and week.due_at > now:
        ends = _week_from(local_date(now), month)
        week.period, week.due_at = ends.period, ends.at
    session.flush()


def first_month(village: Village, day: date) -> Due:
    """The settlement month of `day` as a period, due when its cut-off day has ended."""
    return month_due(village, month_of(day, village.cutoff_day))


def following_month(village: Village, due: Due) -> Due:
    """The month after `due`."""
    return month_due(village, Month.parse(due.period).next())


def month_due(village: Village, month: Month) -> Due:
    """A month is due at the midnight after its cut-off day."""
    after = month.last_day(village.cutoff_day) + timedelta(days=1)
    return Due(village.code, str(month), local_midnight(after))


def running_month(session: Session, village: str, *, held: bool = True) -> Month | None:
    """The month whose cut-off is still ahead, held fast until the transaction ends; None before the
    village began. Who only looks (a list of what is due, in a transaction that may not write) does not hold it.
    """
    query = select(Schedule.period).where(Schedule.closer == MONTH, Schedule.village_code == village)
    period = session.scalar(query.with_for_update(read=True) if held else query)
    return Month.parse(period) if period else None
