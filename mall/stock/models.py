"""Tables of stock. Movements are append-only; batches change in the lock of their goods.

Order of locks: rows of `goods_stock` by id first, households second. Nobody else writes these tables.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mall.stock.rules import CountState, Kind
from server.kit.append_only import append_only
from server.kit.database import Base, Id


class Batch(Base):
    """Goods that came in together; `expired` once the closer has taken note."""

    __tablename__ = "stock_batches"
    __table_args__ = (
        CheckConstraint("quantity_left >= 0", name="quantity_left"),
        Index(
            "ix_stock_batches_goods_id",
            "goods_id",
            "expires_on",
            "id",
            sqlite_where=text("quantity_left > 0"),
            postgresql_where=text("quantity_left > 0"),
        ),
        Index(
            "ix_stock_batches_expires_on",
            "expires_on",
            sqlite_where=text("quantity_left > 0"),
            postgresql_where=text("quantity_left > 0"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    goods_id: Mapped[Id] = mapped_column(ForeignKey("goods.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(40), default="")
    received_on: Mapped[date]
    expires_on: Mapped[date | None]
    quantity_left: Mapped[int]
    expired: Mapped[bool] = mapped_column(default=False)


class StockMovement(Base):
    """One movement of one batch; `quantity` is signed, in units. `cost`: yuan paid or given for all of it.

    The first row of a movement that somebody entered has the client's id and `content_hash`; `reference` is
    common to its rows, or names the redemption, return or count behind them.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(k.value) for k in Kind)})", name="kind"),
        CheckConstraint(
            "(kind IN ('donated', 'bought', 'returned') AND quantity > 0)"
            " OR (kind IN ('redeemed', 'spoiled') AND quantity < 0) OR (kind = 'counted' AND quantity <> 0)",
            name="quantity",
        ),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
        Index("ix_stock_movements_goods_id_at", "goods_id", "at"),
        Index("ix_stock_movements_village_code_at", "village_code", "at", "id"),
        Index("ix_stock_movements_reference", "reference"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    goods_id: Mapped[Id] = mapped_column(ForeignKey("goods.id"))
    batch_id: Mapped[Id] = mapped_column(ForeignKey("stock_batches.id"))
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int]
    donor_id: Mapped[Id | None] = mapped_column(ForeignKey("donors.id"))
    cost: Mapped[Decimal | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    reference: Mapped[str] = mapped_column(String(80))
    recorded_by: Mapped[Id | None]
    grant_id: Mapped[Id | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]


class StockCount(Base):
    """A count 盘点 of some goods by one person, settled by another. It freezes nothing."""

    __tablename__ = "stock_counts"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in CountState)})", name="status"),
        CheckConstraint("(status = 'open') = (settled_by IS NULL)", name="settled_whole"),
        CheckConstraint("settled_by IS NULL OR settled_by <> counted_by", name="two_people"),
        Index("ix_stock_counts_village_code", "village_code", "counted_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(200), default="")
    counted_by: Mapped[Id]
    counted_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
    settled_by: Mapped[Id | None]
    settled_at: Mapped[datetime | None]


class StockCountLine(Base):
    """The counted figure of one kind of goods against the book figure at that instant."""

    __tablename__ = "stock_count_lines"
    __table_args__ = (
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("book >= 0", name="book"),
    )

    count_id: Mapped[Id] = mapped_column(ForeignKey("stock_counts.id"), primary_key=True)
    goods_id: Mapped[Id] = mapped_column(ForeignKey("goods.id"), primary_key=True)
    counted: Mapped[int]
    book: Mapped[int]


for model in (StockMovement, StockCountLine):
    append_only(model.__table__)  # type: ignore[arg-type]
