"""Alembic's entry: runs on the connection that `run.py` hands over."""

from __future__ import annotations

from alembic import context

from server.app import load_tables
from server.kit.database import Base

load_tables()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
