"""Issuing points cards, their PINs, loss and reissue. Never commits.

A PIN is kept as a keyed hash (HMAC-SHA256 with the instance's key file), not as Argon2: six digits are a
million tries, which no hash makes slow enough once a database is stolen (Argon2 at 0.2 s a try: two days), so
what protects them is the key outside the database and the five tries. And the counter need not wait 0.2 s.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mall.cards import errors
from mall.cards.models import PointsCard
from mall.cards.rules import MOST_TRIES, PIN_DIGITS, CardState, pin_fault, tries_left
from server.audit import api as audit
from server.kit.claim import claim
from server.kit.errors import DomainError, NotFound
from server.kit.ids import is_id, new_id, new_token
from server.kit.sql import Statement
from server.people.api import Actor, Household, Permission, Place, Seal

# counted before it is compared: however many try at once, there are five tries
_TRY = Statement(
    "UPDATE points_cards SET failures = failures + 1 WHERE household_code = :household "
    "AND status = 'active' AND failures < :most RETURNING id, pin_hash, failures"
)
_RIGHT = Statement("UPDATE points_cards SET failures = 0 WHERE id = :id")
_LOCKED = Statement("SELECT id FROM points_cards WHERE household_code = :household AND status = 'active'")


@dataclass(frozen=True)
class Issued:
    """A card, and its PIN this one time (None when this is a repeat)."""

    card: PointsCard
    pin: str | None
    made: bool


def new_pin() -> str:
    """A random PIN that is not too easy."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
        if pin_fault(pin) is None:
            return pin


def pin_marks(seal: Seal, household: str, pin: str) -> list[str]:
    """The keyed hashes of a PIN: the first to keep, any to accept."""
    return list(seal.marks("card-pin", f"{household}:{pin}"))


def check_pin(session: Session, seal: Seal, household: str, pin: str) -> DomainError | None:
    """None when the PIN is right; else the refusal. The try is counted either way: the caller commits it."""
    row: Any = _TRY.run(session, {"household": household, "most": MOST_TRIES}).first()
    if row is None:
        known = _LOCKED.run(session, {"household": household}).first()
        return errors.no_card() if known is None else errors.pin_locked()
    card, stored, failures = row
    if not any(hmac.compare_digest(mark, stored) for mark in pin_marks(seal, household, pin)):
        return errors.pin_wrong(tries_left(failures))
    _RIGHT.run(session, {"id": card})
    return None


def issue(
    session: Session, actor: Actor, seal: Seal, key: str, household: str, pin: str | None, now: datetime
) -> Issued:
    """A card for a household that has none in use, with the PIN it chose or a random one.

    Raises Conflict `card_exists`, `id_reused`; Invalid `pin_weak`; NotFound outside the scope.
    """
    actor.at(Permission.SHOP_MANAGE, Place(household[:12], household=household))
    row = session.get(Household, household)
    if row is None or row.status == "ended":
        raise NotFound()
    known = session.get(PointsCard, key)
    if known is not None:
        if known.household_code != household:
            raise errors.id_reused()
        return Issued(known, None, made=False)
    return _made(session, actor, seal, key, household, pin, now)


def _made(
    session: Session, actor: Actor, seal: Seal, key: str, household: str, pin: str | None, now: datetime
) -> Issued:
    chosen = _checked(pin) if pin is not None else new_pin()
    card = PointsCard(
        id=key,
        household_code=household,
        number=f"{household[12:]}{secrets.randbelow(10**6):06d}",
        token=new_token(24),
        pin_hash=pin_marks(seal, household, chosen)[0],
        failures=0,
        status=CardState.ACTIVE.value,
        issued_by=actor.person,
        issued_at=now,
    )
    session.add(card)
    try:
        session.flush()
    except IntegrityError:
        raise errors.exists() from None
    audit.record(session, actor, "card.issue", "points_card", key, now, household[:12])
    return Issued(card, chosen, made=True)


def _checked(pin: str) -> str:
    fault = pin_fault(pin)
    if fault is not None:
        raise errors.pin_weak(fault)
    return pin


def card_for(session: Session, actor: Actor, permission: Permission, key: str) -> PointsCard:
    """The card, for somebody who holds `permission` for its household; NotFound otherwise."""
    card = session.get(PointsCard, key, populate_existing=True) if is_id(key) else None
    if card is None:
        raise errors.missing()
    actor.at(permission, Place(card.household_code[:12], household=card.household_code))
    return card


def report_lost(session: Session, actor: Actor, key: str, reason: str, now: datetime) -> PointsCard:
    """The card is lost: its PIN counts for nothing from now on. Again changes nothing."""
    card = card_for(session, actor, Permission.CARD_BLOCK, key)
    if card.status == CardState.LOST:
        return card
    _end(session, actor, card, CardState.LOST, reason, now, Permission.CARD_BLOCK)
    return card_for(session, actor, Permission.CARD_BLOCK, key)


def reissue(
    session: Session, actor: Actor, seal: Seal, key: str, pin: str | None, reason: str, now: datetime
) -> Issued:
    """A new card in the place of this one, which ends. Raises Conflict `card_not_active`, `card_exists`."""
    card = card_for(session, actor, Permission.SHOP_MANAGE, key)
    _end(session, actor, card, CardState.REPLACED, reason, now, Permission.SHOP_MANAGE)
    return _made(session, actor, seal, new_id(), card.household_code, pin, now)


def _end(
    session: Session,
    actor: Actor,
    card: PointsCard,
    target: CardState,
    reason: str,
    now: datetime,
    permission: Permission,
) -> None:
    source = CardState(card.status)
    if source is CardState.REPLACED or not claim(
        session, PointsCard, card.id, source, target, ended_at=card.ended_at or now
    ):
        raise errors.not_active()
    grant = actor.at(permission, Place(card.household_code[:12], household=card.household_code))
    audit.decide(session, actor, "points_card", card.id, source, target, now, reason, grant)
    session.expire(card)


def end_cards(session: Session, household: str, now: datetime) -> None:
    """The household is no more what it was: its card in use counts for nothing from now on."""
    for card in cards_of(session, household):
        if card.status == CardState.ACTIVE and claim(
            session, PointsCard, card.id, CardState.ACTIVE, CardState.REPLACED, ended_at=now
        ):
            reason = "户有变动，旧卡作废"
            source, target = CardState.ACTIVE, CardState.REPLACED
            audit.decide(session, None, "points_card", card.id, source, target, now, reason)
            session.expire(card)


def set_pin(
    session: Session,
    actor: Actor,
    seal: Seal,
    permission: Permission,
    key: str,
    pin: str | None,
    now: datetime,
) -> tuple[PointsCard, str]:
    """Another PIN, chosen or random, and five tries again. Raises Conflict `card_not_active`, Invalid."""
    card = card_for(session, actor, permission, key)
    chosen = _checked(pin) if pin is not None else new_pin()
    mark = pin_marks(seal, card.household_code, chosen)[0]
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(PointsCard)
        .where(PointsCard.id == key, PointsCard.status == CardState.ACTIVE.value)
        .values(pin_hash=mark, failures=0)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise errors.not_active()
    session.expire(card)
    audit.record(session, actor, "card.pin", "points_card", key, now, card.household_code[:12])
    return card, chosen


def cards_of(session: Session, household: str) -> list[PointsCard]:
    """The cards of a household, the newest first."""
    query = select(PointsCard).where(PointsCard.household_code == household)
    return list(session.scalars(query.order_by(PointsCard.id.desc())))


def household_of(session: Session, token: str) -> str | None:
    """The household of a card in use, by what its QR says or the number printed on it."""
    query = select(PointsCard.household_code).where(
        PointsCard.status == CardState.ACTIVE.value,
        (PointsCard.token == token) | (PointsCard.number == token),
    )
    return session.scalar(query)
