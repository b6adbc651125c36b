"""What a household says to a record that counts against it, before anybody decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct.models import Record, Reply
from server.conduct.queries import locked
from server.conduct.rules import RecordStatus
from server.kit.errors import Conflict, NotFound
from server.people.api import Actor, Grant, Permission, Place
from server.rulebook.api import ItemKind

OPEN = (RecordStatus.RECORDED.value, RecordStatus.SUBMITTED.value)


def reply(session: Session, actor: Actor, key: str, text: str, now: datetime) -> None:
    """Keep the household's reply; the panel need wait no longer. The same again changes nothing.

    Raises Conflict when there is another reply, the verdict is known, or nothing counts against the
    household.
    """
    record = locked(session, key)
    if record is None:
        raise NotFound()
    grant = _grant(actor, record)
    before = session.get(Reply, key)
    if before is not None:
        if before.text != text:
            raise Conflict("already_replied", "您家已经说明过了，评议小组会看到。")
        return
    if record.kind == ItemKind.POSITIVE.value:
        raise Conflict("no_reply_needed", "这是加分的记录，不用说明。")
    if record.status not in OPEN:
        raise Conflict("state_changed", "这条已经处理过了；公示期间可以提异议。")
    session.add(Reply(record_id=key, person_id=actor.person, grant_id=grant.id, text=text, at=now))
    session.execute(update(Record).where(Record.id == key).values(replied_at=now))
    audit.record(session, actor, "record.reply", "record", key, now, record.village_code)


def _grant(actor: Actor, record: Record) -> Grant:
    """Members of the household only; for everybody else the record is not there."""
    place = Place(record.village_code, record.grid_id, record.household_code)
    grant = actor.grant_at(Permission.RECORD_REPLY, place)
    if grant is None or actor.household not in (None, record.household_code):
        raise NotFound()
    return grant
