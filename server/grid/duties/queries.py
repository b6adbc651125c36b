"""Who holds which tier for a grid, read from the grants in force; history stays in the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from server.grid.duties.rules import GRID_ROLES, Tier, tier_of
from server.people.api import GrantRow, Person, Role

_ROLES = sorted(role.value for role in GRID_ROLES)


class Net:
    """The holders of all tiers for the grids of one village at one instant, looked up once."""

    def __init__(self, session: Session, village: str, grids: Iterable[str], now: datetime) -> None:
        self._village = village
        self._by_scope: dict[str, dict[Tier, list[str]]] = defaultdict(lambda: defaultdict(list))
        scopes = sorted({village, village[:9] + "000", *grids})
        for person, role, scope in _in_force(session, scopes, now):
            tier = tier_of(Role(role), scope)
            if tier is not None:
                self._by_scope[scope][tier].append(person)

    def holders(self, grid: str | None, tier: Tier) -> list[str]:
        """The persons who hold a tier for a grid: for itself, its village or its township; each once."""
        scopes = (grid or "", self._village, self._village[:9] + "000")
        return sorted({person for scope in scopes for person in self._by_scope[scope][tier]})

    def held(self, grid: str | None) -> frozenset[Tier]:
        """The tiers that somebody holds for a grid."""
        return frozenset(tier for tier in Tier if self.holders(grid, tier))


def _in_force(session: Session, scopes: Sequence[str], now: datetime) -> Sequence[Row[str, str, str]]:
    return session.execute(
        select(GrantRow.person_id, GrantRow.role, GrantRow.scope)
        .join(Person, Person.id == GrantRow.person_id)
        .where(
            GrantRow.scope.in_(scopes),
            GrantRow.role.in_(_ROLES),
            GrantRow.starts_at <= now,
            or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > now),
            Person.disabled.is_(False),
        )
        .order_by(GrantRow.id)
    ).all()
