"""A household's file as of a day: the family as known then, and what had been written down by then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.facts import queries, rules
from server.grid.facts.models import Fact
from server.grid.vocabulary import fact_kinds
from server.kit.clock import local_date, local_midnight
from server.kit.database import from_micros, micros
from server.kit.errors import FieldFault, Invalid
from server.kit.paging import decode_cursor, encode_cursor
from server.people.api import Actor, Permission, Person, Seal
from server.people.household_api import file_as_known, household_for


def file_of(
    session: Session,
    actor: Actor,
    household: str,
    seal: Seal,
    as_of: date | None,
    purpose: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The file as it read at the end of `as_of` (None: now); the look is on record. NotFound outside the scope."""
    today = local_date(now)
    day = as_of or today
    if day > today:
        said = "户册只能看今天和以前的。"
        raise Invalid("future_day", said, [FieldFault("as_of", said)])
    known_by = min(local_midnight(day + timedelta(days=1)), now + timedelta(microseconds=1))
    file = file_as_known(session, actor, household, seal, known_by, purpose, now)
    entries = queries.entries(session, [household], known_by).get(household, [])
    names = _writers(session, household)
    facts = [_fact(entry, names) for entry in rules.standing(entries, fact_kinds(), day)]
    return file | {"as_of": day, "facts": facts}


def _writers(session: Session, household: str) -> Mapping[str, str]:
    rows = session.execute(
        select(Fact.id, Person.name)
        .join(Person, Person.id == Fact.recorded_by)
        .where(Fact.household_code == household)
    )
    return {row.id: row.name for row in rows}


def _fact(entry: rules.Known, names: Mapping[str, str]) -> dict[str, Any]:
    kind = fact_kinds().get(entry.kind)
    return {
        "id": entry.id,
        "kind": entry.kind,
        "name": kind.name if kind else entry.kind,
        "member": entry.member,
        "value": entry.value,
        "since": entry.since,
        "recorded_at": entry.recorded_at,
        "recorded_by": names[entry.id],
    }


def history(
    session: Session, actor: Actor, household: str, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Every entry ever written, newest first: what was corrected and what is over as well. NotFound elsewhere."""
    household_for(session, actor, Permission.HOUSEHOLD_FILE, household)
    query = (
        select(Fact, Person.name)
        .join(Person, Person.id == Fact.recorded_by)
        .where(Fact.household_code == household)
    )
    if cursor:
        at, key = decode_cursor(cursor, int, str)
        instant = from_micros(at)
        query = query.where((Fact.recorded_at < instant) | ((Fact.recorded_at == instant) & (Fact.id < key)))
    ordered = query.order_by(Fact.recorded_at.desc(), Fact.id.desc()).limit(limit + 1)
    rows = session.execute(ordered).all()
    last = rows[limit - 1][0] if len(rows) > limit else None
    following = encode_cursor(micros(last.recorded_at), last.id) if last else None
    return [_entry(row, name) for row, name in rows[:limit]], following


def _entry(row: Fact, name: str) -> dict[str, Any]:
    kind = fact_kinds().get(row.kind)
    return {
        "id": row.id,
        "kind": row.kind,
        "name": kind.name if kind else row.kind,
        "member": row.member_id,
        "value": row.value,
        "since": row.since,
        "ended": row.ended,
        "corrects": row.corrects,
        "void": row.void,
        "reason": row.reason,
        "visit": row.visit_id,
        "recorded_at": row.recorded_at,
        "recorded_by": name,
        "keep_until": row.keep_until,
        "blanked": row.blanked_at is not None,
    }
