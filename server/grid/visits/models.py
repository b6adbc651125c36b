"""Tables of visits and of what a month's visits covered. A visit is a day at a door: no place, no track."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id


class Visit(Base):
    """One visit to one household. The id is the client's; `month` (yyyymm) is that of `visited_on`."""

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint("way IN ('door', 'phone')", name="way"),
        Index("ix_visits_household_code_visited_on", "household_code", "visited_on"),
        Index("ix_visits_village_code_month", "village_code", "month", "household_code"),
        Index("ix_visits_grid_id_id", "grid_id", "id"),
        Index("ix_visits_household_code_id", "household_code", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    grid_id: Mapped[Id | None] = mapped_column(ForeignKey("grids.id"))
    visited_on: Mapped[date]
    month: Mapped[int]
    way: Mapped[str] = mapped_column(String(8))
    scanned: Mapped[bool]
    duties: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(String(200))
    visited_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    received_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))


class CoverageMonth(Base):
    """One grid's month as it ended: households to visit, how many were missed, and the tier that was told."""

    __tablename__ = "coverage_months"
    __table_args__ = (
        CheckConstraint("missed BETWEEN 0 AND households", name="missed"),
        CheckConstraint("tier BETWEEN 0 AND 6", name="tier"),
        CheckConstraint("(missed = 0) = (tier = 0)", name="told"),
        Index("ix_coverage_months_village_code_month", "village_code", "month"),
    )

    grid_id: Mapped[Id] = mapped_column(ForeignKey("grids.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    households: Mapped[int]
    missed: Mapped[int]
    tier: Mapped[int]
    closed_at: Mapped[datetime]


class MissedVisit(Base):
    """A household that nobody visited in a month; settled when a phone brings the visit in late."""

    __tablename__ = "missed_visits"
    __table_args__ = (Index("ix_missed_visits_grid_id_month", "grid_id", "month"),)

    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    grid_id: Mapped[Id] = mapped_column(ForeignKey("grids.id"))
    settled_by: Mapped[Id | None] = mapped_column(ForeignKey("visits.id"))


append_only(Visit.__table__)  # type: ignore[arg-type]
append_only(CoverageMonth.__table__)  # type: ignore[arg-type]
