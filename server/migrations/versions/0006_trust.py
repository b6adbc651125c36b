"""Operations and trust: audit chain, TOTP, rate limits, outbox, retention of photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.kit.append_only import removal, statements
from server.kit.database import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEHIND = {
    "audit_log": "EXISTS (SELECT 1 FROM audit_seals s WHERE s.audit_id = OLD.id "
    "AND s.number <= (SELECT max(c.number) FROM audit_checkpoints c))",
    "audit_seals": "EXISTS (SELECT 1 FROM audit_checkpoints c WHERE c.number >= OLD.number)",
}


_PARTIAL = {
    "ix_photos_unused": ("uploaded_at", "attached_to IS NULL AND blanked_at IS NULL"),
    "ix_photos_aging": (
        "uploaded_at",
        "attached_kind NOT IN ('record', 'objection', 'goods') AND blanked_at IS NULL",
    ),
    "ix_photos_remove_after": ("remove_after", "remove_after IS NOT NULL"),
}


def upgrade() -> None:
    """Every act so far waits for its seal."""
    _audit_chain()
    _people()
    _outbox()
    op.add_column("photos", sa.Column("blanked_at", Instant(), nullable=True))
    op.add_column("photos", sa.Column("remove_after", Instant(), nullable=True))
    for name, (column, where) in _PARTIAL.items():
        op.create_index(
            name, "photos", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    kept: sa.Column[bool] = sa.Column("photos_kept", sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column("tallies", kept)


def _audit_chain() -> None:
    op.create_table(
        "audit_unsealed",
        sa.Column("audit_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name="pk_audit_unsealed"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("audit_id", sa.String(36), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_audit_seals_number"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_seals"),
        sa.UniqueConstraint("audit_id", name="uq_audit_seals_audit_id"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("cut_before", Instant(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_checkpoints"),
    )
    op.execute("INSERT INTO audit_unsealed (audit_id) SELECT id FROM audit_log")
    dialect = op.get_bind().dialect.name
    for sql in removal("audit_log", dialect):
        op.execute(sql)
    for table in ("audit_log", "audit_seals", "audit_checkpoints"):
        for sql in statements(table, dialect, _BEHIND.get(table, "")):
            op.execute(sql)


def _people() -> None:
    op.create_table(
        "totp",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("secret_sealed", sa.String(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_totp_person_id_persons"),
        sa.PrimaryKeyConstraint("person_id", name="pk_totp"),
    )
    op.create_table(
        "rate_counts",
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "began_at", name="pk_rate_counts"),
    )
    op.create_index("ix_rate_counts_began_at", "rate_counts", ["began_at"])


def _outbox() -> None:
    op.create_table(
        "wechat_agreements",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("agreed_at", Instant(), nullable=False),
        sa.CheckConstraint("remaining >= 0", name="ck_wechat_agreements_remaining"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_wechat_agreements_person_id_persons"),
        sa.PrimaryKeyConstraint("person_id", "template", name="pk_wechat_agreements"),
    )
    op.create_table(
        "wechat_accounts",
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("open_id", sa.String(64), nullable=False),
        sa.Column("bound_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_wechat_accounts_person_id_persons"),
        sa.PrimaryKeyConstraint("person_id", name="pk_wechat_accounts"),
        sa.UniqueConstraint("open_id", name="uq_wechat_accounts_open_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'refused', 'unknown', 'withheld')",
            name="ck_outbox_status",
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_outbox_message_id_messages"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_outbox_person_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_message_id", "outbox", ["message_id"])
    op.create_index("ix_outbox_status_next_try_at", "outbox", ["status", "next_try_at"])
    op.create_table(
        "outbox_holds",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_holds"),
    )
    op.create_table(
        "shared_tokens",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_sealed", sa.String(), nullable=True),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_shared_tokens"),
    )


def downgrade() -> None:
    """The log stays as it is; what was cut from it does not come back."""
    op.drop_column("tallies", "photos_kept")
    for name in _PARTIAL:
        op.drop_index(name, "photos")
    for column in ("remove_after", "blanked_at"):
        op.drop_column("photos", column)
    for table in (
        "shared_tokens",
        "outbox_holds",
        "outbox",
        "wechat_accounts",
        "wechat_agreements",
        "rate_counts",
        "totp",
    ):
        op.drop_table(table)
    dialect = op.get_bind().dialect.name
    for sql in removal("audit_log", dialect):
        op.execute(sql)
    for table in ("audit_checkpoints", "audit_seals", "audit_head", "audit_unsealed"):
        op.drop_table(table)
    if dialect == "postgresql":
        for table in _BEHIND:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
    for sql in statements("audit_log", dialect):
        op.execute(sql)
