"""The table of complaints. Who complained is known to those who answer, never to the person complained about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Code, Id


class Complaint(Base):
    """One complaint; `tier` says who answers now, `due_at` until when."""

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("about IN ('person', 'rule', 'program')", name="about"),
        CheckConstraint("tier IN ('village', 'township', 'county')", name="tier"),
        CheckConstraint("status IN ('open', 'answered')", name="status"),
        CheckConstraint("(status = 'answered') = (answered_at IS NOT NULL)", name="answered_whole"),
        CheckConstraint("about = 'person' OR against IS NULL", name="against"),
        Index("ix_complaints_village_code_id", "village_code", "id"),
        Index("ix_complaints_status_due_at", "status", "due_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    about: Mapped[str] = mapped_column(String(10))
    against: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    against_role: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    household_code: Mapped[Code | None] = mapped_column(ForeignKey("households.code"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    made_at: Mapped[datetime]
    tier: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[Id | None]
    answered_grant: Mapped[Id | None]
    answered_at: Mapped[datetime | None]
