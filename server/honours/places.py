"""Who may read, nominate and object: the village's own people, be their scope the village or a part of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.api import Grid
from server.honours import errors
from server.kit.errors import NotFound
from server.people.api import (
    COMMITTEE,
    Actor,
    Grant,
    Permission,
    Place,
    related_households,
)


def of_village(session: Session, actor: Actor, permission: Permission, village: str) -> Grant:
    """The grant under which `actor` belongs to the village; raises NotFound outside it."""
    grants = list(actor.grants_for(permission))
    for grant in grants:
        inside = len(grant.scope) == 16 and grant.scope.startswith(village)
        if inside or grant.covers(Place(village)):
            return grant
    grids = {grant.scope: grant for grant in grants if len(grant.scope) == 36}
    query = select(Grid.id).where(Grid.id.in_(list(grids)), Grid.village_code == village)
    own = session.scalar(query.limit(1)) if grids else None
    if own is None:
        actor.anywhere(permission)
        raise NotFound()
    return grids[own]


def speaking(
    actor: Actor, permission: Permission, place: Place, on_behalf: bool, photos: Sequence[str]
) -> Grant:
    """The grant under which somebody speaks: a villager for oneself, the committee on behalf with the slip.

    Raises NotFound outside the place, Invalid `on_behalf_needed`, `on_behalf_only_by_committee`, `slip_missing`.
    """
    actor.at(permission, place)
    fitting = [
        grant
        for grant in actor.grants_for(permission)
        if grant.covers(place) and (grant.role in COMMITTEE) == on_behalf
    ]
    if not fitting:
        raise errors.on_behalf_only_by_committee() if on_behalf else errors.on_behalf_needed()
    if on_behalf and not photos:
        raise errors.slip_missing()
    return fitting[0]


def recused(session: Session, household: str | None, nominee: str) -> bool:
    """Whether somebody of `household` steps aside from the nominee's household: the own one, or relatives."""
    return household is not None and (
        household == nominee or nominee in related_households(session, household)
    )
