"""Tables of goods, their prices by date and their counters. Prices are append-only; goods are never removed.

`goods_stock` is written by `mall.stock` alone, by conditional updates: what was read is never written back.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Id


class Goods(Base):
    """One kind of goods of a village's shop. `limit_per_day`: per household and exchange day, if any.

    `low_level`: at this many or fewer the keeper is warned; `shelf_life_days`: fills in the expiry of a batch
    that comes in without one. `content_hash` is of what was first asked for (idempotency).
    """

    __tablename__ = "goods"
    __table_args__ = (
        UniqueConstraint("village_code", "name"),
        UniqueConstraint("village_code", "barcode"),
        CheckConstraint("limit_per_day IS NULL OR limit_per_day > 0", name="limit_per_day"),
        CheckConstraint("low_level >= 0", name="low_level"),
        CheckConstraint("shelf_life_days IS NULL OR shelf_life_days > 0", name="shelf_life_days"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    name: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(30), default="")
    unit: Mapped[str] = mapped_column(String(10))
    barcode: Mapped[str] = mapped_column(String(13))
    shelf_life_days: Mapped[int | None]
    limit_per_day: Mapped[int | None]
    low_level: Mapped[int] = mapped_column(default=0)
    on_shelf: Mapped[bool] = mapped_column(default=True)
    photo: Mapped[Id | None]
    revision: Mapped[int] = mapped_column(default=1)
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class GoodsPrice(Base):
    """A price from a day on: points for the household, yuan that one unit is worth to the shop.

    In force on a day: the latest `starts_on` not after it, and of those the one set last.
    """

    __tablename__ = "goods_prices"
    __table_args__ = (
        CheckConstraint("points_price > 0", name="points_price"),
        CheckConstraint("cost_yuan >= 0", name="cost_yuan"),
        Index("ix_goods_prices_goods_id_starts_on", "goods_id", "starts_on", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    goods_id: Mapped[Id] = mapped_column(ForeignKey("goods.id"))
    starts_on: Mapped[date]
    points_price: Mapped[Decimal]
    cost_yuan: Mapped[Decimal]
    set_by: Mapped[Id | None]
    set_at: Mapped[datetime]


class GoodsStock(Base):
    """The counters of one kind of goods, in units: on hand, held by reservations, expired but still there.

    `on_hand` is the sum of movements and of what is left of the batches. What can be promised is
    `on_hand - held - expired`; it may fall below zero when reserved goods spoil, and then reads as zero.
    """

    __tablename__ = "goods_stock"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("expired >= 0 AND expired <= on_hand", name="expired"),
        Index("ix_goods_stock_village_code", "village_code"),
        {"postgresql_with": {"fillfactor": 70}},  # room for updates in place
    )

    goods_id: Mapped[Id] = mapped_column(ForeignKey("goods.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    on_hand: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)


append_only(GoodsPrice.__table__)  # type: ignore[arg-type]
