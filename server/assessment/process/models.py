"""Tables of a cycle: packs as they were, the register, cycles and steps, subjects, duties, entries, results."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.append_only import append_only
from server.kit.database import Base, Id

SUBJECT = ["assessment_subjects.cycle_id", "assessment_subjects.code"]


class StoredPack(Base):
    """The text of a scheme as a cycle was begun with it, under its SHA-256; kept for as long as the cycle."""

    __tablename__ = "assessment_packs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    pack: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime]


class RegisterRow(Base):
    """Who belongs to which unit and category of a scheme, from a day to a day (exclusive; NULL: until now)."""

    __tablename__ = "assessment_register"
    __table_args__ = (
        UniqueConstraint("division", "pack", "code", "since"),
        CheckConstraint("until IS NULL OR until > since", name="days"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(ForeignKey("divisions.code"))
    pack: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(64), default="")
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class Cycle(Base):
    """One run of a scheme in one division over one period.

    `entries_version` grows with every change of subjects or entries; `round` is the newest one in
    `assessment_rounds` (0: none); `frozen_at`: results stand, entries change by an answered objection only.
    """

    __tablename__ = "assessment_cycles"
    __table_args__ = (
        CheckConstraint("status IN ('preparing', 'running', 'finished', 'cancelled')", name="status"),
        Index("ix_assessment_cycles_division_id", "division", "id"),
        Index("ix_assessment_cycles_status_starts_on", "status", "starts_on"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(ForeignKey("divisions.code"))
    digest: Mapped[str] = mapped_column(ForeignKey("assessment_packs.digest"))
    pack: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(16))
    parameters: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16), default="preparing")
    starts_on: Mapped[date | None]
    entries_version: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=0)
    frozen_at: Mapped[datetime | None]
    created_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    created_grant: Mapped[Id]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Step(Base):
    """One step of a cycle's workflow; `attempt` counts how often it was held back by faults."""

    __tablename__ = "assessment_steps"
    __table_args__ = (
        UniqueConstraint("cycle_id", "position"),
        CheckConstraint("status IN ('waiting', 'open', 'held', 'done')", name="status"),
        CheckConstraint("days BETWEEN 1 AND 366", name="days"),
        Index("ix_assessment_steps_status_due_at", "status", "due_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"))
    position: Mapped[int]
    step: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    days: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="waiting")
    attempt: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Id | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    document_number: Mapped[str] = mapped_column(String(60), default="")


class AssessedSubject(Base):
    """A person or unit in a cycle, as the register had it then. `person_id`: the account of the person, or
    of who speaks for the unit.
    """

    __tablename__ = "assessment_subjects"

    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(64), default="")
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"), index=True)


class Duty(Base):
    """What somebody does in a cycle: an acting role of the workflow, `overseer`, or `rater`.

    `rater` is the code that the own entries carry; `indicators` (codes, or `code.*`; empty: all), `category`
    and `unit` (empty: all) say what is assigned.
    """

    __tablename__ = "assessment_duties"
    __table_args__ = (Index("ix_assessment_duties_cycle_id_person_id", "cycle_id", "person_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    rater: Mapped[str] = mapped_column(String(64), default="")
    indicators: Mapped[list[Any]]
    category: Mapped[str] = mapped_column(String(64), default="")
    unit: Mapped[str] = mapped_column(String(64), default="")
    given_by: Mapped[Id]
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EntryRow(Base):
    """One row of the cycle's entry sheet: the decimal as it was written, who wrote it, under what.

    An entry is never changed; a wrong one is withdrawn with the reason. `entered_by` is NULL for what the
    program entered itself: the mean of an anonymous appraisal.
    """

    __tablename__ = "assessment_entries"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "subject"], SUBJECT, name="fk_assessment_entries_subject"),
        CheckConstraint("source IN ('form', 'file', 'task', 'appraisal')", name="source"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index("ix_assessment_entries_cycle_id_subject", "cycle_id", "subject"),
        Index("ix_assessment_entries_cycle_id_id", "cycle_id", "id"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    cycle_id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(64))
    indicator: Mapped[str] = mapped_column(String(64))
    rater: Mapped[str] = mapped_column(String(64), default="")
    value: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    period: Mapped[str] = mapped_column(String(16), default="")
    day: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(12))
    entered_by: Mapped[Id | None] = mapped_column(ForeignKey("persons.id"))
    under: Mapped[Id | None]
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[Id | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")


class Round(Base):
    """One computation whose results stand; a later one is made only by an objection that was upheld."""

    __tablename__ = "assessment_rounds"

    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    computed_at: Mapped[datetime]
    entries_version: Mapped[int]
    entries: Mapped[int]
    units: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Text, default="")


class ResultRow(Base):
    """One subject's result in a round, in the order of output (`place`).

    `numbers` holds what an explanation needs beside the entries: exact values, places, charged entries.
    """

    __tablename__ = "assessment_results"
    __table_args__ = (Index("ix_assessment_results_cycle_id_round_place", "cycle_id", "round", "place"),)

    cycle_id: Mapped[Id] = mapped_column(ForeignKey("assessment_cycles.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(64))
    final: Mapped[Decimal]
    rank: Mapped[int]
    grade: Mapped[str | None] = mapped_column(String(64))
    grades: Mapped[dict[str, Any]]
    flags: Mapped[list[Any]]
    components: Mapped[dict[str, Any]]
    consequences: Mapped[list[Any]]
    numbers: Mapped[dict[str, Any]]


for _table in (StoredPack, Round, ResultRow):
    append_only(_table.__table__)  # type: ignore[arg-type]
