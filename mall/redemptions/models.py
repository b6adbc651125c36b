"""Tables of redemptions, returns, and replays that were refused. What was handed out is never changed.

A redemption's row is written once, save its `receipt`, which is filled in by the same transaction.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mall.redemptions.rules import Method
from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id


class Redemption(Base):
    """Goods handed to a household for points, with its consent. `settlement`: the number of the settlement
    of the exchange day that it belongs to (1: the first; more: supplements).
    """

    __tablename__ = "redemptions"
    __table_args__ = (
        CheckConstraint(f"method IN ({', '.join(repr(m.value) for m in Method)})", name="method"),
        CheckConstraint("method <> 'statement' OR reason <> ''", name="statement_reason"),
        CheckConstraint("proxy_id IS NULL OR photo_id IS NOT NULL", name="proxy_signs"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("settlement >= 1", name="settlement"),
        Index("ix_redemptions_exchange_day_id_household_code", "exchange_day_id", "household_code"),
        Index("ix_redemptions_household_code_id", "household_code", "id"),
        Index("ix_redemptions_village_code_id", "village_code", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    exchange_day_id: Mapped[Id] = mapped_column(ForeignKey("exchange_days.id"))
    reservation_id: Mapped[Id | None] = mapped_column(ForeignKey("reservations.id"), unique=True)
    settlement: Mapped[int]
    points: Mapped[Decimal]
    method: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(200), default="")
    photo_id: Mapped[Id | None]
    proxy_id: Mapped[Id | None] = mapped_column(ForeignKey("household_proxies.id"))
    offline: Mapped[bool]
    keeper: Mapped[Id]
    grant_id: Mapped[Id]
    content_hash: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(Text)
    redeemed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class RedemptionLine(Base):
    """Units of some goods at one price, from these batches (`shares`: JSON of [batch, units])."""

    __tablename__ = "redemption_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("returned >= 0 AND returned <= quantity", name="returned"),
        CheckConstraint("points_price > 0", name="points_price"),
    )

    redemption_id: Mapped[Id] = mapped_column(ForeignKey("redemptions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    goods_id: Mapped[Id] = mapped_column(ForeignKey("goods.id"))
    quantity: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[bool]
    points_price: Mapped[Decimal]
    cost_yuan: Mapped[Decimal]
    shares: Mapped[str] = mapped_column(Text)


class GoodsReturn(Base):
    """Goods that came back with their points. `lines`: [{goods, number, quantity, sound, points}]."""

    __tablename__ = "goods_returns"
    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        Index("ix_goods_returns_redemption_id", "redemption_id"),
        Index("ix_goods_returns_exchange_day_id_settlement", "exchange_day_id", "settlement"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    redemption_id: Mapped[Id] = mapped_column(ForeignKey("redemptions.id"))
    exchange_day_id: Mapped[Id] = mapped_column(ForeignKey("exchange_days.id"))
    household_code: Mapped[Code]
    settlement: Mapped[int]
    points: Mapped[Decimal]
    lines: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(String(200))
    keeper: Mapped[Id]
    grant_id: Mapped[Id]
    content_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class RefusedReplay(Base):
    """A redemption that a counter without a line had done and that could not be booked when it came in.

    Goods may have left the shop: it stays until somebody has dealt with it.
    """

    __tablename__ = "refused_replays"
    __table_args__ = (
        Index(
            "ix_refused_replays_village_code_open",
            "village_code",
            "id",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
        Index("ix_refused_replays_exchange_day_id", "exchange_day_id"),
        CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved_whole"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code]
    exchange_day_id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]]
    redeemed_at: Mapped[datetime]
    refused_at: Mapped[datetime]
    keeper: Mapped[Id]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[Id | None]
    resolution: Mapped[str | None] = mapped_column(String(200))


append_only(GoodsReturn.__table__)  # type: ignore[arg-type]
