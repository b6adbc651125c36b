"""Who looked at a household's file, for the household itself and for those who watch over the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.people.access import Actor, Permission
from server.people.households import household_for
from server.people.models import Person

VIEW = "household.view"


@dataclass(frozen=True)
class Look:
    """One look: by whom, when, whether phone numbers were shown in full, and for what."""

    id: str
    at: datetime
    by: str
    phones: bool
    purpose: str | None


def looks(
    session: Session, actor: Actor, code: str, cursor: str | None, limit: int
) -> tuple[list[Look], str | None]:
    """The looks at a household, newest first. NotFound outside the scope."""
    household_for(session, actor, Permission.HOUSEHOLD_LOOKS, code)
    acts, following = audit.acts_on(session, "household", code, VIEW, cursor, limit)
    wanted = select(Person.id, Person.name).where(Person.id.in_({act.person_id for act in acts}))
    names = {row.id: row.name for row in session.execute(wanted)}
    return [
        Look(
            act.id,
            act.at,
            names.get(act.person_id or "", "系统"),
            bool((act.after or {}).get("phones")),
            (act.after or {}).get("purpose"),
        )
        for act in acts
    ], following
