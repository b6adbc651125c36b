"""Sign-in without a password, for the demo only: the people one can be there, and what they hold.

The routes answer 404 outside demo mode, whatever the database says.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.api import Grid, Plate
from server.kit.errors import NotFound
from server.people.models import GrantRow, Household, Person, Village

# the order in which the start page shows them
PERSONAS = (
    "villager_1",
    "villager_2",
    "grid_worker_1",
    "grid_worker_2",
    "grid_leader_1",
    "chief_grid_leader",
    "panel_member_1",
    "panel_member_2",
    "panel_member_3",
    "committee_head",
    "committee_member_1",
    "committee_member_2",
    "committee_member_3",
    "keeper_1",
    "keeper_2",
    "supervisor",
    "township_officer",
    "county_officer",
    "auditor",
    "admin",
    "other_villager",
    "other_grid_worker",
    "other_committee_member",
    "other_keeper",
)
_WITH_OWN_PLATE = ("villager", "other_villager")
_WITH_GRID = ("grid_worker", "grid_leader", "other_grid_worker")


def person_of(session: Session, persona: str) -> Person:
    """The person behind a persona; NotFound for one that this demo does not have."""
    person = session.scalar(select(Person).where(Person.persona == persona))
    if person is None:
        raise NotFound("persona_unknown", "没有这个演示身份，请从列表里选。")
    return person


def list_personas(session: Session) -> list[dict[str, Any]]:
    """All personas in the order of the start page, with what each can scan first."""
    rows = session.execute(
        select(Person, Village.name)
        .outerjoin(Village, Village.code == Person.home)
        .where(Person.persona.is_not(None))
    )
    shown = [_shown(session, person, village) for person, village in rows]
    order = {persona: index for index, persona in enumerate(PERSONAS)}
    return sorted(shown, key=lambda row: order.get(row["persona"], len(order)))


def _shown(session: Session, person: Person, village: str | None) -> dict[str, Any]:
    persona = person.persona or ""
    row: dict[str, Any] = {
        "persona": persona,
        "name": person.name,
        "village": person.home if village else None,
        "village_name": village,
    }
    if persona.startswith(_WITH_OWN_PLATE) and person.household_code:
        row |= {"household": person.household_code, "plate": _plate(session, person.household_code)}
    elif persona.startswith(_WITH_GRID):
        row |= _grid(session, person.id)
    return row


def _grid(session: Session, person: str) -> dict[str, Any]:
    """The first grid that the person works in, and the plate of its first household."""
    found = session.execute(
        select(Grid.id, Grid.name)
        .join(GrantRow, GrantRow.scope == Grid.id)
        .where(GrantRow.person_id == person)
        .order_by(GrantRow.id)
    ).first()
    if found is None:
        return {}
    house = session.scalar(
        select(Household.code)
        .where(Household.grid_id == found.id, Household.status == "active")
        .order_by(Household.code)
        .limit(1)
    )
    return {"grid": found.id, "grid_name": found.name, "plate": _plate(session, house) if house else None}


def _plate(session: Session, household: str) -> str | None:
    return session.scalar(
        select(Plate.token).where(Plate.household_code == household, Plate.revoked_at.is_(None))
    )
