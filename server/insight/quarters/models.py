"""The table of closed quarters. What is kept is what was true at the closing; a later appeal is of a later quarter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base


class QuarterSummary(Base):
    """One closed quarter of one village. `content`: figures of the village and of each grid, movers, cover."""

    __tablename__ = "quarter_summaries"
    __table_args__ = (CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),)

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


append_only(QuarterSummary.__table__)  # type: ignore[arg-type]
