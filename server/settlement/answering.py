"""Who answers a challenge, be it an objection or an appeal: the committee in its days, then the township; and
nobody in a matter of one's own.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from server.people.api import COMMITTEE, Actor, Grant, Permission, Place, Role, related_households
from server.settlement import errors


def answering_grant(actor: Actor, permission: Permission, village: str, township: bool) -> Grant | None:
    """The grant under which `actor` answers in `village`: an officer's where it is the township's turn."""
    return next(
        (
            grant
            for grant in actor.grants_for(permission)
            if grant.covers(Place(village)) and (grant.role is Role.TOWNSHIP_OFFICER) == township
        ),
        None,
    )


def step_aside(session: Session, actor: Actor, household: str) -> None:
    """Raises Conflict `own_matter` for somebody of the household or of a household of relatives."""
    if actor.household == household or household in related_households(session, actor.household):
        raise errors.own_matter()


def making_grant(actor: Actor, permission: Permission, place: Place, on_behalf: bool) -> Grant | None:
    """The grant under which `actor` speaks for the household of `place`: as its villager, or, on behalf, as a
    member of the committee.
    """
    return next(
        (
            grant
            for grant in actor.grants_for(permission)
            if grant.covers(place) and (grant.role in COMMITTEE) == on_behalf
        ),
        None,
    )
