"""Closers of exchange days: planning them twelve months ahead, and taking them through their states.

A village is planned for once its shop has goods: each calendar month, and anew when its rule changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import BindParameter, bindparam, delete, func, select
from sqlalchemy.orm import Session

from mall.exchange_days.models import ExchangeDay, ExchangePlan, ExchangeSlot
from mall.exchange_days.rules import CLOSES_HOUR, OPENS_DAYS_BEFORE, DayState, dates, horizon, next_step
from mall.exchange_days.service import step
from mall.goods.api import Goods
from mall.settings.api import MallSettings, ShopSettings, settings_of
from server.cycles.api import Closer, Due, NotDue, Skip
from server.cycles.calendar import Month
from server.kit.clock import local_date, local_midnight
from server.kit.ids import new_id
from server.kit.upsert import insert_for

PLAN = "mall.exchange_plan"
STEP = "mall.exchange_day"

# every look of every bell asks these: built once, so that SQLAlchemy finds them compiled
_MOST: BindParameter[int] = bindparam("most")
_FIRST_GOODS = func.min(Goods.created_at)
_UNPLANNED = (
    select(Goods.village_code, _FIRST_GOODS)
    .outerjoin(ExchangePlan, ExchangePlan.village_code == Goods.village_code)
    .where(ExchangePlan.village_code.is_(None), Goods.created_at <= bindparam("now"))
    .group_by(Goods.village_code)
    .order_by(_FIRST_GOODS)
    .limit(_MOST)
)
_MONTH_BEFORE = (
    select(ExchangePlan.village_code, ExchangePlan.month)
    .where(ExchangePlan.month < bindparam("month"))
    .order_by(ExchangePlan.month, ExchangePlan.village_code)
    .limit(_MOST)
)
_RULE_CHANGED = (
    select(ExchangePlan.village_code, MallSettings.revision, ExchangePlan.planned_at)
    .join(MallSettings, MallSettings.village_code == ExchangePlan.village_code)
    .where(
        MallSettings.revision > ExchangePlan.settings_revision, ExchangePlan.planned_at <= bindparam("now")
    )
    .order_by(ExchangePlan.planned_at, ExchangePlan.village_code)
    .limit(_MOST)
)
_DAYS_BY_STATUS = (
    select(ExchangeDay.id, ExchangeDay.village_code, ExchangeDay.day)
    .where(ExchangeDay.status == bindparam("status"), ExchangeDay.day <= bindparam("until"))
    .order_by(ExchangeDay.day, ExchangeDay.id)
    .limit(_MOST)
)


def closers() -> list[Closer]:
    """In the order in which they work at the same instant."""
    return [Closer(PLAN, next_plan, close_plan), Closer(STEP, next_day_step, close_day_step)]


# ---- planning ------------------------------------------------------------------------


def next_plan(session: Session, now: datetime, skip: Skip) -> Due | None:
    """The village that is to be planned for next: a new one, a new month, or a changed rule."""
    found = [*_new(session, skip, now), *_monthly(session, skip, now), *_changed(session, skip, now)]
    return _earliest(found, now, skip)


def _earliest(found: Iterable[Due], now: datetime, skip: Skip) -> Due | None:
    due = [one for one in found if one.at <= now and (one.village, one.period) not in skip]
    return min(due, key=lambda one: (one.at, one.village, one.period), default=None)


def _new(session: Session, skip: Skip, now: datetime) -> Iterable[Due]:
    rows = session.execute(_UNPLANNED, {"now": now, "most": len(skip) + 1})
    return [Due(village, str(_month(local_date(at))), at) for village, at in rows]


def _monthly(session: Session, skip: Skip, now: datetime) -> Iterable[Due]:
    rows = session.execute(_MONTH_BEFORE, {"month": str(_month(local_date(now))), "most": len(skip) + 1})
    following = [(village, Month.parse(month).next()) for village, month in rows]
    return [Due(village, str(m), local_midnight(date(m.year, m.number, 1))) for village, m in following]


def _changed(session: Session, skip: Skip, now: datetime) -> Iterable[Due]:
    rows = session.execute(_RULE_CHANGED, {"now": now, "most": len(skip) + 1})
    return [Due(village, f"rule-{revision}", at) for village, revision, at in rows]


def _month(day: date) -> Month:
    return Month(day.year, day.month)


def close_plan(session: Session, due: Due, now: datetime) -> None:
    """Plan the days of a village up to twelve months ahead. Days that somebody touched stay as they are."""
    today, usual = local_date(now), settings_of(session, due.village)
    plan = session.get(ExchangePlan, due.village, with_for_update=True)
    if plan is not None and not _still_due(plan, due.period, usual.revision):
        raise NotDue
    anew = plan is None or plan.settings_revision != usual.revision
    after = today if plan is None or anew else max(plan.until, today)
    if anew:
        _forget_untouched(session, due.village, today)
    until = max(horizon(today), after)
    _insert_days(session, due.village, dates(usual.exchange_rule, after, until), usual, now)
    if plan is None:
        plan = ExchangePlan(village_code=due.village, month=due.period)
        session.add(plan)
    if not due.period.startswith("rule-"):
        plan.month = due.period
    plan.until, plan.settings_revision, plan.planned_at = until, usual.revision, now
    session.flush()


def _still_due(plan: ExchangePlan, period: str, revision: int) -> bool:
    return plan.settings_revision < revision if period.startswith("rule-") else plan.month < period


def _forget_untouched(session: Session, village: str, today: date) -> None:
    """Days of the old rule in which nobody had a hand yet."""
    session.execute(
        delete(ExchangeDay)
        .where(
            ExchangeDay.village_code == village,
            ExchangeDay.status == DayState.PLANNED.value,
            ExchangeDay.by_rule,
            ExchangeDay.day == ExchangeDay.planned_on,
            ExchangeDay.day > today,
            ExchangeDay.id.not_in(select(ExchangeSlot.exchange_day_id)),
        )
        .execution_options(synchronize_session=False)
    )


def _insert_days(
    session: Session, village: str, days: list[date], usual: ShopSettings, now: datetime
) -> None:
    rows = [
        {
            "id": new_id(),
            "village_code": village,
            "day": day,
            "planned_on": day,
            "by_rule": True,
            "status": DayState.PLANNED.value,
            "opens_at": usual.opens_at,
            "closes_at": usual.closes_at,
            "place": usual.place,
            "reason": "",
            "created_at": now,
        }
        for day in days
    ]
    if rows:
        session.execute(insert_for(session, ExchangeDay).values(rows).on_conflict_do_nothing())


# ---- steps ---------------------------------------------------------------------------


def next_day_step(session: Session, now: datetime, skip: Skip) -> Due | None:
    """The day that is to open, to close or to redeem next."""
    today = local_date(now)
    reach = {
        DayState.PLANNED: today + timedelta(days=OPENS_DAYS_BEFORE),
        DayState.OPEN: local_date(now + timedelta(hours=24 - CLOSES_HOUR)),
        DayState.CLOSED: today,
    }
    found = [due for status, until in reach.items() for due in _steps(session, status, until, len(skip) + 1)]
    return _earliest(found, now, skip)


def _steps(session: Session, status: DayState, until: date, limit: int) -> Iterable[Due]:
    rows = session.execute(_DAYS_BY_STATUS, {"status": status.value, "until": until, "most": limit})
    for key, village, day in rows:
        following = next_step(status, day)
        if following is not None:
            yield Due(village, f"{day}/{following.target}/{key}", following.at)


def close_day_step(session: Session, due: Due, now: datetime) -> None:
    """Take one day one step further; NotDue when somebody else did, or moved it."""
    _, target, key = due.period.split("/")
    day = session.get(ExchangeDay, key, populate_existing=True)
    following = next_step(DayState(day.status), day.day) if day else None
    if day is None or following is None or following.target != target or following.at > now:
        raise NotDue
    step(session, day, following.target, now)
