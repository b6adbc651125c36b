"""Tables of the cycles: what is scheduled, what was closed, what is parked, who works, and a demo's clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base


class Schedule(Base):
    """The next period of a calendar closer in one village. The row is the schedule: closing moves it on."""

    __tablename__ = "schedules"
    __table_args__ = (Index("ix_schedules_closer_due_at", "closer", "due_at"),)

    closer: Mapped[str] = mapped_column(String(60), primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    period: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]


class ClosedPeriod(Base):
    """One period that was closed. The key makes closing twice impossible, whoever tries."""

    __tablename__ = "closed_periods"
    __table_args__ = (Index("ix_closed_periods_closed_at", "closed_at"),)

    closer: Mapped[str] = mapped_column(String(60), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    period: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime]


class ParkedPeriod(Base):
    """A period whose closing failed: kept aside until `next_try_at`, so that the others go on."""

    __tablename__ = "parked_periods"
    __table_args__ = (CheckConstraint("attempts >= 1", name="attempts"),)

    closer: Mapped[str] = mapped_column(String(60), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    period: Mapped[str] = mapped_column(String(64), primary_key=True)
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]


class SchedulerLease(Base):
    """On SQLite: which process rings the closers, until when (by the machine's clock). One row."""

    __tablename__ = "scheduler_leases"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    expires_at: Mapped[datetime]


class DemoOffset(Base):
    """How far a demo's clock is ahead of the machine's. The row makes a database a demo; no other has one."""

    __tablename__ = "demo_clock"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    offset_micros: Mapped[int] = mapped_column(BigInteger)


append_only(ClosedPeriod.__table__)  # type: ignore[arg-type]
