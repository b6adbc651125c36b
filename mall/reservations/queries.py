"""Every hot statement of reservations, and what a household has taken on a day. Hundredths are ints here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from mall.reservations.rules import Priced
from server.kit.exact import from_hundredths, to_hundredths
from server.kit.sql import Statement, instant_in

_CONTEXT = (
    "SELECT d.status, d.day, d.village_code, h.status, s.id, r.content_hash, r.answer "
    "FROM exchange_days d "
    "JOIN households h ON h.code = :household AND h.village_code = d.village_code "
    "LEFT JOIN exchange_slots s ON s.id = :slot AND s.exchange_day_id = d.id "
    "LEFT JOIN reservations r ON r.id = :id WHERE d.id = :day"
)
# held shared to the end: a day is not closed or cancelled between this look and the reservation
_READ_CONTEXT = Statement(_CONTEXT, postgresql=_CONTEXT + " FOR SHARE OF d")
_FIRST = Statement("SELECT content_hash, answer FROM reservations WHERE id = :id")
_INSERT = Statement(
    "INSERT INTO reservations (id, village_code, household_code, exchange_day_id, slot_id, status, points, "
    "made_by, grant_id, content_hash, answer, made_at) VALUES (:id, :village, :household, :day, :slot, "
    "'open', :points, :made_by, :grant, :content_hash, :answer, :made_at) ON CONFLICT (id) DO NOTHING"
)
_INSERT_LINE = Statement(
    "INSERT INTO reservation_lines (reservation_id, goods_id, quantity, points_price) "
    "VALUES (:id, :goods, :quantity, :price)"
)
_LINES = Statement(
    "SELECT goods_id, quantity, points_price FROM reservation_lines WHERE reservation_id = :id "
    "ORDER BY goods_id"
)
_END = Statement(
    "UPDATE reservations SET status = :target, ended_at = :now WHERE id = :id AND status = 'open' "
    "RETURNING household_code, exchange_day_id, points, slot_id"
)
_TAKE_SLOT = Statement(
    "UPDATE exchange_slots SET taken = taken + 1 "
    "WHERE id = :slot AND exchange_day_id = :day AND taken < places"
)
_FREE_SLOT = Statement(
    "UPDATE exchange_slots SET taken = taken - :count WHERE id = :slot AND taken >= :count"
)
# open reservations and what was handed out and kept: the limit per household and day counts both
_TAKEN = Statement(
    "SELECT goods_id, SUM(quantity) FROM (SELECT l.goods_id, l.quantity FROM reservations r "
    "JOIN reservation_lines l ON l.reservation_id = r.id "
    "WHERE r.exchange_day_id = :day AND r.household_code = :household AND r.status = 'open' UNION ALL "
    "SELECT l.goods_id, l.quantity - l.returned FROM redemptions x "
    "JOIN redemption_lines l ON l.redemption_id = x.id "
    "WHERE x.exchange_day_id = :day AND x.household_code = :household) AS t GROUP BY goods_id"
)


@dataclass(frozen=True, slots=True)
class Context:
    """The exchange day (with the slot) and household of a request, and the first answer to its id, if any."""

    day_status: str
    day: date
    village: str
    household_status: str
    slot: str | None
    first_hash: str | None
    first_answer: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A reservation at the moment of its end."""

    id: str
    household: str
    exchange_day: str
    points: Decimal
    slot: str | None


def as_day(value: date | str) -> date:
    """A date as either driver gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def context(session: Session, key: str, household: str, day: str, slot: str | None) -> Context | None:
    """What a reservation needs to know, the day held to the end; None when day and household do not meet."""
    wanted = {"id": key, "household": household, "day": day, "slot": slot}
    row: Any = _READ_CONTEXT.run(session, wanted).first()
    return None if row is None else Context(row[0], as_day(row[1]), *row[2:])


def first(session: Session, key: str) -> tuple[str, str] | None:
    """(content hash, first answer) of a reservation."""
    row: Any = _FIRST.run(session, {"id": key}).first()
    return None if row is None else (row[0], row[1])


def insert(session: Session, values: dict[str, Any], lines: Sequence[Priced], now: datetime) -> bool:
    """Claim the id with the whole reservation; False when somebody else has it."""
    made = _INSERT.run(session, {**values, "made_at": instant_in(session, now)})
    if made.rowcount != 1:
        return False
    for line in lines:
        price = to_hundredths(line.points_price)
        row = {"id": values["id"], "goods": line.goods, "quantity": line.quantity, "price": price}
        _INSERT_LINE.run(session, row)
    return True


def lines_of(session: Session, key: str) -> list[Priced]:
    """The lines of a reservation in the order of goods ids."""
    rows: Any = _LINES.run(session, {"id": key})
    return [Priced(goods, quantity, from_hundredths(price)) for goods, quantity, price in rows]


def end(session: Session, key: str, target: str, now: datetime) -> Ended | None:
    """End an open reservation; None when it is not open (any more)."""
    row: Any = _END.run(session, {"id": key, "target": target, "now": instant_in(session, now)}).first()
    return None if row is None else Ended(key, row[0], row[1], from_hundredths(row[2]), row[3])


def take_slot(session: Session, slot: str, day: str) -> bool:
    """Take a place in a slot of that day; False when none is left."""
    return _TAKE_SLOT.run(session, {"slot": slot, "day": day}).rowcount == 1


def free_slot(session: Session, slot: str, count: int = 1) -> None:
    """Give places back."""
    _FREE_SLOT.run(session, {"slot": slot, "count": count})


def taken(session: Session, household: str, day: str) -> dict[str, int]:
    """Units per goods that a household has reserved or been handed out for a day."""
    rows: Any = _TAKEN.run(session, {"household": household, "day": day})
    return {goods: int(quantity) for goods, quantity in rows}
