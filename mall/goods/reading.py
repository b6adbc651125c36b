"""Who may see a village's shop: everybody who belongs to the village or works for it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.api import Grid
from server.kit.errors import NotFound
from server.people.api import Actor, Permission, Place


def may_read(session: Session, actor: Actor, village: str) -> None:
    """NotFound unless the village's shop is `readable`."""
    if not readable(session, actor, village):
        raise NotFound()


def readable(session: Session, actor: Actor, village: str) -> bool:
    """Whether some scope of `actor` contains the village or lies in it."""
    if actor.grant_at(Permission.GOODS_READ, Place(village)) is not None:
        return True
    scopes = [grant.scope for grant in actor.grants_for(Permission.GOODS_READ)]
    if any(len(scope) == 16 and scope.startswith(village) for scope in scopes):
        return True
    grids = [scope for scope in scopes if len(scope) == 36]
    found = select(Grid.id).where(Grid.id.in_(grids), Grid.village_code == village).limit(1)
    return bool(grids) and session.scalar(found) is not None
