"""Statements of visits: set-based, a whole phone's queue at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from server.cycles.calendar import Month
from server.grid.models import Grid, Plate
from server.grid.visits.models import CoverageMonth, MissedVisit, Visit
from server.grid.visits.rules import Home, Stop, number_of
from server.kit.clock import local_date
from server.kit.upsert import insert_for
from server.people.api import Household


@dataclass(frozen=True)
class Door:
    """A household as a visit finds it; `revoked_at` where it was found by a plate that is no longer good."""

    code: str
    village: str
    grid: str | None
    status: str
    revoked_at: datetime | None = None


def doors(session: Session, codes: Sequence[str], tokens: Sequence[str]) -> dict[str, Door]:
    """The households by code and by plate token."""
    columns = (Household.code, Household.village_code, Household.grid_id, Household.status)
    found: dict[str, Door] = {}
    if codes:
        rows = session.execute(select(*columns).where(Household.code.in_(codes)))
        found |= {row[0]: Door(*row) for row in rows}
    if tokens:
        plates = select(*columns, Plate.revoked_at, Plate.token).join(
            Plate, Plate.household_code == Household.code
        )
        found |= {row[5]: Door(*row[:5]) for row in session.execute(plates.where(Plate.token.in_(tokens)))}
    return found


def known(session: Session, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """(visitor, content hash) of the visits with these ids that are there."""
    rows = session.execute(select(Visit.id, Visit.visited_by, Visit.content_hash).where(Visit.id.in_(keys)))
    return {key: (person, digest) for key, person, digest in rows}


def insert_visits(session: Session, rows: Sequence[dict[str, Any]]) -> bool:
    """Write them; False when some id was taken at this moment."""
    if not rows:
        return True
    done = session.execute(insert_for(session, Visit).values(list(rows)).on_conflict_do_nothing())
    return bool(done.rowcount == len(rows))  # type: ignore[attr-defined]


def settle_missed(session: Session, household: str, month: int, visit: str) -> None:
    """A visit of a closed month came in late."""
    session.execute(
        update(MissedVisit)
        .where(
            MissedVisit.household_code == household,
            MissedVisit.month == month,
            MissedVisit.settled_by.is_(None),
        )
        .values(settled_by=visit)
        .execution_options(synchronize_session=False)
    )


def last_visit_before(day: date) -> Any:
    """A correlated expression: the last visit to the household of the row before a day."""
    query = select(func.max(Visit.visited_on)).where(
        Visit.household_code == Household.code, Visit.visited_on < day
    )
    return query.correlate(Household).scalar_subquery()


def stops(session: Session, grid: str, today: date) -> list[Stop]:
    """The households of a grid with their last visit before today."""
    rows = session.execute(
        select(
            Household.code,
            Household.label,
            Household.team,
            Household.door,
            Household.longitude,
            Household.latitude,
            last_visit_before(today).label("last_visit"),
        ).where(_of_grid(session, grid), Household.status != "ended")
    )
    return [
        Stop(r.code, r.label, r.team, r.door, _degrees(r.longitude), _degrees(r.latitude), r.last_visit)
        for r in rows
    ]


def _of_grid(session: Session, grid: str) -> ColumnElement[bool]:
    village = session.scalar(select(Grid.village_code).where(Grid.id == grid))
    return (Household.village_code == village) & (Household.grid_id == grid)


def _degrees(text: str | None) -> float | None:
    return float(text) if text else None


def visited_on(session: Session, village: str, households: Sequence[str], day: date) -> set[str]:
    """Which of these households were visited on a day."""
    rows = session.scalars(
        select(Visit.household_code).where(Visit.household_code.in_(households), Visit.visited_on == day)
    )
    return set(rows)


def homes(session: Session, village: str, grid: str | None = None) -> list[Home]:
    """The households of a village (or of one grid of it) that are in a grid and have not ended."""
    query = select(Household.code, Household.grid_id, Household.created_at).where(
        Household.village_code == village, Household.status != "ended", Household.grid_id.is_not(None)
    )
    if grid is not None:
        query = query.where(Household.grid_id == grid)
    rows = session.execute(query.order_by(Household.code))
    return [Home(code, str(grid_id), local_date(created_at)) for code, grid_id, created_at in rows]


def visited_in(session: Session, village: str, month: Month) -> frozenset[str]:
    """The households of a village that were visited in a month."""
    query = select(Visit.household_code).where(Visit.village_code == village, Visit.month == number_of(month))
    return frozenset(session.scalars(query.distinct()))


def grids_of(session: Session, village: str) -> list[Grid]:
    """The grids of a village by name."""
    query = select(Grid).where(Grid.village_code == village).order_by(Grid.name, Grid.id)
    return list(session.scalars(query))


def closed_months(session: Session, village: str, month: Month) -> dict[str, CoverageMonth]:
    """A closed month of a village's grids, by grid."""
    rows = session.scalars(
        select(CoverageMonth).where(
            CoverageMonth.village_code == village, CoverageMonth.month == number_of(month)
        )
    )
    return {row.grid_id: row for row in rows}


def still_missed(session: Session, grids: Sequence[str], month: Month) -> dict[str, list[str]]:
    """The households of a closed month that no phone brought in since, by grid."""
    found: dict[str, list[str]] = {grid: [] for grid in grids}
    rows = session.execute(
        select(MissedVisit.grid_id, MissedVisit.household_code)
        .where(
            MissedVisit.grid_id.in_(grids),
            MissedVisit.month == number_of(month),
            MissedVisit.settled_by.is_(None),
        )
        .order_by(MissedVisit.household_code)
    )
    for grid, household in rows:
        found[grid].append(household)
    return found
