"""Tables of the audit log and of decisions. Rows are never changed; triggers refuse it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text
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


class AuditUnsealed(Base):
    """Working table: acts that wait for their seal. Filled by the statement that notes the act."""

    __tablename__ = "audit_unsealed"
    __table_args__ = ({"sqlite_with_rowid": False},)

    audit_id: Mapped[Id] = mapped_column(primary_key=True)


class AuditSeal(Base):
    """One link of the instance's audit chain, for one act: it covers the hash before and all of the act."""

    __tablename__ = "audit_seals"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    audit_id: Mapped[Id] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class AuditHead(Base):
    """The end of the chain: locked while it grows, so that one closer at a time seals."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """Where the log was cut: everything up to seal `number` may be gone, `hash` stands for it.

    Signed with a key derived from the instance's key file, which is not in the database.
    """

    __tablename__ = "audit_checkpoints"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    acts: Mapped[int]
    cut_before: Mapped[datetime]
    made_at: Mapped[datetime]
    public_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))


BEHIND_CHECKPOINT = {
    "audit_log": "EXISTS (SELECT 1 FROM audit_seals s WHERE s.audit_id = OLD.id "
    "AND s.number <= (SELECT max(c.number) FROM audit_checkpoints c))",
    "audit_seals": "EXISTS (SELECT 1 FROM audit_checkpoints c WHERE c.number >= OLD.number)",
}
append_only(AuditRow.__table__, BEHIND_CHECKPOINT["audit_log"])  # type: ignore[arg-type]
append_only(AuditSeal.__table__, BEHIND_CHECKPOINT["audit_seals"])  # type: ignore[arg-type]
append_only(AuditCheckpoint.__table__)  # type: ignore[arg-type]
append_only(Decision.__table__)  # type: ignore[arg-type]
