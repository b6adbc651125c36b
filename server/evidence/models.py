"""The table of photos. The pictures themselves lie on disk by the hash of what is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.database import Base, Code, Id

UNUSED = "attached_to IS NULL AND blanked_at IS NULL"
# photos of records and objections go with their month, those of goods stay
AGING = "attached_kind NOT IN ('record', 'objection', 'goods') AND blanked_at IS NULL"


def _partial(name: str, column: str, where: str) -> Index:
    return Index(name, column, sqlite_where=text(where), postgresql_where=text(where))


class Photo(Base):
    """One uploaded photo, attached to at most one thing, by its uploader.

    `upload_hash` is of the bytes as sent (a repeat is recognised by it), `content_hash` of what is kept.
    """

    __tablename__ = "photos"
    __table_args__ = (
        CheckConstraint("(attached_to IS NULL) = (attached_kind IS NULL)", name="attached_whole"),
        CheckConstraint("attached_to IS NULL OR village_code IS NOT NULL", name="attached_place"),
        Index("ix_photos_attached_to", "attached_to"),
        _partial("ix_photos_unused", "uploaded_at", UNUSED),
        _partial("ix_photos_aging", "uploaded_at", AGING),
        _partial("ix_photos_remove_after", "remove_after", "remove_after IS NOT NULL"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    uploaded_by: Mapped[Id] = mapped_column(ForeignKey("persons.id"))
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    upload_hash: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    # 64 bits as hex by which two photos of the same thing are told from others; older photos have none
    looks: Mapped[str | None] = mapped_column(String(16))
    attached_kind: Mapped[str | None] = mapped_column(String(20))
    attached_to: Mapped[Id | None]
    village_code: Mapped[str | None] = mapped_column(String(12))
    grid_id: Mapped[Id | None]
    household_code: Mapped[Code | None]
    # its retention is over: the picture is not shown any more, its hash stays; the file goes a little later
    blanked_at: Mapped[datetime | None]
    remove_after: Mapped[datetime | None]
