"""Statements of the household's file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from server.grid.facts.models import Fact
from server.grid.facts.rules import Known
from server.people.api import Member, Person


def entries(session: Session, households: Sequence[str], known_by: datetime) -> dict[str, list[Known]]:
    """What was written down about each household before an instant, oldest first."""
    found: dict[str, list[Known]] = defaultdict(list)
    rows = session.scalars(
        select(Fact)
        .where(Fact.household_code.in_(households), Fact.recorded_at < known_by)
        .order_by(Fact.recorded_at, Fact.id)
    )
    for row in rows:
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


def history(session: Session, household: str, known_by: datetime) -> Sequence[Row[Fact, str]]:
    """Every entry of a household's file with the writer's name, oldest first."""
    return session.execute(
        select(Fact, Person.name)
        .join(Person, Person.id == Fact.recorded_by)
        .where(Fact.household_code == household, Fact.recorded_at < known_by)
        .order_by(Fact.recorded_at, Fact.id)
    ).all()
