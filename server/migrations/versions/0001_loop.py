"""The points loop: the first schema.

Until the first release this revision creates whatever the models say, so that it cannot drift from them; it is frozen
into explicit operations when the first instance goes into use.
"""

from __future__ import annotations

from alembic import op

from server.kit.database import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())


def downgrade() -> None:
    Base.metadata.drop_all(op.get_bind())
