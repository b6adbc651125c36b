"""Where a scope is: a division code, grid id or household code as a Place with its level.

Owns the look-up; what a scope allows is in `access.py` and `rules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.grid.api import Grid
from server.kit.ids import is_id
from server.people.access import Place
from server.people.models import Division, Household
from server.people.rules import Level


@dataclass(frozen=True)
class Scope:
    """A scope that exists."""

    text: str
    level: Level
    place: Place


def scope_of(session: Session, text: str) -> Scope | None:
    """The scope that `text` names, or None when there is no such place."""
    if is_id(text):
        grid = session.get(Grid, text)
        return Scope(text, Level.GRID, Place(grid.village_code, grid=grid.id)) if grid else None
    if len(text) == 16:
        house = session.get(Household, text)
        if house is None:
            return None
        where = Place(house.village_code, grid=house.grid_id, household=house.code)
        return Scope(text, Level.HOUSEHOLD, where)
    division = session.get(Division, text)
    return Scope(text, Level(division.level), Place(division.code)) if division else None
