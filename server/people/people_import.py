"""A file of people into the instance: persons, their accounts to be, and their roles; all of it or nothing.

Somebody who is there already (by user name, or by home, household and name) is not made twice, and a role
that is held already is not given twice: the same file again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.api import Grid
from server.kit.clock import local_midnight
from server.people import grants, persons
from server.people.access import Role
from server.people.models import Division, GrantRow, Household, Person
from server.people.rules import SCOPES, level_of_division, username_key
from server.transfer.api import PeopleReading, PersonRow

_BY_GRID = frozenset({Role.GRID_WORKER, Role.GRID_LEADER})


@dataclass(frozen=True)
class PeopleImported:
    """What an import did; `without_account` are persons who still need an invitation."""

    persons_added: int
    roles_added: int
    unchanged: int
    without_account: tuple[str, ...]


def check(session: Session, reading: PeopleReading) -> None:
    """Add a fault for every row whose place, household, grid, role or user name does not fit what is
    there.
    """
    grids = {(grid.village_code, grid.name) for grid in session.scalars(select(Grid))}
    named: dict[str, tuple[str, str]] = {}
    for row in reading.rows:
        _check_place(session, reading, row)
        if row.grid is not None and (row.place, row.grid) not in grids:
            remedy = "先导入网格（jifen template grids），或核对名称"
            reading.fault(row, "grid", "no_grid", f"这个村没有叫“{row.grid}”的网格", remedy)
        _check_role(reading, row)
        if row.username is not None:
            _check_username(session, reading, row, named)
        if row.until is not None and row.since is not None and row.until < row.since:
            reading.fault(row, "until", "bad_times", "结束日期早于开始日期", "核对两个日期")


def _check_place(session: Session, reading: PeopleReading, row: PersonRow) -> None:
    if session.get(Division, row.place) is None:
        reading.fault(row, "place", "no_place", "没有这个地方", "核对代码，或先建村")
        return
    house = session.get(Household, row.household) if row.household else None
    if row.household and (house is None or house.village_code != row.place):
        reading.fault(row, "household", "no_household", "这个村没有这一户", "核对户编号，或先导入花名册")


def _check_role(reading: PeopleReading, row: PersonRow) -> None:
    if row.role is None:
        return
    role = Role(row.role)
    if role is Role.VILLAGER:
        if row.household is None:
            reading.fault(row, "household", "villager_without_household", "村民要有户编号", "填户编号")
    elif not (role in _BY_GRID and row.grid) and level_of_division(row.place) not in SCOPES[role]:
        reading.fault(row, "place", "scope_wrong", "这个角色不能在这一级任职", "填任职的村、乡镇或县的代码")


def _check_username(
    session: Session, reading: PeopleReading, row: PersonRow, named: dict[str, tuple[str, str]]
) -> None:
    """One name, one person: in the file and in the instance."""
    key = username_key(row.username or "")
    other = named.setdefault(key, (row.name, row.place))
    owner = session.scalar(select(Person).where(Person.username == key))
    taken = owner is not None and (owner.name, owner.home) != (row.name, row.place)
    if taken or other != (row.name, row.place):
        reading.fault(row, "username", "username_taken", "这个用户名已经有人用了", "换一个，或留空由本人取")


def import_people(session: Session, reading: PeopleReading, now: datetime) -> PeopleImported:
    """Make the persons and give the roles. The reading must have passed `check` in the same transaction."""
    made = given = 0
    waiting: dict[str, None] = {}
    for row in reading.rows:
        person = _find(session, row)
        if person is None:
            new = persons.NewPerson(row.name, row.place, row.household, None, row.username)
            person = persons.create_person(session, None, new, now)
            made += 1
        if person.password_hash is None:
            waiting[person.id] = None
        if row.role not in (None, Role.VILLAGER.value):
            given += _give(session, person, row, now)
    return PeopleImported(made, given, len(reading.rows) - max(made, given), tuple(waiting))


def _find(session: Session, row: PersonRow) -> Person | None:
    if row.username is not None:
        mine = session.scalar(select(Person).where(Person.username == username_key(row.username)))
        if mine is not None:
            return mine
    query = select(Person).where(Person.name == row.name, Person.home == row.place)
    if row.household is not None:
        query = query.where(Person.household_code == row.household)
    return session.scalars(query.order_by(Person.id)).first()


def _give(session: Session, person: Person, row: PersonRow, now: datetime) -> bool:
    """Give the role of a row; False when it is held already."""
    role = Role(row.role or "")
    scope = row.place
    if row.grid is not None and role in _BY_GRID:
        wanted = select(Grid.id).where(Grid.village_code == row.place, Grid.name == row.grid)
        scope = session.execute(wanted).scalar_one()
    held = session.scalars(
        select(GrantRow).where(
            GrantRow.person_id == person.id, GrantRow.role == role.value, GrantRow.scope == scope
        )
    )
    if any(grant.ends_at is None or grant.ends_at > now for grant in held):
        return False
    starts, ends = _instant(row.since), _instant(row.until)
    grants.give(session, None, grants.NewGrant(person.id, role, scope, starts, ends), now)
    return True


def _instant(day: date | None) -> datetime | None:
    return local_midnight(day) if day is not None else None
