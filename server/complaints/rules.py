"""Where a complaint goes: one tier above the person complained about, and one further up with each week.

Pure. Source: spec 01 (Fairness): a complaint box with a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from server.people.access import COMMITTEE, Role

DAYS = 7


class About(StrEnum):
    """What is complained about."""

    PERSON = "person"
    RULE = "rule"
    PROGRAM = "program"


class Tier(StrEnum):
    """Who answers, from the bottom up: the committee, the township, the county."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


class ComplaintStatus(StrEnum):
    """A complaint waits, however high it has gone, or it is answered."""

    OPEN = "open"
    ANSWERED = "answered"


S = ComplaintStatus
TRANSITIONS: Mapping[ComplaintStatus, frozenset[ComplaintStatus]] = {
    S.OPEN: frozenset({S.OPEN, S.ANSWERED}),  # open → open: one tier up
    S.ANSWERED: frozenset(),
}
# whose work the committee does not judge; everybody else in a village is judged by it
ABOVE_VILLAGE = frozenset({*COMMITTEE, Role.SUPERVISOR})
ABOVE_TOWNSHIP = frozenset(
    {Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.ADMIN, Role.AUDITOR, Role.ASSESSOR}
)
ANSWERS: Mapping[Tier, frozenset[Role]] = {
    Tier.VILLAGE: COMMITTEE,
    Tier.TOWNSHIP: frozenset({Role.TOWNSHIP_OFFICER}),
    Tier.COUNTY: frozenset({Role.COUNTY_OFFICER}),
}


def first_tier(about: About, roles: Iterable[Role]) -> Tier:
    """One tier above the highest role that the person holds; a rule is the committee's, the program the
    county's, which runs it.
    """
    if about is About.PROGRAM:
        return Tier.COUNTY
    held = frozenset(roles)
    if about is About.PERSON and held & ABOVE_TOWNSHIP:
        return Tier.COUNTY
    return Tier.TOWNSHIP if about is About.PERSON and held & ABOVE_VILLAGE else Tier.VILLAGE


def tier_above(tier: Tier) -> Tier | None:
    """The next tier up; None above the county, where it stays open for all to see."""
    order = list(Tier)
    place = order.index(tier) + 1
    return order[place] if place < len(order) else None


def due(since: datetime) -> datetime:
    """A tier has seven days."""
    return since + timedelta(days=DAYS)
