"""Persons: those who may sign in, once they are invited. A person holds a name, a home and, mostly, a
household.

A person of a household is its villager from the start: there is no other way to see the own points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.people.access import Actor, Permission, Place, Role
from server.people.models import Division, GrantRow, Household, Member, Person
from server.people.rules import username_key
from server.people.scopes import visible


@dataclass(frozen=True)
class NewPerson:
    """Who is to be made; `home` is a division, `member` an entry of the household's file."""

    name: str
    home: str
    household: str | None = None
    member: str | None = None
    username: str | None = None


def create_person(session: Session, actor: Actor | None, new: NewPerson, now: datetime) -> Person:
    """A person, with the role of villager where there is a household.

    Raises NotFound outside the scope, Invalid `household_unknown`, `member_unknown`, Conflict
    `username_taken`,
    `member_has_person`.
    """
    if actor is not None:
        actor.at(Permission.PEOPLE_MANAGE, Place(new.home))
    if session.get(Division, new.home) is None:
        raise NotFound()
    _check_family(session, new)
    person = Person(
        id=new_id(),
        name=new.name,
        home=new.home,
        household_code=new.household,
        member_id=new.member,
        username=free_username(session, new.username) if new.username else None,
        created_at=now,
    )
    session.add(person)
    session.flush()
    if new.household is not None:
        by = actor.person if actor else None
        add_grant(session, person, Role.VILLAGER, new.household, (now, None), by)
    village = new.home if not new.home.endswith("000") else None
    audit.record(session, actor, "person.create", "person", person.id, now, village)
    return person


def _check_family(session: Session, new: NewPerson) -> None:
    house = session.get(Household, new.household) if new.household else None
    if new.household and (house is None or house.village_code != new.home):
        fault = FieldFault("household", "请填本村的户编号。")
        raise Invalid("household_unknown", "没有这一户。", [fault])
    if new.member is None:
        return
    member = session.get(Member, new.member)
    if member is None or member.household_code != new.household:
        fault = FieldFault("member", "请选这一户的成员。")
        raise Invalid("member_unknown", "这一户没有这个成员。", [fault])
    if session.scalar(select(Person.id).where(Person.member_id == new.member)) is not None:
        raise Conflict("member_has_person", "这个成员已经有账号了，请直接发邀请。")


def free_username(session: Session, wanted: str, person: str = "") -> str:
    """The user name as it is kept; raises Conflict `username_taken` when it is another person's."""
    name = username_key(wanted)
    owner = session.scalar(select(Person.id).where(Person.username == name))
    if owner not in (None, person):
        raise Conflict(
            "username_taken", "这个用户名已经有人用了，请换一个。", [FieldFault("username", "已有人用。")]
        )
    return name


def add_grant(
    session: Session,
    person: Person,
    role: Role,
    scope: str,
    times: tuple[datetime, datetime | None],
    granted_by: str | None,
) -> GrantRow:
    """One role more; the person's cached grants end."""
    row = GrantRow(
        id=new_id(),
        person_id=person.id,
        role=role.value,
        scope=scope,
        starts_at=times[0],
        ends_at=times[1],
        granted_by=granted_by,
    )
    session.add(row)
    person.grants_version = Person.grants_version + 1
    session.flush()
    session.refresh(person)
    return row


def person_for(session: Session, actor: Actor | None, permission: Permission, person_id: str) -> Person:
    """The person, for somebody who holds `permission` at the person's home; NotFound otherwise."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound()
    if actor is not None:
        actor.at(permission, Place(person.home, household=person.household_code))
    return person


def list_persons(
    session: Session, actor: Actor, village: str | None, query: str | None, cursor: str | None, limit: int
) -> tuple[list[Person], str | None]:
    """The persons whose home is inside the actor's scopes, oldest first; `query` is a part of the name."""
    wanted = select(Person).where(visible(actor, Permission.PEOPLE_READ, village=Person.home))
    if village is not None:
        wanted = wanted.where(Person.home == village)
    if query:
        like = f"%{escaped(query)}%"
        wanted = wanted.where(
            or_(Person.name.like(like, escape="\\"), Person.username.like(like, escape="\\"))
        )
    if cursor:
        wanted = wanted.where(Person.id > decode_cursor(cursor, str)[0])
    rows = session.scalars(wanted.order_by(Person.id).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.id,))


def escaped(text: str) -> str:
    """A text for LIKE in which % and _ stand for themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def roles_of(session: Session, persons: Sequence[str], now: datetime) -> dict[str, list[GrantRow]]:
    """The grants of these persons that are in force or still to come, by person."""
    found: dict[str, list[GrantRow]] = {person: [] for person in persons}
    rows = session.scalars(
        select(GrantRow)
        .where(GrantRow.person_id.in_(persons), or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > now))
        .order_by(GrantRow.id)
    )
    for row in rows:
        found[row.person_id].append(row)
    return found
