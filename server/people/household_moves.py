"""Households that come out of others: a new one without a roster, members and accounts that go over, an end.

Owns the rows of people and places only. Points, plates, facts and the agreement behind it are not its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.grid import api as grid
from server.kit.ids import new_id
from server.kit.upsert import insert_for
from server.ledger import api as ledger
from server.people.access import Role
from server.people.households import codes_taken
from server.people.models import GrantRow, Household, Member, Person, Relation
from server.people.persons import add_grant
from server.people.villages import lock_village
from server.transfer.api import RosterHousehold, assign_codes


@dataclass(frozen=True)
class NewHousehold:
    """What is known of a household that comes out of another one."""

    village: str
    head: str
    team: str = ""
    door: str = ""
    address: str = ""
    kind: str = "general"
    grid: str | None = None


def add_household(session: Session, new: NewHousehold, now: datetime, issued_by: str | None) -> str:
    """The next code of its village, with account and plate, without members. Raises Invalid `village_full`."""
    lock_village(session, new.village)
    blank = RosterHousehold(sheet="", row=0, code=None, door=None, head_name=new.head, members=())
    (coded,) = assign_codes(new.village, [blank], codes_taken(session, new.village))
    code = str(coded.code)
    row: dict[str, Any] = {
        "code": code,
        "village_code": new.village,
        "grid_id": new.grid,
        "label": " ".join(part for part in (new.team, new.door) if part) or f"{new.head}家",
        "team": new.team,
        "door": new.door,
        "head": new.head,
        "address": new.address,
        "kind": new.kind,
        "flags": [],
        "status": "active",
        "revision": 1,
        "created_at": now,
    }
    session.execute(insert(Household), [row])
    ledger.open_accounts(session, new.village, [code])
    grid.issue_plates(session, [code], now, issued_by)
    return code


def present_members(session: Session, household: str) -> list[str]:
    """The ids of the members who have neither died nor left."""
    query = select(Member.id).where(Member.household_code == household, Member.departure.is_(None))
    return list(session.scalars(query.order_by(Member.id)))


def move_members(session: Session, members: Sequence[str], target: str, now: datetime) -> dict[str, str]:
    """Members leave their household and are members of `target`, with their accounts: new ids by old ones.

    The old rows stay, so that the old household's file reads as it did.
    """
    rows = session.scalars(select(Member).where(Member.id.in_(members)).order_by(Member.id)).all()
    moved = {row.id: new_id() for row in rows}
    copies = [_copy(row, moved[row.id], target, now) for row in rows]
    if not copies:
        return {}
    session.execute(insert(Member), copies)
    session.execute(
        update(Member)
        .where(Member.id.in_(list(moved)))
        .values(departure="moved_out", departed_at=now)
        .execution_options(synchronize_session=False)
    )
    for person in session.scalars(select(Person).where(Person.member_id.in_(list(moved)))):
        move_person(session, person, target, moved[str(person.member_id)], now)
    session.flush()
    return moved


def _copy(row: Member, key: str, household: str, now: datetime) -> dict[str, Any]:
    values = {column.name: getattr(row, column.name) for column in Member.__table__.columns}
    return values | {"id": key, "household_code": household, "added_at": now, "departed_at": None}


def move_person(session: Session, person: Person, household: str, member: str | None, now: datetime) -> None:
    """An account belongs to another household: its villager, and no longer that of the old one."""
    _end_villager(session, person, now)
    person.household_code, person.member_id, person.home = household, member, household[:12]
    add_grant(session, person, Role.VILLAGER, household, (now, None), None)


def _end_villager(session: Session, person: Person, now: datetime) -> None:
    session.execute(
        update(GrantRow)
        .where(
            GrantRow.person_id == person.id,
            GrantRow.role == Role.VILLAGER.value,
            GrantRow.ends_at.is_(None),
        )
        .values(ends_at=now)
        .execution_options(synchronize_session=False)
    )
    person.grants_version = Person.grants_version + 1
    session.flush()
    session.refresh(person)


def persons_of(session: Session, household: str) -> list[Person]:
    """The accounts of a household."""
    return list(session.scalars(select(Person).where(Person.household_code == household).order_by(Person.id)))


def end_household(session: Session, household: str, now: datetime) -> None:
    """It is no more: its code is never given again, its plate is worth nothing, its accounts are nobody's
    villagers.
    """
    set_status(session, household, "ended")
    grid.revoke_plates(session, household, now)
    for person in persons_of(session, household):
        _end_villager(session, person, now)
        person.household_code = person.member_id = None
    session.flush()


def set_status(session: Session, household: str, status: str) -> None:
    """Another standing of a household."""
    session.execute(
        update(Household)
        .where(Household.code == household)
        .values(status=status, revision=Household.revision + 1)
        .execution_options(synchronize_session=False)
    )


def relate(session: Session, first: str, second: str) -> None:
    """Two households that were one are relatives: panel members of the one step aside from the other."""
    a, b = sorted((first, second))
    row = {"household_a": a, "household_b": b, "kind": "分户"}
    session.execute(insert_for(session, Relation).values(row).on_conflict_do_nothing())
