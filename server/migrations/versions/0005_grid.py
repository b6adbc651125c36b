"""Grid management: visits, the household's facts, events, household changes; when members came and left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.kit.append_only import statements
from server.kit.database import Document, Hundredths, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("visits", "coverage_months")


def upgrade() -> None:
    op.create_table(
        "coverage_months",
        sa.Column("grid_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("(missed = 0) = (tier = 0)", name=op.f("ck_coverage_months_told")),
        sa.CheckConstraint("missed BETWEEN 0 AND households", name=op.f("ck_coverage_months_missed")),
        sa.CheckConstraint("tier BETWEEN 0 AND 6", name=op.f("ck_coverage_months_tier")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_coverage_months_grid_id_grids")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_coverage_months_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("grid_id", "month", name=op.f("pk_coverage_months")),
    )
    op.create_index(
        "ix_coverage_months_village_code_month", "coverage_months", ["village_code", "month"], unique=False
    )
    op.create_table(
        "household_pasts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("until", Instant(timezone=True), nullable=False),
        sa.Column("before", Document, nullable=False),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_household_pasts_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_household_pasts_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_pasts")),
    )
    op.create_index(
        "ix_household_pasts_household_code_until",
        "household_pasts",
        ["household_code", "until"],
        unique=False,
    )
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("grid_id", sa.String(length=36), nullable=True),
        sa.Column("household_code", sa.String(length=16), nullable=True),
        sa.Column("about_household", sa.String(length=16), nullable=True),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("duties", Document, nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("reported_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("reported_at", Instant(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.String(length=36), nullable=True),
        sa.Column("handled_by", sa.String(length=36), nullable=True),
        sa.Column("handled_at", Instant(timezone=True), nullable=True),
        sa.Column("check_due", Instant(timezone=True), nullable=True),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('handled', 'closed')) = (handled_at IS NOT NULL)", name=op.f("ck_events_handled")
        ),
        sa.CheckConstraint(
            "rating IS NULL OR (rating BETWEEN 1 AND 5 AND status = 'closed')", name=op.f("ck_events_rating")
        ),
        sa.CheckConstraint(
            "status IN ('reported', 'assigned', 'escalated', 'reopened', 'handled', 'closed', 'withdrawn')",
            name=op.f("ck_events_status"),
        ),
        sa.CheckConstraint("round BETWEEN 1 AND 2", name=op.f("ck_events_round")),
        sa.CheckConstraint("tier BETWEEN 1 AND 6", name=op.f("ck_events_tier")),
        sa.ForeignKeyConstraint(
            ["about_household"], ["households.code"], name=op.f("fk_events_about_household_households")
        ),
        sa.ForeignKeyConstraint(["assigned_to"], ["persons.id"], name=op.f("fk_events_assigned_to_persons")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_events_grid_id_grids")),
        sa.ForeignKeyConstraint(["handled_by"], ["persons.id"], name=op.f("fk_events_handled_by_persons")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_events_household_code_households")
        ),
        sa.ForeignKeyConstraint(["reported_by"], ["persons.id"], name=op.f("fk_events_reported_by_persons")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_events_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_assigned_to_id", "events", ["assigned_to", "id"], unique=False)
    op.create_index(
        "ix_events_check_due",
        "events",
        ["check_due"],
        unique=False,
        sqlite_where=sa.text("status = 'handled'"),
        postgresql_where=sa.text("status = 'handled'"),
    )
    op.create_index(
        "ix_events_due_at",
        "events",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('assigned', 'escalated', 'reopened', 'reported')"),
        postgresql_where=sa.text("status IN ('assigned', 'escalated', 'reopened', 'reported')"),
    )
    op.create_index("ix_events_grid_id_id", "events", ["grid_id", "id"], unique=False)
    op.create_index("ix_events_household_code_id", "events", ["household_code", "id"], unique=False)
    op.create_index("ix_events_reported_by_id", "events", ["reported_by", "id"], unique=False)
    op.create_index("ix_events_village_code_id", "events", ["village_code", "id"], unique=False)
    op.create_index(
        "ix_events_village_code_reported_at", "events", ["village_code", "reported_at"], unique=False
    )
    op.create_table(
        "household_changes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("other_code", sa.String(length=16), nullable=True),
        sa.Column("to_village", sa.String(length=12), nullable=True),
        sa.Column("terms", Document, nullable=False),
        sa.Column("paper", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("standing_before", sa.String(length=16), nullable=False),
        sa.Column("held", Hundredths(), nullable=False),
        sa.Column("moved", Hundredths(), nullable=False),
        sa.Column("agreed_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("agreed_at", Instant(timezone=True), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('split', 'merge', 'move', 'end')", name=op.f("ck_household_changes_kind")
        ),
        sa.CheckConstraint(
            "status IN ('agreed', 'left', 'done', 'cancelled')", name=op.f("ck_household_changes_status")
        ),
        sa.CheckConstraint("held >= 0 AND moved >= 0", name=op.f("ck_household_changes_points")),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["persons.id"], name=op.f("fk_household_changes_agreed_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["household_code"],
            ["households.code"],
            name=op.f("fk_household_changes_household_code_households"),
        ),
        sa.ForeignKeyConstraint(
            ["other_code"], ["households.code"], name=op.f("fk_household_changes_other_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["to_village"], ["villages.code"], name=op.f("fk_household_changes_to_village_villages")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_household_changes_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_changes")),
    )
    op.create_index(
        "ix_household_changes_status_agreed_at", "household_changes", ["status", "agreed_at"], unique=False
    )
    op.create_index(
        "ix_household_changes_to_village_id", "household_changes", ["to_village", "id"], unique=False
    )
    op.create_index(
        "ix_household_changes_village_code_id", "household_changes", ["village_code", "id"], unique=False
    )
    op.create_index(
        "uq_household_changes_household_code_agreed",
        "household_changes",
        ["household_code"],
        unique=True,
        sqlite_where=sa.text("status = 'agreed'"),
        postgresql_where=sa.text("status = 'agreed'"),
    )
    op.create_table(
        "household_facts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("corrects", sa.String(length=36), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("carried_from", sa.String(length=36), nullable=True),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("keep_until", Instant(timezone=True), nullable=True),
        sa.Column("blanked_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("NOT void OR corrects IS NOT NULL", name=op.f("ck_household_facts_void")),
        sa.ForeignKeyConstraint(
            ["corrects"], ["household_facts.id"], name=op.f("fk_household_facts_corrects_household_facts")
        ),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_household_facts_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_household_facts_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["persons.id"], name=op.f("fk_household_facts_recorded_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_household_facts_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_facts")),
    )
    op.create_index(
        "ix_household_facts_household_code_recorded_at",
        "household_facts",
        ["household_code", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_household_facts_keep_until",
        "household_facts",
        ["keep_until", "village_code"],
        unique=False,
        sqlite_where=sa.text("blanked_at IS NULL"),
        postgresql_where=sa.text("blanked_at IS NULL"),
    )
    op.create_index(
        "uq_household_facts_corrects",
        "household_facts",
        ["corrects"],
        unique=True,
        sqlite_where=sa.text("corrects IS NOT NULL"),
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("grid_id", sa.String(length=36), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("duties", Document, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("visited_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("way IN ('door', 'phone')", name=op.f("ck_visits_way")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_visits_grid_id_grids")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_visits_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_visits_village_code_villages")
        ),
        sa.ForeignKeyConstraint(["visited_by"], ["persons.id"], name=op.f("fk_visits_visited_by_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_grid_id_id", "visits", ["grid_id", "id"], unique=False)
    op.create_index("ix_visits_household_code_id", "visits", ["household_code", "id"], unique=False)
    op.create_index(
        "ix_visits_household_code_visited_on", "visits", ["household_code", "visited_on"], unique=False
    )
    op.create_index(
        "ix_visits_village_code_month", "visits", ["village_code", "month", "household_code"], unique=False
    )
    op.create_table(
        "missed_visits",
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grid_id", sa.String(length=36), nullable=False),
        sa.Column("settled_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_missed_visits_grid_id_grids")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_missed_visits_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["visits.id"], name=op.f("fk_missed_visits_settled_by_visits")
        ),
        sa.PrimaryKeyConstraint("household_code", "month", name=op.f("pk_missed_visits")),
    )
    op.create_index("ix_missed_visits_grid_id_month", "missed_visits", ["grid_id", "month"], unique=False)
    op.add_column("members", sa.Column("added_at", Instant(timezone=True), nullable=True))
    op.add_column("members", sa.Column("departed_at", Instant(timezone=True), nullable=True))
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for sql in statements(table, dialect):
            op.execute(sql)


def downgrade() -> None:
    op.drop_column("members", "departed_at")
    op.drop_column("members", "added_at")
    op.drop_index("ix_missed_visits_grid_id_month", table_name="missed_visits")
    op.drop_table("missed_visits")
    op.drop_index("ix_visits_village_code_month", table_name="visits")
    op.drop_index("ix_visits_household_code_visited_on", table_name="visits")
    op.drop_index("ix_visits_household_code_id", table_name="visits")
    op.drop_index("ix_visits_grid_id_id", table_name="visits")
    op.drop_table("visits")
    op.drop_index(
        "uq_household_facts_corrects",
        table_name="household_facts",
        sqlite_where=sa.text("corrects IS NOT NULL"),
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.drop_index(
        "ix_household_facts_keep_until",
        table_name="household_facts",
        sqlite_where=sa.text("blanked_at IS NULL"),
        postgresql_where=sa.text("blanked_at IS NULL"),
    )
    op.drop_index("ix_household_facts_household_code_recorded_at", table_name="household_facts")
    op.drop_table("household_facts")
    op.drop_index(
        "uq_household_changes_household_code_agreed",
        table_name="household_changes",
        sqlite_where=sa.text("status = 'agreed'"),
        postgresql_where=sa.text("status = 'agreed'"),
    )
    op.drop_index("ix_household_changes_village_code_id", table_name="household_changes")
    op.drop_index("ix_household_changes_to_village_id", table_name="household_changes")
    op.drop_index("ix_household_changes_status_agreed_at", table_name="household_changes")
    op.drop_table("household_changes")
    op.drop_index("ix_events_village_code_reported_at", table_name="events")
    op.drop_index("ix_events_village_code_id", table_name="events")
    op.drop_index("ix_events_reported_by_id", table_name="events")
    op.drop_index("ix_events_household_code_id", table_name="events")
    op.drop_index("ix_events_grid_id_id", table_name="events")
    op.drop_index(
        "ix_events_due_at",
        table_name="events",
        sqlite_where=sa.text("status IN ('assigned', 'escalated', 'reopened', 'reported')"),
        postgresql_where=sa.text("status IN ('assigned', 'escalated', 'reopened', 'reported')"),
    )
    op.drop_index(
        "ix_events_check_due",
        table_name="events",
        sqlite_where=sa.text("status = 'handled'"),
        postgresql_where=sa.text("status = 'handled'"),
    )
    op.drop_index("ix_events_assigned_to_id", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_household_pasts_household_code_until", table_name="household_pasts")
    op.drop_table("household_pasts")
    op.drop_index("ix_coverage_months_village_code_month", table_name="coverage_months")
    op.drop_table("coverage_months")
