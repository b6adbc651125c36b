"""Tables of the annual evaluation and of recommendations. Votes are never changed; nothing is removed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Code, Id


class HonourRow(Base):
    """A village's own honour, or its change of a shipped one; `document` as `rules.as_document` writes it."""

    __tablename__ = "honours"

    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    document: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)
    changed_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    changed_at: Mapped[datetime]


class Evaluation(Base):
    """One village's annual evaluation. `honours` are copied when it begins: no later change moves a condition.

    `year_posted_at`: when the year's last month was posted; before that nobody votes. `version` grows with each
    change that the public can see.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        UniqueConstraint("village_code", "year"),
        CheckConstraint(
            "status IN ('nominating', 'voting', 'resolved', 'on_notice', 'awarded')", name="status"
        ),
        CheckConstraint("days IS NULL OR days >= 7", name="days"),
        CheckConstraint("(published_at IS NULL) = (ends_at IS NULL)", name="published_whole"),
        Index("ix_evaluations_status_ends_at", "status", "ends_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    year: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="nominating")
    honours: Mapped[list[Any]]
    opened_at: Mapped[datetime]
    year_posted_at: Mapped[datetime | None]
    voting_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    published_by: Mapped[Id | None]
    published_at: Mapped[datetime | None]
    days: Mapped[int | None]
    ends_at: Mapped[datetime | None]
    ledger_head: Mapped[str | None] = mapped_column(String(64))
    awarded_at: Mapped[datetime | None]


class Nomination(Base):
    """One nominee for one honour. `nominee` is the member's id, or the household's code where the household is
    honoured. `checks`: the conditions as they were found when the vote began.
    """

    __tablename__ = "nominations"
    __table_args__ = (
        CheckConstraint(
            "status IN ('proposed', 'withdrawn', 'unqualified', 'chosen', 'not_chosen', 'awarded', 'revoked')",
            name="status",
        ),
        CheckConstraint("(status = 'awarded') = (certificate_number IS NOT NULL)", name="certificate"),
        Index(
            "uq_nominations_nominee_standing",
            "evaluation_id",
            "honour_code",
            "nominee",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
        UniqueConstraint("certificate_number"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Id] = mapped_column(ForeignKey("evaluations.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    honour_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    member_id: Mapped[Id | None] = mapped_column(ForeignKey("members.id"))
    nominee: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(Text)
    nominated_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    nominated_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="proposed")
    checks: Mapped[list[Any] | None]
    score: Mapped[Decimal | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstained: Mapped[int | None]
    voters: Mapped[int | None]
    why: Mapped[str] = mapped_column(Text, default="")
    certificate_number: Mapped[str | None] = mapped_column(String(40))
    awarded_at: Mapped[datetime | None]


class NominationVote(Base):
    """One member's vote on one nomination; never changed."""

    __tablename__ = "nomination_votes"
    __table_args__ = (CheckConstraint("vote IN ('for', 'against', 'abstain')", name="vote"),)

    nomination_id: Mapped[Id] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    grant_id: Mapped[Id]
    vote: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]


class EvaluationMinutes(Base):
    """The minutes of the meeting that voted on the nominations: entered by one member, confirmed by another.

    `results`: [{nomination, for, against, abstained}].
    """

    __tablename__ = "evaluation_minutes"
    __table_args__ = (
        CheckConstraint("status IN ('entered', 'confirmed', 'replaced')", name="status"),
        CheckConstraint("kind IN ('villagers', 'representatives', 'committee')", name="kind"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_persons"),
        Index("ix_evaluation_minutes_evaluation_id", "evaluation_id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    evaluation_id: Mapped[Id] = mapped_column(ForeignKey("evaluations.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(16), default="entered")
    minutes_number: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    attended: Mapped[int]
    results: Mapped[list[Any]]
    entered_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    confirmed_at: Mapped[datetime | None]


class HonourObjection(Base):
    """A challenge to an honour on notice. The person is known to those who answer, never to the public."""

    __tablename__ = "honour_objections"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'escalated', 'upheld', 'dismissed')", name="status"),
        Index("ix_honour_objections_nomination_id", "nomination_id"),
        Index("ix_honour_objections_status_due_at", "status", "due_at"),
        Index("ix_honour_objections_village_code_id", "village_code", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    nomination_id: Mapped[Id] = mapped_column(ForeignKey("nominations.id"))
    evaluation_id: Mapped[Id] = mapped_column(ForeignKey("evaluations.id"))
    village_code: Mapped[str] = mapped_column(String(12))
    household_code: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[Id | None]
    answered_at: Mapped[datetime | None]


class Consent(Base):
    """A member's consent to be recommended for one purpose; given by the household, taken back at any time."""

    __tablename__ = "recommendation_consents"
    __table_args__ = (
        CheckConstraint("purpose IN ('army', 'party', 'cadre')", name="purpose"),
        CheckConstraint("status IN ('given', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_whole"),
        Index(
            "uq_recommendation_consents_member_id_purpose_given",
            "member_id",
            "purpose",
            unique=True,
            sqlite_where=text("status = 'given'"),
            postgresql_where=text("status = 'given'"),
        ),
        Index("ix_recommendation_consents_household_code", "household_code"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12), index=True)
    household_code: Mapped[Code] = mapped_column(ForeignKey("households.code"))
    member_id: Mapped[Id] = mapped_column(ForeignKey("members.id"))
    purpose: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16), default="given")
    on_behalf: Mapped[bool] = mapped_column(default=False)
    given_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    grant_id: Mapped[Id]
    given_at: Mapped[datetime]
    withdrawn_by: Mapped[Id | None]
    withdrawn_at: Mapped[datetime | None]


class RecommendationList(Base):
    """A list of people whom the village recommends for one purpose: advice to those who decide, nothing more."""

    __tablename__ = "recommendation_lists"
    __table_args__ = (
        CheckConstraint("purpose IN ('army', 'party', 'cadre')", name="purpose"),
        CheckConstraint("status IN ('draft', 'issued', 'withdrawn')", name="status"),
        CheckConstraint("issued_by IS NULL OR issued_by <> made_by", name="two_persons"),
        Index(
            "uq_recommendation_lists_standing",
            "village_code",
            "year",
            "purpose",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"))
    year: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(8))
    least_score: Mapped[Decimal]
    status: Mapped[str] = mapped_column(String(16), default="draft")
    made_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    made_at: Mapped[datetime]
    issued_by: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    issued_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class RecommendationEntry(Base):
    """One person on a list, by the consent given; who took it back is shown no more."""

    __tablename__ = "recommendation_entries"

    list_id: Mapped[Id] = mapped_column(ForeignKey("recommendation_lists.id"), primary_key=True)
    consent_id: Mapped[Id] = mapped_column(ForeignKey("recommendation_consents.id"), primary_key=True)
    score: Mapped[Decimal]


append_only(NominationVote.__table__)  # type: ignore[arg-type]
append_only(RecommendationEntry.__table__)  # type: ignore[arg-type]
