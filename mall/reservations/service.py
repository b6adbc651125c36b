"""Making and cancelling reservations. Never commits; a refusal means: give the transaction up.

Order of locks: exchange day (shared), the reservation's id, slot, goods by id, household.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mall.exchange_days.api import DayState
from mall.goods.api import Offer, offers
from mall.idempotency import content_hash
from mall.reservations import ending, errors, queries
from mall.reservations.models import Reservation
from mall.reservations.queries import Context
from mall.reservations.rules import Priced, ReservationState, Wish, beyond_limit, repeated, total
from mall.stock import api as stock
from server.audit import api as audit
from server.kit.clock import iso, local_date
from server.kit.errors import NotFound
from server.kit.exact import text, to_hundredths
from server.kit.ids import is_id
from server.ledger import api as ledger
from server.people.api import Actor, Grant, Permission, Place


@dataclass(frozen=True)
class Wanted:
    """A basket as the phone sends it."""

    id: str
    household: str
    exchange_day: str
    lines: tuple[Wish, ...]
    slot: str | None = None

    @property
    def content(self) -> str:
        lines = sorted([line.goods, line.quantity] for line in self.lines)
        rest = {"household": self.household, "exchange_day": self.exchange_day, "slot": self.slot}
        return content_hash({**rest, "lines": lines})


def reserve(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> tuple[str, bool]:
    """Set points aside and hold goods, both or neither: the answer as JSON, and whether it is new.

    Raises Conflict `day_closed`, `insufficient_balance`, `insufficient_stock`, `limit_exceeded`,
    `goods_off_shelf`, `slot_full`, `id_reused`; Invalid `goods_repeated`; NotFound outside the own household.
    """
    if repeated(wanted.lines) is not None:
        raise errors.repeated_goods()
    place = Place(wanted.household[:12], household=wanted.household)
    grant = actor.at(Permission.RESERVE, place)
    found = queries.context(session, wanted.id, wanted.household, wanted.exchange_day, wanted.slot)
    if found is None or found.household_status == "ended" or found.slot != wanted.slot:
        raise NotFound()
    if found.first_hash is not None:
        return _first(wanted, (found.first_hash, found.first_answer or "")), False
    if found.day_status != DayState.OPEN or found.day < local_date(now):
        raise errors.day_closed()
    on_offer = offered(session, [line.goods for line in wanted.lines], found.village, now)
    lines = [Priced(w.goods, w.quantity, on_offer[w.goods].points_price) for w in wanted.lines]
    lines.sort(key=lambda line: line.goods)
    answer = _answer(wanted, found, lines, on_offer, now)
    if not queries.insert(session, _row(wanted, found, lines, actor, grant, answer), lines, now):
        known = queries.first(session, wanted.id)
        if known is None:
            raise errors.id_reused("预约")
        return _first(wanted, known), False
    _hold(session, wanted, lines, on_offer)
    refs = {"reservation": wanted.id, "exchange_day": wanted.exchange_day}
    ledger.reserve(session, wanted.household, total(lines), f"reservation:{wanted.id}", refs, now)
    check_limits(session, wanted.household, wanted.exchange_day, on_offer)
    after = {"points": text(total(lines)), "exchange_day": wanted.exchange_day}
    audit.record(
        session, actor, "reservation.make", "reservation", wanted.id, now, found.village, None, after
    )
    return answer, True


def _first(wanted: Wanted, known: tuple[str, str]) -> str:
    if known[0] != wanted.content:
        raise errors.id_reused("预约")
    return known[1]


def offered(session: Session, goods: Sequence[str], village: str, now: datetime) -> dict[str, Offer]:
    """The goods as on offer today, all of this village and on the shelf. Raises NotFound, Conflict."""
    found = offers(session, goods, local_date(now))
    if any(key not in found or found[key].village != village for key in goods):
        raise errors.goods_unknown()
    hidden = [offer.name for offer in found.values() if not offer.on_shelf]
    if hidden:
        raise errors.off_shelf(hidden)
    return found


def _hold(session: Session, wanted: Wanted, lines: Sequence[Priced], on_offer: dict[str, Offer]) -> None:
    if wanted.slot is not None and not queries.take_slot(session, wanted.slot, wanted.exchange_day):
        raise errors.slot_full()
    short = [line.goods for line in lines if not stock.hold(session, line.goods, line.quantity)]
    if short:
        raise errors.insufficient_stock([on_offer[goods].name for goods in short])


def check_limits(session: Session, household: str, day: str, on_offer: dict[str, Offer]) -> None:
    """Raises Conflict `limit_exceeded`. Called once the household's account is locked, so that two counters
    and a phone see each other.
    """
    limits = {goods: offer.limit for goods, offer in on_offer.items()}
    if all(limit is None for limit in limits.values()):
        return
    beyond = beyond_limit(queries.taken(session, household, day), limits)
    if beyond:
        raise errors.limit_exceeded([on_offer[goods].name for goods in beyond])


def _row(
    wanted: Wanted, found: Context, lines: Sequence[Priced], actor: Actor, grant: Grant, answer: str
) -> dict[str, Any]:
    return {
        "id": wanted.id,
        "village": found.village,
        "household": wanted.household,
        "day": wanted.exchange_day,
        "slot": wanted.slot,
        "points": to_hundredths(total(lines)),
        "made_by": actor.person,
        "grant": grant.id,
        "content_hash": wanted.content,
        "answer": answer,
    }


def _answer(
    wanted: Wanted, found: Context, lines: Sequence[Priced], on_offer: dict[str, Offer], now: datetime
) -> str:
    shown = {
        "id": wanted.id,
        "household": wanted.household,
        "exchange_day": wanted.exchange_day,
        "day": found.day.isoformat(),
        "slot": wanted.slot,
        "status": ReservationState.OPEN.value,
        "points": text(total(lines)),
        "lines": [line_shown(line, on_offer[line.goods].name, on_offer[line.goods].unit) for line in lines],
        "made_at": iso(now),
        "ended_at": None,
    }
    return json.dumps(shown, ensure_ascii=False)


def line_shown(line: Priced, name: str, unit: str) -> dict[str, Any]:
    """A line as the API shows it."""
    return {
        "goods": line.goods,
        "name": name,
        "unit": unit,
        "quantity": line.quantity,
        "points_price": text(line.points_price),
        "points": text(line.points),
    }


def cancel(session: Session, actor: Actor, key: str, now: datetime) -> Reservation:
    """A member of the household gives it up: points and goods go back. Cancelling twice changes nothing.

    Raises NotFound for those of others, Conflict `reservation_ended` when it ended in another way.
    """
    row = session.get(Reservation, key, populate_existing=True) if is_id(key) else None
    if row is None:
        raise errors.missing()
    grant = actor.at(Permission.RESERVE, Place(row.village_code, household=row.household_code))
    ended = queries.end(session, key, ReservationState.CANCELLED, now)
    session.refresh(row)
    if ended is None:
        if row.status == ReservationState.CANCELLED:
            return row
        raise errors.ended()
    ending.give_back(session, [ended], now)
    audit.decide(
        session, actor, "reservation", key, ReservationState.OPEN, ReservationState.CANCELLED, now, "", grant
    )
    return row
