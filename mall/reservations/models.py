"""Tables of reservations. A reservation changes once: when it ends."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mall.reservations.rules import ReservationState
from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id

_STATES = ", ".join(repr(state.value) for state in ReservationState)
_OPEN = text("status = 'open'")


class Reservation(Base):
    """A basket that a household set aside for an exchange day; `answer` is what the phone was told first."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended_whole"),
        Index(
            "ix_reservations_exchange_day_id_open",
            "exchange_day_id",
            "household_code",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_reservations_exchange_day_id", "exchange_day_id", "id"),
        Index("ix_reservations_household_code_id", "household_code", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    exchange_day_id: Mapped[Id] = mapped_column(ForeignKey("exchange_days.id"))
    slot_id: Mapped[Id | None] = mapped_column(ForeignKey("exchange_slots.id"))
    status: Mapped[str] = mapped_column(String(10))
    points: Mapped[Decimal]
    made_by: Mapped[Id]
    grant_id: Mapped[Id | None]
    content_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ReservationLine(Base):
    """So many units at the price of the moment in which they were reserved."""

    __tablename__ = "reservation_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("points_price > 0", name="points_price"),
    )

    reservation_id: Mapped[Id] = mapped_column(ForeignKey("reservations.id"), primary_key=True)
    goods_id: Mapped[Id] = mapped_column(ForeignKey("goods.id"), primary_key=True)
    quantity: Mapped[int]
    points_price: Mapped[Decimal]


append_only(ReservationLine.__table__)  # type: ignore[arg-type]
