"""Tables of the audit log and of decisions. Rows are never changed; triggers refuse it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Id


class AuditRow(Base):
    """One act of one person (or of the system, person NULL) on one thing, before and after."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_entity_entity_id", "entity", "entity_id"),
        Index("ix_audit_log_village_code_id", "village_code", "id"),
        Index("ix_audit_log_person_id_id", "person_id", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[Id | None]
    session_id: Mapped[Id | None]
    action: Mapped[str] = mapped_column(String(40))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[str] = mapped_column(String(40))
    village_code: Mapped[str | None] = mapped_column(String(12))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class Decision(Base):
    """One step of a state machine: who (the system: NULL), from, to, why, when, under which grant."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_entity_entity_id_id", "entity", "entity_id", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[Id | None]
    grant_id: Mapped[Id | None]
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")


append_only(AuditRow.__table__)  # type: ignore[arg-type]
append_only(Decision.__table__)  # type: ignore[arg-type]
