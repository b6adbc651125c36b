"""How long photos are kept: pictures are blanked when their time is over, the row and its hash stay.

Photos of records and objections go so many days after their month was posted (the month says so), those of goods stay,
all others go as many days after their upload. What was never used goes after a week. The files follow a day later, and
never while another photo of the same content is kept.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, Select, exists, select, text, update
from sqlalchemy.orm import Session, aliased

from server.evidence import store
from server.evidence.models import AGING, UNUSED, Photo

FILES_AFTER = timedelta(days=1)
YOUNG_SECONDS = 3600
_BATCH = 500
_OLDEST = {
    which: select(Photo.id, Photo.uploaded_at).where(text(which)).order_by(Photo.uploaded_at).limit(1)
    for which in (UNUSED, AGING)
}
_NEXT_REMOVAL = (
    select(Photo.id, Photo.remove_after)
    .where(Photo.remove_after.is_not(None))
    .order_by(Photo.remove_after)
    .limit(1)
)


def oldest(session: Session, which: str) -> tuple[str, datetime] | None:
    """Id and upload of the oldest photo that is `UNUSED` or `AGING`."""
    row = session.execute(_OLDEST[which]).first()
    return None if row is None else (row[0], row[1])


def blank_unused(session: Session, before: datetime, now: datetime) -> int:
    """Blank what was uploaded by `before` and never used; gives how many."""
    return _blank(session, now, text(UNUSED), Photo.uploaded_at <= before)


def blank_aging(session: Session, before: datetime, now: datetime) -> int:
    """Blank what goes by its own age and was uploaded by `before`; gives how many."""
    return _blank(session, now, text(AGING), Photo.uploaded_at <= before)


def blank_attached(session: Session, kind: str, subjects: Select[Any], now: datetime) -> int:
    """Blank the photos of these things (a select of ids) of one kind; gives how many."""
    mine = (Photo.attached_kind == kind, Photo.attached_to.in_(subjects), Photo.blanked_at.is_(None))
    return _blank(session, now, *mine)


def _blank(session: Session, now: datetime, *which: Any) -> int:
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Photo)
        .where(*which)
        .values(blanked_at=now, remove_after=now + FILES_AFTER)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount


def next_removal(session: Session) -> tuple[str, datetime] | None:
    """Id of the photo whose file is the next to go, and when."""
    row = session.execute(_NEXT_REMOVAL).first()
    return None if row is None or row[1] is None else (row[0], row[1])


def remove_files(session: Session, folder: Path, now: datetime) -> int:
    """Remove the files whose time has come, up to a batch; gives how many photos were done.

    Removing twice is harmless, so it may happen before the commit. A file that was just written stays: its row may be
    on the way.
    """
    another = aliased(Photo)
    kept = exists().where(another.content_hash == Photo.content_hash, another.blanked_at.is_(None))
    query = select(Photo.id, Photo.content_hash, kept).where(Photo.remove_after <= now)
    rows = session.execute(query.order_by(Photo.remove_after).limit(_BATCH)).all()
    for _, content_hash, needed in rows:
        if not needed and not store.written_since(folder, content_hash, time.time() - YOUNG_SECONDS):
            store.remove(folder, content_hash)
    done = update(Photo).where(Photo.id.in_([row[0] for row in rows])).values(remove_after=None)
    session.execute(done.execution_options(synchronize_session=False))
    return len(rows)
