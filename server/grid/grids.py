"""Grids: made, renamed, and filled with households. Every household is in one grid or in none yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.models import Grid
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound
from server.kit.ids import is_id, new_id
from server.kit.paging import decode_cursor, page
from server.kit.upsert import insert_for
from server.people.api import Actor, Household, Permission, Place, Village, visible

_CHUNK = 500


def create_grid(
    session: Session, actor: Actor | None, village: str, name: str, area: str, now: datetime
) -> Grid:
    """A grid of a village. Raises NotFound for a village out of scope, Conflict `grid_exists`."""
    if actor is not None:
        actor.at(Permission.GRID_MANAGE, Place(village))
    if session.get(Village, village) is None:
        raise NotFound()
    found = ensure_grids(session, village, [name])
    if name not in found.made:
        raise Conflict("grid_exists", f"已经有叫“{name}”的网格了，请换个名称。")
    grid = session.execute(select(Grid).where(Grid.id == found.ids[name])).scalar_one()
    grid.area = area
    session.flush()
    audit.record(session, actor, "grid.create", "grid", grid.id, now, village, after={"name": name})
    return grid


@dataclass(frozen=True)
class Ensured:
    """Ids of grids by name, and the names of those that are new."""

    ids: dict[str, str]
    made: frozenset[str]


def ensure_grids(session: Session, village: str, names: Iterable[str]) -> Ensured:
    """The grids of these names; those that are not there yet are made."""
    wanted = sorted(set(names))
    made = set()
    for name in wanted:
        row = {"id": new_id(), "village_code": village, "name": name, "area": ""}
        done = session.execute(insert_for(session, Grid).values(row).on_conflict_do_nothing())
        if done.rowcount == 1:  # type: ignore[attr-defined]
            made.add(name)
    query = select(Grid.name, Grid.id).where(Grid.village_code == village, Grid.name.in_(wanted))
    return Ensured({row.name: row.id for row in session.execute(query)}, frozenset(made))


def grid_for(session: Session, actor: Actor | None, permission: Permission, grid_id: str) -> Grid:
    """The grid, for somebody who holds `permission` there; NotFound otherwise."""
    grid = session.get(Grid, grid_id) if is_id(grid_id) else None
    if grid is None:
        raise NotFound()
    if actor is not None:
        actor.at(permission, Place(grid.village_code, grid=grid.id))
    return grid


@dataclass(frozen=True)
class Moved:
    """What setting a grid's households did."""

    households: int
    added: int
    removed: int


def set_households(
    session: Session, actor: Actor | None, grid: Grid, codes: Sequence[str], now: datetime
) -> Moved:
    """The grid consists of exactly these households of its village; those no longer named are in no grid.

    Raises Invalid `not_in_village` naming each code that is not a household of the village.
    """
    wanted = list(dict.fromkeys(codes))
    known = set(session.scalars(select(Household.code).where(Household.village_code == grid.village_code)))
    strange = [
        FieldFault(f"households.{index}", f"{code} 不是本村的户。")
        for index, code in enumerate(codes)
        if code not in known
    ]
    if strange:
        raise Invalid("not_in_village", "有的户不在这个村，一户也没有改。", strange)
    before = set(session.scalars(select(Household.code).where(Household.grid_id == grid.id)))
    leaving, coming = sorted(before - set(wanted)), [code for code in wanted if code not in before]
    _move(session, leaving, None)
    _move(session, coming, grid.id)
    counts = {"added": len(coming), "removed": len(leaving)}
    audit.record(session, actor, "grid.households", "grid", grid.id, now, grid.village_code, after=counts)
    return Moved(len(wanted), len(coming), len(leaving))


def _move(session: Session, codes: Sequence[str], grid_id: str | None) -> None:
    for start in range(0, len(codes), _CHUNK):
        session.execute(
            update(Household)
            .where(Household.code.in_(codes[start : start + _CHUNK]))
            .values(grid_id=grid_id, revision=Household.revision + 1)
            .execution_options(synchronize_session=False)
        )


def list_grids(
    session: Session, actor: Actor, village: str, cursor: str | None, limit: int
) -> tuple[list[tuple[Grid, int]], str | None]:
    """The grids of a village that the actor may know of, with their number of households, by id (oldest
    first).
    """
    mine = select(Household.grid_id).where(Household.code == (actor.household or ""))
    inside = visible(actor, Permission.PLACES_READ, village=Grid.village_code, grid=Grid.id)
    size = select(func.count()).where(Household.grid_id == Grid.id, Household.status != "ended")
    query = select(Grid, size.scalar_subquery()).where(
        Grid.village_code == village, inside | Grid.id.in_(mine)
    )
    if cursor:
        query = query.where(Grid.id > decode_cursor(cursor, str)[0])
    rows = [(grid, count) for grid, count in session.execute(query.order_by(Grid.id).limit(limit + 1))]
    return page(rows, limit, lambda row: (row[0].id,))
