"""Writing and reading the audit log and decisions. Nobody else writes these tables.

Writing is one plain INSERT, since a record in the field pays for it on every request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from server.audit.models import AuditRow, AuditUnsealed, Decision
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.kit.sql import Statement, driver_of, instant_in
from server.people.api import Actor, Grant, Permission, division_prefix

_COLUMNS = "id, at, person_id, session_id, action, entity, entity_id, village_code, before, after"
_VALUES = ":id, :at, :person, :session, :action, :entity, :entity_id, :village"
_RECORD = Statement(
    f"INSERT INTO audit_log ({_COLUMNS}) VALUES ({_VALUES}, :before, :after)",
    # one round trip for the act and its place in the queue of the chain
    postgresql=f"WITH act AS (INSERT INTO audit_log ({_COLUMNS}) "
    f"VALUES ({_VALUES}, CAST(:before AS jsonb), CAST(:after AS jsonb)) RETURNING id) "
    "INSERT INTO audit_unsealed (audit_id) SELECT id FROM act",
)
_QUEUE = Statement("INSERT INTO audit_unsealed (audit_id) VALUES (:id)")


@dataclass(frozen=True)
class AuditFilter:
    """What a search of the log is narrowed to; None leaves it open."""

    entity: str | None = None
    entity_id: str | None = None
    person: str | None = None
    action: str | None = None
    village: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    entity: str,
    entity_id: str,
    now: datetime,
    village: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note one act. `before` and `after` are small JSON-able mappings without names, phones or id numbers."""
    key = new_id()
    _RECORD.run(
        session,
        {
            "id": key,
            "at": instant_in(session, now),
            "person": actor.person if actor else None,
            "session": actor.session if actor else None,
            "action": action,
            "entity": entity,
            "entity_id": entity_id,
            "village": village,
            "before": _json(before),
            "after": _json(after),
        },
    )
    if driver_of(session).sqlite:
        _QUEUE.run(session, {"id": key})


def record_many(
    session: Session,
    actor: Actor | None,
    action: str,
    entity: str,
    places: Mapping[str, str],
    now: datetime,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The same act on several things, in one statement; `places` maps their ids to villages."""
    rows = [
        {
            "id": new_id(),
            "at": now,
            "person_id": actor.person if actor else None,
            "session_id": actor.session if actor else None,
            "action": action,
            "entity": entity,
            "entity_id": entity_id,
            "village_code": village,
            "after": dict(after or {}),
        }
        for entity_id, village in places.items()
    ]
    if rows:
        session.execute(insert(AuditRow), rows)
        session.execute(insert(AuditUnsealed), [{"audit_id": row["id"]} for row in rows])


def _json(document: Mapping[str, Any] | None) -> str | None:
    return None if document is None else json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def decide(
    session: Session,
    actor: Actor | None,
    entity: str,
    entity_id: str,
    source: str,
    target: str,
    now: datetime,
    reason: str = "",
    grant: Grant | None = None,
) -> None:
    """Keep one decision; `actor` None is the system itself (a closer)."""
    decide_many(session, actor, entity, [entity_id], source, target, now, reason, grant)


def decide_many(
    session: Session,
    actor: Actor | None,
    entity: str,
    entity_ids: Iterable[str],
    source: str,
    target: str,
    now: datetime,
    reason: str = "",
    grant: Grant | None = None,
) -> None:
    """The same decision on several things, in one statement."""
    rows = [
        {
            "id": new_id(),
            "at": now,
            "person_id": actor.person if actor else None,
            "grant_id": grant.id if grant else None,
            "entity": entity,
            "entity_id": entity_id,
            "source": source,
            "target": target,
            "reason": reason,
        }
        for entity_id in entity_ids
    ]
    if rows:
        session.execute(insert(Decision), rows)


def decisions_of(session: Session, entity: str, entity_ids: Sequence[str]) -> dict[str, list[Decision]]:
    """The decisions on these things, oldest first."""
    found: dict[str, list[Decision]] = {entity_id: [] for entity_id in entity_ids}
    rows = session.scalars(
        select(Decision)
        .where(Decision.entity == entity, Decision.entity_id.in_(entity_ids))
        .order_by(Decision.id)
    )
    for row in rows:
        found[row.entity_id].append(row)
    return found


def search(
    session: Session, actor: Actor, wanted: AuditFilter, cursor: str | None, limit: int
) -> tuple[list[AuditRow], str | None]:
    """The newest acts first, only of villages inside the auditor's scopes."""
    prefixes = {division_prefix(grant.scope) for grant in actor.grants_for(Permission.AUDIT_READ)}
    inside = [AuditRow.village_code.startswith(prefix) for prefix in sorted(prefixes)]
    query = select(AuditRow).where(or_(*inside))
    exact = {
        AuditRow.entity: wanted.entity,
        AuditRow.entity_id: wanted.entity_id,
        AuditRow.person_id: wanted.person,
        AuditRow.action: wanted.action,
        AuditRow.village_code: wanted.village,
    }
    query = query.where(*(column == value for column, value in exact.items() if value is not None))
    if wanted.since is not None:
        query = query.where(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditRow.at < wanted.until)
    if cursor:
        query = query.where(AuditRow.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(AuditRow.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def acts_on(
    session: Session, entity: str, entity_id: str, action: str, cursor: str | None, limit: int
) -> tuple[list[AuditRow], str | None]:
    """The acts of one kind on one thing, newest first; who may see them is the caller's to judge."""
    query = select(AuditRow).where(
        AuditRow.entity == entity, AuditRow.entity_id == entity_id, AuditRow.action == action
    )
    if cursor:
        query = query.where(AuditRow.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(AuditRow.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))
