"""What screens read of visits: today's round, a grid's month, the visits to a household. Never by worker."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cycles.calendar import Month
from server.grid.grids import grid_for
from server.grid.models import Grid, Plate
from server.grid.visits import errors, queries, rules
from server.grid.visits.models import CoverageMonth, Visit
from server.kit.clock import local_date
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Household, Permission, Person, visible


def round_of(session: Session, actor: Actor, grid_id: str | None, now: datetime) -> dict[str, Any]:
    """Today's households of a grid in walking order; without a grid, of the first one the actor works in."""
    grid = grid_for(session, actor, Permission.VISIT_LOG, grid_id or _own_grid(actor))
    today = local_date(now)
    month = rules.month_of_visit(today)
    stops = queries.stops(session, grid.id, today)
    codes = [stop.household for stop in stops]
    done = queries.visited_on(session, grid.village_code, codes, today)
    listed = rules.walk(rules.todays(stops, today))
    marks = _marks(session, codes)
    first = month.first_day(rules.MONTH_END)
    covered = [s for s in stops if s.household in done or (s.last_visit and s.last_visit >= first)]
    return {
        "grid": {"id": grid.id, "name": grid.name},
        "day": today,
        "month": str(month),
        "ends_on": rules.last_day(month),
        "last_week": today >= rules.last_week(month),
        "households": len(stops),
        "visited": len(covered),
        "items": [
            {
                "household": stop.household,
                "label": stop.label,
                "plate_mark": marks.get(stop.household),
                "last_visit_on": stop.last_visit,
                "days_since": (today - stop.last_visit).days if stop.last_visit else None,
                "done": stop.household in done,
            }
            for stop in listed
        ],
        "doors": [
            {
                "household": stop.household,
                "label": stop.label,
                "plate_mark": marks.get(stop.household),
                "last_visit_on": stop.last_visit,
            }
            for stop in stops
        ],
    }


def _own_grid(actor: Actor) -> str:
    own = [grant.scope for grant in actor.grants_for(Permission.VISIT_LOG) if len(grant.scope) == 36]
    if not own:
        raise errors.grid_needed()
    return own[0]


def plate_mark(token: str) -> str:
    """By this a phone without signal knows a plate again; the token cannot be made of it."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def _marks(session: Session, households: list[str]) -> dict[str, str]:
    rows = session.execute(
        select(Plate.household_code, Plate.token).where(
            Plate.household_code.in_(households), Plate.revoked_at.is_(None)
        )
    )
    return {household: plate_mark(token) for household, token in rows}


@dataclass(frozen=True)
class Coverage:
    """A grid's month: households to visit and those nobody visited; `closed` as it ended, else as it stands."""

    grid: Grid
    month: Month
    households: int
    missed: list[str]
    closed: CoverageMonth | None

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "grid": {"id": self.grid.id, "name": self.grid.name},
            "area": self.grid.area,
            "month": str(self.month),
            "ends_on": rules.last_day(self.month),
            "households": self.households,
            "visited": self.households - len(self.missed),
            "closed": self.closed is not None,
            "escalated_to": (self.closed.tier or None) if self.closed else None,
        }


def coverage_of(session: Session, grid: Grid, month: Month) -> Coverage:
    """One grid's month."""
    closed = session.get(CoverageMonth, (grid.id, rules.number_of(month)))
    if closed is not None:
        missed = queries.still_missed(session, [grid.id], month)[grid.id]
        return Coverage(grid, month, closed.households, missed, closed)
    homes = rules.to_visit(queries.homes(session, grid.village_code, grid.id), month)
    visited = queries.visited_in(session, grid.village_code, month)
    missed = rules.missed_by_grid(homes, visited).get(grid.id, [])
    return Coverage(grid, month, len(homes), missed, None)


def coverage_with_names(
    session: Session, actor: Actor, grid_id: str, month: Month | None, now: datetime
) -> Any:
    """One grid's month, with the households that are left."""
    grid = grid_for(session, actor, Permission.COVERAGE_READ, grid_id)
    found = coverage_of(session, grid, month or rules.month_of_visit(local_date(now)))
    rows = session.execute(
        select(Household.code, Household.label, queries.last_visit_before(date.max))
        .where(Household.code.in_(found.missed))
        .order_by(Household.code)
    )
    left = [{"household": code, "label": label, "last_visit_on": last} for code, label, last in rows]
    return found.shown() | {"left": left}


def coverage_of_village(
    session: Session, actor: Actor, village: str, month: Month | None, now: datetime
) -> list[dict[str, Any]]:
    """The month of every grid of a village inside the actor's scopes, by name of the grid."""
    wanted = month or rules.month_of_visit(local_date(now))
    inside = visible(actor, Permission.COVERAGE_READ, village=Grid.village_code, grid=Grid.id)
    query = select(Grid).where(Grid.village_code == village, inside).order_by(Grid.name, Grid.id)
    grids = list(session.scalars(query))
    if not grids:
        return []
    closed = queries.closed_months(session, village, wanted)
    late = queries.still_missed(session, [grid.id for grid in grids], wanted) if closed else {}
    homes = rules.to_visit(queries.homes(session, village), wanted)
    missed = rules.missed_by_grid(homes, queries.visited_in(session, village, wanted))
    found = []
    for grid in grids:
        row = closed.get(grid.id)
        own = late.get(grid.id, []) if row else missed.get(grid.id, [])
        size = row.households if row else sum(home.grid == grid.id for home in homes)
        found.append(Coverage(grid, wanted, size, own, row).shown())
    return found


def visits_to(
    session: Session, actor: Actor, household: str, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """The visits to one household, newest first; who came is named, since the family opened the door."""
    inside = visible(
        actor,
        Permission.VISIT_READ,
        village=Visit.village_code,
        grid=Household.grid_id,
        household=Visit.household_code,
    )
    query = (
        select(Visit, Person.name)
        .join(Household, Household.code == Visit.household_code)
        .join(Person, Person.id == Visit.visited_by)
        .where(Visit.household_code == household, inside)
    )
    if cursor:
        query = query.where(Visit.id < decode_cursor(cursor, str)[0])
    rows = session.execute(query.order_by(Visit.id.desc()).limit(limit + 1)).all()
    found, following = page(rows, limit, lambda row: (row[0].id,))
    return [_visit(row, name) for row, name in found], following


def _visit(row: Visit, name: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "household": row.household_code,
        "grid": row.grid_id,
        "visited_on": row.visited_on,
        "way": row.way,
        "duties": row.duties,
        "note": row.note,
        "visited_by": name,
    }
