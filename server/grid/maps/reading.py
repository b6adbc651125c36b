"""The map of a village: one outline for each grid, no household's own place. Reads only."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.maps.rules import Point, outline
from server.grid.models import Grid
from server.people.api import Actor, Household, Permission, visible


def map_of(session: Session, actor: Actor, village: str) -> list[dict[str, Any]]:
    """The grids of a village inside the actor's scopes, by name, each with the outline of its households."""
    inside = visible(actor, Permission.COVERAGE_READ, village=Grid.village_code, grid=Grid.id)
    query = select(Grid).where(Grid.village_code == village, inside).order_by(Grid.name, Grid.id)
    grids = list(session.scalars(query))
    places = _places(session, village)
    return [
        {
            "grid": {"id": grid.id, "name": grid.name},
            "area": grid.area,
            "placed": len(places[grid.id]),
            "outline": [{"longitude": east, "latitude": north} for east, north in outline(places[grid.id])],
        }
        for grid in grids
    ]


def _places(session: Session, village: str) -> dict[str, list[Point]]:
    rows = session.execute(
        select(Household.grid_id, Household.longitude, Household.latitude).where(
            Household.village_code == village,
            Household.status != "ended",
            Household.grid_id.is_not(None),
            Household.longitude.is_not(None),
            Household.latitude.is_not(None),
        )
    )
    found: defaultdict[str, list[Point]] = defaultdict(list)
    for grid, east, north in rows:
        found[str(grid)].append((float(str(east)), float(str(north))))
    return found
