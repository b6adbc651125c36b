"""Tables of what people do in a cycle: opinions, objections, proposals, rectification, reports, tasks, draws,
pairings.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.assessment.process.models import SUBJECT
from server.kit.append_only import append_only
from server.kit.database import Base, Id


class Opinion(Base):
    """What was said on one subject in one step: the own assessment, the review, the meeting's vote, the check.

    May be put anew while its step is open; the audit log keeps each.
    """

    __tablename__ = "assessment_opinions"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "subject"], SUBJECT, name="fk_assessment_opinions_subject"),
        CheckConstraint("verdict IN ('stated', 'agreed', 'returned', 'confirmed')", name="verdict"),
    )

    cycle_id: Mapped[Id] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    votes_abstained: Mapped[int | None]
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]


class ResultObjection(Base):
    """A challenge to a result on notice, and its answer."""

    __tablename__ = "assessment_objections"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "subject"], SUBJECT, name="fk_assessment_objections_subject"),
        CheckConstraint("status IN ('open', 'escalated', 'upheld', 'dismissed')", name="status"),
        CheckConstraint("answered_by IS NULL OR answered_by <> person_id", name="two_persons"),
        Index("ix_assessment_objections_cycle_id_id", "cycle_id", "id"),
        Index("ix_assessment_objections_status_due_at", "status", "due_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id]
    round: Mapped[int]
    subject: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[Id | None]
    answered_at: Mapped[datetime | None]


class Proposal(Base):
    """A consequence that the scheme proposes, and what the body named in `decided_by` decided.

    `subject` is empty for a proposal about a unit that is no subject itself; then `unit` names it.
    """

    __tablename__ = "assessment_proposals"
    __table_args__ = (
        CheckConstraint("status IN ('proposed', 'approved', 'declined', 'lapsed')", name="status"),
        Index("ix_assessment_proposals_cycle_id_id", "cycle_id", "id"),
        Index("ix_assessment_proposals_cycle_id_subject", "cycle_id", "subject"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"))
    round: Mapped[int]
    subject: Mapped[str] = mapped_column(String(64), default="")
    unit: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    decided_by: Mapped[str] = mapped_column(String(100))
    deadline_days: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(16), default="proposed")
    reason: Mapped[str] = mapped_column(Text, default="")
    document_number: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date | None]
    recorded_by: Mapped[Id | None]
    recorded_at: Mapped[datetime | None]


class Rectification(Base):
    """A notice of rectification with its deadline, the report on it and who closed it."""

    __tablename__ = "assessment_rectifications"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "subject"], SUBJECT, name="fk_assessment_rectifications_subject"),
        CheckConstraint("status IN ('issued', 'overdue', 'reported', 'closed')", name="status"),
        CheckConstraint("closed_by IS NULL OR closed_by <> reported_by", name="two_persons"),
        Index("ix_assessment_rectifications_cycle_id_id", "cycle_id", "id"),
        Index("ix_assessment_rectifications_status_due_at", "status", "due_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(64))
    proposal_id: Mapped[Id | None] = mapped_column(ForeignKey("assessment_proposals.id"))
    demand: Mapped[str] = mapped_column(Text)
    issued_by: Mapped[Id]
    issued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="issued")
    report: Mapped[str] = mapped_column(Text, default="")
    reported_by: Mapped[Id | None]
    reported_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    closed_by: Mapped[Id | None]
    closed_at: Mapped[datetime | None]


class ConductReport(Base):
    """A report about somebody under assessment 监督举报. Who made it is known to the overseer only."""

    __tablename__ = "assessment_reports"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "subject"], SUBJECT, name="fk_assessment_reports_subject"),
        CheckConstraint("status IN ('received', 'checking', 'confirmed', 'unfounded')", name="status"),
        Index("ix_assessment_reports_cycle_id_id", "cycle_id", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), index=True)
    made_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="received")
    finding: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[Id | None]
    answered_at: Mapped[datetime | None]


class Task(Base):
    """One goal of the task list; `level` 0 is the top, each child one lower. `subject` answers for it."""

    __tablename__ = "assessment_tasks"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'done', 'missed', 'dropped')", name="status"),
        CheckConstraint("(level = 0) = (parent_id IS NULL)", name="level"),
        Index("ix_assessment_tasks_cycle_id_id", "cycle_id", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"))
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("assessment_tasks.id"), index=True)
    level: Mapped[int]
    subject: Mapped[str] = mapped_column(String(64), default="")
    title: Mapped[str] = mapped_column(String(200))
    goal: Mapped[str] = mapped_column(Text, default="")
    area: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(16), default="open")
    remark: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[Id]
    created_at: Mapped[datetime]


class Progress(Base):
    """How far a task was in a period; reported once a period, by whoever answers for it."""

    __tablename__ = "assessment_progress"
    __table_args__ = (CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),)

    task_id: Mapped[Id] = mapped_column(ForeignKey("assessment_tasks.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    percent: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    reported_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    reported_at: Mapped[datetime]


class Draw(Base):
    """A random draw with everything that is needed to repeat it: seed, share and the lists drawn from."""

    __tablename__ = "assessment_draws"
    __table_args__ = (Index("ix_assessment_draws_cycle_id_id", "cycle_id", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"))
    seed: Mapped[str] = mapped_column(String(64))
    share: Mapped[str] = mapped_column(String(16))
    groups: Mapped[dict[str, Any]]
    drawn: Mapped[dict[str, Any]]
    drawn_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    drawn_at: Mapped[datetime]


class Finding(Base):
    """What an inspection found at a subject that was drawn."""

    __tablename__ = "assessment_findings"
    __table_args__ = (Index("ix_assessment_findings_draw_id_id", "draw_id", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    draw_id: Mapped[Id] = mapped_column(ForeignKey("assessment_draws.id"))
    subject: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]


class Pairing(Base):
    """A model takes somebody along 标兵率带; nobody is taken along by two at once."""

    __tablename__ = "assessment_pairings"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "model"], SUBJECT, name="fk_assessment_pairings_model"),
        ForeignKeyConstraint(["cycle_id", "follower"], SUBJECT, name="fk_assessment_pairings_follower"),
        CheckConstraint("status IN ('active', 'met', 'ended')", name="status"),
        CheckConstraint("model <> follower", name="two_subjects"),
        Index("ix_assessment_pairings_cycle_id_id", "cycle_id", "id"),
        Index(
            "uq_assessment_pairings_follower_active",
            "cycle_id",
            "follower",
            unique=True,
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id]
    model: Mapped[str] = mapped_column(String(64))
    follower: Mapped[str] = mapped_column(String(64))
    goal: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), default="active")
    begun_by: Mapped[Id]
    begun_at: Mapped[datetime]
    remark: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]


class FollowUp(Base):
    """One note on how a pairing goes."""

    __tablename__ = "assessment_follow_ups"
    __table_args__ = (Index("ix_assessment_follow_ups_pairing_id_id", "pairing_id", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    pairing_id: Mapped[Id] = mapped_column(ForeignKey("assessment_pairings.id"))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]


for _table in (Draw, Finding, FollowUp, Progress):
    append_only(_table.__table__)  # type: ignore[arg-type]
