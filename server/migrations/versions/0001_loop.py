"""The points loop: people, places, rulebooks, records, the month, the ledger.

The ledger and everything that decides about points is append-only from its first row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.kit.append_only import statements
from server.kit.database import Document, Hundredths, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "closed_periods",
    "audit_log",
    "decisions",
    "ledger_entries",
    "ledger_postings",
    "ledger_seals",
    "tally_votes",
    "notice_corrections",
    "score_years",
    "reviews",
    "replies",
    "messages",
)


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=40), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("before", Document, nullable=True),
        sa.Column("after", Document, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"], unique=False)
    op.create_index("ix_audit_log_entity_entity_id", "audit_log", ["entity", "entity_id"], unique=False)
    op.create_index("ix_audit_log_person_id_id", "audit_log", ["person_id", "id"], unique=False)
    op.create_index("ix_audit_log_village_code_id", "audit_log", ["village_code", "id"], unique=False)
    op.create_table(
        "closed_periods",
        sa.Column("closer", sa.String(length=60), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("closer", "village_code", "period", name=op.f("pk_closed_periods")),
    )
    op.create_index("ix_closed_periods_closed_at", "closed_periods", ["closed_at"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(
        "ix_decisions_entity_entity_id_id", "decisions", ["entity", "entity_id", "id"], unique=False
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offset_micros", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_demo_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )
    op.create_table(
        "divisions",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.CheckConstraint("level IN ('county', 'township', 'village')", name=op.f("ck_divisions_level")),
        sa.ForeignKeyConstraint(["parent"], ["divisions.code"], name=op.f("fk_divisions_parent_divisions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_divisions")),
    )
    op.create_index(op.f("ix_divisions_parent"), "divisions", ["parent"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("claimed_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_claimed_at"), "idempotency_keys", ["claimed_at"], unique=False)
    op.create_table(
        "ledger_unsealed",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("posted_at", Instant(timezone=True), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("village_code", "posted_at", "entry_id", name=op.f("pk_ledger_unsealed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "parked_periods",
        sa.Column("closer", sa.String(length=60), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("attempts >= 1", name=op.f("ck_parked_periods_attempts")),
        sa.PrimaryKeyConstraint("closer", "village_code", "period", name=op.f("pk_parked_periods")),
    )
    op.create_table(
        "scheduler_leases",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scheduler_leases")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(timezone=True), nullable=False),
        sa.Column("locked_until", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_failures")),
    )
    op.create_table(
        "villages",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("cutoff_day", sa.Integer(), nullable=False),
        sa.Column("panel_days", sa.Integer(), nullable=False),
        sa.Column("vote_days", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("takedown_days", sa.Integer(), nullable=False),
        sa.Column("review_quorum", sa.Integer(), nullable=False),
        sa.Column("reply_days", sa.Integer(), nullable=False),
        sa.Column("ranking", sa.String(length=16), nullable=False),
        sa.Column("names_on_poster", sa.Boolean(), nullable=False),
        sa.Column("id_numbers_kept", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("ranking IN ('off', 'own', 'first_ten', 'all')", name=op.f("ck_villages_ranking")),
        sa.CheckConstraint("cutoff_day BETWEEN 1 AND 28", name=op.f("ck_villages_cutoff_day")),
        sa.CheckConstraint("notice_days >= 7", name=op.f("ck_villages_notice_days")),
        sa.CheckConstraint("review_quorum >= 2", name=op.f("ck_villages_review_quorum")),
        sa.ForeignKeyConstraint(["code"], ["divisions.code"], name=op.f("fk_villages_code_divisions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_villages")),
    )
    op.create_table(
        "grids",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("area", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_grids_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grids")),
        sa.UniqueConstraint("village_code", "name", name=op.f("uq_grids_village_code_name")),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_ledger_heads_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", name=op.f("pk_ledger_heads")),
    )
    op.create_table(
        "rulebooks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("adopted_at", Instant(timezone=True), nullable=True),
        sa.Column("adopted_by", sa.String(length=36), nullable=True),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.Column("meeting", Document, nullable=True),
        sa.CheckConstraint(
            "(status = 'adopted') = (version IS NOT NULL AND effective_on IS NOT NULL AND adopted_at IS NOT NULL)",
            name=op.f("ck_rulebooks_adopted_whole"),
        ),
        sa.CheckConstraint("status IN ('draft', 'adopted')", name=op.f("ck_rulebooks_status")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_rulebooks_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebooks")),
        sa.UniqueConstraint("village_code", "version", name=op.f("uq_rulebooks_village_code_version")),
    )
    op.create_table(
        "schedules",
        sa.Column("closer", sa.String(length=60), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_schedules_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("closer", "village_code", name=op.f("pk_schedules")),
    )
    op.create_index("ix_schedules_closer_due_at", "schedules", ["closer", "due_at"], unique=False)
    op.create_table(
        "score_years",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_score_years_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", "year", name=op.f("pk_score_years")),
    )
    op.create_table(
        "tallies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("cutoff_at", Instant(timezone=True), nullable=False),
        sa.Column("freeze_due", Instant(timezone=True), nullable=False),
        sa.Column("vote_due", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("frozen_at", Instant(timezone=True), nullable=True),
        sa.Column("resolved_at", Instant(timezone=True), nullable=True),
        sa.Column("posted_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'posted') = (posted_at IS NOT NULL)", name=op.f("ck_tallies_posted")),
        sa.CheckConstraint("status = 'open' OR frozen_at IS NOT NULL", name=op.f("ck_tallies_frozen")),
        sa.CheckConstraint(
            "status IN ('open', 'resolved', 'on_notice', 'posted')", name=op.f("ck_tallies_status")
        ),
        sa.CheckConstraint("month BETWEEN 190001 AND 299912", name=op.f("ck_tallies_month")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_tallies_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
        sa.UniqueConstraint("village_code", "month", name=op.f("uq_tallies_village_code_month")),
    )
    op.create_index(
        "ix_tallies_freeze_due",
        "tallies",
        ["freeze_due"],
        unique=False,
        sqlite_where=sa.text("frozen_at IS NULL"),
        postgresql_where=sa.text("frozen_at IS NULL"),
    )
    op.create_table(
        "households",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("grid_id", sa.String(length=36), nullable=True),
        sa.Column("label", sa.String(length=130), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("door", sa.String(length=60), nullable=False),
        sa.Column("head", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("flags", Document, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("longitude", sa.String(length=16), nullable=True),
        sa.Column("latitude", sa.String(length=16), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('active', 'declined', 'ended')", name=op.f("ck_households_status")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_households_grid_id_grids")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_households_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_households")),
    )
    op.create_index(
        "ix_households_village_code_grid_id", "households", ["village_code", "grid_id"], unique=False
    )
    op.create_table(
        "weekly_reports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("grid_id", sa.String(length=36), nullable=True),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("starts_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("submitted_at", Instant(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.String(length=36), nullable=True),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(status = 'submitted') = (submitted_at IS NOT NULL)", name=op.f("ck_weekly_reports_submitted")
        ),
        sa.CheckConstraint("status IN ('open', 'submitted')", name=op.f("ck_weekly_reports_status")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_weekly_reports_span")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_weekly_reports_grid_id_grids")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_weekly_reports_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_reports")),
        sa.UniqueConstraint(
            "village_code", "period", "grid_id", name=op.f("uq_weekly_reports_village_code_period_grid_id")
        ),
    )
    op.create_index("ix_weekly_reports_grid_id_week", "weekly_reports", ["grid_id", "week"], unique=False)
    op.create_index("ix_weekly_reports_status_due_at", "weekly_reports", ["status", "due_at"], unique=False)
    op.create_index(
        "ix_weekly_reports_village_code_ends_at", "weekly_reports", ["village_code", "ends_at"], unique=False
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("balance", Hundredths(), nullable=False),
        sa.Column("reserved", Hundredths(), nullable=False),
        sa.Column("score", Hundredths(), nullable=False),
        sa.Column("score_year", sa.Integer(), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_ledger_accounts_reserved")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_ledger_accounts_version")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_ledger_accounts_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_ledger_accounts_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("household_code", name=op.f("pk_ledger_accounts")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_ledger_accounts_village_code_base_year",
        "ledger_accounts",
        ["village_code", "base_year"],
        unique=False,
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kinship", sa.String(length=20), nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_precision", sa.String(length=8), nullable=False),
        sa.Column("phone_sealed", sa.String(), nullable=True),
        sa.Column("id_number_sealed", sa.String(), nullable=True),
        sa.Column("political", sa.String(length=20), nullable=False),
        sa.Column("party_member", sa.Boolean(), nullable=True),
        sa.Column("flags", Document, nullable=False),
        sa.Column("departure", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "departure IS NULL OR departure IN ('deceased', 'moved_out')", name=op.f("ck_members_departure")
        ),
        sa.CheckConstraint("sex IN ('', 'male', 'female')", name=op.f("ck_members_sex")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_members_household_code_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_household_code"), "members", ["household_code"], unique=False)
    op.create_table(
        "plates",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("short_code", sa.String(length=8), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("issued_at", Instant(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=36), nullable=True),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_plates_household_code_households")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_plates")),
    )
    op.create_index(op.f("ix_plates_household_code"), "plates", ["household_code"], unique=False)
    op.create_index(op.f("ix_plates_short_code"), "plates", ["short_code"], unique=False)
    op.create_index(
        "uq_plates_household_code_in_force",
        "plates",
        ["household_code"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "relations",
        sa.Column("household_a", sa.String(length=16), nullable=False),
        sa.Column("household_b", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_a"], ["households.code"], name=op.f("fk_relations_household_a_households")
        ),
        sa.ForeignKeyConstraint(
            ["household_b"], ["households.code"], name=op.f("fk_relations_household_b_households")
        ),
        sa.PrimaryKeyConstraint("household_a", "household_b", name=op.f("pk_relations")),
    )
    op.create_index(op.f("ix_relations_household_b"), "relations", ["household_b"], unique=False)
    op.create_table(
        "tally_lines",
        sa.Column("tally_id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("added", Hundredths(), nullable=False),
        sa.Column("deducted", Hundredths(), nullable=False),
        sa.Column("net", Hundredths(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("status IN ('pending', 'held', 'posted')", name=op.f("ck_tally_lines_status")),
        sa.CheckConstraint(
            "added >= 0 AND deducted <= 0 AND records >= 0", name=op.f("ck_tally_lines_signs")
        ),
        sa.CheckConstraint("net = added + deducted", name=op.f("ck_tally_lines_net")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_tally_lines_household_code_households")
        ),
        sa.ForeignKeyConstraint(["tally_id"], ["tallies.id"], name=op.f("fk_tally_lines_tally_id_tallies")),
        sa.PrimaryKeyConstraint("tally_id", "household_code", name=op.f("pk_tally_lines")),
    )
    op.create_index("ix_tally_lines_household_code", "tally_lines", ["household_code"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("reference", sa.String(length=160), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("posted_at", Instant(timezone=True), nullable=False),
        sa.Column("score_year", sa.Integer(), nullable=True),
        sa.Column("reverses", sa.String(length=36), nullable=True),
        sa.Column("refs", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "cause <> 'reversal' OR reverses IS NOT NULL", name=op.f("ck_ledger_entries_reverses")
        ),
        sa.CheckConstraint(
            "cause IN ('base_points', 'correction', 'expiry', 'forfeit', 'held_line', 'month', 'opening_balance', 'redemption', 'release', 'reservation', 'reserved_redemption', 'return', 'reversal', 'transfer_in', 'transfer_out')",
            name=op.f("ck_ledger_entries_cause"),
        ),
        sa.ForeignKeyConstraint(
            ["household_code"],
            ["ledger_accounts.household_code"],
            name=op.f("fk_ledger_entries_household_code_ledger_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["reverses"], ["ledger_entries.id"], name=op.f("fk_ledger_entries_reverses_ledger_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("reference", name=op.f("uq_ledger_entries_reference")),
    )
    op.create_index(
        "ix_ledger_entries_reverses",
        "ledger_entries",
        ["reverses"],
        unique=False,
        sqlite_where=sa.text("reverses IS NOT NULL"),
        postgresql_where=sa.text("reverses IS NOT NULL"),
    )
    op.create_index(
        "ix_ledger_entries_village_code_posted_at",
        "ledger_entries",
        ["village_code", "posted_at"],
        unique=False,
    )
    op.create_index(
        "uq_ledger_entries_reverses_reversal",
        "ledger_entries",
        ["reverses"],
        unique=True,
        sqlite_where=sa.text("cause = 'reversal'"),
        postgresql_where=sa.text("cause = 'reversal'"),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("home", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=True),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("username", sa.String(length=50), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_once", sa.Boolean(), nullable=False),
        sa.Column("persona", sa.String(length=40), nullable=True),
        sa.Column("grants_version", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_persons_household_code_households")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_persons_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("persona", name=op.f("uq_persons_persona")),
        sa.UniqueConstraint("username", name=op.f("uq_persons_username")),
    )
    op.create_index(op.f("ix_persons_home"), "persons", ["home"], unique=False)
    op.create_index(op.f("ix_persons_household_code"), "persons", ["household_code"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=36), nullable=False),
        sa.Column("starts_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=True),
        sa.Column("granted_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_grants_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_person_id"), "grants", ["person_id"], unique=False)
    op.create_index(op.f("ix_grants_scope"), "grants", ["scope"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.String(length=36), nullable=True),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("used_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_invitations_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_person_id"), "invitations", ["person_id"], unique=False)
    op.create_table(
        "ledger_postings",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=True),
        sa.Column("account", sa.String(length=10), nullable=False),
        sa.Column("amount", Hundredths(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("balance_after", Hundredths(), nullable=True),
        sa.CheckConstraint(
            "(household_code IS NOT NULL) = (account IN ('balance', 'reserved', 'score')) AND (seq IS NOT NULL) = (household_code IS NOT NULL)",
            name=op.f("ck_ledger_postings_household"),
        ),
        sa.CheckConstraint(
            "account IN ('assessed', 'balance', 'expired', 'forfeited', 'issued', 'redeemed', 'reserved', 'score', 'transit')",
            name=op.f("ck_ledger_postings_account"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_postings_entry_id_ledger_entries")
        ),
        sa.PrimaryKeyConstraint("entry_id", "leg", name=op.f("pk_ledger_postings")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_ledger_postings_household_code_account_seq",
        "ledger_postings",
        ["household_code", "account", "seq"],
        unique=True,
        sqlite_where=sa.text("household_code IS NOT NULL"),
        postgresql_where=sa.text("household_code IS NOT NULL"),
    )
    op.create_table(
        "ledger_seals",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_ledger_seals_number")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_seals_entry_id_ledger_entries")
        ),
        sa.PrimaryKeyConstraint("village_code", "number", name=op.f("pk_ledger_seals")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_ledger_seals_entry_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("refs", Document, nullable=False),
        sa.Column("sent_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(household_code IS NULL) <> (person_id IS NULL)", name=op.f("ck_messages_one_addressee")
        ),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_messages_household_code_households")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_messages_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_household_code_id", "messages", ["household_code", "id"], unique=False)
    op.create_index("ix_messages_person_id_id", "messages", ["person_id", "id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tally_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.String(length=36), nullable=False),
        sa.Column("published_grant", sa.String(length=36), nullable=False),
        sa.Column("published_at", Instant(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("ledger_head", sa.String(length=64), nullable=False),
        sa.Column("facts", Document, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("take_down_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'ended', 'withdrawn', 'taken_down')", name=op.f("ck_notices_status")
        ),
        sa.CheckConstraint("days >= 7", name=op.f("ck_notices_days")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["persons.id"], name=op.f("fk_notices_published_by_persons")
        ),
        sa.ForeignKeyConstraint(["tally_id"], ["tallies.id"], name=op.f("fk_notices_tally_id_tallies")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_notices_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_status_ends_at", "notices", ["status", "ends_at"], unique=False)
    op.create_index("ix_notices_status_take_down_at", "notices", ["status", "take_down_at"], unique=False)
    op.create_index("ix_notices_village_code_id", "notices", ["village_code", "id"], unique=False)
    op.create_index(
        "uq_notices_tally_id_standing",
        "notices",
        ["tally_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "photos",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("uploaded_by", sa.String(length=36), nullable=False),
        sa.Column("uploaded_at", Instant(timezone=True), nullable=False),
        sa.Column("upload_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("attached_kind", sa.String(length=20), nullable=True),
        sa.Column("attached_to", sa.String(length=36), nullable=True),
        sa.Column("village_code", sa.String(length=12), nullable=True),
        sa.Column("grid_id", sa.String(length=36), nullable=True),
        sa.Column("household_code", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(attached_to IS NULL) = (attached_kind IS NULL)", name=op.f("ck_photos_attached_whole")
        ),
        sa.CheckConstraint(
            "attached_to IS NULL OR village_code IS NOT NULL", name=op.f("ck_photos_attached_place")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["persons.id"], name=op.f("fk_photos_uploaded_by_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    op.create_index("ix_photos_attached_to", "photos", ["attached_to"], unique=False)
    op.create_index(op.f("ix_photos_content_hash"), "photos", ["content_hash"], unique=False)
    op.create_index(op.f("ix_photos_uploaded_at"), "photos", ["uploaded_at"], unique=False)
    op.create_table(
        "records",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("grid_id", sa.String(length=36), nullable=True),
        sa.Column("rulebook_id", sa.String(length=36), nullable=False),
        sa.Column("item_code", sa.String(length=16), nullable=False),
        sa.Column("heading", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("points", Hundredths(), nullable=False),
        sa.Column("logged_points", Hundredths(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("photos", Document, nullable=False),
        sa.Column("location", Document, nullable=True),
        sa.Column("device_time", Instant(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("logged_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("logged_at", Instant(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("report_id", sa.String(length=36), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("first_round", sa.Integer(), nullable=False),
        sa.Column("to_meeting", sa.Boolean(), nullable=False),
        sa.Column("reply_until", Instant(timezone=True), nullable=True),
        sa.Column("replied_at", Instant(timezone=True), nullable=True),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.Column("meeting", Document, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'positive' AND points > 0) OR (kind = 'negative' AND points < 0) OR (kind = 'veto' AND points <= 0)",
            name=op.f("ck_records_sign"),
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'reversed')) = (month IS NOT NULL)", name=op.f("ck_records_month")
        ),
        sa.CheckConstraint("kind IN ('positive', 'negative', 'veto')", name=op.f("ck_records_kind")),
        sa.CheckConstraint(
            "source IN ('scan', 'declaration', 'committee', 'on_behalf')", name=op.f("ck_records_source")
        ),
        sa.CheckConstraint(
            "status IN ('recorded', 'submitted', 'approved', 'rejected', 'withdrawn', 'reversed')",
            name=op.f("ck_records_status"),
        ),
        sa.CheckConstraint("round >= first_round AND first_round >= 1", name=op.f("ck_records_round")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_records_grid_id_grids")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_records_household_code_households")
        ),
        sa.ForeignKeyConstraint(["logged_by"], ["persons.id"], name=op.f("fk_records_logged_by_persons")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_records_member_id_members")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["weekly_reports.id"], name=op.f("fk_records_report_id_weekly_reports")
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_id"], ["rulebooks.id"], name=op.f("fk_records_rulebook_id_rulebooks")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_records_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
    )
    op.create_index(
        "ix_records_caps", "records", ["household_code", "item_code", "occurred_on"], unique=False
    )
    op.create_index("ix_records_grid_id_logged_at", "records", ["grid_id", "logged_at", "id"], unique=False)
    op.create_index(
        "ix_records_household_code_logged_at", "records", ["household_code", "logged_at", "id"], unique=False
    )
    op.create_index("ix_records_report_id", "records", ["report_id"], unique=False)
    op.create_index(
        "ix_records_village_code_logged_at", "records", ["village_code", "logged_at", "id"], unique=False
    )
    op.create_index(
        "ix_records_village_code_month", "records", ["village_code", "month", "household_code"], unique=False
    )
    op.create_index(
        "ix_records_village_code_status", "records", ["village_code", "status", "logged_at"], unique=False
    )
    op.create_table(
        "resolutions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tally_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("minutes_number", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attended", Document, nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_grant", sa.String(length=36), nullable=False),
        sa.Column("entered_at", Instant(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=36), nullable=True),
        sa.Column("confirmed_grant", sa.String(length=36), nullable=True),
        sa.Column("confirmed_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('entered', 'confirmed', 'replaced', 'void')", name=op.f("ck_resolutions_status")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> entered_by", name=op.f("ck_resolutions_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["persons.id"], name=op.f("fk_resolutions_confirmed_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["persons.id"], name=op.f("fk_resolutions_entered_by_persons")
        ),
        sa.ForeignKeyConstraint(["tally_id"], ["tallies.id"], name=op.f("fk_resolutions_tally_id_tallies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
    )
    op.create_index("ix_resolutions_tally_id_round", "resolutions", ["tally_id", "round"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("access_hash", sa.String(length=64), nullable=False),
        sa.Column("access_until", Instant(timezone=True), nullable=False),
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("refresh_until", Instant(timezone=True), nullable=False),
        sa.Column("previous_refresh_hash", sa.String(length=64), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sessions_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("access_hash", name=op.f("uq_sessions_access_hash")),
        sa.UniqueConstraint("previous_refresh_hash", name=op.f("uq_sessions_previous_refresh_hash")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_sessions_refresh_hash")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], unique=False)
    op.create_table(
        "tally_votes",
        sa.Column("tally_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("vote", sa.String(length=8), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("vote IN ('for', 'against', 'abstain')", name=op.f("ck_tally_votes_vote")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_tally_votes_person_id_persons")),
        sa.ForeignKeyConstraint(["tally_id"], ["tallies.id"], name=op.f("fk_tally_votes_tally_id_tallies")),
        sa.PrimaryKeyConstraint("tally_id", "round", "person_id", name=op.f("pk_tally_votes")),
    )
    op.create_table(
        "message_reads",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("read_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_reads_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_message_reads_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_message_reads")),
    )
    op.create_index(op.f("ix_message_reads_person_id"), "message_reads", ["person_id"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("tally_id", sa.String(length=36), nullable=False),
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
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_grant", sa.String(length=36), nullable=True),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'escalated', 'upheld', 'dismissed', 'lapsed')",
            name=op.f("ck_objections_status"),
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_objections_notice_id_notices")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_objections_person_id_persons")),
        sa.ForeignKeyConstraint(["tally_id"], ["tallies.id"], name=op.f("fk_objections_tally_id_tallies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    op.create_index(
        "ix_objections_notice_id_household_code", "objections", ["notice_id", "household_code"], unique=False
    )
    op.create_index("ix_objections_status_due_at", "objections", ["status", "due_at"], unique=False)
    op.create_index("ix_objections_village_code_id", "objections", ["village_code", "id"], unique=False)
    op.create_table(
        "replies",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_replies_person_id_persons")),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_replies_record_id_records")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_replies")),
    )
    op.create_table(
        "reviews",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("points", Hundredths(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("(verdict = 'amend') = (points IS NOT NULL)", name=op.f("ck_reviews_points")),
        sa.CheckConstraint("verdict IN ('approve', 'amend', 'reject')", name=op.f("ck_reviews_verdict")),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_reviews_record_id_records")),
        sa.ForeignKeyConstraint(["reviewer"], ["persons.id"], name=op.f("fk_reviews_reviewer_persons")),
        sa.PrimaryKeyConstraint("record_id", "round", "reviewer", name=op.f("pk_reviews")),
    )
    op.create_table(
        "notice_corrections",
        sa.Column("objection_id", sa.String(length=36), nullable=False),
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("net_before", Hundredths(), nullable=False),
        sa.Column("net_after", Hundredths(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_corrections_notice_id_notices")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objections.id"], name=op.f("fk_notice_corrections_objection_id_objections")
        ),
        sa.PrimaryKeyConstraint("objection_id", name=op.f("pk_notice_corrections")),
    )
    op.create_index("ix_notice_corrections_notice_id", "notice_corrections", ["notice_id"], unique=False)
    for table in APPEND_ONLY:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_notice_corrections_notice_id", table_name="notice_corrections")
    op.drop_table("notice_corrections")
    op.drop_table("reviews")
    op.drop_table("replies")
    op.drop_index("ix_objections_village_code_id", table_name="objections")
    op.drop_index("ix_objections_status_due_at", table_name="objections")
    op.drop_index("ix_objections_notice_id_household_code", table_name="objections")
    op.drop_table("objections")
    op.drop_index(op.f("ix_message_reads_person_id"), table_name="message_reads")
    op.drop_table("message_reads")
    op.drop_table("tally_votes")
    op.drop_index(op.f("ix_sessions_person_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_resolutions_tally_id_round", table_name="resolutions")
    op.drop_table("resolutions")
    op.drop_index("ix_records_village_code_status", table_name="records")
    op.drop_index("ix_records_village_code_month", table_name="records")
    op.drop_index("ix_records_village_code_logged_at", table_name="records")
    op.drop_index("ix_records_report_id", table_name="records")
    op.drop_index("ix_records_household_code_logged_at", table_name="records")
    op.drop_index("ix_records_grid_id_logged_at", table_name="records")
    op.drop_index("ix_records_caps", table_name="records")
    op.drop_table("records")
    op.drop_index(op.f("ix_photos_uploaded_at"), table_name="photos")
    op.drop_index(op.f("ix_photos_content_hash"), table_name="photos")
    op.drop_index("ix_photos_attached_to", table_name="photos")
    op.drop_table("photos")
    op.drop_index(
        "uq_notices_tally_id_standing",
        table_name="notices",
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.drop_index("ix_notices_village_code_id", table_name="notices")
    op.drop_index("ix_notices_status_take_down_at", table_name="notices")
    op.drop_index("ix_notices_status_ends_at", table_name="notices")
    op.drop_table("notices")
    op.drop_index("ix_messages_person_id_id", table_name="messages")
    op.drop_index("ix_messages_household_code_id", table_name="messages")
    op.drop_table("messages")
    op.drop_table("ledger_seals")
    op.drop_index(
        "uq_ledger_postings_household_code_account_seq",
        table_name="ledger_postings",
        sqlite_where=sa.text("household_code IS NOT NULL"),
        postgresql_where=sa.text("household_code IS NOT NULL"),
    )
    op.drop_table("ledger_postings")
    op.drop_index(op.f("ix_invitations_person_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_grants_scope"), table_name="grants")
    op.drop_index(op.f("ix_grants_person_id"), table_name="grants")
    op.drop_table("grants")
    op.drop_index(op.f("ix_persons_household_code"), table_name="persons")
    op.drop_index(op.f("ix_persons_home"), table_name="persons")
    op.drop_table("persons")
    op.drop_index(
        "uq_ledger_entries_reverses_reversal",
        table_name="ledger_entries",
        sqlite_where=sa.text("cause = 'reversal'"),
        postgresql_where=sa.text("cause = 'reversal'"),
    )
    op.drop_index("ix_ledger_entries_village_code_posted_at", table_name="ledger_entries")
    op.drop_index(
        "ix_ledger_entries_reverses",
        table_name="ledger_entries",
        sqlite_where=sa.text("reverses IS NOT NULL"),
        postgresql_where=sa.text("reverses IS NOT NULL"),
    )
    op.drop_table("ledger_entries")
    op.drop_index("ix_tally_lines_household_code", table_name="tally_lines")
    op.drop_table("tally_lines")
    op.drop_index(op.f("ix_relations_household_b"), table_name="relations")
    op.drop_table("relations")
    op.drop_index(
        "uq_plates_household_code_in_force",
        table_name="plates",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_plates_short_code"), table_name="plates")
    op.drop_index(op.f("ix_plates_household_code"), table_name="plates")
    op.drop_table("plates")
    op.drop_index(op.f("ix_members_household_code"), table_name="members")
    op.drop_table("members")
    op.drop_index("ix_ledger_accounts_village_code_base_year", table_name="ledger_accounts")
    op.drop_table("ledger_accounts")
    op.drop_index("ix_weekly_reports_village_code_ends_at", table_name="weekly_reports")
    op.drop_index("ix_weekly_reports_status_due_at", table_name="weekly_reports")
    op.drop_index("ix_weekly_reports_grid_id_week", table_name="weekly_reports")
    op.drop_table("weekly_reports")
    op.drop_index("ix_households_village_code_grid_id", table_name="households")
    op.drop_table("households")
    op.drop_index(
        "ix_tallies_freeze_due",
        table_name="tallies",
        sqlite_where=sa.text("frozen_at IS NULL"),
        postgresql_where=sa.text("frozen_at IS NULL"),
    )
    op.drop_table("tallies")
    op.drop_table("score_years")
    op.drop_index("ix_schedules_closer_due_at", table_name="schedules")
    op.drop_table("schedules")
    op.drop_table("rulebooks")
    op.drop_table("ledger_heads")
    op.drop_table("grids")
    op.drop_table("villages")
    op.drop_table("sign_in_failures")
    op.drop_table("scheduler_leases")
    op.drop_table("parked_periods")
    op.drop_table("ledger_unsealed")
    op.drop_index(op.f("ix_idempotency_keys_claimed_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_index(op.f("ix_divisions_parent"), table_name="divisions")
    op.drop_table("divisions")
    op.drop_table("demo_clock")
    op.drop_index("ix_decisions_entity_entity_id_id", table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_closed_periods_closed_at", table_name="closed_periods")
    op.drop_table("closed_periods")
    op.drop_index("ix_audit_log_village_code_id", table_name="audit_log")
    op.drop_index("ix_audit_log_person_id_id", table_name="audit_log")
    op.drop_index("ix_audit_log_entity_entity_id", table_name="audit_log")
    op.drop_index(op.f("ix_audit_log_at"), table_name="audit_log")
    op.drop_table("audit_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
