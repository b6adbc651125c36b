"""From a session token to an actor: one statement a request, the grants cached by the person's grants
version.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.errors import NotSignedIn
from server.kit.ids import token_hash
from server.kit.sql import Statement, instant_in
from server.people.access import Actor, Grant, Role
from server.people.models import GrantRow

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
        rows = session.scalars(select(GrantRow).where(GrantRow.person_id == person).order_by(GrantRow.id))
        found = tuple(Grant(r.id, Role(r.role), r.scope, r.starts_at, r.ends_at) for r in rows)
        if len(_grants) >= _CACHE_SIZE:
            _grants.clear()
        _grants[(person, version)] = found
    return found
