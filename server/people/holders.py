"""Who holds a role for a village: the panel that reviews, the committee that votes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from server.people.access import Role
from server.people.models import GrantRow, Person


@dataclass(frozen=True)
class Holder:
    """One person who holds one of the roles asked for, with the own household and the (first) grant."""

    person: str
    name: str
    household: str | None
    grant: str


def holders(session: Session, roles: Iterable[Role], village: str, now: datetime) -> list[Holder]:
    """The persons who hold one of `roles` for the whole of `village` at `now`, each once, sorted by id.

    Grants for the township or county above count too; accounts that were disabled and roles that are lent
    do not (the stand-in counts).
    """
    stand_in = aliased(GrantRow)
    lent = (
        exists()
        .where(stand_in.stands_in_for == GrantRow.id, stand_in.starts_at <= now, stand_in.ends_at > now)
        .correlate(GrantRow)
    )
    above = {village, village[:9] + "000", village[:6] + "000000"}
    rows = session.execute(
        select(Person.id, Person.name, Person.household_code, GrantRow.id)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role.in_([role.value for role in roles]),
            GrantRow.scope.in_(sorted(above)),
            GrantRow.starts_at <= now,
            or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > now),
            Person.disabled.is_(False),
            ~lent,
        )
        .order_by(Person.id, GrantRow.id)
    )
    found: dict[str, Holder] = {}
    for person, name, household, grant in rows:
        found.setdefault(person, Holder(person, name, household, grant))
    return list(found.values())
