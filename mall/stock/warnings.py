"""What needs the keeper's eye: goods running out, batches expiring, more promised than is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.goods.api import Goods, GoodsStock
from mall.stock.models import Batch
from mall.stock.rules import is_low


@dataclass(frozen=True)
class Low:
    """Goods at or under their warning level; `usable` is what has not expired, in units."""

    goods: str
    name: str
    unit: str
    usable: int
    low_level: int


@dataclass(frozen=True)
class Expiring:
    """A batch that expires soon; `expired` when its last good day is over. `quantity` is what is left."""

    goods: str
    name: str
    unit: str
    batch: str
    label: str
    expires_on: date
    quantity: int
    expired: bool


@dataclass(frozen=True)
class Overpromised:
    """Goods of which more is reserved than may be handed out, after something spoiled or was missing."""

    goods: str
    name: str
    unit: str
    held: int
    usable: int


@dataclass(frozen=True)
class Warnings:
    """All warnings of one shop."""

    low: list[Low]
    expiring: list[Expiring]
    overpromised: list[Overpromised]

    def __bool__(self) -> bool:
        return bool(self.low or self.expiring or self.overpromised)


def warnings(session: Session, village: str, today: date, days: int) -> Warnings:
    """The warnings as things stand; expiry within `days`. Goods off the shelf do not run low."""
    rows = session.execute(
        select(Goods, GoodsStock)
        .join(GoodsStock, GoodsStock.goods_id == Goods.id)
        .where(Goods.village_code == village)
        .order_by(Goods.category, Goods.name, Goods.id)
    ).all()
    low = [
        Low(goods.id, goods.name, goods.unit, stock.on_hand - stock.expired, goods.low_level)
        for goods, stock in rows
        if goods.on_shelf and is_low(stock.on_hand, stock.expired, goods.low_level)
    ]
    over = [
        Overpromised(goods.id, goods.name, goods.unit, stock.held, stock.on_hand - stock.expired)
        for goods, stock in rows
        if stock.held > stock.on_hand - stock.expired
    ]
    return Warnings(low, _expiring(session, village, today, days), over)


def _expiring(session: Session, village: str, today: date, days: int) -> list[Expiring]:
    query = (
        select(
            Batch.goods_id,
            Goods.name,
            Goods.unit,
            Batch.id,
            Batch.label,
            Batch.expires_on,
            Batch.quantity_left,
        )
        .join(Goods, Goods.id == Batch.goods_id)
        .where(
            Batch.village_code == village,
            Batch.quantity_left > 0,
            Batch.expires_on <= today + timedelta(days=days),
        )
        .order_by(Batch.expires_on, Batch.id)
    )
    return [
        Expiring(goods, name, unit, batch, label, expires_on, left, expired=expires_on < today)
        for goods, name, unit, batch, label, expires_on, left in session.execute(query)
        if expires_on is not None
    ]


def said(found: Warnings) -> str:
    """The warnings in one message for the keeper."""
    parts = []
    if found.low:
        parts.append(
            "快没有了：" + "、".join(f"{low.name}（还有 {low.usable} {low.unit}）" for low in found.low)
        )
    expired = [batch for batch in found.expiring if batch.expired]
    if expired:
        parts.append("已过期，请报损：" + "、".join(map(_batch, expired)))
    soon = [batch for batch in found.expiring if not batch.expired]
    if soon:
        parts.append("快到期：" + "、".join(f"{_batch(batch)}（{batch.expires_on} 到期）" for batch in soon))
    if found.overpromised:
        parts.append(
            "预约的比能发的多："
            + "、".join(
                f"{over.name}（预约 {over.held}，能发 {over.usable} {over.unit}）"
                for over in found.overpromised
            )
        )
    return "；".join(parts) + "。"


def _batch(batch: Expiring) -> str:
    return f"{batch.name} {batch.quantity} {batch.unit}"
