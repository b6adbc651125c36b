"""Statements of the household's file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.facts.models import Fact
from server.grid.facts.rules import Known
from server.people.api import Member


def entries(
    session: Session, households: Sequence[str], known_by: datetime | None = None
) -> dict[str, list[Known]]:
    """What was written down about each household (before an instant), oldest first."""
    found: dict[str, list[Known]] = defaultdict(list)
    query = select(Fact).where(Fact.household_code.in_(households))
    if known_by is not None:
        query = query.where(Fact.recorded_at < known_by)
    for row in session.scalars(query.order_by(Fact.recorded_at, Fact.id)):
        found[row.household_code].append(known(row))
    return found


def known(row: Fact) -> Known:
    """A row as the rules take it."""
    return Known(
        row.id,
        row.kind,
        row.member_id,
        row.value,
        row.since,
        row.ended,
        row.corrects,
        row.void,
        row.recorded_at,
    )


def hashes(session: Session, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """(who wrote it, content hash) of the facts with these ids that are there."""
    if not keys:
        return {}
    rows = session.execute(select(Fact.id, Fact.recorded_by, Fact.content_hash).where(Fact.id.in_(keys)))
    return {key: (person, digest) for key, person, digest in rows}


def members(session: Session, households: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the members of each household who have not left."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Member.household_code, Member.id).where(
            Member.household_code.in_(households), Member.departure.is_(None)
        )
    )
    for household, member in rows:
        found[household].append(member)
    return found
