"""Quantities: promised, given back, handed out, put back, each by a conditional update of the goods' row.

That row is the lock of its goods: batches are read and changed behind it. The caller touches goods in the
order of their ids, before any household. Nothing here commits; Conflict means: give the transaction up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mall.goods.api import GoodsStock
from mall.stock import errors, movements
from mall.stock.rules import Kind, Lot, first_expired_first, promised
from server.kit.clock import local_date
from server.kit.ids import new_id
from server.kit.sql import Statement, driver_of, instant_in

_HOLD = Statement(
    "UPDATE goods_stock SET held = held + :quantity "
    "WHERE goods_id = :goods AND on_hand - held - expired >= :quantity"
)
_RELEASE = Statement(
    "UPDATE goods_stock SET held = held - :quantity WHERE goods_id = :goods AND held >= :quantity"
)
_TAKING = {
    True: "UPDATE goods_stock SET on_hand = on_hand - :quantity, held = held - :quantity "
    "WHERE goods_id = :goods AND held >= :quantity AND on_hand - expired >= :quantity RETURNING village_code",
    False: "UPDATE goods_stock SET on_hand = on_hand - :quantity "
    "WHERE goods_id = :goods AND on_hand - held - expired >= :quantity RETURNING village_code",
}
_TAKE = {held: Statement(sql) for held, sql in _TAKING.items()}
_BACK = Statement(
    "UPDATE goods_stock SET on_hand = on_hand + :quantity WHERE goods_id = :goods RETURNING village_code"
)
_BACK_EXPIRED = Statement("UPDATE goods_stock SET expired = expired + :quantity WHERE goods_id = :goods")
_SOUND = (
    "FROM stock_batches WHERE goods_id = :goods AND quantity_left > 0 "
    "AND NOT expired AND (expires_on IS NULL OR expires_on >= :today)"
)
_LOTS = Statement(f"SELECT id, quantity_left, expires_on {_SOUND}")
_DRAW = Statement(
    "UPDATE stock_batches SET quantity_left = quantity_left - :quantity "
    "WHERE id = :batch AND quantity_left >= :quantity"
)
# PostgreSQL: counters, batch and movement in one round trip, where the batch to go first holds enough. The
# batch is chosen as of the statement's beginning and tried again as it is when the goods' row is ours.
_TAKE_AT_ONCE = {
    held: Statement(
        f"WITH taken AS ({sql}), lot AS (SELECT id {_SOUND} ORDER BY expires_on NULLS LAST, id LIMIT 1), "
        "drawn AS (UPDATE stock_batches b SET quantity_left = b.quantity_left - :quantity FROM taken, lot "
        "WHERE b.id = lot.id AND NOT b.expired AND b.quantity_left >= :quantity "
        "RETURNING b.id, taken.village_code), "
        f"noted AS (INSERT INTO stock_movements ({movements.COLUMNS}) SELECT :id, village_code, :goods, id, "
        ":kind, - :quantity, '', :reference, :recorded_by, :grant, :at FROM drawn) "
        "SELECT taken.village_code, drawn.id FROM taken LEFT JOIN drawn ON true"
    )
    for held, sql in _TAKING.items()
}
_FILL = Statement(
    "UPDATE stock_batches SET quantity_left = quantity_left + :quantity "
    "WHERE id = :batch AND goods_id = :goods RETURNING expired"
)


@dataclass(frozen=True, slots=True)
class Available:
    """Quantities of one kind of goods, in units; `available` is what can still be promised."""

    on_hand: int
    held: int
    available: int


def hold(session: Session, goods: str, quantity: int) -> bool:
    """Promise `quantity` units; False when there are not so many left to promise."""
    return _HOLD.run(session, {"goods": goods, "quantity": _whole(quantity)}).rowcount == 1


def release(session: Session, goods: str, quantity: int) -> None:
    """Give a promise back; raises Conflict `not_held` when less than that is promised."""
    if _RELEASE.run(session, {"goods": goods, "quantity": _whole(quantity)}).rowcount != 1:
        raise errors.not_held()


def take(
    session: Session,
    goods: str,
    quantity: int,
    *,
    held: bool,
    reference: str,
    now: datetime,
    recorded_by: str | None = None,
    grant: str | None = None,
) -> list[tuple[str, int]]:
    """Hand out `quantity` units, first expired first: (batch id, units) in that order. Expired goods stay.

    `held`: they were promised before. `reference` names the redemption (at most 80 characters).
    Raises Conflict `insufficient_stock`.
    """
    wanted = {"goods": goods, "quantity": _whole(quantity)}
    note = _Note(reference, now, recorded_by, grant)
    if driver_of(session).sqlite:
        row = _TAKE[held].run(session, wanted).first()
    else:
        row = _TAKE_AT_ONCE[held].run(session, wanted | _movement(session, note)).first()
    if row is None:
        raise errors.insufficient(goods)
    if len(row) == 2 and row[1] is not None:
        return [(row[1], quantity)]
    return _draw(session, row[0], goods, quantity, note)


@dataclass(frozen=True, slots=True)
class _Note:
    """What is noted of a movement: what it belongs to, when, and who did it under which grant."""

    reference: str
    now: datetime
    recorded_by: str | None
    grant: str | None


def _movement(session: Session, note: _Note) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": Kind.REDEEMED.value,
        "today": local_date(note.now).isoformat(),
        "reference": note.reference,
        "recorded_by": note.recorded_by,
        "grant": note.grant,
        "at": instant_in(session, note.now),
    }


def _draw(session: Session, village: str, goods: str, quantity: int, note: _Note) -> list[tuple[str, int]]:
    """Take the units out of one batch after another, and note each."""
    parts = first_expired_first(_lots(session, goods, note.now), quantity, local_date(note.now))
    if parts is None:
        raise errors.insufficient(goods)
    for lot, part in parts:
        if _DRAW.run(session, {"batch": lot.id, "quantity": part}).rowcount != 1:
            raise errors.insufficient(goods)
    shares = [(lot.id, part) for lot, part in parts]
    movements.note(
        session,
        village,
        goods,
        Kind.REDEEMED,
        [(batch, -part) for batch, part in shares],
        reference=note.reference,
        now=note.now,
        recorded_by=note.recorded_by,
        grant=note.grant,
    )
    return shares


def _lots(session: Session, goods: str, now: datetime) -> list[Lot]:
    rows: Any = _LOTS.run(session, {"goods": goods, "today": local_date(now).isoformat()})
    return [Lot(key, left, _day(expires)) for key, left, expires in rows]


def _day(value: date | str | None) -> date | None:
    """A date as either driver gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def put_back(
    session: Session,
    goods: str,
    shares: Sequence[tuple[str, int]],
    *,
    sound: bool,
    reference: str,
    now: datetime,
    recorded_by: str | None = None,
    grant: str | None = None,
) -> None:
    """Take goods back from a household, into the batches they came from.

    `shares`: (batch id, units) as `take` gave them. What is not `sound` is thrown away at once, and noted
    as returned and as spoiled. Raises NotFound `batch_missing`.
    """
    back = sum(_whole(units) for _, units in shares)
    row = _BACK.run(session, {"goods": goods, "quantity": back if sound else 0}).first()
    if row is None:
        raise errors.unknown_batch()
    expired = sum(units for batch, units in shares if _filled(session, goods, batch, units if sound else 0))
    if expired and sound:
        _BACK_EXPIRED.run(session, {"goods": goods, "quantity": expired})
    for kind, sign in ((Kind.RETURNED, 1), (Kind.SPOILED, -1)) if not sound else ((Kind.RETURNED, 1),):
        movements.note(
            session,
            row[0],
            goods,
            kind,
            [(batch, sign * units) for batch, units in shares],
            reference=reference,
            now=now,
            recorded_by=recorded_by,
            grant=grant,
        )


def _filled(session: Session, goods: str, batch: str, units: int) -> bool:
    """Put units back into a batch: whether it has expired. Raises NotFound when it is not of these goods."""
    row = _FILL.run(session, {"batch": batch, "goods": goods, "quantity": units}).first()
    if row is None:
        raise errors.unknown_batch()
    return bool(row[0])


def available(session: Session, village: str) -> dict[str, Available]:
    """The quantities of all goods of a village, by goods id."""
    columns = (GoodsStock.goods_id, GoodsStock.on_hand, GoodsStock.held, GoodsStock.expired)
    rows = session.query(*columns).filter(GoodsStock.village_code == village)
    return {
        goods: Available(on_hand, held, promised(on_hand, held, expired))
        for goods, on_hand, held, expired in rows
    }


def _whole(quantity: int) -> int:
    """Units are whole and more than none: anything else is a mistake of the program."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity <= 0:
        raise ValueError(f"not a number of units: {quantity!r}")
    return quantity
