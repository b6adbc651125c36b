"""The table of household changes: one written agreement each."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from server.grid.changes.rules import ChangeKind, ChangeStatus
from server.kit.database import Base, Code, Id

_KINDS = ", ".join(repr(kind.value) for kind in ChangeKind)
_STATES = ", ".join(repr(state.value) for state in ChangeStatus)
_AGREED = text("status = 'agreed'")


class HouseholdChange(Base):
    """`other_code`: the household that goes on (merge) or came out of it (split, move). `terms` is what was agreed:
    members, points, shares, the new household. `held`: points set aside until it is carried out. `moved`: points
    on their way over `transit`.
    """

    __tablename__ = "household_changes"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"status IN ({_STATES})", name="status"),
        CheckConstraint("held >= 0 AND moved >= 0", name="points"),
        Index(
            "uq_household_changes_household_code_agreed",
            "household_code",
            unique=True,
            sqlite_where=_AGREED,
            postgresql_where=_AGREED,
        ),
        Index("ix_household_changes_village_code_id", "village_code", "id"),
        Index("ix_household_changes_to_village_id", "to_village", "id"),
        Index("ix_household_changes_status_agreed_at", "status", "agreed_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    kind: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(10))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    other_code: Mapped[Code | None] = mapped_column(ForeignKey("households.code"))
    to_village: Mapped[str | None] = mapped_column(ForeignKey("villages.code"))
    terms: Mapped[dict[str, Any]]
    paper: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    standing_before: Mapped[str] = mapped_column(String(16))
    held: Mapped[Decimal]
    moved: Mapped[Decimal]
    agreed_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    agreed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    content_hash: Mapped[str] = mapped_column(String(64))
