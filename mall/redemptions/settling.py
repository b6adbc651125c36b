"""Settling an exchange day: two people sign the same figures; what comes in later is a supplement.

The day's row is held exclusively while somebody signs, so that nothing is redeemed meanwhile. Never commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mall.exchange_days.api import DayState, ExchangeDay, day_for
from mall.idempotency import content_hash
from mall.redemptions import errors, queries
from mall.redemptions.figures import figures
from mall.redemptions.models import GoodsReturn, Redemption, RefusedReplay
from mall.redemptions.settlement_models import Settlement
from mall.reservations.api import Reservation, ReservationState
from server.audit import api as audit
from server.kit.claim import claim_or_conflict
from server.kit.clock import iso
from server.people.api import Actor, Permission, Person, Place

BEGUN = frozenset({DayState.REDEEMING, DayState.SETTLED, DayState.CANCELLED})


def settlement_of(session: Session, actor: Actor, key: str) -> dict[str, Any]:
    """The settlements of a day: those signed as they were signed, the open one as it stands now."""
    day = day_for(session, actor, Permission.SHOP_READ, key)
    signed = {row.number: row for row in _rows(session, key)}
    parts = [_shown(session, row.figures, row) for row in signed.values() if row.second_by is not None]
    number = queries.open_settlement(session, key)
    if _anything(session, day, number):
        parts.append(_shown(session, figures(session, day, number), signed.get(number)))
    return {
        "exchange_day": key,
        "day": day.day,
        "status": day.status,
        "settlements": parts,
        "open_reservations": _open_reservations(session, key),
        "refused_replays": _refused(session, key),
    }


def sign(session: Session, actor: Actor, key: str, seen: str | None, now: datetime) -> dict[str, Any]:
    """Sign the open settlement; the second signature of another person settles it.

    `seen`: the `content_hash` of the figures that the person looked at. Raises Conflict `nothing_to_sign`,
    `second_person_needed`, `figures_changed`, `reservations_open`; NotFound outside the scope.
    """
    day = day_for(session, actor, Permission.SHOP_MANAGE, key)
    grant = actor.at(Permission.SHOP_MANAGE, Place(day.village_code))
    _hold(session, key)
    day = day_for(session, actor, Permission.SHOP_MANAGE, key)
    number = queries.open_settlement(session, key)
    if not _anything(session, day, number):
        raise errors.nothing_to_sign()
    if waiting := _open_reservations(session, key):
        raise errors.still_open(waiting)
    found = figures(session, day, number)
    digest = content_hash(found)
    if seen is not None and seen != digest:
        raise errors.figures_changed()
    row = session.get(Settlement, (key, number), populate_existing=True)
    if row is None:
        row = Settlement(exchange_day_id=key, number=number)
        session.add(row)
    elif row.content_hash == digest:
        if row.first_by == actor.person:
            raise errors.second_person()
        row.second_by, row.second_grant, row.second_at = actor.person, grant.id, now
        session.flush()
        _settle(session, actor, day, number, now)
        return settlement_of(session, actor, key)
    # the first signature, or a new first one: what was signed before is no longer what is there
    row.figures, row.content_hash = found, digest
    row.first_by, row.first_grant, row.first_at = actor.person, grant.id, now
    session.flush()
    after = {"number": number, "content_hash": digest}
    audit.record(session, actor, "settlement.sign", "exchange_day", key, now, day.village_code, None, after)
    return settlement_of(session, actor, key)


def _settle(session: Session, actor: Actor, day: ExchangeDay, number: int, now: datetime) -> None:
    grant = actor.at(Permission.SHOP_MANAGE, Place(day.village_code))
    source = DayState(day.status)
    if source is DayState.REDEEMING:
        message = errors.figures_changed().message
        claim_or_conflict(session, ExchangeDay, day.id, source, DayState.SETTLED, message, ended_at=now)
        session.expire(day)
    target = DayState.SETTLED if source is DayState.REDEEMING else source
    reason = f"settlement {number} signed"
    audit.decide(session, actor, "exchange_day", day.id, source.value, target.value, now, reason, grant)


def _hold(session: Session, key: str) -> None:
    session.execute(
        update(ExchangeDay)
        .where(ExchangeDay.id == key)
        .values(status=ExchangeDay.status)
        .execution_options(synchronize_session=False)
    )


def _rows(session: Session, key: str) -> list[Settlement]:
    query = select(Settlement).where(Settlement.exchange_day_id == key).order_by(Settlement.number)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _anything(session: Session, day: ExchangeDay, number: int) -> bool:
    """Whether there is something to sign: a day that redeems, always; else what has come in since."""
    if day.status == DayState.REDEEMING:
        return True
    if day.status not in BEGUN:
        return False
    wanted = {"exchange_day_id": day.id, "settlement": number}
    return any(
        session.scalar(select(model.id).filter_by(**wanted).limit(1)) is not None
        for model in (Redemption, GoodsReturn)
    )


def _open_reservations(session: Session, key: str) -> int:
    open_ones = (
        select(func.count())
        .select_from(Reservation)
        .where(Reservation.exchange_day_id == key, Reservation.status == ReservationState.OPEN.value)
    )
    return session.scalar(open_ones) or 0


def _refused(session: Session, key: str) -> int:
    waiting = (
        select(func.count())
        .select_from(RefusedReplay)
        .where(RefusedReplay.exchange_day_id == key, RefusedReplay.resolved_at.is_(None))
    )
    return session.scalar(waiting) or 0


def _shown(session: Session, found: dict[str, Any], row: Settlement | None) -> dict[str, Any]:
    digest = content_hash(found)
    signatures = []
    if row is not None and row.content_hash == digest:
        for person, at in ((row.first_by, row.first_at), (row.second_by, row.second_at)):
            if person is not None and at is not None:
                name = session.scalar(select(Person.name).where(Person.id == person))
                signatures.append({"person": person, "name": name or "", "at": iso(at)})
    return {**found, "content_hash": digest, "signed": len(signatures) == 2, "signatures": signatures}
