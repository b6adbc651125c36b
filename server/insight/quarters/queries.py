"""What a quarter's summary is read off: one statement for each kind of thing, by household. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Session

from server.conduct.api import Record, RecordStatus
from server.grid.api import Grid
from server.insight.quarters.rules import Counted
from server.people.api import Household
from server.rulebook.api import adopted_book
from server.settlement.api import Objection, ObjectionStatus, Tally


def households(session: Session, village: str) -> tuple[set[str], dict[str, str | None]]:
    """The households that take part, and the grid of each that ever did."""
    rows = session.execute(
        select(Household.code, Household.grid_id, Household.status).where(Household.village_code == village)
    ).all()
    return {row.code for row in rows if row.status == "active"}, {row.code: row.grid_id for row in rows}


def grids(session: Session, village: str) -> list[tuple[str, str]]:
    """The grids of a village by name: (id, name)."""
    rows = session.execute(select(Grid.id, Grid.name).where(Grid.village_code == village).order_by(Grid.name))
    return [(key, name) for key, name in rows]


def counted(session: Session, village: str, months: Sequence[int]) -> list[Counted]:
    """The approved records of these months (yyyymm), by household and item."""
    points = type_coerce(Record.points, BigInteger)
    rows = session.execute(
        select(
            Record.household_code,
            Record.heading,
            Record.item_code,
            func.max(Record.rulebook_id),
            func.count(),
            func.sum(case((points > 0, points), else_=0)),
            func.sum(case((points < 0, points), else_=0)),
        )
        .where(
            Record.village_code == village,
            Record.month.in_(months),
            Record.status == RecordStatus.APPROVED.value,
        )
        .group_by(Record.household_code, Record.heading, Record.item_code)
        .order_by(Record.household_code, Record.item_code)
    )
    return [
        Counted(house, heading, _name(session, book, item), records, int(added), int(deducted))
        for house, heading, item, book, records, added, deducted in rows
    ]


def _name(session: Session, book: str, item: str) -> str:
    return adopted_book(session, book).by_code[item].name


def nets(session: Session, village: str, months: Sequence[int]) -> dict[str, int]:
    """Household → net points of these months."""
    points = type_coerce(Record.points, BigInteger)
    rows = session.execute(
        select(Record.household_code, func.sum(points))
        .where(
            Record.village_code == village,
            Record.month.in_(months),
            Record.status == RecordStatus.APPROVED.value,
        )
        .group_by(Record.household_code)
    )
    return {household: int(net) for household, net in rows}


def rejected(session: Session, village: str, since: datetime | None, until: datetime) -> dict[str, int]:
    """Household → records that the panel rejected in the span."""
    query = select(Record.household_code, func.count()).where(
        Record.village_code == village,
        Record.status == RecordStatus.REJECTED.value,
        Record.decided_at < until,
    )
    if since is not None:
        query = query.where(Record.decided_at >= since)
    return dict(session.execute(query.group_by(Record.household_code)).all())


def objections(
    session: Session, village: str, months: Sequence[int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Household → objections made on these months' notices, and those upheld."""
    upheld = func.sum(case((Objection.status == ObjectionStatus.UPHELD.value, 1), else_=0))
    rows = session.execute(
        select(Objection.household_code, func.count(), upheld)
        .join(Tally, Tally.id == Objection.tally_id)
        .where(Objection.village_code == village, Tally.month.in_(months))
        .group_by(Objection.household_code)
    ).all()
    return {house: made for house, made, _ in rows}, {house: int(good) for house, _, good in rows}


def span(
    session: Session, village: str, months: Sequence[int], now: datetime
) -> tuple[datetime | None, datetime]:
    """From the cut-off before the first of these months to that of the last; None: from the beginning. While
    the last month runs, up to now.
    """
    before = (Tally.village_code == village, Tally.month < months[0], Tally.month % 100 != 0)
    since = session.scalar(select(func.max(Tally.cutoff_at)).where(*before))
    last = (Tally.village_code == village, Tally.month == months[-1])
    return since, session.scalar(select(Tally.cutoff_at).where(*last)) or now
