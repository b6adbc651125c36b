"""Making exchange days, taking them through their states, to another date, or off. Never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mall.exchange_days import errors
from mall.exchange_days.models import ExchangeDay, ExchangeSlot
from mall.exchange_days.queries import day_for
from mall.exchange_days.rules import MOVABLE, TRANSITIONS, DayState, hours_fit
from mall.reservations import api as reservations
from mall.settings.api import settings_of
from server.audit import api as audit
from server.kit.claim import claim_or_conflict
from server.kit.clock import local_date
from server.kit.errors import Conflict, NotFound
from server.kit.ids import new_id
from server.people.api import Actor, Grant, Permission, Place, Village

ENTITY = "exchange_day"


@dataclass(frozen=True)
class NewSlot:
    """A span of a day, `HH:MM` to `HH:MM`, with a number of places."""

    starts_at: str
    ends_at: str
    places: int


@dataclass(frozen=True)
class NewDay:
    """A day that a person adds; hours and place are the village's usual ones where None."""

    id: str
    village: str
    day: date
    opens_at: str | None = None
    closes_at: str | None = None
    place: str | None = None
    slots: Sequence[NewSlot] = ()


def create_day(session: Session, actor: Actor, new: NewDay, now: datetime) -> tuple[ExchangeDay, bool]:
    """A planned day beside those of the rule, and whether it is new (an id that is known gives the first).

    Raises Invalid `day_past`, `hours_wrong`; Conflict `exchange_day_exists`; NotFound outside the scope.
    """
    actor.at(Permission.SHOP_MANAGE, Place(new.village))
    if session.get(Village, new.village) is None:
        raise NotFound()
    known = session.get(ExchangeDay, new.id)
    if known is not None:
        if (known.village_code, known.planned_on) != (new.village, new.day):
            raise Conflict("id_reused", "这个编号已经用在别的兑换日上，请换一个。")
        return known, False
    if new.day <= local_date(now):
        raise errors.past()
    usual = settings_of(session, new.village)
    row = ExchangeDay(
        id=new.id,
        village_code=new.village,
        day=new.day,
        planned_on=new.day,
        by_rule=False,
        status=DayState.PLANNED.value,
        opens_at=new.opens_at or usual.opens_at,
        closes_at=new.closes_at or usual.closes_at,
        place=usual.place if new.place is None else new.place,
        created_at=now,
    )
    if not hours_fit(row.opens_at, row.closes_at):
        raise errors.hours_wrong()
    _put(session, row)
    add_slots(session, row.id, new.slots)
    audit.record(
        session, actor, "exchange_day.create", ENTITY, row.id, now, new.village, None, {"day": str(new.day)}
    )
    return row, True


def _put(session: Session, row: ExchangeDay) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise errors.taken() from None


def add_slots(session: Session, day: str, slots: Sequence[NewSlot]) -> None:
    """Slots for a day. Raises Invalid `hours_wrong`: one ends before it begins, or begins like another."""
    if any(not hours_fit(slot.starts_at, slot.ends_at) for slot in slots):
        raise errors.hours_wrong()
    known = set(session.scalars(select(ExchangeSlot.starts_at).where(ExchangeSlot.exchange_day_id == day)))
    starts = [slot.starts_at for slot in slots]
    if len(set(starts)) < len(starts) or known & set(starts):
        raise errors.hours_wrong()
    session.add_all(
        ExchangeSlot(
            id=new_id(),
            exchange_day_id=day,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            places=slot.places,
            taken=0,
        )
        for slot in slots
    )
    session.flush()


def add_slots_to(
    session: Session, actor: Actor, key: str, slots: Sequence[NewSlot], now: datetime
) -> ExchangeDay:
    """More slots for a day that is planned or open. Raises Conflict `not_movable`, Invalid, NotFound."""
    day = day_for(session, actor, Permission.SHOP_MANAGE, key)
    if day.status not in (DayState.PLANNED, DayState.OPEN):
        raise errors.not_movable(DayState(day.status))
    add_slots(session, key, slots)
    after = {"slots": [slot.starts_at for slot in slots]}
    audit.record(session, actor, "exchange_day.slots", ENTITY, key, now, day.village_code, None, after)
    return day


def transition(
    session: Session, actor: Actor, key: str, target: DayState, reason: str, now: datetime
) -> ExchangeDay:
    """A person moves a day on, or cancels it with a reason.

    Raises Conflict `transition_impossible`, `state_changed`, `signatures_needed`; Invalid `reason_needed`.
    """
    day = day_for(session, actor, Permission.SHOP_MANAGE, key)
    grant = actor.at(Permission.SHOP_MANAGE, Place(day.village_code))
    source = DayState(day.status)
    if target not in TRANSITIONS[source]:
        raise errors.impossible(source, target)
    if target is DayState.SETTLED:
        raise errors.signatures_needed()
    if target is DayState.CANCELLED and not reason:
        raise errors.reason_needed()
    step(session, day, target, now, reason, actor, grant)
    return day_for(session, actor, Permission.SHOP_MANAGE, key)


def step(
    session: Session,
    day: ExchangeDay,
    target: DayState,
    now: datetime,
    reason: str = "",
    actor: Actor | None = None,
    grant: Grant | None = None,
) -> None:
    """One step of a day's life with all it brings about. Raises Conflict `state_changed`."""
    source = DayState(day.status)
    values: dict[str, Any] = {}
    if target is DayState.CANCELLED:
        values = {"reason": reason, "ended_at": now}
    message = errors.changed().message
    claim_or_conflict(session, ExchangeDay, day.id, source, target, message, **values)
    audit.decide(session, actor, ENTITY, day.id, source.value, target.value, now, reason, grant)
    if target is DayState.CANCELLED:
        text = f"{_spoken(day.day)}的兑换日取消了：{reason}。您的预约已退回，积分可以照常使用。"
        reservations.release_day(session, actor, day.id, reason, text, now, grant)
    session.expire(day)


def move(session: Session, actor: Actor, key: str, to: date, reason: str, now: datetime) -> ExchangeDay:
    """Another date: reservations stay, free to cancel, and their households are told.

    Raises Conflict `not_movable`, `exchange_day_exists`, `state_changed`; Invalid `day_past`.
    """
    day = day_for(session, actor, Permission.SHOP_MANAGE, key)
    grant = actor.at(Permission.SHOP_MANAGE, Place(day.village_code))
    source, before = DayState(day.status), day.day
    if source not in MOVABLE:
        raise errors.not_movable(source)
    if not reason:
        raise errors.reason_needed()
    if to <= local_date(now):
        raise errors.past()
    _redate(session, day, to, reason)
    audit.decide(session, actor, ENTITY, key, source.value, source.value, now, reason, grant)
    dates = {"day": before.isoformat()}, {"day": to.isoformat()}
    audit.record(session, actor, "exchange_day.move", ENTITY, key, now, day.village_code, *dates)
    text = f"{_spoken(before)}的兑换日改到{_spoken(to)}：{reason}。您的预约保留，不方便可以取消。"
    reservations.tell_day(session, key, "exchange_day_moved", text, now)
    return day_for(session, actor, Permission.SHOP_MANAGE, key)


def _redate(session: Session, day: ExchangeDay, to: date, reason: str) -> None:
    try:
        moved: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(ExchangeDay)
            .where(ExchangeDay.id == day.id, ExchangeDay.status == day.status, ExchangeDay.day == day.day)
            .values(day=to, reason=reason)
            .execution_options(synchronize_session=False)
        )
    except IntegrityError:
        raise errors.taken() from None
    if moved.rowcount != 1:
        raise errors.changed()
    session.expire(day)


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"
