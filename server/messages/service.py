"""Writing messages in the transaction of what they tell about, and reading one's own.

A message is written where the fact is decided, so none is lost and none goes out twice. Texts hold no phone
or id numbers. Sending beyond the inbox is not done here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from server.kit.bulk import Table
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.kit.sql import instant_in
from server.kit.upsert import insert_for
from server.messages import outbox
from server.messages.models import Message, MessageRead
from server.people.api import Actor

_MESSAGES = Table(
    "messages",
    {
        "id": "text",
        "household_code": "text",
        "person_id": "text",
        "kind": "text",
        "text": "text",
        "refs": "jsonb",
        "sent_at": "timestamptz",
    },
)


@dataclass(frozen=True)
class Note:
    """One message to be written: to a household code or a person's id, of a kind, with its text and refs."""

    to: str
    kind: str
    text: str
    refs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """One message as its reader sees it."""

    id: str
    kind: str
    text: str
    refs: dict[str, Any]
    sent_at: datetime
    read: bool


def notify_household(
    session: Session,
    household: str,
    kind: str,
    text: str,
    now: datetime,
    refs: Mapping[str, Any] | None = None,
) -> None:
    """Tell all members of a household."""
    notify_households(session, [Note(household, kind, text, refs or {})], now)


def notify_person(
    session: Session, person: str, kind: str, text: str, now: datetime, refs: Mapping[str, Any] | None = None
) -> None:
    """Tell one person."""
    notify_persons(session, [Note(person, kind, text, refs or {})], now)


def notify_households(session: Session, notes: Iterable[Note], now: datetime) -> None:
    """Tell many households in one statement."""
    _insert(session, [(note, note.to, None) for note in notes], now)


def notify_persons(session: Session, notes: Iterable[Note], now: datetime) -> None:
    """Tell many people in one statement."""
    _insert(session, [(note, None, note.to) for note in notes], now)


def _insert(session: Session, notes: list[tuple[Note, str | None, str | None]], now: datetime) -> None:
    at = instant_in(session, now)
    rows = [
        (new_id(), household, person, note.kind, note.text, json.dumps(dict(note.refs)), at)
        for note, household, person in notes
    ]
    _MESSAGES.insert(session, rows)
    outbox.enqueue(session, [outbox.Fresh(*row[:4]) for row in rows], now)


def inbox(
    session: Session, actor: Actor, cursor: str | None, limit: int
) -> tuple[list[Received], str | None]:
    """The messages to `actor` and to the own household, newest first."""
    query = (
        select(Message, MessageRead.read_at)
        .outerjoin(
            MessageRead, and_(MessageRead.message_id == Message.id, MessageRead.person_id == actor.person)
        )
        .where(_own(actor))
    )
    if cursor:
        query = query.where(Message.id < decode_cursor(cursor, str)[0])
    rows = session.execute(query.order_by(Message.id.desc()).limit(limit + 1)).all()
    found = [
        Received(message.id, message.kind, message.text, message.refs, message.sent_at, read_at is not None)
        for message, read_at in rows
    ]
    return page(found, limit, lambda message: (message.id,))


def mark_read(session: Session, actor: Actor, key: str, now: datetime) -> Received:
    """Note that `actor` has read a message; again changes nothing. NotFound for messages to others."""
    message = session.scalar(select(Message).where(Message.id == key, _own(actor)))
    if message is None:
        raise NotFound()
    row = {"message_id": key, "person_id": actor.person, "read_at": now}
    session.execute(insert_for(session, MessageRead).values(row).on_conflict_do_nothing())
    return Received(message.id, message.kind, message.text, message.refs, message.sent_at, read=True)


def _own(actor: Actor) -> ColumnElement[bool]:
    if actor.household is None:
        return Message.person_id == actor.person
    return or_(Message.person_id == actor.person, Message.household_code == actor.household)
