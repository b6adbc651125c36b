"""How somebody is shown who acted under a lent role: `王军（代王芳）`. Reads only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import aliased

from server.people.models import GrantRow, Person


def acting_name(name: str, stands_in_for: str | None) -> str:
    """The name shown on everything done under a grant."""
    return f"{name}（代{stands_in_for}）" if stands_in_for else name


def stood_in_for(grant: Any) -> ScalarSelect[str]:
    """A correlated expression: whose role the grant of this column is, where it is lent; NULL otherwise."""
    held, lent, lender = aliased(GrantRow), aliased(GrantRow), aliased(Person)
    return (
        select(lender.name)
        .select_from(held)
        .join(lent, lent.id == held.stands_in_for)
        .join(lender, lender.id == lent.person_id)
        .where(held.id == grant)
        .scalar_subquery()
    )
