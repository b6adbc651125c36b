"""Tables of conduct: records, weekly reports, reviews, replies.

Records change state only, nothing is deleted.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id


class Record(Base):
    """One logged conduct of one household. The id is the client's; points are signed, in 0.01.

    `logged_points` stay as they were logged, `points` are what counts after the panel. `month` (yyyymm)
    is given at approval. `group_id` is common to the records of one deed of several households; `effort_…` is
    what logging it cost (client, taps, seconds): read in sums only, never by person. That a record is
    tallied, on notice or posted is known from the tally of its month, never marked here. `round` counts the
    panel's rounds, of which the present ones began with `first_round`.
    """

    __tablename__ = "records"
    __table_args__ = (
        CheckConstraint(
            "status IN ('recorded', 'submitted', 'approved', 'rejected', 'withdrawn', 'reversed')",
            name="status",
        ),
        CheckConstraint("kind IN ('positive', 'negative', 'veto')", name="kind"),
        CheckConstraint("source IN ('scan', 'declaration', 'committee', 'on_behalf')", name="source"),
        CheckConstraint("(status IN ('approved', 'reversed')) = (month IS NOT NULL)", name="month"),
        CheckConstraint(
            "(kind = 'positive' AND points > 0) OR (kind = 'negative' AND points < 0) "
            "OR (kind = 'veto' AND points <= 0)",
            name="sign",
        ),
        CheckConstraint("round >= first_round AND first_round >= 1", name="round"),
        Index("ix_records_caps", "household_code", "item_code", "occurred_on"),
        Index("ix_records_household_code_logged_at", "household_code", "logged_at", "id"),
        Index("ix_records_village_code_logged_at", "village_code", "logged_at", "id"),
        Index("ix_records_grid_id_logged_at", "grid_id", "logged_at", "id"),
        Index("ix_records_village_code_status", "village_code", "status", "logged_at"),
        Index("ix_records_village_code_month", "village_code", "month", "household_code"),
        Index("ix_records_report_id", "report_id"),
        Index(
            "ix_records_group_id",
            "group_id",
            sqlite_where=text("group_id IS NOT NULL"),
            postgresql_where=text("group_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    grid_id: Mapped[Id | None] = mapped_column(ForeignKey("grids.id"))
    rulebook_id: Mapped[Id] = mapped_column(ForeignKey("rulebooks.id"))
    item_code: Mapped[str] = mapped_column(String(16))
    heading: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(16))
    points: Mapped[Decimal]
    logged_points: Mapped[Decimal]
    occurred_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    member_id: Mapped[Id | None] = mapped_column(ForeignKey("members.id"))
    photos: Mapped[list[Any]]
    location: Mapped[dict[str, Any] | None]
    device_time: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(16))
    logged_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    logged_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    report_id: Mapped[Id | None] = mapped_column(ForeignKey("weekly_reports.id"))
    month: Mapped[int | None]
    round: Mapped[int] = mapped_column(default=1)
    first_round: Mapped[int] = mapped_column(default=1)
    to_meeting: Mapped[bool] = mapped_column(default=False)
    reply_until: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    meeting: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    group_id: Mapped[Id | None]
    effort_client: Mapped[str | None] = mapped_column(String(10))
    effort_taps: Mapped[int | None]
    effort_seconds: Mapped[int | None]


class WeeklyReport(Base):
    """The records of one grid and week, handed to the panel.

    `period` is the closer's: `2026-W47`, or `2026-W47/2026-11` for the part of a week up to a cut-off.
    Households without a grid share a report with `grid_id` NULL.
    """

    __tablename__ = "weekly_reports"
    __table_args__ = (
        UniqueConstraint("village_code", "period", "grid_id"),
        CheckConstraint("status IN ('open', 'submitted')", name="status"),
        CheckConstraint("(status = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_weekly_reports_status_due_at", "status", "due_at"),
        Index("ix_weekly_reports_grid_id_week", "grid_id", "week"),
        Index("ix_weekly_reports_village_code_ends_at", "village_code", "ends_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    grid_id: Mapped[Id | None] = mapped_column(ForeignKey("grids.id"))
    week: Mapped[str] = mapped_column(String(8))
    period: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="open")
    remark: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[Id | None]
    grant_id: Mapped[Id | None]
    automatic: Mapped[bool] = mapped_column(default=False)


class Review(Base):
    """One panel member's verdict on one record in one round; never changed."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("verdict IN ('approve', 'amend', 'reject')", name="verdict"),
        CheckConstraint("(verdict = 'amend') = (points IS NOT NULL)", name="points"),
    )

    record_id: Mapped[Id] = mapped_column(ForeignKey("records.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    reviewer: Mapped[Id] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    grant_id: Mapped[Id]
    verdict: Mapped[str] = mapped_column(String(16))
    points: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Reply(Base):
    """What a household says to a negative record before the panel decides; one per record, never changed."""

    __tablename__ = "replies"

    record_id: Mapped[Id] = mapped_column(ForeignKey("records.id"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


append_only(Review.__table__)  # type: ignore[arg-type]
append_only(Reply.__table__)  # type: ignore[arg-type]
