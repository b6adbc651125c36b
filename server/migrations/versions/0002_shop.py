"""The points supermarket: goods, stock, funds, exchange days, reservations, redemptions, cards.

Stands beside the loop: nothing of the loop refers to it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.kit.append_only import statements
from server.kit.database import Document, Hundredths, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "goods_prices",
    "fund_entries",
    "stock_movements",
    "stock_count_lines",
    "reservation_lines",
    "goods_returns",
)


def upgrade() -> None:
    op.create_table(
        "refused_replays",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("exchange_day_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("lines", Document, nullable=False),
        sa.Column("redeemed_at", Instant(timezone=True), nullable=False),
        sa.Column("refused_at", Instant(timezone=True), nullable=False),
        sa.Column("keeper", sa.String(length=36), nullable=False),
        sa.Column("resolved_at", Instant(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=36), nullable=True),
        sa.Column("resolution", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolution IS NULL)", name=op.f("ck_refused_replays_resolved_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_replays")),
    )
    op.create_index(
        "ix_refused_replays_exchange_day_id", "refused_replays", ["exchange_day_id"], unique=False
    )
    op.create_index(
        "ix_refused_replays_village_code_open",
        "refused_replays",
        ["village_code", "id"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "stock_counts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("counted_by", sa.String(length=36), nullable=False),
        sa.Column("counted_at", Instant(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("settled_by", sa.String(length=36), nullable=True),
        sa.Column("settled_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'open') = (settled_by IS NULL)", name=op.f("ck_stock_counts_settled_whole")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'confirmed', 'rejected')", name=op.f("ck_stock_counts_status")
        ),
        sa.CheckConstraint(
            "settled_by IS NULL OR settled_by <> counted_by", name=op.f("ck_stock_counts_two_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_counts")),
    )
    op.create_index(
        "ix_stock_counts_village_code", "stock_counts", ["village_code", "counted_at"], unique=False
    )
    op.create_table(
        "cover_days",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stock_value", Hundredths(), nullable=False),
        sa.Column("fund", Hundredths(), nullable=False),
        sa.Column("points", Hundredths(), nullable=False),
        sa.Column("rate", Hundredths(), nullable=False),
        sa.Column("measured_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_cover_days_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", "day", name=op.f("pk_cover_days")),
    )
    op.create_table(
        "donors",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'organisation')", name=op.f("ck_donors_kind")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_donors_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donors")),
        sa.UniqueConstraint("village_code", "name", name=op.f("uq_donors_village_code_name")),
    )
    op.create_table(
        "exchange_days",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("by_rule", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("opens_at", sa.String(length=5), nullable=False),
        sa.Column("closes_at", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'closed', 'redeeming', 'settled', 'cancelled')",
            name=op.f("ck_exchange_days_status"),
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_exchange_days_hours")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_exchange_days_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_days")),
    )
    op.create_index("ix_exchange_days_status_day", "exchange_days", ["status", "day"], unique=False)
    op.create_index(
        "ix_exchange_days_village_code_day", "exchange_days", ["village_code", "day", "id"], unique=False
    )
    op.create_index(
        "uq_exchange_days_village_code_day",
        "exchange_days",
        ["village_code", "day"],
        unique=True,
        sqlite_where=sa.text("status <> 'cancelled'"),
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_index(
        "uq_exchange_days_village_code_planned_on",
        "exchange_days",
        ["village_code", "planned_on"],
        unique=True,
        sqlite_where=sa.text("by_rule"),
        postgresql_where=sa.text("by_rule"),
    )
    op.create_table(
        "exchange_plans",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("settings_revision", sa.Integer(), nullable=False),
        sa.Column("planned_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_exchange_plans_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", name=op.f("pk_exchange_plans")),
    )
    op.create_index(op.f("ix_exchange_plans_month"), "exchange_plans", ["month"], unique=False)
    op.create_table(
        "goods",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("barcode", sa.String(length=13), nullable=False),
        sa.Column("shelf_life_days", sa.Integer(), nullable=True),
        sa.Column("limit_per_day", sa.Integer(), nullable=True),
        sa.Column("low_level", sa.Integer(), nullable=False),
        sa.Column("on_shelf", sa.Boolean(), nullable=False),
        sa.Column("photo", sa.String(length=36), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("limit_per_day IS NULL OR limit_per_day > 0", name=op.f("ck_goods_limit_per_day")),
        sa.CheckConstraint("low_level >= 0", name=op.f("ck_goods_low_level")),
        sa.CheckConstraint(
            "shelf_life_days IS NULL OR shelf_life_days > 0", name=op.f("ck_goods_shelf_life_days")
        ),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_goods_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods")),
        sa.UniqueConstraint("village_code", "barcode", name=op.f("uq_goods_village_code_barcode")),
        sa.UniqueConstraint("village_code", "name", name=op.f("uq_goods_village_code_name")),
    )
    op.create_table(
        "mall_settings",
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("reference_rate", Hundredths(), nullable=False),
        sa.Column("return_days", sa.Integer(), nullable=False),
        sa.Column("pickup_days", sa.Integer(), nullable=False),
        sa.Column("offline_limit", Hundredths(), nullable=False),
        sa.Column("statement_photo_required", sa.Boolean(), nullable=False),
        sa.Column("exchange_rule", Document, nullable=False),
        sa.Column("opens_at", sa.String(length=5), nullable=False),
        sa.Column("closes_at", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("expiry_warning_days", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("expiry_warning_days >= 0", name=op.f("ck_mall_settings_expiry_warning_days")),
        sa.CheckConstraint("offline_limit >= 0", name=op.f("ck_mall_settings_offline_limit")),
        sa.CheckConstraint("pickup_days >= 0", name=op.f("ck_mall_settings_pickup_days")),
        sa.CheckConstraint("reference_rate > 0", name=op.f("ck_mall_settings_reference_rate")),
        sa.CheckConstraint("return_days >= 0", name=op.f("ck_mall_settings_return_days")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_mall_settings_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("village_code", name=op.f("pk_mall_settings")),
    )
    op.create_table(
        "exchange_settlements",
        sa.Column("exchange_day_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("figures", Document, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("first_by", sa.String(length=36), nullable=False),
        sa.Column("first_grant", sa.String(length=36), nullable=False),
        sa.Column("first_at", Instant(timezone=True), nullable=False),
        sa.Column("second_by", sa.String(length=36), nullable=True),
        sa.Column("second_grant", sa.String(length=36), nullable=True),
        sa.Column("second_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)", name=op.f("ck_exchange_settlements_signed_whole")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_exchange_settlements_number")),
        sa.CheckConstraint(
            "second_by IS NULL OR second_by <> first_by", name=op.f("ck_exchange_settlements_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["exchange_day_id"],
            ["exchange_days.id"],
            name=op.f("fk_exchange_settlements_exchange_day_id_exchange_days"),
        ),
        sa.PrimaryKeyConstraint("exchange_day_id", "number", name=op.f("pk_exchange_settlements")),
    )
    op.create_table(
        "exchange_slots",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("exchange_day_id", sa.String(length=36), nullable=False),
        sa.Column("starts_at", sa.String(length=5), nullable=False),
        sa.Column("ends_at", sa.String(length=5), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_exchange_slots_hours")),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name=op.f("ck_exchange_slots_taken")),
        sa.ForeignKeyConstraint(
            ["exchange_day_id"],
            ["exchange_days.id"],
            name=op.f("fk_exchange_slots_exchange_day_id_exchange_days"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_slots")),
        sa.UniqueConstraint(
            "exchange_day_id", "starts_at", name=op.f("uq_exchange_slots_exchange_day_id_starts_at")
        ),
    )
    op.create_table(
        "fund_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("amount", Hundredths(), nullable=False),
        sa.Column("donor_id", sa.String(length=36), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=True),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'purchase' AND amount < 0) OR (kind IN ('donation', 'village_money') AND amount > 0) OR (kind = 'correction' AND amount <> 0)",
            name=op.f("ck_fund_entries_amount"),
        ),
        sa.CheckConstraint("kind <> 'donation' OR donor_id IS NOT NULL", name=op.f("ck_fund_entries_donor")),
        sa.CheckConstraint(
            "kind IN ('donation', 'village_money', 'purchase', 'correction')",
            name=op.f("ck_fund_entries_kind"),
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_fund_entries_donor_id_donors")),
        sa.ForeignKeyConstraint(
            ["village_code"], ["villages.code"], name=op.f("fk_fund_entries_village_code_villages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_entries")),
        sa.UniqueConstraint("reference", name=op.f("uq_fund_entries_reference")),
    )
    op.create_index(op.f("ix_fund_entries_donor_id"), "fund_entries", ["donor_id"], unique=False)
    op.create_index(
        "ix_fund_entries_village_code_at", "fund_entries", ["village_code", "at", "id"], unique=False
    )
    op.create_table(
        "goods_prices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("goods_id", sa.String(length=36), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("points_price", Hundredths(), nullable=False),
        sa.Column("cost_yuan", Hundredths(), nullable=False),
        sa.Column("set_by", sa.String(length=36), nullable=True),
        sa.Column("set_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("cost_yuan >= 0", name=op.f("ck_goods_prices_cost_yuan")),
        sa.CheckConstraint("points_price > 0", name=op.f("ck_goods_prices_points_price")),
        sa.ForeignKeyConstraint(["goods_id"], ["goods.id"], name=op.f("fk_goods_prices_goods_id_goods")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_prices")),
    )
    op.create_index(
        "ix_goods_prices_goods_id_starts_on", "goods_prices", ["goods_id", "starts_on", "id"], unique=False
    )
    op.create_table(
        "goods_stock",
        sa.Column("goods_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Integer(), nullable=False),
        sa.CheckConstraint("expired >= 0 AND expired <= on_hand", name=op.f("ck_goods_stock_expired")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_goods_stock_held")),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_goods_stock_on_hand")),
        sa.ForeignKeyConstraint(["goods_id"], ["goods.id"], name=op.f("fk_goods_stock_goods_id_goods")),
        sa.PrimaryKeyConstraint("goods_id", name=op.f("pk_goods_stock")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("ix_goods_stock_village_code", "goods_stock", ["village_code"], unique=False)
    op.create_table(
        "stock_batches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("goods_id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("quantity_left", sa.Integer(), nullable=False),
        sa.Column("expired", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity_left >= 0", name=op.f("ck_stock_batches_quantity_left")),
        sa.ForeignKeyConstraint(["goods_id"], ["goods.id"], name=op.f("fk_stock_batches_goods_id_goods")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_batches")),
    )
    op.create_index(
        "ix_stock_batches_expires_on",
        "stock_batches",
        ["expires_on"],
        unique=False,
        sqlite_where=sa.text("quantity_left > 0"),
        postgresql_where=sa.text("quantity_left > 0"),
    )
    op.create_index(
        "ix_stock_batches_goods_id",
        "stock_batches",
        ["goods_id", "expires_on", "id"],
        unique=False,
        sqlite_where=sa.text("quantity_left > 0"),
        postgresql_where=sa.text("quantity_left > 0"),
    )
    op.create_table(
        "stock_count_lines",
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("goods_id", sa.String(length=36), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("book", sa.Integer(), nullable=False),
        sa.CheckConstraint("book >= 0", name=op.f("ck_stock_count_lines_book")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_lines_counted")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_counts.id"], name=op.f("fk_stock_count_lines_count_id_stock_counts")
        ),
        sa.ForeignKeyConstraint(["goods_id"], ["goods.id"], name=op.f("fk_stock_count_lines_goods_id_goods")),
        sa.PrimaryKeyConstraint("count_id", "goods_id", name=op.f("pk_stock_count_lines")),
    )
    op.create_table(
        "household_proxies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("named_by", sa.String(length=36), nullable=False),
        sa.Column("named_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_code"],
            ["households.code"],
            name=op.f("fk_household_proxies_household_code_households"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_proxies")),
    )
    op.create_index(
        "ix_household_proxies_household_code", "household_proxies", ["household_code", "id"], unique=False
    )
    op.create_table(
        "points_cards",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("pin_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("issued_by", sa.String(length=36), nullable=True),
        sa.Column("issued_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'active') = (ended_at IS NULL)", name=op.f("ck_points_cards_ended_whole")
        ),
        sa.CheckConstraint("status IN ('active', 'lost', 'replaced')", name=op.f("ck_points_cards_status")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_points_cards_failures")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_points_cards_household_code_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_cards")),
        sa.UniqueConstraint("number", name=op.f("uq_points_cards_number")),
        sa.UniqueConstraint("token", name=op.f("uq_points_cards_token")),
    )
    op.create_index("ix_points_cards_household_code", "points_cards", ["household_code", "id"], unique=False)
    op.create_index(
        "uq_points_cards_household_code_active",
        "points_cards",
        ["household_code"],
        unique=True,
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "reservations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("exchange_day_id", sa.String(length=36), nullable=False),
        sa.Column("slot_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("points", Hundredths(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'open') = (ended_at IS NULL)", name=op.f("ck_reservations_ended_whole")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'redeemed', 'cancelled', 'expired', 'released')",
            name=op.f("ck_reservations_status"),
        ),
        sa.CheckConstraint("points > 0", name=op.f("ck_reservations_points")),
        sa.ForeignKeyConstraint(
            ["exchange_day_id"],
            ["exchange_days.id"],
            name=op.f("fk_reservations_exchange_day_id_exchange_days"),
        ),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_reservations_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["exchange_slots.id"], name=op.f("fk_reservations_slot_id_exchange_slots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
    )
    op.create_index(
        "ix_reservations_exchange_day_id", "reservations", ["exchange_day_id", "id"], unique=False
    )
    op.create_index(
        "ix_reservations_exchange_day_id_open",
        "reservations",
        ["exchange_day_id", "household_code"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_reservations_household_code_id", "reservations", ["household_code", "id"], unique=False
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("goods_id", sa.String(length=36), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.String(length=36), nullable=True),
        sa.Column("cost", Hundredths(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=True),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('donated', 'bought', 'returned') AND quantity > 0) OR (kind IN ('redeemed', 'spoiled') AND quantity < 0) OR (kind = 'counted' AND quantity <> 0)",
            name=op.f("ck_stock_movements_quantity"),
        ),
        sa.CheckConstraint(
            "kind IN ('donated', 'bought', 'redeemed', 'returned', 'spoiled', 'counted')",
            name=op.f("ck_stock_movements_kind"),
        ),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_stock_movements_cost")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["stock_batches.id"], name=op.f("fk_stock_movements_batch_id_stock_batches")
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_stock_movements_donor_id_donors")),
        sa.ForeignKeyConstraint(["goods_id"], ["goods.id"], name=op.f("fk_stock_movements_goods_id_goods")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index("ix_stock_movements_goods_id_at", "stock_movements", ["goods_id", "at"], unique=False)
    op.create_index("ix_stock_movements_reference", "stock_movements", ["reference"], unique=False)
    op.create_index(
        "ix_stock_movements_village_code_at", "stock_movements", ["village_code", "at", "id"], unique=False
    )
    op.create_table(
        "wrong_pickup_codes",
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_wrong_pickup_codes_failures")),
        sa.ForeignKeyConstraint(
            ["household_code"],
            ["households.code"],
            name=op.f("fk_wrong_pickup_codes_household_code_households"),
        ),
        sa.PrimaryKeyConstraint("household_code", name=op.f("pk_wrong_pickup_codes")),
    )
    op.create_table(
        "pickup_codes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("reservation_id", sa.String(length=36), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("used_at", Instant(timezone=True), nullable=True),
        sa.Column("redemption_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(used_at IS NULL) = (redemption_id IS NULL)", name=op.f("ck_pickup_codes_used_whole")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_pickup_codes_life")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_pickup_codes_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservations.id"], name=op.f("fk_pickup_codes_reservation_id_reservations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_codes")),
    )
    op.create_index(op.f("ix_pickup_codes_code_hash"), "pickup_codes", ["code_hash"], unique=False)
    op.create_index(
        "ix_pickup_codes_household_code_created_at",
        "pickup_codes",
        ["household_code", "created_at"],
        unique=False,
    )
    op.create_table(
        "redemptions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("village_code", sa.String(length=12), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("exchange_day_id", sa.String(length=36), nullable=False),
        sa.Column("reservation_id", sa.String(length=36), nullable=True),
        sa.Column("settlement", sa.Integer(), nullable=False),
        sa.Column("points", Hundredths(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("photo_id", sa.String(length=36), nullable=True),
        sa.Column("proxy_id", sa.String(length=36), nullable=True),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("keeper", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("redeemed_at", Instant(timezone=True), nullable=False),
        sa.Column("recorded_at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "method <> 'statement' OR reason <> ''", name=op.f("ck_redemptions_statement_reason")
        ),
        sa.CheckConstraint("method IN ('code', 'pin', 'statement')", name=op.f("ck_redemptions_method")),
        sa.CheckConstraint("points > 0", name=op.f("ck_redemptions_points")),
        sa.CheckConstraint(
            "proxy_id IS NULL OR photo_id IS NOT NULL", name=op.f("ck_redemptions_proxy_signs")
        ),
        sa.CheckConstraint("settlement >= 1", name=op.f("ck_redemptions_settlement")),
        sa.ForeignKeyConstraint(
            ["exchange_day_id"],
            ["exchange_days.id"],
            name=op.f("fk_redemptions_exchange_day_id_exchange_days"),
        ),
        sa.ForeignKeyConstraint(
            ["household_code"], ["households.code"], name=op.f("fk_redemptions_household_code_households")
        ),
        sa.ForeignKeyConstraint(
            ["proxy_id"], ["household_proxies.id"], name=op.f("fk_redemptions_proxy_id_household_proxies")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservations.id"], name=op.f("fk_redemptions_reservation_id_reservations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_redemptions_reservation_id")),
    )
    op.create_index(
        "ix_redemptions_exchange_day_id_household_code",
        "redemptions",
        ["exchange_day_id", "household_code"],
        unique=False,
    )
    op.create_index("ix_redemptions_household_code_id", "redemptions", ["household_code", "id"], unique=False)
    op.create_index("ix_redemptions_village_code_id", "redemptions", ["village_code", "id"], unique=False)
    op.create_table(
        "reservation_lines",
        sa.Column("reservation_id", sa.String(length=36), nullable=False),
        sa.Column("goods_id", sa.String(length=36), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("points_price", Hundredths(), nullable=False),
        sa.CheckConstraint("points_price > 0", name=op.f("ck_reservation_lines_points_price")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_lines_quantity")),
        sa.ForeignKeyConstraint(["goods_id"], ["goods.id"], name=op.f("fk_reservation_lines_goods_id_goods")),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservations.id"],
            name=op.f("fk_reservation_lines_reservation_id_reservations"),
        ),
        sa.PrimaryKeyConstraint("reservation_id", "goods_id", name=op.f("pk_reservation_lines")),
    )
    op.create_table(
        "goods_returns",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("redemption_id", sa.String(length=36), nullable=False),
        sa.Column("exchange_day_id", sa.String(length=36), nullable=False),
        sa.Column("household_code", sa.String(length=16), nullable=False),
        sa.Column("settlement", sa.Integer(), nullable=False),
        sa.Column("points", Hundredths(), nullable=False),
        sa.Column("lines", Document, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("keeper", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_goods_returns_points")),
        sa.ForeignKeyConstraint(
            ["exchange_day_id"],
            ["exchange_days.id"],
            name=op.f("fk_goods_returns_exchange_day_id_exchange_days"),
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemptions.id"], name=op.f("fk_goods_returns_redemption_id_redemptions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_returns")),
    )
    op.create_index(
        "ix_goods_returns_exchange_day_id_settlement",
        "goods_returns",
        ["exchange_day_id", "settlement"],
        unique=False,
    )
    op.create_index("ix_goods_returns_redemption_id", "goods_returns", ["redemption_id"], unique=False)
    op.create_table(
        "redemption_lines",
        sa.Column("redemption_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goods_id", sa.String(length=36), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("points_price", Hundredths(), nullable=False),
        sa.Column("cost_yuan", Hundredths(), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.CheckConstraint("points_price > 0", name=op.f("ck_redemption_lines_points_price")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_redemption_lines_quantity")),
        sa.CheckConstraint(
            "returned >= 0 AND returned <= quantity", name=op.f("ck_redemption_lines_returned")
        ),
        sa.ForeignKeyConstraint(["goods_id"], ["goods.id"], name=op.f("fk_redemption_lines_goods_id_goods")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemptions.id"], name=op.f("fk_redemption_lines_redemption_id_redemptions")
        ),
        sa.PrimaryKeyConstraint("redemption_id", "number", name=op.f("pk_redemption_lines")),
    )
    for table in APPEND_ONLY:
        for statement in statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("redemption_lines")
    op.drop_index("ix_goods_returns_redemption_id", table_name="goods_returns")
    op.drop_index("ix_goods_returns_exchange_day_id_settlement", table_name="goods_returns")
    op.drop_table("goods_returns")
    op.drop_table("reservation_lines")
    op.drop_index("ix_redemptions_village_code_id", table_name="redemptions")
    op.drop_index("ix_redemptions_household_code_id", table_name="redemptions")
    op.drop_index("ix_redemptions_exchange_day_id_household_code", table_name="redemptions")
    op.drop_table("redemptions")
    op.drop_index("ix_pickup_codes_household_code_created_at", table_name="pickup_codes")
    op.drop_index(op.f("ix_pickup_codes_code_hash"), table_name="pickup_codes")
    op.drop_table("pickup_codes")
    op.drop_table("wrong_pickup_codes")
    op.drop_index("ix_stock_movements_village_code_at", table_name="stock_movements")
    op.drop_index("ix_stock_movements_reference", table_name="stock_movements")
    op.drop_index("ix_stock_movements_goods_id_at", table_name="stock_movements")
    op.drop_table("stock_movements")
    op.drop_index("ix_reservations_household_code_id", table_name="reservations")
    op.drop_index(
        "ix_reservations_exchange_day_id_open",
        table_name="reservations",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index("ix_reservations_exchange_day_id", table_name="reservations")
    op.drop_table("reservations")
    op.drop_index(
        "uq_points_cards_household_code_active",
        table_name="points_cards",
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.drop_index("ix_points_cards_household_code", table_name="points_cards")
    op.drop_table("points_cards")
    op.drop_index("ix_household_proxies_household_code", table_name="household_proxies")
    op.drop_table("household_proxies")
    op.drop_table("stock_count_lines")
    op.drop_index(
        "ix_stock_batches_goods_id",
        table_name="stock_batches",
        sqlite_where=sa.text("quantity_left > 0"),
        postgresql_where=sa.text("quantity_left > 0"),
    )
    op.drop_index(
        "ix_stock_batches_expires_on",
        table_name="stock_batches",
        sqlite_where=sa.text("quantity_left > 0"),
        postgresql_where=sa.text("quantity_left > 0"),
    )
    op.drop_table("stock_batches")
    op.drop_index("ix_goods_stock_village_code", table_name="goods_stock")
    op.drop_table("goods_stock")
    op.drop_index("ix_goods_prices_goods_id_starts_on", table_name="goods_prices")
    op.drop_table("goods_prices")
    op.drop_index("ix_fund_entries_village_code_at", table_name="fund_entries")
    op.drop_index(op.f("ix_fund_entries_donor_id"), table_name="fund_entries")
    op.drop_table("fund_entries")
    op.drop_table("exchange_slots")
    op.drop_table("exchange_settlements")
    op.drop_table("mall_settings")
    op.drop_table("goods")
    op.drop_index(op.f("ix_exchange_plans_month"), table_name="exchange_plans")
    op.drop_table("exchange_plans")
    op.drop_index(
        "uq_exchange_days_village_code_planned_on",
        table_name="exchange_days",
        sqlite_where=sa.text("by_rule"),
        postgresql_where=sa.text("by_rule"),
    )
    op.drop_index(
        "uq_exchange_days_village_code_day",
        table_name="exchange_days",
        sqlite_where=sa.text("status <> 'cancelled'"),
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.drop_index("ix_exchange_days_village_code_day", table_name="exchange_days")
    op.drop_index("ix_exchange_days_status_day", table_name="exchange_days")
    op.drop_table("exchange_days")
    op.drop_table("donors")
    op.drop_table("cover_days")
    op.drop_index("ix_stock_counts_village_code", table_name="stock_counts")
    op.drop_table("stock_counts")
    op.drop_index(
        "ix_refused_replays_village_code_open",
        table_name="refused_replays",
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_index("ix_refused_replays_exchange_day_id", table_name="refused_replays")
    op.drop_table("refused_replays")
