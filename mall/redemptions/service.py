"""Redeeming at the counter: consent, stock and both ledgers in one transaction, one answer per id.

Order of locks: exchange day (shared), card or code, reservation, the redemption's id, goods by id, household.
Never commits. A refusal that is returned (not raised) has counted a wrong code or PIN: commit it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from mall.goods.api import Offer, offers
from mall.redemptions import errors, queries
from mall.redemptions.consent import Asked, check
from mall.redemptions.queries import Context, NewLine
from mall.redemptions.receipts import Receipt
from mall.redemptions.rules import CLOCK_SLACK, Method, Split, Timing, split, timing, was_offline
from mall.redemptions.wanted import Wanted
from mall.reservations import api as reservations
from mall.reservations.api import Priced, Wish
from mall.stock import api as stock
from server.audit import api as audit
from server.evidence import api as evidence
from server.kit.clock import local_date
from server.kit.errors import Conflict, DomainError, NotFound
from server.kit.exact import text, to_hundredths
from server.ledger import api as ledger
from server.messages import api as messages
from server.people.api import Actor, Grant, Permission, Place, Seal


@dataclass(frozen=True)
class Answer:
    """The receipt as JSON, and whether this request made the redemption."""

    receipt: str
    made: bool


@dataclass(frozen=True)
class _Work:
    """One redemption on its way: who hands out what to whom, when, and how it is booked."""

    wanted: Wanted
    actor: Actor
    grant: Grant
    found: Context
    at: datetime
    now: datetime
    offline: bool
    on_time: Timing


def redeem(session: Session, actor: Actor, seal: Seal, wanted: Wanted, now: datetime) -> Answer | DomainError:
    """Hand goods out for points, with the household's consent: both ledgers move or neither.

    Raises Conflict `insufficient_balance`, `insufficient_stock`, `limit_exceeded`, `day_closed`,
    `offline_limit_exceeded`, `reservation_ended`, `goods_off_shelf`, `id_reused`, those of consent; Invalid;
    NotFound outside the keeper's village. Gives a refusal where a wrong code or PIN was counted.
    """
    if reservations.repeated(wanted.lines) is not None:
        raise reservations.repeated_goods()
    if not wanted.lines and wanted.reservation is None:
        raise errors.lines_needed()
    at = wanted.redeemed_at or now
    if at > now + CLOCK_SLACK:
        raise errors.time_wrong()
    grant = actor.at(Permission.SHOP_KEEP, Place(wanted.household[:12], household=wanted.household))
    found = queries.context(session, wanted.id, wanted.household, wanted.exchange_day)
    if found is None or found.household_status == "ended":
        raise NotFound()
    if found.first_hash is not None:
        return _first(wanted, (found.first_hash, found.first_receipt or ""))
    on_time = timing(found.day_status, found.day, found.ended_at, found.pickup_days, at)
    offline = was_offline(at, now)
    if on_time is Timing.NO or (on_time is Timing.SUPPLEMENT and not offline):
        raise errors.day_closed()
    work = _Work(wanted, actor, grant, found, at, now, offline, on_time)
    asked = Asked(wanted.id, wanted.household, wanted.reservation, at, offline, found.photo_required)
    refusal = check(session, actor, seal, wanted.consent, asked, now)
    if refusal is not None:
        # a copy of this request may have used the code while we waited for it
        known = queries.first(session, wanted.id)
        return refusal if known is None else _first(wanted, known)
    return _book(session, work)


def _first(wanted: Wanted, known: tuple[str, str]) -> Answer:
    if known[0] != wanted.content:
        raise reservations.id_reused("兑换")
    return Answer(known[1], made=False)


def _book(session: Session, work: _Work) -> Answer:
    wanted = work.wanted
    parts, on_offer = _parts(session, work)
    fresh = [Priced(w.goods, w.quantity, on_offer[w.goods].points_price) for w in parts.extra]
    points = reservations.total([*parts.picked, *fresh])
    ended = _end_reservation(session, work)
    if not ended or not queries.claim(session, _row(session, work, points), work.at, work.now):
        known = queries.first(session, wanted.id)
        if known is None:
            raise reservations.ended() if not ended else reservations.id_reused("兑换")
        return _first(wanted, known)
    lines = _hand_out(session, work, parts, on_offer)
    balance = _move_points(session, work, parts, reservations.total(fresh))
    receipt = Receipt(wanted, work.found, work.actor.name, work.at, work.now, work.offline, points, balance)
    body = receipt.body(lines, on_offer, supplement=work.on_time is Timing.SUPPLEMENT)
    queries.finish(session, wanted.id, lines, body)
    reservations.check_limits(session, wanted.household, wanted.exchange_day, on_offer)
    if work.offline:
        _check_offline(session, work)
    _tell(session, work, receipt.message(lines, on_offer), points)
    return Answer(body, made=True)


def _parts(session: Session, work: _Work) -> tuple[Split, dict[str, Offer]]:
    """What comes from the reservation and what beside it, and all those goods as on offer at that time."""
    wanted = work.wanted
    reserved: Sequence[Priced] = ()
    if wanted.reservation is not None:
        reserved = reservations.lines_of(session, wanted.reservation)
        if not reserved:
            raise reservations.missing()
    wishes = wanted.lines or tuple(Wish(line.goods, line.quantity) for line in reserved)
    parts = split(wishes, reserved)
    goods = {wish.goods for wish in wishes} | {line.goods for line in reserved}
    on_offer = offers(session, goods, local_date(work.at))
    if any(key not in on_offer or on_offer[key].village != work.found.village for key in goods):
        raise reservations.goods_unknown()
    hidden = [on_offer[wish.goods].name for wish in parts.extra if not on_offer[wish.goods].on_shelf]
    if hidden and not work.offline:  # what was handed out without a line is gone
        raise reservations.off_shelf(hidden)
    return parts, on_offer


def _end_reservation(session: Session, work: _Work) -> bool:
    """End the reservation by picking it up; False when it is over. NotFound for that of another household."""
    key = work.wanted.reservation
    if key is None:
        return True
    ended = reservations.end(session, key, reservations.ReservationState.REDEEMED, work.now)
    if ended is None:
        return False
    if (ended.household, ended.exchange_day) != (work.wanted.household, work.wanted.exchange_day):
        raise reservations.missing()
    source, target = reservations.ReservationState.OPEN, reservations.ReservationState.REDEEMED
    audit.decide(session, work.actor, "reservation", key, source, target, work.now, "", work.grant)
    return True


def _row(session: Session, work: _Work, points: Decimal) -> dict[str, Any]:
    wanted, consent = work.wanted, work.wanted.consent
    late = work.on_time is Timing.SUPPLEMENT
    return {
        "id": wanted.id,
        "village": work.found.village,
        "household": wanted.household,
        "day": wanted.exchange_day,
        "reservation": wanted.reservation,
        "settlement": queries.open_settlement(session, wanted.exchange_day) if late else 1,
        "points": to_hundredths(points),
        "method": consent.method.value,
        "reason": consent.reason.strip(),
        "photo": consent.photo,
        "proxy": consent.proxy,
        "offline": work.offline,
        "keeper": work.actor.person,
        "grant": work.grant.id,
        "content_hash": wanted.content,
    }


def _hand_out(session: Session, work: _Work, parts: Split, on_offer: dict[str, Offer]) -> list[NewLine]:
    """Take the goods, in the order of their ids; what was reserved and stays goes back to the others."""
    lines: list[NewLine] = []
    for goods, offer in sorted(on_offer.items()):
        for left in parts.left:
            if left.goods == goods:
                stock.release(session, goods, left.quantity)
        for line in parts.picked:
            if line.goods == goods:
                lines.append(_take(session, work, offer, line.quantity, line.points_price, held=True))
        for wish in parts.extra:
            if wish.goods == goods:
                lines.append(_take(session, work, offer, wish.quantity, offer.points_price, held=False))
    return lines


def _take(
    session: Session, work: _Work, offer: Offer, quantity: int, price: Decimal, *, held: bool
) -> NewLine:
    try:
        shares = stock.take(
            session,
            offer.id,
            quantity,
            held=held,
            reference=f"redemption:{work.wanted.id}",
            now=work.now,
            recorded_by=work.actor.person,
            grant=work.grant.id,
        )
    except Conflict as error:
        if error.code != "insufficient_stock":
            raise
        raise reservations.insufficient_stock([offer.name]) from None
    return NewLine(offer.id, quantity, held, price, offer.cost_yuan, shares)


def _move_points(session: Session, work: _Work, parts: Split, fresh: Decimal) -> Decimal:
    """Reserved points are spent or go back, the rest comes from the balance: the balance afterwards."""
    wanted, household = work.wanted, work.wanted.household
    refs = {"redemption": wanted.id, "exchange_day": wanted.exchange_day}
    picked, left = reservations.total(parts.picked), reservations.total(parts.left)
    balance = Decimal(0)
    if picked:
        reference = f"redemption:{wanted.id}:reserved"
        balance = ledger.redeem_reserved(session, household, picked, reference, refs, work.now).balance_after
    if left:
        reference, back = (
            f"reservation:{wanted.reservation}:release",
            {**refs, "reservation": wanted.reservation},
        )
        balance = ledger.release(session, household, left, reference, back, work.now).balance_after
    if fresh:
        reference = f"redemption:{wanted.id}"
        balance = ledger.redeem(session, household, fresh, reference, refs, work.now).balance_after
    return balance


def _check_offline(session: Session, work: _Work) -> None:
    limit = work.found.offline_limit
    if queries.offline_points(session, work.wanted.household, work.wanted.exchange_day) > limit:
        raise errors.offline_limit(limit)


def _tell(session: Session, work: _Work, message: str, points: Decimal) -> None:
    """The receipt as a message, the photo to its place, and a line in the audit log."""
    wanted, village = work.wanted, work.found.village
    by_statement = wanted.consent.method is Method.STATEMENT
    kind = "redemption_by_statement" if by_statement else "redemption"
    refs = {"redemption": wanted.id}
    messages.notify_household(session, wanted.household, kind, message, work.now, refs)
    if wanted.consent.photo is not None:
        place = Place(village, household=wanted.household)
        evidence.attach(session, [wanted.consent.photo], work.actor, wanted.id, place, "redemption")
    after = {"points": text(points), "method": wanted.consent.method.value}
    audit.record(
        session, work.actor, "redemption.make", "redemption", wanted.id, work.now, village, None, after
    )
