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

APPEND_ONLY: tuple[str, ...] = (
    "household_choices",
    "quarter_summaries",
    "nomination_votes",
    "recommendation_entries",
)


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
    _honours()
    for table in APPEND_ONLY:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def _honours() -> None:
    op.create_table(
        "honours",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["persons.id"], name=op.f("fk_honours_changed_by_persons")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_honours_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", "code", name=op.f("pk_honours")),
    )
    op.create_table(
        "evaluations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("honours", Document, nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("year_posted_at", Instant(timezone=True), nullable=True),
        sa.Column("voting_at", Instant(timezone=True), nullable=True),
        sa.Column("resolved_at", Instant(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=36), nullable=True),
        sa.Column("published_at", Instant(timezone=True), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("ends_at", Instant(timezone=True), nullable=True),
        sa.Column("ledger_head", sa.String(length=64), nullable=True),
        sa.Column("awarded_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('nominating', 'voting', 'resolved', 'on_notice', 'awarded')",
            name=op.f("ck_evaluations_status"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_evaluations_published_whole")
        ),
        sa.CheckConstraint("days IS NULL OR days >= 7", name=op.f("ck_evaluations_days")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_evaluations_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("village_code", "year", name=op.f("uq_evaluations_village_code_year")),
    )
    op.create_index("ix_evaluations_status_ends_at", "evaluations", ["status", "ends_at"], unique=False)
    op.create_table(
        "nominations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("evaluation_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("honour_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=True),
        sa.Column("nominee", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("nominated_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("nominated_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("checks", Document, nullable=True),
        sa.Column("score", Hundredths(), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Integer(), nullable=True),
        sa.Column("voters", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("certificate_number", sa.String(length=40), nullable=True),
        sa.Column("awarded_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'awarded') = (certificate_number IS NOT NULL)", name=op.f("ck_nominations_certificate")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'withdrawn', 'unqualified', 'chosen', 'not_chosen', 'awarded', 'revoked')",
            name=op.f("ck_nominations_status"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_nominations_evaluation_id_evaluations")
        ),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_nominations_household_code_households")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_nominations_member_id_members")),
        sa.ForeignKeyConstraint(
            ["nominated_by"], ["persons.id"], name=op.f("fk_nominations_nominated_by_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        sa.UniqueConstraint("certificate_number", name=op.f("uq_nominations_certificate_number")),
    )
    op.create_index(
        "uq_nominations_nominee_standing",
        "nominations",
        ["evaluation_id", "honour_code", "nominee"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "nomination_votes",
        sa.Column("nomination_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("vote", sa.String(length=8), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("vote IN ('for', 'against', 'abstain')", name=op.f("ck_nomination_votes_vote")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.id"], name=op.f("fk_nomination_votes_nomination_id_nominations")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_nomination_votes_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("nomination_id", "person_id", name=op.f("pk_nomination_votes")),
    )
    op.create_table(
        "evaluation_minutes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("evaluation_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("minutes_number", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("results", Document, nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", Instant(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=36), nullable=True),
        sa.Column("confirmed_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('villagers', 'representatives', 'committee')", name=op.f("ck_evaluation_minutes_kind")
        ),
        sa.CheckConstraint(
            "status IN ('entered', 'confirmed', 'replaced')", name=op.f("ck_evaluation_minutes_status")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> entered_by",
            name=op.f("ck_evaluation_minutes_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["persons.id"], name=op.f("fk_evaluation_minutes_confirmed_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["persons.id"], name=op.f("fk_evaluation_minutes_entered_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_evaluation_minutes_evaluation_id_evaluations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_minutes")),
    )
    op.create_index(
        "ix_evaluation_minutes_evaluation_id", "evaluation_minutes", ["evaluation_id"], unique=False
    )
    op.create_table(
        "honour_objections",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nomination_id", sa.String(length=36), nullable=False),
        sa.Column("evaluation_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'escalated', 'upheld', 'dismissed')", name=op.f("ck_honour_objections_status")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_honour_objections_evaluation_id_evaluations")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nominations.id"], name=op.f("fk_honour_objections_nomination_id_nominations")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_honour_objections_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour_objections")),
    )
    op.create_index(
        "ix_honour_objections_nomination_id", "honour_objections", ["nomination_id"], unique=False
    )
    op.create_index(
        "ix_honour_objections_status_due_at", "honour_objections", ["status", "due_at"], unique=False
    )
    op.create_index(
        "ix_honour_objections_village_code_id", "honour_objections", ["village_code", "id"], unique=False
    )
    op.create_table(
        "recommendation_consents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("given_at", Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_recommendation_consents_withdrawn_whole"),
        ),
        sa.CheckConstraint(
            "purpose IN ('army', 'party', 'cadre')", name=op.f("ck_recommendation_consents_purpose")
        ),
        sa.CheckConstraint(
            "status IN ('given', 'withdrawn')", name=op.f("ck_recommendation_consents_status")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["persons.id"], name=op.f("fk_recommendation_consents_given_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["household_code"],
            ["households.code"],
            name=op.f("fk_recommendation_consents_household_code_households"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_recommendation_consents_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_consents")),
    )
    op.create_index(
        "ix_recommendation_consents_household_code",
        "recommendation_consents",
        ["household_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_recommendation_consents_village_code"),
        "recommendation_consents",
        ["village_code"],
        unique=False,
    )
    op.create_index(
        "uq_recommendation_consents_member_id_purpose_given",
        "recommendation_consents",
        ["member_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("status = 'given'"),
        postgresql_where=sa.text("status = 'given'"),
    )
    op.create_table(
        "recommendation_lists",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("least_score", Hundredths(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=36), nullable=True),
        sa.Column("issued_at", Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('army', 'party', 'cadre')", name=op.f("ck_recommendation_lists_purpose")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'issued', 'withdrawn')", name=op.f("ck_recommendation_lists_status")
        ),
        sa.CheckConstraint(
            "issued_by IS NULL OR issued_by <> made_by", name=op.f("ck_recommendation_lists_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["persons.id"], name=op.f("fk_recommendation_lists_issued_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["persons.id"], name=op.f("fk_recommendation_lists_made_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_recommendation_lists_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_lists")),
    )
    op.create_index(
        "uq_recommendation_lists_standing",
        "recommendation_lists",
        ["village_code", "year", "purpose"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "recommendation_entries",
        sa.Column("list_id", sa.String(length=36), nullable=False),
        sa.Column("consent_id", sa.String(length=36), nullable=False),
        sa.Column("score", Hundredths(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"],
            ["recommendation_consents.id"],
            name=op.f("fk_recommendation_entries_consent_id_recommendation_consents"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["recommendation_lists.id"],
            name=op.f("fk_recommendation_entries_list_id_recommendation_lists"),
        ),
        sa.PrimaryKeyConstraint("list_id", "consent_id", name=op.f("pk_recommendation_entries")),
    )


def downgrade() -> None:
    _without_honours()
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


def _without_honours() -> None:
    op.drop_table("recommendation_entries")
    op.drop_index(
        "uq_recommendation_lists_standing",
        table_name="recommendation_lists",
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.drop_table("recommendation_lists")
    op.drop_index(
        "uq_recommendation_consents_member_id_purpose_given",
        table_name="recommendation_consents",
        sqlite_where=sa.text("status = 'given'"),
        postgresql_where=sa.text("status = 'given'"),
    )
    op.drop_index(op.f("ix_recommendation_consents_village_code"), table_name="recommendation_consents")
    op.drop_index("ix_recommendation_consents_household_code", table_name="recommendation_consents")
    op.drop_table("recommendation_consents")
    op.drop_index("ix_honour_objections_village_code_id", table_name="honour_objections")
    op.drop_index("ix_honour_objections_status_due_at", table_name="honour_objections")
    op.drop_index("ix_honour_objections_nomination_id", table_name="honour_objections")
    op.drop_table("honour_objections")
    op.drop_index("ix_evaluation_minutes_evaluation_id", table_name="evaluation_minutes")
    op.drop_table("evaluation_minutes")
    op.drop_table("nomination_votes")
    op.drop_index(
        "uq_nominations_nominee_standing",
        table_name="nominations",
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.drop_table("nominations")
    op.drop_index("ix_evaluations_status_ends_at", table_name="evaluations")
    op.drop_table("evaluations")
    op.drop_table("honours")
