"""What the cover was each Monday: the series behind its chart. Written by the closer, never corrected.

A figure of the past cannot be worked out afterwards: goods expire, prices change. So it is kept when it is told.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mall.overview.rules import Cover
from server.kit.database import Base


class CoverDay(Base):
    """The cover of a village as it stood on a day: goods and fund in yuan, points, yuan per point."""

    __tablename__ = "cover_days"

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    stock_value: Mapped[Decimal]
    fund: Mapped[Decimal]
    points: Mapped[Decimal]
    rate: Mapped[Decimal]
    measured_at: Mapped[datetime]

    @property
    def cover(self) -> Cover:
        """As a value, with what follows from it."""
        return Cover(self.stock_value, self.fund, self.points, self.rate)
