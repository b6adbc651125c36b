"""The scopes of an actor as SQL conditions: what lists show, so that nothing outside is ever read.

Owns the translation only; which permission a list needs is said by its caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from server.people.access import Actor, Grant, Permission, division_prefix


def visible(
    actor: Actor,
    permission: Permission,
    *,
    village: Any,
    grid: Any = None,
    household: Any = None,
) -> ColumnElement[bool]:
    """A condition on the columns of a list: inside some scope under which `actor` holds `permission`."""
    found: list[ColumnElement[bool]] = []
    for grant in actor.grants_for(permission):
        if len(grant.scope) == 12:
            found.append(village.startswith(division_prefix(grant.scope)))
        elif len(grant.scope) == 16 and household is not None:
            found.append(household == grant.scope)
        elif len(grant.scope) == 36 and grid is not None:
            found.append(grid == grant.scope)
    return or_(false(), *found)


def of_villages(actor: Actor, village: Any, grids: Any) -> ColumnElement[bool]:
    """A condition on a village code: a village that some scope of `actor` lies in or contains.

    `grids` is the grid model, to find the village of a grid (passed in, since grids are another slice's).
    """
    codes = {grant.scope[:12] for grant in actor.grants if len(grant.scope) == 16}
    if actor.household:
        codes.add(actor.household[:12])
    found = [village.startswith(prefix) for prefix in _prefixes(actor.grants)]
    inside = [grant.scope for grant in actor.grants if len(grant.scope) == 36]
    if inside:
        found.append(village.in_(select(grids.village_code).where(grids.id.in_(inside))))
    return or_(false(), village.in_(sorted(codes)), *found)


def _prefixes(grants: Iterable[Grant]) -> list[str]:
    return sorted({division_prefix(grant.scope) for grant in grants if len(grant.scope) == 12})
