"""Tables of the ledger. Entries, postings and seals are append-only; accounts change with the posting itself.

Must not be written by anybody else: other slices post through `server.ledger.api`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id
from server.ledger.rules import OF_HOUSEHOLD, Account, Cause

_HASH = String(64)


def _listed(values: object) -> str:
    return ", ".join(f"'{value}'" for value in sorted(str(value) for value in values))  # type: ignore[attr-defined]


_HOUSEHOLD_ACCOUNTS = _listed(OF_HOUSEHOLD)


class LedgerAccount(Base):
    """A household's points: kept in the transaction of the posting by conditional update.

    `score` is that of `score_year`; `version` counts entries; `base_year`: the last year with base points.
    """

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("version >= 0", name="version"),
        Index("ix_ledger_accounts_village_code_base_year", "village_code", "base_year"),
        {"postgresql_with": {"fillfactor": 80}},  # room for updates in place
    )

    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"), primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    balance: Mapped[Decimal]
    reserved: Mapped[Decimal]
    score: Mapped[Decimal]
    score_year: Mapped[int]
    base_year: Mapped[int]
    version: Mapped[int]


class LedgerEntry(Base):
    """One transaction of one household. `reverses`: the entry that this one reverses or replaces.

    `refs` is canonical JSON as text, `content_hash` what was asked for (idempotency), `digest` the
    fingerprint of the entry with its postings.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint(f"cause IN ({_listed(Cause)})", name="cause"),
        CheckConstraint("cause <> 'reversal' OR reverses IS NOT NULL", name="reverses"),
        Index("ix_ledger_entries_village_code_posted_at", "village_code", "posted_at"),
        Index(
            "ix_ledger_entries_reverses",
            "reverses",
            sqlite_where=text("reverses IS NOT NULL"),
            postgresql_where=text("reverses IS NOT NULL"),
        ),
        Index(
            "uq_ledger_entries_reverses_reversal",
            "reverses",
            unique=True,
            sqlite_where=text("cause = 'reversal'"),
            postgresql_where=text("cause = 'reversal'"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code] = mapped_column(ForeignKey("ledger_accounts.household_code"))
    cause: Mapped[str] = mapped_column(String(24))
    reference: Mapped[str] = mapped_column(String(160), unique=True)
    content_hash: Mapped[str] = mapped_column(_HASH)
    posted_at: Mapped[datetime]
    score_year: Mapped[int | None]
    reverses: Mapped[str | None] = mapped_column(ForeignKey("ledger_entries.id"))
    refs: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(_HASH)


class LedgerPosting(Base):
    """One leg of an entry. `seq`: the household account's version after it; None for village accounts."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        CheckConstraint(f"account IN ({_listed(Account)})", name="account"),
        CheckConstraint(
            f"(household_code IS NOT NULL) = (account IN ({_HOUSEHOLD_ACCOUNTS}))"
            " AND (seq IS NOT NULL) = (household_code IS NOT NULL)",
            name="household",
        ),
        Index(
            "uq_ledger_postings_household_code_account_seq",
            "household_code",
            "account",
            "seq",
            unique=True,
            sqlite_where=text("household_code IS NOT NULL"),
            postgresql_where=text("household_code IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    entry_id: Mapped[Id] = mapped_column(ForeignKey("ledger_entries.id"), primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code | None]
    account: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Decimal]
    seq: Mapped[int | None]
    balance_after: Mapped[Decimal | None]


class LedgerSeal(Base):
    """One link of a village's hash chain, for one entry."""

    __tablename__ = "ledger_seals"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        {"sqlite_with_rowid": False},
    )

    village_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[Id] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    hash: Mapped[str] = mapped_column(_HASH)
    previous: Mapped[str] = mapped_column(_HASH)
    sealed_at: Mapped[datetime]


class LedgerHead(Base):
    """The end of a village's chain: locked while it grows, so that one closer at a time seals."""

    __tablename__ = "ledger_heads"

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(_HASH)


class LedgerUnsealed(Base):
    """Working table: entries that wait for their seal."""

    __tablename__ = "ledger_unsealed"
    __table_args__ = ({"sqlite_with_rowid": False},)

    village_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    posted_at: Mapped[datetime] = mapped_column(primary_key=True)
    entry_id: Mapped[Id] = mapped_column(primary_key=True)


for model in (LedgerEntry, LedgerPosting, LedgerSeal):
    append_only(model.__table__)  # type: ignore[arg-type]
