"""The records behind a household's posted months, each with item, photos, and the people it went through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.conduct.models import Record, Review
from server.conduct.queries import answers, listing
from server.conduct.rules import RecordStatus
from server.kit.clock import iso
from server.kit.exact import text
from server.people.api import Person, acting_name, stood_in_for

COUNTED = (RecordStatus.APPROVED.value, RecordStatus.REVERSED.value)


def records_behind(session: Session, household: str, months: Sequence[int]) -> list[dict[str, Any]]:
    """The records of `household` in these months (yyyymm), by date of conduct; permission is the caller's.

    Those that an appeal reversed are among them. `reviewed_by`: the panel's verdicts of the round that
    decided; `meeting` where the committee did.
    """
    if not months:
        return []
    found = answers(
        session,
        listing()
        .where(Record.household_code == household, Record.month.in_(months), Record.status.in_(COUNTED))
        .order_by(Record.occurred_on, Record.id),
    )
    keys = [record["id"] for record in found]
    verdicts = _verdicts(session, keys)
    meetings = {
        row.id: row.meeting
        for row in session.execute(select(Record.id, Record.meeting).where(Record.id.in_(keys)))
    }
    return [
        {**record, "reviewed_by": verdicts.get(record["id"], []), "meeting": meetings[record["id"]]}
        for record in found
    ]


def _verdicts(session: Session, records: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The verdicts of each record's last round, oldest first."""
    rows = session.execute(
        select(Review, Person.name, stood_in_for(Review.grant_id))
        .join(Person, Person.id == Review.reviewer)
        .join(Record, (Record.id == Review.record_id) & (Record.round == Review.round))
        .where(Review.record_id.in_(records))
        .order_by(Review.at, Review.reviewer)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for review, own_name, lent_by in rows:
        points = None if review.points is None else text(review.points)
        name = acting_name(own_name, lent_by)
        verdict = {"name": name, "verdict": review.verdict, "points": points, "at": iso(review.at)}
        found.setdefault(review.record_id, []).append(verdict)
    return found


def had_a_hand(session: Session, record: str) -> frozenset[str]:
    """The persons who logged the record or gave a verdict on it: nobody judges the own work."""
    logged = session.scalars(select(Record.logged_by).where(Record.id == record))
    reviewed = session.scalars(select(Review.reviewer).where(Review.record_id == record))
    return frozenset([*logged, *reviewed])
