"""The table of rulebooks. An adopted one never changes: what was in force on a date stays readable."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Id


class RulebookRow(Base):
    """One rulebook of a village: a draft, or adopted with version, effective date and meeting."""

    __tablename__ = "rulebooks"
    __table_args__ = (
        UniqueConstraint("village_code", "version"),
        CheckConstraint("status IN ('draft', 'adopted')", name="status"),
        CheckConstraint(
            "(status = 'adopted') = "
            "(version IS NOT NULL AND effective_on IS NOT NULL AND adopted_at IS NOT NULL)",
            name="adopted_whole",
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    version: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(100))
    document: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    created_by: Mapped[Id | None]
    effective_on: Mapped[date | None]
    adopted_at: Mapped[datetime | None]
    adopted_by: Mapped[Id | None]
    grant_id: Mapped[Id | None]
    meeting: Mapped[dict[str, Any] | None]
