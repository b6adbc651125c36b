"""Tables of what a unit's result means for its people, and of the contest of communities."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from server.assessment.process.models import SUBJECT
from server.kit.database import Base, Id


class LinkedPerson(Base):
    """Somebody who works in an assessed unit: the own coefficient (direct link), the own grade (indirect link), or
    both. The list of a unit is put whole; the audit log keeps each.
    """

    __tablename__ = "assessment_linked"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "unit"], SUBJECT, name="fk_assessment_linked_unit"),
        CheckConstraint("coefficient IS NOT NULL OR grade IS NOT NULL", name="linked"),
    )

    cycle_id: Mapped[Id] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"), index=True)
    coefficient: Mapped[str | None] = mapped_column(String(16))
    grade: Mapped[str | None] = mapped_column(String(16))
    given_by: Mapped[Id]
    given_at: Mapped[datetime]


class ContestPoints(Base):
    """The points of one community in one period; a year's sum decides the contest."""

    __tablename__ = "assessment_contest"

    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    points: Mapped[str] = mapped_column(String(16))
    given_by: Mapped[Id]
    given_at: Mapped[datetime]
