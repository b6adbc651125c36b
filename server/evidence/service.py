"""Photos: keeping an upload under its client-made id, attaching it once, showing it where allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from server.evidence.models import Photo
from server.evidence.pictures import Picture
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound
from server.kit.upsert import insert_for
from server.people.api import Actor, Permission, Place

RECORD = "record"


@dataclass(frozen=True)
class Kept:
    """A photo as its uploader hears of it; `first` when this request brought it."""

    id: str
    width: int
    height: int
    first: bool


def upload_hash(upload: bytes) -> str:
    """What makes two uploads the same."""
    return hashlib.sha256(upload).hexdigest()


def known(session: Session, actor: Actor, key: str, digest: str) -> Kept | None:
    """The photo with this id when it came before; raises Conflict when that was another picture or person."""
    row = session.execute(
        select(Photo.uploaded_by, Photo.upload_hash, Photo.width, Photo.height).where(Photo.id == key)
    ).first()
    if row is None:
        return None
    if (row.uploaded_by, row.upload_hash) != (actor.person, digest):
        raise Conflict("photo_id_reused", "这个照片编号已经用过了，请换一个编号再传。")
    return Kept(key, row.width, row.height, first=False)


def add(session: Session, actor: Actor, key: str, digest: str, picture: Picture, now: datetime) -> Kept:
    """Note a photo whose files lie on disk; the same id and content again gives the first one."""
    row = {
        "id": key,
        "uploaded_by": actor.person,
        "uploaded_at": now,
        "upload_hash": digest,
        "content_hash": picture.content_hash,
        "width": picture.width,
        "height": picture.height,
        "size": len(picture.content),
        "looks": picture.looks,
    }
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        insert_for(session, Photo).values(row).on_conflict_do_nothing()
    )
    if result.rowcount == 1:
        return Kept(key, picture.width, picture.height, first=True)
    before = known(session, actor, key, digest)
    if before is None:
        raise NotFound()
    return before


def attach(
    session: Session,
    photos: Sequence[str],
    actor: Actor,
    subject: str,
    place: Place,
    kind: str = RECORD,
) -> None:
    """Attach photos to `subject` (an id) of `kind`: once, by their uploader only.

    Raises Invalid `photo_not_usable` naming the unknown, foreign or attached ones; they look alike.
    """
    if not photos:
        return
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Photo)
        .where(Photo.id.in_(photos), Photo.uploaded_by == actor.person, Photo.attached_to.is_(None))
        .where(Photo.blanked_at.is_(None))
        .values(
            attached_kind=kind,
            attached_to=subject,
            village_code=place.division,
            grid_id=place.grid,
            household_code=place.household,
        )
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != len(photos):
        raise _not_usable(session, photos, subject)


def _not_usable(session: Session, photos: Sequence[str], subject: str) -> Invalid:
    fine = set(session.scalars(select(Photo.id).where(Photo.id.in_(photos), Photo.attached_to == subject)))
    said = "这张照片没有传上来，或者已经用在别处，请重新拍。"
    faults = [FieldFault(f"photos.{n}", said) for n, key in enumerate(photos) if key not in fine]
    return Invalid("photo_not_usable", "有照片不能用，请重新拍了再传。", faults)


def photos_of(session: Session, subjects: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the photos attached to each of these, oldest first."""
    found: dict[str, list[str]] = {subject: [] for subject in subjects}
    rows = session.execute(
        select(Photo.attached_to, Photo.id)
        .where(Photo.attached_to.in_(subjects))
        .order_by(Photo.uploaded_at, Photo.id)
    )
    for subject, key in rows:
        found[str(subject)].append(key)
    return found


def photo_looks(session: Session, records: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The photos attached to these records: id → (record, what it looks like)."""
    rows = session.execute(
        select(Photo.id, Photo.attached_to, Photo.looks).where(
            Photo.attached_to.in_(records), Photo.attached_kind == RECORD, Photo.looks.is_not(None)
        )
    )
    return {key: (str(record), str(looks)) for key, record, looks in rows}


def attached_hash(session: Session, key: str, subject: str) -> str:
    """Where the picture attached to `subject` lies; the caller has judged who may see it. Raises NotFound."""
    row = session.get(Photo, key)
    if row is None or row.attached_to != subject:
        raise NotFound()
    return _shown(row)


def _shown(row: Photo) -> str:
    if row.blanked_at is not None:
        raise NotFound("photo_expired", "这张照片过了保存期，已经清除。")
    return row.content_hash


def content_hash_of(session: Session, actor: Actor, key: str) -> str:
    """Where the picture lies, for its uploader and for those who may read what it is attached to.

    For everybody else it does not exist.
    """
    row = session.get(Photo, key)
    if row is None:
        raise NotFound()
    if row.uploaded_by == actor.person:
        return _shown(row)
    place = Place(row.village_code, row.grid_id, row.household_code) if row.village_code else None
    if place is None or actor.grant_at(Permission.PHOTO_READ, place) is None:
        raise NotFound()
    return _shown(row)
