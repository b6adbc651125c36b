"""Tables of donors and the fund. The fund's entries are append-only; what is left is their sum."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mall.funds.rules import DonorKind, FundKind
from server.kit.append_only import append_only
from server.kit.database import Base, Id


class Donor(Base):
    """Somebody who gave 爱心人士. In public a person's name is masked, and one not `named` stays unnamed."""

    __tablename__ = "donors"
    __table_args__ = (
        UniqueConstraint("village_code", "name"),
        CheckConstraint(f"kind IN ({', '.join(repr(k.value) for k in DonorKind)})", name="kind"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(16))
    named: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class FundEntry(Base):
    """One movement of the fund, in yuan: cash in is positive, a purchase negative. `reference`: once only."""

    __tablename__ = "fund_entries"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(k.value) for k in FundKind)})", name="kind"),
        CheckConstraint(
            "(kind = 'purchase' AND amount < 0) OR (kind IN ('donation', 'village_money') AND amount > 0)"
            " OR (kind = 'correction' AND amount <> 0)",
            name="amount",
        ),
        CheckConstraint("kind <> 'donation' OR donor_id IS NOT NULL", name="donor"),
        Index("ix_fund_entries_village_code_at", "village_code", "at", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    kind: Mapped[str] = mapped_column(String(16))
    amount: Mapped[Decimal]
    donor_id: Mapped[Id | None] = mapped_column(ForeignKey("donors.id"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    reference: Mapped[str] = mapped_column(String(80), unique=True)
    recorded_by: Mapped[Id | None]
    grant_id: Mapped[Id | None]
    content_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


append_only(FundEntry.__table__)  # type: ignore[arg-type]
