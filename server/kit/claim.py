"""Compare-and-set: how every state machine moves.

`UPDATE … SET status = :to WHERE id = :id AND status = :from` changes one row or somebody else was first.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from server.kit.errors import Conflict


def claim(session: Session, model: Any, key: str, source: StrEnum, target: StrEnum, **values: Any) -> bool:
    """Move the row `key` of `model` from `source` to `target`, setting `values`; False when it was not in
    `source`.
    """
    primary = next(iter(model.__table__.primary_key.columns))
    statement = (
        update(model)
        .where(primary == key, model.status == source.value)
        .values(status=target.value, **values)
        .execution_options(synchronize_session=False)
    )
    result: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment]
    return result.rowcount == 1


def claim_or_conflict(
    session: Session, model: Any, key: str, source: StrEnum, target: StrEnum, message: str, **values: Any
) -> None:
    """As `claim`, but raises Conflict `state_changed` with `message` when somebody else was first."""
    if not claim(session, model, key, source, target, **values):
        raise Conflict("state_changed", message)
