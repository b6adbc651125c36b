"""What the programme costs those who log: taps and seconds per record by item and client, and what was entered
twice. Set-based, reads only.

Never by person: figures stand only where at least three people and five records are behind them, so that
nobody's pace can be read off. Source: spec 01 (Fairness: what it costs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from server.conduct.api import Record, RecordStatus

FEWEST_PEOPLE = 3
FEWEST_RECORDS = 5


@dataclass(frozen=True)
class Measured:
    """So many records that cost the same on one client and item; `people`: who logged them."""

    item: str
    client: str
    taps: int
    seconds: int
    person: str
    records: int


@dataclass(frozen=True)
class Cost:
    """What half of the records cost at most: of one item and client, or (item None) of one client."""

    item: str | None
    client: str
    records: int
    taps: int
    seconds: int


@dataclass(frozen=True)
class Burden:
    """All records of a span, how many of them say what they cost, and how many were taken back to be entered anew."""

    records: int
    measured: int
    entered_again: int
    clients: tuple[Cost, ...]
    items: tuple[Cost, ...]


def middle(values: Sequence[tuple[int, int]]) -> int:
    """The (lower) median of values with their counts."""
    half = (sum(count for _, count in values) + 1) // 2
    for value, count in sorted(values):
        half -= count
        if half <= 0:
            return value
    raise ValueError("nothing measured")


def costs(rows: Sequence[Measured], by_item: bool) -> tuple[Cost, ...]:
    """Medians per client, or per item and client, where enough people and records are behind them."""
    groups: dict[tuple[str, str | None], list[Measured]] = {}
    for row in rows:
        groups.setdefault((row.client, row.item if by_item else None), []).append(row)
    found = []
    for (client, item), own in sorted(groups.items(), key=lambda one: (one[0][0], one[0][1] or "")):
        records = sum(row.records for row in own)
        if records >= FEWEST_RECORDS and len({row.person for row in own}) >= FEWEST_PEOPLE:
            taps = middle([(row.taps, row.records) for row in own])
            seconds = middle([(row.seconds, row.records) for row in own])
            found.append(Cost(item, client, records, taps, seconds))
    return tuple(found)


def burden(session: Session, village: str, since: datetime, until: datetime) -> Burden:
    """The burden of the records logged in a span (from, but not including, to)."""
    rows = _measured(session, village, since, until)
    span = (Record.village_code == village, Record.logged_at >= since, Record.logged_at < until)
    total = session.scalar(select(func.count()).select_from(Record).where(*span)) or 0
    again = aliased(Record)
    withdrawn = (
        select(func.count())
        .select_from(Record)
        .where(
            *span,
            Record.status == RecordStatus.WITHDRAWN.value,
            select(again.id)
            .where(
                again.household_code == Record.household_code,
                again.item_code == Record.item_code,
                again.occurred_on == Record.occurred_on,
                again.status != RecordStatus.WITHDRAWN.value,
            )
            .exists(),
        )
    )
    return Burden(
        total,
        sum(row.records for row in rows),
        session.scalar(withdrawn) or 0,
        costs(rows, by_item=False),
        costs(rows, by_item=True),
    )


def _measured(session: Session, village: str, since: datetime, until: datetime) -> list[Measured]:
    what = (
        Record.item_code,
        Record.effort_client,
        Record.effort_taps,
        Record.effort_seconds,
        Record.logged_by,
    )
    rows = session.execute(
        select(*what, func.count())
        .where(
            Record.village_code == village,
            Record.logged_at >= since,
            Record.logged_at < until,
            Record.effort_client.is_not(None),
        )
        .group_by(*what)
    )
    return [
        Measured(item, client or "", taps or 0, seconds or 0, person, records)
        for item, client, taps, seconds, person, records in rows
    ]
