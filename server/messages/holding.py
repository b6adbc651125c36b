"""Holding back what would go out: after a restore nobody may be told again what an earlier instance told.

The inbox is not touched: everything stands there. A hold ends when nothing is due any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.orm import Session

from server.kit.ids import new_id
from server.messages.models import Hold, OutboxRow


def hold(session: Session, reason: str, now: datetime) -> int:
    """Hold back everything not yet sent, and what is written from now on; gives how many are held back.

    What was being sent stays unknown: it may have arrived.
    """
    session.add(Hold(id=new_id(), reason=reason, since=now))
    held = _end(session, "waiting", "withheld", now)
    return held + _end(session, "sending", "unknown", now)


def holding(session: Session) -> bool:
    """Whether messages are held back now."""
    return bool(session.scalar(select(exists().where(Hold.ended_at.is_(None)))))


def release(session: Session, now: datetime) -> None:
    """End every hold: what is written from now on goes out."""
    session.execute(update(Hold).where(Hold.ended_at.is_(None)).values(ended_at=now))


def _end(session: Session, source: str, target: str, now: datetime) -> int:
    ended: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(OutboxRow)
        .where(OutboxRow.status == source)
        .values(status=target, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return ended.rowcount
