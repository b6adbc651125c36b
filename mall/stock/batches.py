"""Batches behind the lock of their goods: received, drawn from, taken out of sale when they have expired."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from mall.goods.api import GoodsStock
from mall.stock import errors
from mall.stock.models import Batch
from mall.stock.rules import Lot, drawn
from server.kit.ids import new_id


def lock(session: Session, goods: str) -> None:
    """Hold the goods' counters until the end of the transaction; goods in the order of their ids."""
    session.execute(
        update(GoodsStock)
        .where(GoodsStock.goods_id == goods)
        .values(held=GoodsStock.held)
        .execution_options(synchronize_session=False)
    )


def on_hand(session: Session, goods: str) -> int:
    """What the book says is there, in units."""
    return session.scalar(select(GoodsStock.on_hand).where(GoodsStock.goods_id == goods)) or 0


def receive(
    session: Session,
    goods: str,
    village: str,
    quantity: int,
    today: date,
    expires_on: date | None,
    label: str,
) -> str:
    """A new batch of `quantity` units; gives its id. The goods are locked."""
    batch = Batch(
        id=new_id(),
        goods_id=goods,
        village_code=village,
        label=label,
        received_on=today,
        expires_on=expires_on,
        quantity_left=quantity,
        expired=False,
    )
    session.add(batch)
    session.flush()
    _change(session, goods, quantity, 0)
    return batch.id


def draw(session: Session, goods: str, quantity: int, wanted: str | None = None) -> list[tuple[str, int]]:
    """Take units out for good, promised or expired ones included: (batch id, units). The goods are locked.

    `wanted` names a batch by id or label. Raises NotFound `batch_missing`, Conflict `insufficient_stock`.
    """
    query = select(Batch.id, Batch.quantity_left, Batch.expires_on, Batch.expired).where(
        Batch.goods_id == goods
    )
    if wanted is not None:
        query = query.where(or_(Batch.id == wanted, Batch.label == wanted))
    lots = [Lot(*row) for row in session.execute(query)]
    if wanted is not None and not lots:
        raise errors.unknown_batch()
    parts = drawn(lots, quantity)
    if parts is None:
        raise errors.insufficient(goods)
    for lot, part in parts:
        _lessen(session, goods, lot.id, part)
    _change(session, goods, -quantity, -sum(part for lot, part in parts if lot.expired))
    return [(lot.id, part) for lot, part in parts]


def _lessen(session: Session, goods: str, batch: str, units: int) -> None:
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Batch)
        .where(Batch.id == batch, Batch.quantity_left >= units)
        .values(quantity_left=Batch.quantity_left - units)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise errors.insufficient(goods)


def _change(session: Session, goods: str, quantity: int, expired: int) -> None:
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(GoodsStock)
        .where(GoodsStock.goods_id == goods, GoodsStock.on_hand + quantity >= 0)
        .values(on_hand=GoodsStock.on_hand + quantity, expired=GoodsStock.expired + expired)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise errors.insufficient(goods)


def expire(session: Session, village: str, until: date) -> list[tuple[str, int]]:
    """Take batches whose last good day is `until` or earlier out of sale: (goods id, units) that are left."""
    due = (Batch.village_code == village, Batch.expires_on <= until, Batch.expired.is_(False))
    goods = session.scalars(select(Batch.goods_id).where(*due).distinct().order_by(Batch.goods_id)).all()
    found: list[tuple[str, int]] = []
    for key in goods:
        lock(session, key)
        left = session.execute(
            update(Batch)
            .where(*due, Batch.goods_id == key)
            .values(expired=True)
            .returning(Batch.quantity_left)
            .execution_options(synchronize_session=False)
        ).scalars()
        units = sum(left)
        if units:
            _change(session, key, 0, units)
            found.append((key, units))
    return found
