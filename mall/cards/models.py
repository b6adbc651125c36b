"""The table of points cards. PINs are kept as keyed hashes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mall.cards.rules import CardState
from server.kit.database import Base, Code, Id

_ACTIVE = text("status = 'active'")


class PointsCard(Base):
    """One card of a household; one is in use at a time. `failures`: wrong PINs since the last right one.

    `token` is what its QR says: it finds the household at the counter and proves nothing by itself.
    """

    __tablename__ = "points_cards"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in CardState)})", name="status"),
        CheckConstraint("failures >= 0", name="failures"),
        CheckConstraint("(status = 'active') = (ended_at IS NULL)", name="ended_whole"),
        Index(
            "uq_points_cards_household_code_active",
            "household_code",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_points_cards_household_code", "household_code", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    number: Mapped[str] = mapped_column(String(12), unique=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(10))
    issued_by: Mapped[Id | None]
    issued_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
