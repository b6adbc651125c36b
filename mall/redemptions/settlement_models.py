"""The table of settlements of exchange days: number 1, and a supplement for what came in after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Id


class Settlement(Base):
    """Figures that two people sign. The first signature fixes what the second one must find unchanged."""

    __tablename__ = "exchange_settlements"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("second_by IS NULL OR second_by <> first_by", name="two_people"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="signed_whole"),
    )

    exchange_day_id: Mapped[Id] = mapped_column(ForeignKey("exchange_days.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    figures: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    first_by: Mapped[Id]
    first_grant: Mapped[Id]
    first_at: Mapped[datetime]
    second_by: Mapped[Id | None]
    second_grant: Mapped[Id | None]
    second_at: Mapped[datetime | None]
