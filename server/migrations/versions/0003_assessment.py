"""Assessments: packs, register, cycles with steps, subjects, duties, entries and results; what people do in them;
anonymous appraisal.

Stands beside the loop: nothing of the loop refers to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.kit.append_only import statements
from server.kit.database import Document, Hundredths, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "assessment_draws",
    "assessment_findings",
    "assessment_follow_ups",
    "assessment_packs",
    "assessment_progress",
    "assessment_results",
    "assessment_rounds",
)


def upgrade() -> None:
    """The tables of assessments."""
    op.create_table(
        "assessment_packs",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pack", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stored_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_assessment_packs")),
    )
    op.create_table(
        "assessment_cycles",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pack", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("parameters", Document, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("entries_version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("frozen_at", Instant(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_grant", sa.String(length=36), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('preparing', 'running', 'finished', 'cancelled')",
            name=op.f("ck_assessment_cycles_status"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["persons.id"], name=op.f("fk_assessment_cycles_created_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["digest"], ["assessment_packs.digest"], name=op.f("fk_assessment_cycles_digest_assessment_packs")
        ),
        sa.ForeignKeyConstraint(
            ["division"], ["divisions.code"], name=op.f("fk_assessment_cycles_division_divisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_cycles")),
    )
    op.create_index("ix_assessment_cycles_division_id", "assessment_cycles", ["division", "id"], unique=False)
    op.create_index(
        "ix_assessment_cycles_status_starts_on", "assessment_cycles", ["status", "starts_on"], unique=False
    )
    op.create_table(
        "assessment_register",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("pack", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_assessment_register_days")),
        sa.ForeignKeyConstraint(
            ["division"], ["divisions.code"], name=op.f("fk_assessment_register_division_divisions")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_register_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_register")),
        sa.UniqueConstraint(
            "division", "pack", "code", "since", name=op.f("uq_assessment_register_division_pack_code_since")
        ),
    )
    op.create_table(
        "assessment_appraisals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("closes_at", Instant(timezone=True), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_assessment_appraisals_status")),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_appraisals_cycle_id_assessment_cycles"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_appraisals")),
    )
    op.create_index(
        "ix_assessment_appraisals_cycle_id_id", "assessment_appraisals", ["cycle_id", "id"], unique=False
    )
    op.create_index(
        "ix_assessment_appraisals_status_closes_at",
        "assessment_appraisals",
        ["status", "closes_at"],
        unique=False,
    )
    op.create_table(
        "assessment_draws",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("share", sa.String(length=16), nullable=False),
        sa.Column("groups", Document, nullable=False),
        sa.Column("drawn", Document, nullable=False),
        sa.Column("drawn_by", sa.String(length=36), nullable=False),
        sa.Column("drawn_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_draws_cycle_id_assessment_cycles"),
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by"], ["persons.id"], name=op.f("fk_assessment_draws_drawn_by_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_draws")),
    )
    op.create_index("ix_assessment_draws_cycle_id_id", "assessment_draws", ["cycle_id", "id"], unique=False)
    op.create_table(
        "assessment_duties",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("rater", sa.String(length=64), nullable=False),
        sa.Column("indicators", Document, nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("given_by", sa.String(length=36), nullable=False),
        sa.Column("given_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_duties_cycle_id_assessment_cycles"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_duties_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_duties")),
    )
    op.create_index(
        "ix_assessment_duties_cycle_id_person_id",
        "assessment_duties",
        ["cycle_id", "person_id"],
        unique=False,
    )
    op.create_index(op.f("ix_assessment_duties_person_id"), "assessment_duties", ["person_id"], unique=False)
    op.create_table(
        "assessment_proposals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("deadline_days", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=36), nullable=True),
        sa.Column("recorded_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'approved', 'declined', 'lapsed')",
            name=op.f("ck_assessment_proposals_status"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_proposals_cycle_id_assessment_cycles"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_proposals")),
    )
    op.create_index(
        "ix_assessment_proposals_cycle_id_id", "assessment_proposals", ["cycle_id", "id"], unique=False
    )
    op.create_index(
        "ix_assessment_proposals_cycle_id_subject",
        "assessment_proposals",
        ["cycle_id", "subject"],
        unique=False,
    )
    op.create_table(
        "assessment_results",
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("final", Hundredths(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=64), nullable=True),
        sa.Column("grades", Document, nullable=False),
        sa.Column("flags", Document, nullable=False),
        sa.Column("components", Document, nullable=False),
        sa.Column("consequences", Document, nullable=False),
        sa.Column("numbers", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_results_cycle_id_assessment_cycles"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "round", "subject", name=op.f("pk_assessment_results")),
    )
    op.create_index(
        "ix_assessment_results_cycle_id_round_place",
        "assessment_results",
        ["cycle_id", "round", "place"],
        unique=False,
    )
    op.create_table(
        "assessment_rounds",
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("computed_at", Instant(timezone=True), nullable=False),
        sa.Column("entries_version", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("units", Document, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_rounds_cycle_id_assessment_cycles"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "number", name=op.f("pk_assessment_rounds")),
    )
    op.create_table(
        "assessment_steps",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=True),
        sa.Column("due_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'open', 'held', 'done')", name=op.f("ck_assessment_steps_status")
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 366", name=op.f("ck_assessment_steps_days")),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_steps_cycle_id_assessment_cycles"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_steps")),
        sa.UniqueConstraint("cycle_id", "position", name=op.f("uq_assessment_steps_cycle_id_position")),
    )
    op.create_index(
        "ix_assessment_steps_status_due_at", "assessment_steps", ["status", "due_at"], unique=False
    )
    op.create_table(
        "assessment_subjects",
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_subjects_cycle_id_assessment_cycles"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_subjects_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "code", name=op.f("pk_assessment_subjects")),
    )
    op.create_index(
        op.f("ix_assessment_subjects_person_id"), "assessment_subjects", ["person_id"], unique=False
    )
    op.create_table(
        "assessment_tasks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'missed', 'dropped')", name=op.f("ck_assessment_tasks_status")
        ),
        sa.CheckConstraint("(level = 0) = (parent_id IS NULL)", name=op.f("ck_assessment_tasks_level")),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_tasks_cycle_id_assessment_cycles"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["assessment_tasks.id"],
            name=op.f("fk_assessment_tasks_parent_id_assessment_tasks"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_tasks")),
    )
    op.create_index("ix_assessment_tasks_cycle_id_id", "assessment_tasks", ["cycle_id", "id"], unique=False)
    op.create_index(op.f("ix_assessment_tasks_parent_id"), "assessment_tasks", ["parent_id"], unique=False)
    op.create_table(
        "assessment_appraisal_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("appraisal_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["assessment_appraisals.id"], name="fk_assessment_codes_appraisal_id"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_assessment_appraisal_codes")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_assessment_appraisal_codes_appraisal_id",
        "assessment_appraisal_codes",
        ["appraisal_id"],
        unique=False,
    )
    op.create_table(
        "assessment_appraisal_sheets",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("appraisal_id", sa.String(length=36), nullable=False),
        sa.Column("scores", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["assessment_appraisals.id"], name="fk_assessment_sheets_appraisal_id"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_appraisal_sheets")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_assessment_appraisal_sheets_appraisal_id",
        "assessment_appraisal_sheets",
        ["appraisal_id"],
        unique=False,
    )
    op.create_table(
        "assessment_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("rater", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=True),
        sa.Column("under", sa.String(length=36), nullable=True),
        sa.Column("entered_at", Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_at", Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('form', 'file', 'task', 'appraisal')", name=op.f("ck_assessment_entries_source")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_assessment_entries_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "subject"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_entries_subject",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["persons.id"], name=op.f("fk_assessment_entries_entered_by_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_entries")),
    )
    op.create_index(
        "ix_assessment_entries_cycle_id_id", "assessment_entries", ["cycle_id", "id"], unique=False
    )
    op.create_index(
        "ix_assessment_entries_cycle_id_subject", "assessment_entries", ["cycle_id", "subject"], unique=False
    )
    op.create_table(
        "assessment_findings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("draw_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["assessment_draws.id"], name=op.f("fk_assessment_findings_draw_id_assessment_draws")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_findings_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_findings")),
    )
    op.create_index(
        "ix_assessment_findings_draw_id_id", "assessment_findings", ["draw_id", "id"], unique=False
    )
    op.create_table(
        "assessment_objections",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'escalated', 'upheld', 'dismissed')",
            name=op.f("ck_assessment_objections_status"),
        ),
        sa.CheckConstraint(
            "answered_by IS NULL OR answered_by <> person_id",
            name=op.f("ck_assessment_objections_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "subject"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_objections_subject",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_objections_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_objections")),
    )
    op.create_index(
        "ix_assessment_objections_cycle_id_id", "assessment_objections", ["cycle_id", "id"], unique=False
    )
    op.create_index(
        "ix_assessment_objections_status_due_at", "assessment_objections", ["status", "due_at"], unique=False
    )
    op.create_table(
        "assessment_opinions",
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("votes_abstained", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('stated', 'agreed', 'returned', 'confirmed')",
            name=op.f("ck_assessment_opinions_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "subject"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_opinions_subject",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_opinions_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "position", "subject", name=op.f("pk_assessment_opinions")),
    )
    op.create_table(
        "assessment_contest",
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("points", sa.String(length=16), nullable=False),
        sa.Column("given_by", sa.String(length=36), nullable=False),
        sa.Column("given_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["assessment_cycles.id"],
            name=op.f("fk_assessment_contest_cycle_id_assessment_cycles"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "period", "code", name=op.f("pk_assessment_contest")),
    )
    op.create_table(
        "assessment_linked",
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("coefficient", sa.String(length=16), nullable=True),
        sa.Column("grade", sa.String(length=16), nullable=True),
        sa.Column("given_by", sa.String(length=36), nullable=False),
        sa.Column("given_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "coefficient IS NOT NULL OR grade IS NOT NULL", name=op.f("ck_assessment_linked_linked")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "unit"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_linked_unit",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_linked_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "unit", "code", name=op.f("pk_assessment_linked")),
    )
    op.create_index(op.f("ix_assessment_linked_person_id"), "assessment_linked", ["person_id"], unique=False)
    op.create_table(
        "assessment_pairings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("follower", sa.String(length=64), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("begun_by", sa.String(length=36), nullable=False),
        sa.Column("begun_at", Instant(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'met', 'ended')", name=op.f("ck_assessment_pairings_status")
        ),
        sa.CheckConstraint("model <> follower", name=op.f("ck_assessment_pairings_two_subjects")),
        sa.ForeignKeyConstraint(
            ["cycle_id", "follower"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_pairings_follower",
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "model"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_pairings_model",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_pairings")),
    )
    op.create_index(
        "ix_assessment_pairings_cycle_id_id", "assessment_pairings", ["cycle_id", "id"], unique=False
    )
    op.create_index(
        "uq_assessment_pairings_follower_active",
        "assessment_pairings",
        ["cycle_id", "follower"],
        unique=True,
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "assessment_progress",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.String(length=36), nullable=False),
        sa.Column("reported_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_assessment_progress_percent")),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["persons.id"], name=op.f("fk_assessment_progress_reported_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["assessment_tasks.id"], name=op.f("fk_assessment_progress_task_id_assessment_tasks")
        ),
        sa.PrimaryKeyConstraint("task_id", "period", name=op.f("pk_assessment_progress")),
    )
    op.create_table(
        "assessment_rectifications",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=36), nullable=True),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.String(length=36), nullable=False),
        sa.Column("issued_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.String(length=36), nullable=True),
        sa.Column("reported_at", Instant(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.String(length=36), nullable=True),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('issued', 'overdue', 'reported', 'closed')",
            name=op.f("ck_assessment_rectifications_status"),
        ),
        sa.CheckConstraint(
            "closed_by IS NULL OR closed_by <> reported_by",
            name=op.f("ck_assessment_rectifications_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "subject"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_rectifications_subject",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["assessment_proposals.id"],
            name=op.f("fk_assessment_rectifications_proposal_id_assessment_proposals"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_rectifications")),
    )
    op.create_index(
        "ix_assessment_rectifications_cycle_id_id",
        "assessment_rectifications",
        ["cycle_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_assessment_rectifications_status_due_at",
        "assessment_rectifications",
        ["status", "due_at"],
        unique=False,
    )
    op.create_table(
        "assessment_reports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('received', 'checking', 'confirmed', 'unfounded')",
            name=op.f("ck_assessment_reports_status"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id", "subject"],
            ["assessment_subjects.cycle_id", "assessment_subjects.code"],
            name="fk_assessment_reports_subject",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_reports_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_reports")),
    )
    op.create_index(
        "ix_assessment_reports_cycle_id_id", "assessment_reports", ["cycle_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_assessment_reports_person_id"), "assessment_reports", ["person_id"], unique=False
    )
    op.create_table(
        "assessment_follow_ups",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pairing_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pairing_id"],
            ["assessment_pairings.id"],
            name=op.f("fk_assessment_follow_ups_pairing_id_assessment_pairings"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_follow_ups_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_follow_ups")),
    )
    op.create_index(
        "ix_assessment_follow_ups_pairing_id_id", "assessment_follow_ups", ["pairing_id", "id"], unique=False
    )
    for table in APPEND_ONLY:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Take the tables away again, and what the program kept about them elsewhere stays."""
    op.drop_index("ix_assessment_follow_ups_pairing_id_id", table_name="assessment_follow_ups")
    op.drop_table("assessment_follow_ups")
    op.drop_index(op.f("ix_assessment_reports_person_id"), table_name="assessment_reports")
    op.drop_index("ix_assessment_reports_cycle_id_id", table_name="assessment_reports")
    op.drop_table("assessment_reports")
    op.drop_index("ix_assessment_rectifications_status_due_at", table_name="assessment_rectifications")
    op.drop_index("ix_assessment_rectifications_cycle_id_id", table_name="assessment_rectifications")
    op.drop_table("assessment_rectifications")
    op.drop_table("assessment_progress")
    op.drop_index(
        "uq_assessment_pairings_follower_active",
        table_name="assessment_pairings",
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.drop_index("ix_assessment_pairings_cycle_id_id", table_name="assessment_pairings")
    op.drop_table("assessment_pairings")
    op.drop_index(op.f("ix_assessment_linked_person_id"), table_name="assessment_linked")
    op.drop_table("assessment_linked")
    op.drop_table("assessment_contest")
    op.drop_table("assessment_opinions")
    op.drop_index("ix_assessment_objections_status_due_at", table_name="assessment_objections")
    op.drop_index("ix_assessment_objections_cycle_id_id", table_name="assessment_objections")
    op.drop_table("assessment_objections")
    op.drop_index("ix_assessment_findings_draw_id_id", table_name="assessment_findings")
    op.drop_table("assessment_findings")
    op.drop_index("ix_assessment_entries_cycle_id_subject", table_name="assessment_entries")
    op.drop_index("ix_assessment_entries_cycle_id_id", table_name="assessment_entries")
    op.drop_table("assessment_entries")
    op.drop_index("ix_assessment_appraisal_sheets_appraisal_id", table_name="assessment_appraisal_sheets")
    op.drop_table("assessment_appraisal_sheets")
    op.drop_index("ix_assessment_appraisal_codes_appraisal_id", table_name="assessment_appraisal_codes")
    op.drop_table("assessment_appraisal_codes")
    op.drop_index(op.f("ix_assessment_tasks_parent_id"), table_name="assessment_tasks")
    op.drop_index("ix_assessment_tasks_cycle_id_id", table_name="assessment_tasks")
    op.drop_table("assessment_tasks")
    op.drop_index(op.f("ix_assessment_subjects_person_id"), table_name="assessment_subjects")
    op.drop_table("assessment_subjects")
    op.drop_index("ix_assessment_steps_status_due_at", table_name="assessment_steps")
    op.drop_table("assessment_steps")
    op.drop_table("assessment_rounds")
    op.drop_index("ix_assessment_results_cycle_id_round_place", table_name="assessment_results")
    op.drop_table("assessment_results")
    op.drop_index("ix_assessment_proposals_cycle_id_subject", table_name="assessment_proposals")
    op.drop_index("ix_assessment_proposals_cycle_id_id", table_name="assessment_proposals")
    op.drop_table("assessment_proposals")
    op.drop_index(op.f("ix_assessment_duties_person_id"), table_name="assessment_duties")
    op.drop_index("ix_assessment_duties_cycle_id_person_id", table_name="assessment_duties")
    op.drop_table("assessment_duties")
    op.drop_index("ix_assessment_draws_cycle_id_id", table_name="assessment_draws")
    op.drop_table("assessment_draws")
    op.drop_index("ix_assessment_appraisals_status_closes_at", table_name="assessment_appraisals")
    op.drop_index("ix_assessment_appraisals_cycle_id_id", table_name="assessment_appraisals")
    op.drop_table("assessment_appraisals")
    op.drop_table("assessment_register")
    op.drop_index("ix_assessment_cycles_status_starts_on", table_name="assessment_cycles")
    op.drop_index("ix_assessment_cycles_division_id", table_name="assessment_cycles")
    op.drop_table("assessment_cycles")
    op.drop_table("assessment_packs")
