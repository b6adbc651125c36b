"""The duties for a village as a list: by tier, with their dates; what ended stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.duties.rules import GRID_ROLES, NAMES, tier_of
from server.grid.models import Grid
from server.kit.clock import local_midnight
from server.people.api import Actor, Division, GrantRow, Permission, Person, Place, Role


def duties_of(session: Session, actor: Actor, village: str, on: date | None) -> list[dict[str, Any]]:
    """Every duty for a village, its grids and its township, or those held on a day. NotFound outside the scope."""
    actor.at(Permission.COVERAGE_READ, Place(village))
    grids = session.execute(select(Grid.id, Grid.name).where(Grid.village_code == village))
    names = {row.id: row.name for row in grids}
    places = select(Division.code, Division.name).where(Division.code.in_([village, village[:9] + "000"]))
    names |= {row.code: row.name for row in session.execute(places)}
    query = (
        select(GrantRow, Person.name)
        .join(Person, Person.id == GrantRow.person_id)
        .where(GrantRow.scope.in_(sorted(names)), GrantRow.role.in_([role.value for role in GRID_ROLES]))
        .order_by(GrantRow.starts_at, GrantRow.id)
    )
    if on is not None:
        query = query.where(
            GrantRow.starts_at < local_midnight(on + timedelta(days=1)),
            GrantRow.ends_at.is_(None) | (GrantRow.ends_at > local_midnight(on)),
        )
    found = [_shown(row, name, names) for row, name in session.execute(query)]
    return sorted(found, key=lambda duty: duty["tier"])


def _shown(row: GrantRow, name: str, names: dict[str, str]) -> dict[str, Any]:
    tier = tier_of(Role(row.role), row.scope)
    assert tier is not None, "only roles of the net are read"  # noqa: S101
    return {
        "id": row.id,
        "person": row.person_id,
        "name": name,
        "tier": int(tier),
        "title": NAMES[tier],
        "scope": row.scope,
        "scope_name": names[row.scope],
        "since": row.starts_at,
        "until": row.ends_at,
    }
