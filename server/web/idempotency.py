"""`Idempotency-Key`: a repeat gives the first answer, the same key with another body is a conflict.

The key is claimed in the transaction of its effect: a second request waits for the first, then reads its
answer. A refused request stores nothing, since nothing happened.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import Request, Response
from sqlalchemy import String, Text, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.kit.database import Base, Id
from server.kit.errors import Conflict, Invalid
from server.kit.upsert import insert_for

HEADER = "Idempotency-Key"


class IdempotencyKey(Base):
    """One claimed key of one person, with the first answer."""

    __tablename__ = "idempotency_keys"

    person_id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    claimed_at: Mapped[datetime] = mapped_column(index=True)


def key_of(request: Request) -> str | None:
    """The request's key, or None; raises Invalid when it is unusable."""
    key = request.headers.get(HEADER)
    if key is not None and (not 8 <= len(key) <= 100 or not key.isascii() or not key.isprintable()):
        raise Invalid("idempotency_key_invalid", "Idempotency-Key 要 8–100 个英文字符。")
    return key


def content_hash(request: Request) -> str:
    """What makes two requests the same: method, path, query and body."""
    head = f"{request.method} {request.full_path}\n".encode()
    return hashlib.sha256(head + request.get_data(cache=True)).hexdigest()


def claim(session: Session, person: str, key: str, digest: str, now: datetime) -> Response | None:
    """Claim the key, or give the first answer; raises Conflict when the key belongs to other content."""
    row = {"person_id": person, "key": key, "content_hash": digest, "claimed_at": now}
    claimed = session.execute(insert_for(session, IdempotencyKey).values(row).on_conflict_do_nothing())
    if claimed.rowcount == 1:  # type: ignore[attr-defined]
        return None
    first = session.execute(
        select(IdempotencyKey.content_hash, IdempotencyKey.status, IdempotencyKey.body).where(
            IdempotencyKey.person_id == person, IdempotencyKey.key == key
        )
    ).one()
    if first.content_hash != digest:
        raise Conflict("idempotency_key_reused", "这个 Idempotency-Key 已经用在别的内容上，请换一个。")
    return Response(first.body or "", status=first.status, content_type="application/json")


def store(session: Session, person: str, key: str, response: Response) -> None:
    """Keep the first answer beside its effect."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.person_id == person, IdempotencyKey.key == key)
        .values(status=response.status_code, body=response.get_data(as_text=True))
    )


_OLDEST = select(func.min(IdempotencyKey.claimed_at))


def oldest(session: Session) -> datetime | None:
    """When the oldest key was claimed."""
    return session.scalar(_OLDEST)


def sweep(session: Session, before: datetime) -> int:
    """Forget keys claimed by `before`; gives how many."""
    gone = session.execute(delete(IdempotencyKey).where(IdempotencyKey.claimed_at <= before))
    return int(gone.rowcount)  # type: ignore[attr-defined]
