"""Procedure and fairness: appeals, opening balances, ceilings, expiry, honours, complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.kit.append_only import statements
from server.kit.database import Document, Hundredths, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY: tuple[str, ...] = ("household_choices", "quarter_summaries")


def upgrade() -> None:
    op.create_table(
        "expiries",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("announced_at", Instant(timezone=True), nullable=False),
        sa.Column("lapse_at", Instant(timezone=True), nullable=False),
        sa.Column("lapsed_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_expiries_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", "year", name=op.f("pk_expiries")),
    )
    op.create_table(
        "appeals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("points", Hundredths(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_grant", sa.String(length=36), nullable=True),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.Column("reversal_id", sa.String(length=36), nullable=True),
        sa.Column("new_entry_id", sa.String(length=36), nullable=True),
        sa.Column("new_record_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "status = 'upheld' OR (reversal_id IS NULL AND new_entry_id IS NULL)",
            name=op.f("ck_appeals_effect"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'escalated', 'upheld', 'dismissed')", name=op.f("ck_appeals_status")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_appeals_entry_id_ledger_entries")
        ),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_appeals_household_code_households")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_appeals_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index("ix_appeals_household_code", "appeals", ["household_code"], unique=False)
    op.create_index("ix_appeals_status_due_at", "appeals", ["status", "due_at"], unique=False)
    op.create_index("ix_appeals_village_code_id", "appeals", ["village_code", "id"], unique=False)
    op.create_index(
        "uq_appeals_entry_id_unanswered",
        "appeals",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('open', 'escalated')"),
        postgresql_where=sa.text("status IN ('open', 'escalated')"),
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("against", sa.String(length=36), nullable=True),
        sa.Column("against_role", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_grant", sa.String(length=36), nullable=True),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'answered') = (answered_at IS NOT NULL)", name=op.f("ck_complaints_answered_whole")
        ),
        sa.CheckConstraint("about = 'person' OR against IS NULL", name=op.f("ck_complaints_against")),
        sa.CheckConstraint("about IN ('person', 'rule', 'program')", name=op.f("ck_complaints_about")),
        sa.CheckConstraint("status IN ('open', 'answered')", name=op.f("ck_complaints_status")),
        sa.CheckConstraint("tier IN ('village', 'township', 'county')", name=op.f("ck_complaints_tier")),
        sa.ForeignKeyConstraint(["against"], ["persons.id"], name=op.f("fk_complaints_against_persons")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_complaints_household_code_households")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_complaints_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_complaints_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    op.create_index("ix_complaints_status_due_at", "complaints", ["status", "due_at"], unique=False)
    op.create_index("ix_complaints_village_code_id", "complaints", ["village_code", "id"], unique=False)
    op.add_column("photos", sa.Column("looks", sa.String(length=16), nullable=True))
    op.add_column("tallies", sa.Column("ceiling", Document, nullable=True))
    op.add_column("tally_lines", sa.Column("cut", Hundredths(), nullable=True))
    op.add_column("tally_lines", sa.Column("balance", Hundredths(), nullable=True))
    op.add_column("villages", sa.Column("ceiling_village", Hundredths(), nullable=True))
    op.add_column("villages", sa.Column("ceiling_household", Hundredths(), nullable=True))
    op.add_column(
        "villages", sa.Column("expiry", sa.String(length=20), server_default="never", nullable=False)
    )
    op.create_table(
        "quarter_summaries",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=False),
        sa.Column("content", Document, nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_quarter_summaries_quarter")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_quarter_summaries_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", "year", "quarter", name=op.f("pk_quarter_summaries")),
    )
    op.create_table(
        "household_choices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("takes_part", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_code"],
            ["households.code"],
            name=op.f("fk_household_choices_household_code_households"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_household_choices_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_choices")),
    )
    op.create_index(
        "ix_household_choices_household_code_id", "household_choices", ["household_code", "id"], unique=False
    )
    op.add_column("households", sa.Column("named", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("grants", sa.Column("stands_in_for", sa.String(length=36), nullable=True))
    op.add_column("grants", sa.Column("leave", sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_grants_stands_in_for"), "grants", ["stands_in_for"], unique=False)
    op.add_column("records", sa.Column("group_id", sa.String(length=36), nullable=True))
    op.add_column("records", sa.Column("effort_client", sa.String(length=10), nullable=True))
    op.add_column("records", sa.Column("effort_taps", sa.Integer(), nullable=True))
    op.add_column("records", sa.Column("effort_seconds", sa.Integer(), nullable=True))
    op.create_index(
        "ix_records_group_id",
        "records",
        ["group_id"],
        unique=False,
        sqlite_where=sa.text("group_id IS NOT NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    for table in APPEND_ONLY:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("quarter_summaries")
    op.drop_index(
        "ix_records_group_id",
        table_name="records",
        sqlite_where=sa.text("group_id IS NOT NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    for name in ("effort_seconds", "effort_taps", "effort_client", "group_id"):
        op.drop_column("records", name)
    op.drop_index(op.f("ix_grants_stands_in_for"), table_name="grants")
    op.drop_column("grants", "leave")
    op.drop_column("grants", "stands_in_for")
    op.drop_column("households", "named")
    op.drop_index("ix_household_choices_household_code_id", table_name="household_choices")
    op.drop_table("household_choices")
    op.drop_column("villages", "expiry")
    op.drop_column("villages", "ceiling_household")
    op.drop_column("villages", "ceiling_village")
    op.drop_column("tally_lines", "balance")
    op.drop_column("tally_lines", "cut")
    op.drop_column("tallies", "ceiling")
    op.drop_column("photos", "looks")
    op.drop_index("ix_complaints_village_code_id", table_name="complaints")
    op.drop_index("ix_complaints_status_due_at", table_name="complaints")
    op.drop_table("complaints")
    op.drop_index(
        "uq_appeals_entry_id_unanswered",
        table_name="appeals",
        sqlite_where=sa.text("status IN ('open', 'escalated')"),
        postgresql_where=sa.text("status IN ('open', 'escalated')"),
    )
    op.drop_index("ix_appeals_village_code_id", table_name="appeals")
    op.drop_index("ix_appeals_status_due_at", table_name="appeals")
    op.drop_index("ix_appeals_household_code", table_name="appeals")
    op.drop_table("appeals")
    op.drop_table("expiries")
