"""How reservations end without being picked up: goods and points go back, once. Never commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from mall.reservations import queries
from mall.reservations.models import Reservation, ReservationLine
from mall.reservations.queries import Ended
from mall.reservations.rules import ReservationState
from mall.stock import api as stock
from server.audit import api as audit
from server.ledger import api as ledger
from server.messages import api as messages
from server.people.api import Actor, Grant

_CHUNK = 500  # ids in one statement


def give_back(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """Places, goods (by id) and points (by household) of reservations that this transaction has ended."""
    for slot, count in sorted(Counter(one.slot for one in ended if one.slot).items()):
        queries.free_slot(session, slot, count)
    for goods, quantity in sorted(_held(session, [one.id for one in ended]).items()):
        stock.release(session, goods, quantity)
    for one in sorted(ended, key=lambda one: (one.household, one.id)):
        refs = {"reservation": one.id, "exchange_day": one.exchange_day}
        ledger.release(session, one.household, one.points, f"reservation:{one.id}:release", refs, now)


def _held(session: Session, reservations: Sequence[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for start in range(0, len(reservations), _CHUNK):
        rows = session.execute(
            select(ReservationLine.goods_id, func.sum(ReservationLine.quantity))
            .where(ReservationLine.reservation_id.in_(reservations[start : start + _CHUNK]))
            .group_by(ReservationLine.goods_id)
        )
        found.update({goods: int(quantity) for goods, quantity in rows})
    return found


def release_household(session: Session, household: str, now: datetime) -> None:
    """The household is no more what it was: its open reservations are released, points and goods go back."""
    found = Reservation.household_code == household
    ended = _end_all(session, None, found, ReservationState.RELEASED, "户有变动", now, None)
    _tell(session, ended, "reservation_released", "因为户有变动，您家的预约已退回，积分退回余额。", now)


def release_day(
    session: Session,
    actor: Actor | None,
    day: str,
    reason: str,
    text: str,
    now: datetime,
    grant: Grant | None = None,
) -> int:
    """The day is cancelled: every open reservation is released and its household told; gives how many."""
    found = Reservation.exchange_day_id == day
    ended = _end_all(session, actor, found, ReservationState.RELEASED, reason, now, grant)
    _tell(session, ended, "exchange_day_cancelled", text, now)
    return len(ended)


def expire_day(session: Session, day: str, text: str, now: datetime) -> int:
    """Not picked up in time: every open reservation of a day goes back; gives how many."""
    found = Reservation.exchange_day_id == day
    ended = _end_all(session, None, found, ReservationState.EXPIRED, "not picked up", now, None)
    _tell(session, ended, "reservation_expired", text, now)
    return len(ended)


def _end_all(
    session: Session,
    actor: Actor | None,
    found: ColumnElement[bool],
    target: ReservationState,
    reason: str,
    now: datetime,
    grant: Grant | None,
) -> list[Ended]:
    rows: Any = session.execute(
        update(Reservation)
        .where(found, Reservation.status == ReservationState.OPEN.value)
        .values(status=target.value, ended_at=now)
        .returning(
            Reservation.id,
            Reservation.household_code,
            Reservation.exchange_day_id,
            Reservation.points,
            Reservation.slot_id,
        )
        .execution_options(synchronize_session=False)
    )
    ended = [Ended(*row) for row in rows]
    session.expire_all()
    give_back(session, ended, now)
    keys = sorted(one.id for one in ended)
    audit.decide_many(session, actor, "reservation", keys, ReservationState.OPEN, target, now, reason, grant)
    return ended


def _tell(session: Session, ended: Sequence[Ended], kind: str, text: str, now: datetime) -> None:
    notes = [messages.Note(one.household, kind, text, {"reservation": one.id}) for one in ended]
    messages.notify_households(session, notes, now)


def tell_day(session: Session, day: str, kind: str, text: str, now: datetime) -> None:
    """Tell every household with an open reservation for a day."""
    households = session.scalars(
        select(Reservation.household_code)
        .where(Reservation.exchange_day_id == day, Reservation.status == ReservationState.OPEN.value)
        .distinct()
        .order_by(Reservation.household_code)
    )
    notes = [messages.Note(household, kind, text, {"exchange_day": day}) for household in households]
    messages.notify_households(session, notes, now)
