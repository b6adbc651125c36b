"""A household as different people may see it, and lists of households.

Owns the masking: phones are masked unless a purpose is stated; birth dates, welfare and minors' names are
for the
family and those who keep its file. Whoever else looks at a household is on record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.api import Grid
from server.kit.clock import local_date
from server.kit.paging import decode_cursor, page
from server.people.access import Actor, Permission
from server.people.households import household_for, place_of
from server.people.models import Household, Member, Village
from server.people.persons import escaped
from server.people.rules import is_minor
from server.people.scopes import visible
from server.people.sealing import Seal, masked_name, masked_phone


def read_file(
    session: Session, actor: Actor, code: str, seal: Seal, purpose: str | None, now: datetime
) -> dict[str, Any]:
    """A household with its members, as `actor` may see it; the look is noted unless it is the own household.

    With a `purpose` phones are shown in full to those who keep the file, and the purpose is noted. NotFound
    outside
    the scope.
    """
    household = household_for(session, actor, Permission.HOUSEHOLD_READ, code)
    own = actor.household == code
    keeps = actor.grant_at(Permission.HOUSEHOLD_FILE, place_of(household)) is not None
    open_phones = keeps and bool(purpose)
    if not own or open_phones:
        after = {"phones": True, "purpose": purpose} if open_phones else None
        audit.record(
            session, actor, "household.view", "household", code, now, household.village_code, after=after
        )
    members = session.scalars(select(Member).where(Member.household_code == code).order_by(Member.id))
    shown = [
        member_shown(row, seal, keeps, open_phones, now) for row in members if keeps or row.departure is None
    ]
    return {**summary(session, household, keeps), "members": shown}


def member_shown(row: Member, seal: Seal, keeps: bool, open_phones: bool, now: datetime) -> dict[str, Any]:
    """A member as the API shows it; `now` decides who is a minor."""
    minor = is_minor(row.birth_date, local_date(now))
    phone = seal.open(row.phone_sealed) if keeps else None
    member: dict[str, Any] = {
        "id": row.id,
        "name": row.name if keeps or not minor else masked_name(row.name),
        "kinship": row.kinship,
        "minor": minor,
    }
    if keeps:
        member |= {
            "sex": row.sex or None,
            "birth_date": row.birth_date,
            "birth_precision": row.birth_precision,
            "phone": phone if open_phones else masked_phone(phone),
            "political": row.political,
            "party_member": row.party_member,
            "flags": row.flags,
            "departure": row.departure,
        }
    return member


def summary(session: Session, household: Household, keeps: bool) -> dict[str, Any]:
    """A household without its members; kind, flags and location only for those who keep the file."""
    village = session.get_one(Village, household.village_code)
    grid = session.get(Grid, household.grid_id) if household.grid_id else None
    shown: dict[str, Any] = {
        "code": household.code,
        "label": household.label,
        "village": {"code": village.code, "name": village.name},
        "grid": {"id": grid.id, "name": grid.name} if grid else None,
        "head": household.head,
        "status": household.status,
        "revision": household.revision,
    }
    if keeps:
        shown |= {
            "team": household.team,
            "door": household.door,
            "address": household.address,
            "kind": household.kind,
            "flags": household.flags,
            "longitude": household.longitude,
            "latitude": household.latitude,
        }
    return shown


def list_households(
    session: Session,
    actor: Actor,
    village: str | None,
    grid: str | None,
    query: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[tuple[Household, str | None]], str | None]:
    """The households inside the actor's scopes with the names of their grids, by code; ended ones are left
    out.

    `query` is a household number (its last digits or the whole code), a part of the head's name or of the
    door.
    """
    inside = visible(
        actor,
        Permission.HOUSEHOLD_READ,
        village=Household.village_code,
        grid=Household.grid_id,
        household=Household.code,
    )
    wanted = (
        select(Household, Grid.name)
        .outerjoin(Grid, Grid.id == Household.grid_id)
        .where(inside, Household.status != "ended")
    )
    if village is not None:
        wanted = wanted.where(Household.village_code == village)
    if grid is not None:
        wanted = wanted.where(Household.grid_id == grid)
    if query:
        wanted = wanted.where(_matches(query))
    if cursor:
        wanted = wanted.where(Household.code > decode_cursor(cursor, str)[0])
    rows = [
        (house, name) for house, name in session.execute(wanted.order_by(Household.code).limit(limit + 1))
    ]
    return page(rows, limit, lambda row: (row[0].code,))


def _matches(query: str) -> Any:
    """The head's name or the label contains it; or, in digits, it is the end of the code."""
    like = f"%{escaped(query)}%"
    found = [Household.head.like(like, escape="\\"), Household.label.like(like, escape="\\")]
    if query.isascii() and query.isdecimal():
        found.append(Household.code.like(f"%{query}"))
        if len(query) < 4:
            found.append(Household.code.like(f"%{query.zfill(4)}"))
    return or_(*found)
