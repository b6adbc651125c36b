"""Tables of anonymous appraisal: nothing in them leads from a sheet to a person.

A code is kept as its hash and its row is removed when it is used; a sheet has a random id, no time, no
address and no author, and both tables are ordered by their random keys alone (SQLite: WITHOUT ROWID), so
that not even the order in which sheets came in is left.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Id

# the usual names would be longer than PostgreSQL takes
_CODES, _SHEETS = "fk_assessment_codes_appraisal_id", "fk_assessment_sheets_appraisal_id"


class Appraisal(Base):
    """One anonymous appraisal of a cycle's subjects on one indicator; `codes` is how many were printed."""

    __tablename__ = "assessment_appraisals"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'closed')", name="status"),
        Index("ix_assessment_appraisals_cycle_id_id", "cycle_id", "id"),
        Index("ix_assessment_appraisals_status_closes_at", "status", "closes_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"))
    indicator: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(16), default="open")
    codes: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[Id]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class AppraisalCode(Base):
    """A code that was not used yet, as its SHA-256."""

    __tablename__ = "assessment_appraisal_codes"
    __table_args__ = (
        Index("ix_assessment_appraisal_codes_appraisal_id", "appraisal_id"),
        {"sqlite_with_rowid": False},
    )

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    appraisal_id: Mapped[Id] = mapped_column(ForeignKey("assessment_appraisals.id", name=_CODES))


class AppraisalSheet(Base):
    """One anonymous sheet: subject → decimal as it was given. The id is random (UUIDv4), never ordered."""

    __tablename__ = "assessment_appraisal_sheets"
    __table_args__ = (
        Index("ix_assessment_appraisal_sheets_appraisal_id", "appraisal_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    appraisal_id: Mapped[Id] = mapped_column(ForeignKey("assessment_appraisals.id", name=_SHEETS))
    scores: Mapped[dict[str, Any]]
