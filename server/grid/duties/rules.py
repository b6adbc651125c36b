"""Two levels, six tiers (两级六层): which tier a role is, by where it is held. Pure. Source 004, spec 03."""

from __future__ import annotations

from enum import IntEnum

from server.people.access import Role


class Tier(IntEnum):
    """The tiers from the door upwards; what stays undone goes one up."""

    VILLAGE_WORKER = 1
    VILLAGE_LEADER = 2
    VILLAGE_CHIEF = 3
    TOWNSHIP_WORKER = 4
    TOWNSHIP_LEADER = 5
    TOWNSHIP_CHIEF = 6


T = Tier
LOWEST, HIGHEST = T.VILLAGE_WORKER, T.TOWNSHIP_CHIEF
IN_GRID = T.VILLAGE_LEADER
"""The highest tier that is still the grid's own: its workers and its leader."""
ROLE_OF: dict[Tier, Role] = {
    T.VILLAGE_WORKER: Role.GRID_WORKER,
    T.VILLAGE_LEADER: Role.GRID_LEADER,
    T.VILLAGE_CHIEF: Role.CHIEF_GRID_LEADER,
    T.TOWNSHIP_WORKER: Role.GRID_WORKER,
    T.TOWNSHIP_LEADER: Role.GRID_LEADER,
    T.TOWNSHIP_CHIEF: Role.CHIEF_GRID_LEADER,
}
NAMES: dict[Tier, str] = {
    T.VILLAGE_WORKER: "村网格员",
    T.VILLAGE_LEADER: "村网格长",
    T.VILLAGE_CHIEF: "村总网格长",
    T.TOWNSHIP_WORKER: "镇网格员",
    T.TOWNSHIP_LEADER: "镇网格长",
    T.TOWNSHIP_CHIEF: "镇总网格长",
}
GRID_ROLES = frozenset(ROLE_OF.values())


def of_township(scope: str) -> bool:
    """Whether a scope (division code, grid id or household code) is a township's."""
    return len(scope) == 12 and scope.endswith("000")


def tier_of(role: Role, scope: str) -> Tier | None:
    """The tier of a role held for a scope; None for roles that are no duty of the net."""
    if role not in GRID_ROLES:
        return None
    return next(
        tier for tier in T if ROLE_OF[tier] is role and (tier > T.VILLAGE_CHIEF) == of_township(scope)
    )


def next_tier(tier: Tier, held: frozenset[Tier]) -> Tier | None:
    """One tier up; tiers that nobody holds are passed over. None at the top or when nobody is above."""
    return next((above for above in T if above > tier and above in held), None)
