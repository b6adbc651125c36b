"""Proposing, accepting and reporting grids, and editing one. Never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.grids import ensure_grids, grid_for, set_households
from server.grid.models import Grid
from server.grid.suggestions.rules import Door, Outside, Proposal, suggest
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound
from server.people.api import Actor, Household, Permission, Place, Village, visible


def proposal(session: Session, actor: Actor | None, village: str) -> Proposal:
    """How a village's households could be cut into grids. NotFound outside the scope."""
    _village(session, actor, village)
    rows = session.execute(
        select(
            Household.code,
            Household.label,
            Household.team,
            Household.door,
            Household.longitude,
            Household.latitude,
        ).where(Household.village_code == village, Household.status != "ended")
    )
    return suggest(
        [
            Door(code, label, team, door, _number(east), _number(north))
            for code, label, team, door, east, north in rows
        ]
    )


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _village(session: Session, actor: Actor | None, code: str) -> Village:
    if actor is not None:
        actor.at(Permission.GRID_MANAGE, Place(code))
    found = session.get(Village, code)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Wanted:
    """A grid as it was accepted or edited."""

    name: str
    households: Sequence[str]
    area: str = ""


def accept(
    session: Session, actor: Actor | None, village: str, wanted: Sequence[Wanted], now: datetime
) -> list[tuple[Grid, int]]:
    """Make the grids of a village like these, in one go; grids of other names keep what nobody takes from them.

    Raises NotFound, Invalid `household_twice`, `name_twice`, `not_in_village`.
    """
    _village(session, actor, village)
    _check_once(wanted)
    ids = ensure_grids(session, village, [grid.name for grid in wanted]).ids
    found = []
    for grid in wanted:
        row = session.execute(select(Grid).where(Grid.id == ids[grid.name])).scalar_one()
        row.area = grid.area or row.area
        session.flush()
        moved = set_households(session, actor, row, grid.households, now)
        found.append((row, moved.households))
    return found


def _check_once(wanted: Sequence[Wanted]) -> None:
    names = [grid.name for grid in wanted]
    twice = [n for n, name in enumerate(names) if name in names[:n]]
    if twice:
        raise Invalid(
            "name_twice", "有两个网格同名。", [FieldFault(f"grids.{twice[0]}.name", "请换一个名称。")]
        )
    seen: dict[str, int] = {}
    for number, grid in enumerate(wanted):
        for code in grid.households:
            if seen.setdefault(code, number) != number:
                fault = FieldFault(f"grids.{number}.households", f"{code} 已经在另一个网格里。")
                raise Invalid("household_twice", "有的户写在两个网格里，一户也没有改。", [fault])


def change_grid(session: Session, actor: Actor, grid: str, changes: Mapping[str, Any], now: datetime) -> Grid:
    """Another name or area. Raises NotFound, Conflict `grid_exists`."""
    row = grid_for(session, actor, Permission.GRID_MANAGE, grid)
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        raise Conflict("grid_exists", f"已经有叫“{changes['name']}”的网格了，请换个名称。") from None
    audit.record(session, actor, "grid.change", "grid", row.id, now, row.village_code, before, dict(changes))
    return row


def size_of(session: Session, grid: str, village: str) -> int:
    """How many households a grid has."""
    query = select(func.count()).where(
        Household.village_code == village, Household.grid_id == grid, Household.status != "ended"
    )
    return int(session.scalar(query) or 0)


def report(session: Session, actor: Actor | None, village: str | None = None) -> list[Outside]:
    """The villages in which some grid is under 30 or over 50 households or some household is in none, by code."""
    wanted = select(Village.code, Village.name).order_by(Village.code)
    if actor is not None:
        wanted = wanted.where(visible(actor, Permission.GRID_MANAGE, village=Village.code))
    if village is not None:
        wanted = wanted.where(Village.code == village)
    found = []
    for code, name in session.execute(wanted).all():
        one = _of_village(session, code, name)
        if one.wrong or one.without:
            found.append(one)
    return found


def _of_village(session: Session, code: str, name: str) -> Outside:
    inside = Household.village_code == code
    counted = session.execute(
        select(Household.grid_id, func.count())
        .where(inside, Household.status != "ended", Household.grid_id.is_not(None))
        .group_by(Household.grid_id)
    )
    counts = {row[0]: row[1] for row in counted}
    grids = session.execute(select(Grid.id, Grid.name).where(Grid.village_code == code).order_by(Grid.name))
    without = session.scalars(
        select(Household.code)
        .where(inside, Household.status != "ended", Household.grid_id.is_(None))
        .order_by(Household.code)
    )
    sizes = {row.name: counts[row.id] for row in grids if counts.get(row.id)}
    return Outside(code, name, sizes, tuple(without))
