"""What goes out of the instance: rows written in the transaction of their message, for people who agreed.

Nothing is sent here. `key` makes the same message to the same person one row, whoever writes it and however often.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.kit.ids import new_id
from server.messages.holding import holding
from server.messages.models import Agreement, OutboxRow
from server.people.api import Person, WechatAccount

_CHUNK = 500


@dataclass(frozen=True)
class Fresh:
    """A message that was just written, to a household or to a person."""

    id: str
    household: str | None
    person: str | None
    kind: str


def templates() -> dict[str, str]:
    """Kind of message → WeChat's template id, from the settings; empty where WeChat is not set up."""
    settings = current_app.extensions["jifen_settings"]
    return settings.wechat_template_ids if settings.wechat_app_id else {}


def enqueue(session: Session, messages: Sequence[Fresh], now: datetime) -> None:
    """Queue those of these new messages that somebody agreed to get; each uses up one agreement."""
    known = templates()
    wanted = [message for message in messages if message.kind in known]
    if not wanted:
        return
    status = "withheld" if holding(session) else "waiting"
    for start in range(0, len(wanted), _CHUNK):
        rows = _rows(session, wanted[start : start + _CHUNK], status, now)
        if rows:
            session.execute(insert(OutboxRow), rows)


def _rows(session: Session, some: Sequence[Fresh], status: str, now: datetime) -> list[dict[str, Any]]:
    """One row for each person behind these messages whose agreement could be used up."""
    households = {message.household for message in some if message.household}
    persons = {message.person for message in some if message.person}
    found = session.execute(
        select(Person.id, Person.household_code, Agreement.template)
        .join(Agreement, Agreement.person_id == Person.id)
        .join(WechatAccount, WechatAccount.person_id == Person.id)
        .where(Agreement.remaining > 0, Agreement.template.in_({message.kind for message in some}))
        .where(Person.household_code.in_(households) | Person.id.in_(persons))
    )
    agreed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person, household, kind in found:
        agreed[(person, kind)].append(person)
        if household:
            agreed[(household, kind)].append(person)
    rows = []
    for message in some:
        to = message.household or message.person or ""
        for person in agreed.get((to, message.kind), []):
            if _use_up(session, person, message.kind):
                rows.append(_row(message, person, status, now))
    return rows


def _use_up(session: Session, person: str, kind: str) -> bool:
    used = session.execute(
        update(Agreement)
        .where(Agreement.person_id == person, Agreement.template == kind, Agreement.remaining > 0)
        .values(remaining=Agreement.remaining - 1)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def _row(message: Fresh, person: str, status: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "key": f"{message.id}:{person}",
        "message_id": message.id,
        "person_id": person,
        "template": message.kind,
        "status": status,
        "attempts": 0,
        "next_try_at": now,
        "created_at": now,
        "ended_at": now if status == "withheld" else None,
    }
