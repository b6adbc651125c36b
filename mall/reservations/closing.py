"""The closer of reservations: what was not picked up in time goes back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mall.exchange_days.api import ExchangeDay, pickup_ends
from mall.reservations.ending import expire_day
from mall.reservations.models import Reservation
from mall.reservations.rules import ReservationState
from mall.settings.api import MallSettings, ShopSettings, settings_of
from server.cycles.api import Closer, Due, NotDue, Skip
from server.kit.clock import local_date

NAME = "mall.reservation_expiry"
_OPEN = (
    select(Reservation.id)
    .where(Reservation.exchange_day_id == ExchangeDay.id, Reservation.status == ReservationState.OPEN.value)
    .exists()
)
_PAST = (
    select(ExchangeDay.id, ExchangeDay.village_code, ExchangeDay.day, MallSettings.pickup_days)
    .outerjoin(MallSettings, MallSettings.village_code == ExchangeDay.village_code)
    .where(ExchangeDay.day < bindparam("today"), _OPEN)
    .order_by(ExchangeDay.day, ExchangeDay.id)
)


def closer() -> Closer:
    """Days whose time for picking up has passed while reservations are still open."""
    return Closer(NAME, next_due, close)


def next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    """The exchange day whose reservations are to go back next."""
    rows = session.execute(_PAST, {"today": local_date(now)})
    usual = ShopSettings().pickup_days
    found = [
        Due(village, f"{day}/{key}", pickup_ends(day, usual if days is None else days))
        for key, village, day, days in rows
    ]
    due = [one for one in found if one.at <= now and (one.village, one.period) not in skip]
    return min(due, key=lambda one: (one.at, one.village, one.period), default=None)


def close(session: Session, due: Due, now: datetime) -> None:
    """Let the reservations of a day expire; NotDue when the day moved or its village gives more time."""
    key = due.period.split("/")[1]
    day = session.get(ExchangeDay, key, populate_existing=True)
    if day is None or pickup_ends(day.day, settings_of(session, day.village_code).pickup_days) > now:
        raise NotDue
    text = f"{day.day.month}月{day.day.day}日兑换日的预约没有来取，已退回，积分可以照常使用。"
    expire_day(session, key, text, now)
