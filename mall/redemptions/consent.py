"""Consent of the household: pick-up codes, the PIN of its card, the keeper's statement; proxies.

A wrong code or PIN is counted and returned as a refusal, not raised: the caller must commit the count.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mall.cards.api import check_pin
from mall.redemptions import errors
from mall.redemptions.consent_models import PickupCode, Proxy
from mall.redemptions.rules import (
    CODE_DIGITS,
    CODE_LIFE,
    CODES_PER_HOUR,
    MOST_WRONG_CODES,
    WRONG_CODES_REST,
    Method,
)
from mall.reservations import api as reservations
from server.kit.errors import DomainError, NotFound
from server.kit.ids import is_id, new_id
from server.kit.sql import Statement, instant_in, instant_out
from server.people.api import Actor, Permission, Place, Seal

# used once, within its time, as of the moment of the redemption, while wrong codes are few
_USE = Statement(
    "UPDATE pickup_codes SET used_at = :now, redemption_id = :redemption "
    "WHERE household_code = :household AND code_hash = :hash AND used_at IS NULL "
    "AND created_at <= :at AND expires_at > :at "
    "AND (reservation_id IS NULL OR reservation_id = :reservation) "
    "AND NOT EXISTS (SELECT 1 FROM wrong_pickup_codes w WHERE w.household_code = :household "
    "AND w.failures >= :most AND w.last_at > :rest)"
)
_FIND = Statement(
    "SELECT used_at, created_at, expires_at, reservation_id FROM pickup_codes "
    "WHERE household_code = :household AND code_hash = :hash ORDER BY id DESC LIMIT 1"
)
_WRONG = Statement(
    "INSERT INTO wrong_pickup_codes (household_code, failures, last_at) VALUES (:household, 1, :now) "
    "ON CONFLICT (household_code) DO UPDATE SET last_at = :now, failures = CASE "
    "WHEN wrong_pickup_codes.last_at > :rest THEN wrong_pickup_codes.failures + 1 ELSE 1 END "
    "RETURNING failures"
)
_PROXY = Statement(
    "SELECT 1 FROM household_proxies WHERE id = :id AND household_code = :household "
    "AND named_at <= :at AND (ended_at IS NULL OR ended_at > :at)"
)


@dataclass(frozen=True)
class Consent:
    """How the household consents: see `Method`. `photo`: of the signed slip; `proxy`: who collects."""

    method: Method
    value: str | None = None
    reason: str = ""
    photo: str | None = None
    proxy: str | None = None


@dataclass(frozen=True)
class Asked:
    """For what consent is asked: a redemption by a household at an instant, perhaps of a reservation."""

    redemption: str
    household: str
    reservation: str | None
    at: datetime
    offline: bool
    photo_required: bool


def check_form(actor: Actor, consent: Consent, asked: Asked) -> None:
    """What can be seen without the database. Raises Invalid, Conflict."""
    if consent.method is Method.STATEMENT:
        if not consent.reason.strip():
            raise errors.reason_needed()
        if asked.photo_required and consent.photo is None:
            raise errors.photo_needed()
        if actor.household == asked.household:
            raise errors.own_household()
    elif not consent.value:
        raise errors.value_needed()
    if consent.method is Method.PIN and asked.offline:
        raise errors.pin_needs_line()
    if consent.proxy is not None and consent.photo is None:
        raise errors.photo_needed()


def check(
    session: Session, actor: Actor, seal: Seal, consent: Consent, asked: Asked, now: datetime
) -> DomainError | None:
    """None when the household consents; a refusal whose count must be committed; raises the other faults."""
    check_form(actor, consent, asked)
    if consent.proxy is not None:
        row = {"id": consent.proxy, "household": asked.household, "at": instant_in(session, asked.at)}
        if _PROXY.run(session, row).first() is None:
            raise errors.proxy_unknown()
    if consent.method is Method.CODE:
        return _check_code(session, seal, consent.value or "", asked, now)
    if consent.method is Method.PIN:
        return check_pin(session, seal, asked.household, consent.value or "")
    return None


def _check_code(session: Session, seal: Seal, code: str, asked: Asked, now: datetime) -> DomainError | None:
    for mark in _marks(seal, asked.household, code):
        parameters = {
            "now": instant_in(session, now),
            "at": instant_in(session, asked.at),
            "rest": instant_in(session, now - WRONG_CODES_REST),
            "redemption": asked.redemption,
            "household": asked.household,
            "reservation": asked.reservation,
            "hash": mark,
            "most": MOST_WRONG_CODES,
        }
        if _USE.run(session, parameters).rowcount == 1:
            return None
        refusal = _why(session, asked, mark)
        if refusal is not None:
            return refusal
    return _count_wrong(session, asked.household, now)


def _why(session: Session, asked: Asked, mark: str) -> DomainError | None:
    """Why a code that exists does not open this redemption; None for a code that does not exist."""
    row: Any = _FIND.run(session, {"household": asked.household, "hash": mark}).first()
    if row is None:
        return None
    used_at, created_at, expires_at, reservation = row
    if used_at is not None:
        return errors.code_used()
    if not instant_out(created_at) <= asked.at < instant_out(expires_at):
        return errors.code_expired()
    if reservation is not None and reservation != asked.reservation:
        return errors.code_other()
    return errors.codes_locked()


def _count_wrong(session: Session, household: str, now: datetime) -> DomainError:
    rest = instant_in(session, now - WRONG_CODES_REST)
    row: Any = _WRONG.run(
        session, {"household": household, "now": instant_in(session, now), "rest": rest}
    ).one()
    return errors.codes_locked() if row[0] > MOST_WRONG_CODES else errors.code_wrong()


def _marks(seal: Seal, household: str, code: str) -> list[str]:
    return list(seal.marks("pickup-code", f"{household}:{code}"))


def ask_code(
    session: Session, actor: Actor, seal: Seal, household: str | None, reservation: str | None, now: datetime
) -> tuple[str, datetime]:
    """A code for a member's phone, and until when it is good. Only members of the household may ask.

    Raises NotFound for others, Conflict `reservation_ended`, TooMany `too_many_codes`.
    """
    if reservation is not None:
        row = session.get(reservations.Reservation, reservation)
        if row is None or household not in (None, row.household_code):
            raise reservations.missing()
        household = row.household_code
        actor.at(Permission.RESERVE, Place(household[:12], household=household))
        if row.status != reservations.ReservationState.OPEN:
            raise reservations.ended()
    assert household is not None, "the schema asks for one of the two"  # noqa: S101
    actor.at(Permission.RESERVE, Place(household[:12], household=household))
    _not_too_often(session, household, now)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    expires_at = now + CODE_LIFE
    session.add(
        PickupCode(
            id=new_id(),
            household_code=household,
            reservation_id=reservation,
            code_hash=_marks(seal, household, code)[0],
            asked_by=actor.person,
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()
    return code, expires_at


def _not_too_often(session: Session, household: str, now: datetime) -> None:
    asked = session.scalar(
        select(func.count())
        .select_from(PickupCode)
        .where(PickupCode.household_code == household, PickupCode.created_at > now - timedelta(hours=1))
    )
    if (asked or 0) >= CODES_PER_HOUR:
        raise errors.too_many_codes()


def name_proxy(session: Session, actor: Actor, key: str, household: str, name: str, now: datetime) -> Proxy:
    """A member of the household names somebody who may collect for it."""
    actor.at(Permission.RESERVE, Place(household[:12], household=household))
    known = session.get(Proxy, key)
    if known is not None:
        if (known.household_code, known.name) != (household, name):
            raise reservations.id_reused("代领人")
        return known
    row = Proxy(id=key, household_code=household, name=name, named_by=actor.person, named_at=now)
    session.add(row)
    session.flush()
    return row


def end_proxy(session: Session, actor: Actor, key: str, now: datetime) -> Proxy:
    """The household no longer wants it; again changes nothing."""
    row = session.get(Proxy, key) if is_id(key) else None
    if row is None:
        raise NotFound()
    actor.at(Permission.RESERVE, Place(row.household_code[:12], household=row.household_code))
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
    return row


def end_proxies(session: Session, household: str, now: datetime) -> None:
    """The household is no more what it was: nobody collects for it any longer."""
    session.execute(
        update(Proxy)
        .where(Proxy.household_code == household, Proxy.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def proxies_of(session: Session, household: str) -> list[Proxy]:
    """Whom a household has named and not recalled."""
    query = select(Proxy).where(Proxy.household_code == household, Proxy.ended_at.is_(None))
    return list(session.scalars(query.order_by(Proxy.id)))
