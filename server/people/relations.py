"""Relatives on file: whose matters somebody steps aside from. Reads only."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.people.models import Relation


def related_households(session: Session, household: str | None) -> frozenset[str]:
    """The codes of the households that are on file as relatives of `household`."""
    if household is None:
        return frozenset()
    rows = session.execute(
        select(Relation.household_a, Relation.household_b).where(
            or_(Relation.household_a == household, Relation.household_b == household)
        )
    )
    return frozenset(code for pair in rows for code in pair if code != household)
