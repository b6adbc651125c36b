"""Tables of the month: tallies and their lines, votes, minutes, notices, objections, corrections, score
years.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id


class Tally(Base):
    """One month of one village. Made at the cut-off; `month` is yyyymm.

    While `frozen_at` is NULL the lines are computed from the records; from then on they stand in
    `tally_lines`. `round` counts how often the tally was opened: votes and minutes belong to a round.
    """

    __tablename__ = "tallies"
    __table_args__ = (
        UniqueConstraint("village_code", "month"),
        CheckConstraint("status IN ('open', 'resolved', 'on_notice', 'posted')", name="status"),
        CheckConstraint("month BETWEEN 190001 AND 299912", name="month"),
        CheckConstraint("status = 'open' OR frozen_at IS NOT NULL", name="frozen"),
        CheckConstraint("(status = 'posted') = (posted_at IS NOT NULL)", name="posted"),
        Index(
            "ix_tallies_freeze_due",
            "freeze_due",
            sqlite_where=text("frozen_at IS NULL"),
            postgresql_where=text("frozen_at IS NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    month: Mapped[int]
    cutoff_at: Mapped[datetime]
    freeze_due: Mapped[datetime]
    vote_due: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="open")
    round: Mapped[int] = mapped_column(default=1)
    frozen_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]
    photos_kept: Mapped[bool] = mapped_column(default=True, server_default=true())
    # what exceeds the village's monthly ceilings and how the committee settled it; NULL: nothing does
    ceiling: Mapped[dict[str, Any] | None]

    @property
    def is_opening(self) -> bool:
        """Whether it holds opening balances (yyyy00) instead of a month."""
        return self.month % 100 == 0


class TallyLine(Base):
    """One household's month, as frozen: what is voted on, put on notice and posted. Points in 0.01.

    `cut`: what a ceiling took from `added`. `balance`: where the balance changes by something else than `net`,
    as with opening balances.
    """

    __tablename__ = "tally_lines"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'held', 'posted')", name="status"),
        CheckConstraint("net = added + deducted", name="net"),
        CheckConstraint("added >= 0 AND deducted <= 0 AND records >= 0", name="signs"),
        Index("ix_tally_lines_household_code", "household_code"),
    )

    tally_id: Mapped[Id] = mapped_column(ForeignKey("tallies.id"), primary_key=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    records: Mapped[int]
    added: Mapped[Decimal]
    deducted: Mapped[Decimal]
    net: Mapped[Decimal]
    status: Mapped[str] = mapped_column(String(16), default="pending")
    entry_id: Mapped[Id | None]
    cut: Mapped[Decimal | None]
    balance: Mapped[Decimal | None]


class TallyVote(Base):
    """One member's vote in one round; never changed, void with its round."""

    __tablename__ = "tally_votes"
    __table_args__ = (CheckConstraint("vote IN ('for', 'against', 'abstain')", name="vote"),)

    tally_id: Mapped[Id] = mapped_column(ForeignKey("tallies.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    grant_id: Mapped[Id]
    vote: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]


class Resolution(Base):
    """The minutes of the meeting that resolved a tally: entered by one member, confirmed by another."""

    __tablename__ = "resolutions"
    __table_args__ = (
        CheckConstraint("status IN ('entered', 'confirmed', 'replaced', 'void')", name="status"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_persons"),
        Index("ix_resolutions_tally_id_round", "tally_id", "round"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    tally_id: Mapped[Id] = mapped_column(ForeignKey("tallies.id"))
    round: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="entered")
    minutes_number: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    attended: Mapped[list[Any]]
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstained: Mapped[int]
    entered_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    entered_grant: Mapped[Id]
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    confirmed_grant: Mapped[Id | None]
    confirmed_at: Mapped[datetime | None]


class Notice(Base):
    """A published tally. `version` grows with each change, so that ready-made answers know when they are old.

    `facts` holds what the notice says about itself and no later change may alter: how it was resolved,
    how many households take part.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'ended', 'withdrawn', 'taken_down')", name="status"),
        CheckConstraint("days >= 7", name="days"),
        Index(
            "uq_notices_tally_id_standing",
            "tally_id",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
        Index("ix_notices_village_code_id", "village_code", "id"),
        Index("ix_notices_status_ends_at", "status", "ends_at"),
        Index("ix_notices_status_take_down_at", "status", "take_down_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    tally_id: Mapped[Id] = mapped_column(ForeignKey("tallies.id"))
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    month: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="active")
    version: Mapped[int] = mapped_column(default=1)
    published_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    published_grant: Mapped[Id]
    published_at: Mapped[datetime]
    days: Mapped[int]
    ends_at: Mapped[datetime]
    ledger_head: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    take_down_at: Mapped[datetime | None]


class Objection(Base):
    """A challenge to a line or record on notice. The person is known to the committee, never to the
    public.
    """

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'escalated', 'upheld', 'dismissed', 'lapsed')", name="status"),
        Index("ix_objections_notice_id_household_code", "notice_id", "household_code"),
        Index("ix_objections_status_due_at", "status", "due_at"),
        Index("ix_objections_village_code_id", "village_code", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    notice_id: Mapped[Id] = mapped_column(ForeignKey("notices.id"))
    tally_id: Mapped[Id] = mapped_column(ForeignKey("tallies.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code]
    record_id: Mapped[Id | None]
    text: Mapped[str] = mapped_column(Text)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[Id | None]
    answered_grant: Mapped[Id | None]
    answered_at: Mapped[datetime | None]


class Appeal(Base):
    """A challenge to a posted entry. Nothing posted changes: one that is upheld posts a reversal and, where
    due, a new entry.

    `points` as answered: of the record, or without one the entry's new total.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'escalated', 'upheld', 'dismissed')", name="status"),
        CheckConstraint("status = 'upheld' OR (reversal_id IS NULL AND new_entry_id IS NULL)", name="effect"),
        Index(
            "uq_appeals_entry_id_unanswered",
            "entry_id",
            unique=True,
            sqlite_where=text("status IN ('open', 'escalated')"),
            postgresql_where=text("status IN ('open', 'escalated')"),
        ),
        Index("ix_appeals_status_due_at", "status", "due_at"),
        Index("ix_appeals_village_code_id", "village_code", "id"),
        Index("ix_appeals_household_code", "household_code"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    entry_id: Mapped[Id] = mapped_column(ForeignKey("ledger_entries.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    record_id: Mapped[Id | None]
    text: Mapped[str] = mapped_column(Text)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    points: Mapped[Decimal | None]
    answered_by: Mapped[Id | None]
    answered_grant: Mapped[Id | None]
    answered_at: Mapped[datetime | None]
    reversal_id: Mapped[Id | None]
    new_entry_id: Mapped[Id | None]
    new_record_id: Mapped[Id | None]


class NoticeCorrection(Base):
    """What an upheld objection changed on a notice; shown there for as long as it is public."""

    __tablename__ = "notice_corrections"
    __table_args__ = (Index("ix_notice_corrections_notice_id", "notice_id"),)

    objection_id: Mapped[Id] = mapped_column(ForeignKey("objections.id"), primary_key=True)
    notice_id: Mapped[Id] = mapped_column(ForeignKey("notices.id"))
    household_code: Mapped[Code]
    net_before: Mapped[Decimal]
    net_after: Mapped[Decimal]
    at: Mapped[datetime]


class ScoreYear(Base):
    """A score year that a village has begun: its base points are given, its months may post."""

    __tablename__ = "score_years"

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]


class Expiry(Base):
    """Points of a year that lapse in a village: announced, and when it was done."""

    __tablename__ = "expiries"

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    announced_at: Mapped[datetime]
    lapse_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]


append_only(TallyVote.__table__)  # type: ignore[arg-type]
append_only(NoticeCorrection.__table__)  # type: ignore[arg-type]
append_only(ScoreYear.__table__)  # type: ignore[arg-type]
