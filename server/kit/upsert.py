"""INSERT … ON CONFLICT on both engines, for rows that may be there already."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(session: Session, model: Any) -> Any:
    """An INSERT into `model` that knows `on_conflict_do_nothing` and `on_conflict_do_update` on this engine.

    The result's `rowcount` says how many rows went in (SQLAlchemy keeps it for inserts only when asked to).
    """
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return make(model).execution_options(preserve_rowcount=True)
