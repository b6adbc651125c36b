"""INSERT … ON CONFLICT on both engines, for rows that may be there already."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(session: Session, model: Any) -> Any:
    """An INSERT into `model` that knows `on_conflict_do_nothing` and `on_conflict_do_update` on this engine."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)
