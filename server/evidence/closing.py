"""The closers of photos: what was never used, what its age is enough for, and the files behind both."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from server.config import Settings
from server.cycles.api import INSTANCE, Closer, Due, NotDue, Skip
from server.evidence import retention, store
from server.evidence.models import AGING, UNUSED

ORPHANS, AGED, FILES = "evidence.orphans", "evidence.aged", "evidence.files"


def closers() -> list[Closer]:
    """A period is named after the photo that has waited longest: it can be blanked once."""
    return [
        Closer(ORPHANS, _next_orphans, _orphans),
        Closer(AGED, _next_aged, _aged),
        Closer(FILES, _next_files, _files),
    ]


def _settings() -> Settings:
    found: Settings = current_app.extensions["jifen_settings"]
    return found


def _due(found: tuple[str, datetime] | None, after: timedelta, now: datetime, skip: Skip) -> Due | None:
    if found is None or found[1] + after > now or (INSTANCE, found[0]) in skip:
        return None
    return Due(INSTANCE, found[0], found[1] + after)


def _next_orphans(session: Session, now: datetime, skip: Skip) -> Due | None:
    days = timedelta(days=_settings().orphan_photo_days)
    return _due(retention.oldest(session, UNUSED), days, now, skip)


def _orphans(session: Session, due: Due, now: datetime) -> None:
    if retention.blank_unused(session, now - timedelta(days=_settings().orphan_photo_days), now) == 0:
        raise NotDue


def _next_aged(session: Session, now: datetime, skip: Skip) -> Due | None:
    return _due(retention.oldest(session, AGING), timedelta(days=_settings().photo_days), now, skip)


def _aged(session: Session, due: Due, now: datetime) -> None:
    if retention.blank_aging(session, now - timedelta(days=_settings().photo_days), now) == 0:
        raise NotDue


def _next_files(session: Session, now: datetime, skip: Skip) -> Due | None:
    return _due(retention.next_removal(session), timedelta(0), now, skip)


def _files(session: Session, due: Due, now: datetime) -> None:
    if retention.remove_files(session, store.folder_in(_settings().data), now) == 0:
        raise NotDue
