"""What the hints are read off: a village's records of a span, photos, relatives, households. Set-based, reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from server.conduct.api import Record
from server.evidence.api import photo_looks
from server.grid.api import Grid, Visit
from server.insight.rules import Logged
from server.kit.clock import local_date
from server.kit.exact import to_hundredths
from server.people.api import Household, Person, Relation


def logged(session: Session, village: str, since: datetime, until: datetime) -> list[Logged]:
    """The records of a village that people logged for others in the span, withdrawn ones left out."""
    rows = session.execute(
        select(
            Record.id,
            Record.logged_by,
            Record.household_code,
            Record.grid_id,
            Record.item_code,
            Record.points,
            case((Record.device_time <= Record.logged_at, Record.device_time), else_=Record.logged_at),
            Record.group_id,
        )
        .where(
            Record.village_code == village,
            Record.logged_at >= since,
            Record.logged_at < until,
            Record.status != "withdrawn",
            Record.source.in_(["scan", "committee"]),
        )
        .order_by(Record.logged_at, Record.id)
    )
    return [
        Logged(key, worker, household, grid, item, to_hundredths(points), at, group)
        for key, worker, household, grid, item, points, at, group in rows
    ]


def looks(session: Session, records: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Photos of these records: id → (record, what it looks like)."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(records), 500):
        found |= photo_looks(session, records[start : start + 500])
    return found


def relatives(session: Session, workers: Sequence[str]) -> dict[str, frozenset[str]]:
    """Worker → the own household and those on file as relatives."""
    people = select(Person.id, Person.household_code).where(
        Person.id.in_(workers), Person.household_code.is_not(None)
    )
    home = {row.id: row.household_code for row in session.execute(people)}
    kin: defaultdict[str | None, set[str]] = defaultdict(set)
    rows = session.execute(
        select(Relation.household_a, Relation.household_b).where(
            or_(Relation.household_a.in_(home.values()), Relation.household_b.in_(home.values()))
        )
    )
    for first, second in rows:
        kin[first].add(second)
        kin[second].add(first)
    return {worker: frozenset({str(own), *kin[own]}) for worker, own in home.items()}


def households(session: Session, village: str) -> dict[str, tuple[str, str | None]]:
    """The households that take part: code → (kind, grid)."""
    rows = session.execute(
        select(Household.code, Household.kind, Household.grid_id).where(
            Household.village_code == village, Household.status == "active"
        )
    )
    return {code: (kind, grid) for code, kind, grid in rows}


def grid_sizes(session: Session, village: str) -> dict[str, int]:
    """Grid → households that take part."""
    rows = session.execute(
        select(Grid.id, func.count(Household.code))
        .join(Household, Household.grid_id == Grid.id)
        .where(Grid.village_code == village, Household.status == "active")
        .group_by(Grid.id)
    )
    return {key: int(count) for key, count in rows}


def visits(session: Session, village: str, since: datetime, until: datetime) -> dict[str, int]:
    """Grid → visits in the span."""
    rows = session.execute(
        select(Visit.grid_id, func.count())
        .where(
            Visit.village_code == village,
            Visit.visited_on >= local_date(since),
            Visit.visited_on < local_date(until),
            Visit.grid_id.is_not(None),
        )
        .group_by(Visit.grid_id)
    )
    return {str(grid): int(count) for grid, count in rows}


def last_logged(session: Session, village: str, before: datetime) -> dict[str, datetime]:
    """Household → when it was last logged by anybody."""
    rows = session.execute(
        select(Record.household_code, func.max(Record.logged_at))
        .where(Record.village_code == village, Record.logged_at < before, Record.status != "withdrawn")
        .group_by(Record.household_code)
    )
    return {code: at for code, at in rows if at is not None}
