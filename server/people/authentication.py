"""From a session token to an actor: one statement a request, the grants cached by the person's grants
version.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.kit.errors import NotSignedIn
from server.kit.ids import token_hash
from server.kit.sql import Statement, instant_in
from server.people.access import Actor, Grant, Role
from server.people.models import GrantRow, Person

_SESSION = Statement(
    "SELECT s.id, p.id, p.name, p.household_code, p.grants_version FROM sessions s "
    "JOIN persons p ON p.id = s.person_id "
    "WHERE s.access_hash = :hash AND s.revoked_at IS NULL AND s.access_until > :now AND NOT p.disabled"
)
_CACHE_SIZE = 10_000
_grants: dict[tuple[str, int], tuple[Grant, ...]] = {}


def authenticate(session: Session, token: str, now: datetime) -> Actor:
    """The actor of an access token; raises NotSignedIn."""
    if not token:
        raise NotSignedIn()
    row = _SESSION.run(session, {"hash": token_hash(token), "now": instant_in(session, now)}).first()
    if row is None:
        raise NotSignedIn("session_ended", "登录已过期，请重新登录。")
    session_id, person, name, household, version = tuple(row)
    granted = (grant for grant in grants_of(session, person, version) if grant.in_force(now))
    return Actor(person, name, household, tuple(granted), session_id)


def grants_of(session: Session, person: str, version: int) -> tuple[Grant, ...]:
    """All grants of a person that were not ended before they began, from the cache where the version is
    known.
    """
    found = _grants.get((person, version))
    if found is None:
        found = _read_grants(session, person)
        if len(_grants) >= _CACHE_SIZE:
            _grants.clear()
        _grants[(person, version)] = found
    return found


def _read_grants(session: Session, person: str) -> tuple[Grant, ...]:
    """The grants with the times for which they are lent, and whose they are where they are borrowed."""
    lent, lender = aliased(GrantRow), aliased(Person)
    rows = session.execute(
        select(GrantRow, lender.name)
        .outerjoin(lent, lent.id == GrantRow.stands_in_for)
        .outerjoin(lender, lender.id == lent.person_id)
        .where(GrantRow.person_id == person)
        .order_by(GrantRow.id)
    ).all()
    away: defaultdict[str | None, list[tuple[datetime, datetime]]] = defaultdict(list)
    keys = [row.id for row, _ in rows]
    for key, start, end in session.execute(
        select(GrantRow.stands_in_for, GrantRow.starts_at, GrantRow.ends_at).where(
            GrantRow.stands_in_for.in_(keys)
        )
    ):
        if end is not None:
            away[key].append((start, end))
    return tuple(
        Grant(row.id, Role(row.role), row.scope, row.starts_at, row.ends_at, tuple(away[row.id]), name)
        for row, name in rows
    )
