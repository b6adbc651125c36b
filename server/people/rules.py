"""Who may give which role to whom, who may invite whom, and what is hidden from whom.

Pure: grants and plain values in, an answer out. The places themselves are looked up by the services.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from server.people.access import ANYONE, GRID_PEOPLE, Grant, Place, Role

R = Role


class Level(StrEnum):
    """What a scope can be."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GRID = "grid"
    HOUSEHOLD = "household"


DIVISIONS = frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE})
_GRID_WORK = frozenset({Level.GRID, Level.VILLAGE, Level.TOWNSHIP})
_VILLAGE = frozenset({Level.VILLAGE})
# the kinds of scope for which a role makes sense
SCOPES: dict[Role, frozenset[Level]] = {
    R.VILLAGER: frozenset({Level.HOUSEHOLD}),
    R.GRID_WORKER: _GRID_WORK,
    R.GRID_LEADER: _GRID_WORK,
    R.CHIEF_GRID_LEADER: frozenset({Level.VILLAGE, Level.TOWNSHIP}),
    R.PANEL_MEMBER: _VILLAGE,
    R.COMMITTEE_MEMBER: _VILLAGE,
    R.COMMITTEE_HEAD: _VILLAGE,
    R.KEEPER: _VILLAGE,
    R.SUPERVISOR: frozenset({Level.VILLAGE, Level.TOWNSHIP}),
    R.TOWNSHIP_OFFICER: frozenset({Level.TOWNSHIP}),
    R.COUNTY_OFFICER: frozenset({Level.COUNTY}),
    R.ASSESSOR: DIVISIONS,
    R.AUDITOR: DIVISIONS,
    R.ADMIN: DIVISIONS,
}
VILLAGE_ROLES = GRID_PEOPLE | {R.VILLAGER, R.PANEL_MEMBER, R.COMMITTEE_MEMBER, R.KEEPER, R.SUPERVISOR}
# the roles that a role may give inside its scope
GIVES: dict[Role, frozenset[Role]] = {
    R.COMMITTEE_HEAD: VILLAGE_ROLES,
    R.TOWNSHIP_OFFICER: VILLAGE_ROLES | {R.COMMITTEE_HEAD, R.ASSESSOR},
    R.COUNTY_OFFICER: ANYONE,
    R.ADMIN: ANYONE,
}
# whoever invites sees the one-time text and could use it: so only people with these roles and no other
INVITES: dict[Role, frozenset[Role]] = {
    **GIVES,
    R.COMMITTEE_MEMBER: GRID_PEOPLE | {R.VILLAGER, R.KEEPER},
}
ADULT_YEARS = 18


def level_of_division(code: str) -> Level:
    """The level of a 12-digit division code."""
    if code.endswith("000000"):
        return Level.COUNTY
    return Level.TOWNSHIP if code.endswith("000") else Level.VILLAGE


def giving_grant(grants: Iterable[Grant], role: Role, place: Place) -> Grant | None:
    """The grant under which `role` may be given for `place`: nobody gives what the own scope does not
    cover.
    """
    return next((g for g in grants if role in GIVES.get(g.role, ()) and g.covers(place)), None)


def inviting_grant(grants: Iterable[Grant], roles: Iterable[Role], home: Place) -> Grant | None:
    """The grant under which somebody of `home` who holds exactly `roles` may be invited."""
    held = frozenset(roles)
    return next((g for g in grants if held <= INVITES.get(g.role, frozenset()) and g.covers(home)), None)


def is_minor(birth_date: date | None, today: date) -> bool:
    """Under 18 on `today`. Without a birth date somebody counts as grown up: rosters lack those of the
    old.
    """
    if birth_date is None:
        return False
    birthday = (birth_date.year + ADULT_YEARS, birth_date.month, birth_date.day)
    return (today.year, today.month, today.day) < birthday


def username_key(name: str) -> str:
    """How a user name is kept and compared: capital letters make no second account."""
    return name.strip().casefold()
