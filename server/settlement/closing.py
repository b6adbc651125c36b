"""The closers of the month: cut-off, freezing, notice end with posting, escalation, taking down.

Each looks for what is due in the state itself; a month posts only when the month before has posted and
its score year has begun.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from server.cycles.api import MONTH, Closer, Due, NotDue, Skip, calendar_closer, following_month
from server.cycles.calendar import Month
from server.kit.ids import new_id
from server.kit.upsert import insert_for
from server.people.api import Village
from server.settlement import (
    appeals,
    base_points,
    expiry,
    notices,
    objections,
    photo_retention,
    posting,
    tallies,
)
from server.settlement.models import Appeal, Notice, Objection, ScoreYear, Tally
from server.settlement.months import month_from, month_number, number_of
from server.settlement.states import AppealStatus, NoticeStatus, ObjectionStatus, TallyStatus

FREEZE = "settlement.tally_freeze"
NOTICE_END = "settlement.notice_end"
ESCALATION = "settlement.objection_escalation"
APPEAL_ESCALATION = "settlement.appeal_escalation"
TAKE_DOWN = "settlement.notice_takedown"

# every look of every bell asks all of these: built once, so that SQLAlchemy finds them compiled
_NOW: BindParameter[Any] = bindparam("now")
_TO_FREEZE = (
    select(Tally.village_code, Tally.month, Tally.round, Tally.freeze_due)
    .where(Tally.frozen_at.is_(None), Tally.freeze_due <= _NOW)
    .order_by(Tally.freeze_due, Tally.village_code)
)
_OBJECTIONS = (
    select(Objection.village_code, Objection.id, Objection.due_at)
    .where(Objection.status == ObjectionStatus.OPEN, Objection.due_at <= _NOW)
    .order_by(Objection.due_at, Objection.id)
)
_APPEALS = (
    select(Appeal.village_code, Appeal.id, Appeal.due_at)
    .where(Appeal.status == AppealStatus.OPEN, Appeal.due_at <= _NOW)
    .order_by(Appeal.due_at, Appeal.id)
)
_HANGING = (
    select(Notice.village_code, Notice.month, Notice.take_down_at)
    .where(Notice.status == NoticeStatus.ENDED, Notice.take_down_at <= _NOW)
    .order_by(Notice.take_down_at, Notice.village_code)
)


def _over() -> Select[str, int, datetime, datetime | None, datetime]:
    """Notices that are over and whose month may post: the months before have, its year has begun."""
    before = aliased(Tally)
    earlier = (before.village_code == Notice.village_code, before.month < Notice.month)
    # opening balances wait for no month and no month waits for them
    of_months = (before.month % 100 != 0, Notice.month % 100 != 0)
    unposted = select(before.id).where(*earlier, *of_months, before.status != TallyStatus.POSTED).exists()
    last_posted = select(func.max(before.posted_at)).where(*earlier).scalar_subquery()
    year = (ScoreYear.village_code == Notice.village_code) & (ScoreYear.year == Notice.month // 100)
    return (
        select(Notice.village_code, Notice.month, Notice.ends_at, last_posted, ScoreYear.opened_at)
        .join(ScoreYear, year)
        .where(Notice.status == NoticeStatus.ACTIVE, Notice.ends_at <= _NOW, ~unposted)
        .order_by(Notice.ends_at, Notice.village_code)
    )


_OVER = _over()


def closers() -> list[Closer]:
    """In the order in which they work when due at the same instant."""
    return [
        calendar_closer(MONTH, cut_off, following_month),
        Closer(FREEZE, _next_freeze, _freeze),
        base_points.closer(),
        Closer(NOTICE_END, _next_notice_end, _end_notice),
        Closer(ESCALATION, _next_escalation, _escalate),
        Closer(APPEAL_ESCALATION, _next_appeal, _escalate_appeal),
        *expiry.closers(),
        Closer(TAKE_DOWN, _next_take_down, _take_down),
        photo_retention.closer(),
    ]


def _first(candidates: Iterable[Due], skip: Skip) -> Due | None:
    return next((due for due in candidates if (due.village, due.period) not in skip), None)


def cut_off(session: Session, due: Due, now: datetime) -> None:
    """The month is over: its tally begins, open and computed from the records."""
    village = session.get_one(Village, due.village)
    freeze_due = due.at + timedelta(days=village.panel_days)
    session.execute(
        insert_for(session, Tally)
        .values(
            id=new_id(),
            village_code=due.village,
            month=month_number(Month.parse(due.period)),
            cutoff_at=due.at,
            freeze_due=freeze_due,
            vote_due=freeze_due + timedelta(days=village.vote_days),
            status=TallyStatus.OPEN,
            round=1,
        )
        .on_conflict_do_nothing()
    )


def _next_freeze(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_TO_FREEZE, {"now": now})
    found = (Due(village, _freeze_period(month, round_), at) for village, month, round_, at in rows)
    return _first(found, skip)


def _freeze_period(month: int, round_: int) -> str:
    return f"{month_from(month)}" if round_ == 1 else f"{month_from(month)}/{round_}"


def _freeze(session: Session, due: Due, now: datetime) -> None:
    month, _, round_ = due.period.partition("/")
    tally = session.scalar(
        select(Tally)
        .where(Tally.village_code == due.village, Tally.month == month_number(Month.parse(month)))
        .with_for_update()
    )
    if tally is None or tally.round != int(round_ or 1) or not tallies.freeze(session, tally, now):
        raise NotDue


def _next_notice_end(session: Session, now: datetime, skip: Skip) -> Due | None:
    candidates = [
        Due(village, str(month_from(month)), max(at for at in (ends_at, posted, opened) if at is not None))
        for village, month, ends_at, posted, opened in session.execute(_OVER, {"now": now})
    ]
    return _first(sorted(candidates, key=lambda due: due.at), skip)


def _end_notice(session: Session, due: Due, now: datetime) -> None:
    notice = _standing(session, due, NoticeStatus.ACTIVE)
    tallies.lock(session, notice.tally_id)
    if notices.refreshed(session, notice).status != NoticeStatus.ACTIVE or notice.ends_at > now:
        raise NotDue
    posting.post_month(session, notice, now)


def _standing(session: Session, due: Due, status: NoticeStatus) -> Notice:
    notice = session.scalar(
        select(Notice).where(
            Notice.village_code == due.village,
            Notice.month == number_of(due.period),
            Notice.status == status,
        )
    )
    if notice is None:
        raise NotDue
    return notice


def _next_escalation(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_OBJECTIONS, {"now": now})
    return _first((Due(village, key, at) for village, key, at in rows), skip)


def _escalate(session: Session, due: Due, now: datetime) -> None:
    objection = session.get_one(Objection, due.period)
    tallies.lock(session, objection.tally_id)
    session.refresh(objection)
    if objection.status != ObjectionStatus.OPEN:
        raise NotDue
    objections.escalate(session, objection, now)


def _next_appeal(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_APPEALS, {"now": now})
    return _first((Due(village, key, at) for village, key, at in rows), skip)


def _escalate_appeal(session: Session, due: Due, now: datetime) -> None:
    appeal = session.get_one(Appeal, due.period, with_for_update=True, populate_existing=True)
    if appeal.status != AppealStatus.OPEN:
        raise NotDue
    appeals.escalate(session, appeal, now)


def _next_take_down(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_HANGING, {"now": now})
    found = (Due(village, str(month_from(month)), at) for village, month, at in rows if at is not None)
    return _first(found, skip)


def _take_down(session: Session, due: Due, now: datetime) -> None:
    notice = _standing(session, due, NoticeStatus.ENDED)
    notices.move(session, notice, NoticeStatus.TAKEN_DOWN, now, None, None, "公示期后撤下")
