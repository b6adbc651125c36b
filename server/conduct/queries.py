"""Reading records: one with its story, lists by filter inside the reader's scopes, sums for the month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, or_, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct.answers import record_answer
from server.conduct.models import Record, Reply, Review
from server.conduct.rules import RecordStatus
from server.cycles.calendar import Month
from server.kit.clock import iso
from server.kit.database import from_micros, micros
from server.kit.errors import NotFound
from server.kit.exact import text
from server.kit.paging import decode_cursor, page
from server.people.api import (
    Actor,
    Household,
    Permission,
    Person,
    Place,
    acting_name,
    stood_in_for,
    visible,
)
from server.rulebook.api import adopted_book
from server.settlement.months import stage

_S = RecordStatus
DERIVED = frozenset({_S.TALLIED, _S.ON_NOTICE, _S.POSTED})
# an approved record is shown as far as the tally of its month has come
SHOWN = case(
    (
        Record.status == _S.APPROVED.value,
        func.coalesce(stage(Record.village_code, Record.month, Record.household_code), _S.APPROVED.value),
    ),
    else_=Record.status,
)
_POINTS = {"points", "logged_points"}
_LEFT_OUT = {
    *("grant_id", "content_hash", "replied_at", "meeting", "status"),
    *("effort_client", "effort_taps", "effort_seconds"),
}
COLUMNS = [
    type_coerce(column, BigInteger).label(column.name) if column.name in _POINTS else column
    for column in Record.__table__.columns
    if column.name not in _LEFT_OUT
]


@dataclass(frozen=True)
class RecordFilter:
    """What a list is narrowed to; None leaves it open. Days are those of conduct, both counted."""

    village: str | None = None
    household: str | None = None
    grid: str | None = None
    status: str | None = None
    item: str | None = None
    report: str | None = None
    group: str | None = None
    month: str | None = None
    since: date | None = None
    until: date | None = None


def listing() -> Select[*tuple[Any, ...]]:
    """All columns that an answer needs, with the status shown and the logger's name."""
    lent = stood_in_for(Record.grant_id).label("lent_by")
    return select(*COLUMNS, SHOWN.label("status"), Person.name.label("logger"), lent).join(
        Person, Person.id == Record.logged_by
    )


def answers(session: Session, query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The rows of a `listing` as answers."""
    return [_answer(session, row) for row in session.execute(query).mappings()]


def _answer(session: Session, row: Any) -> dict[str, Any]:
    item = adopted_book(session, row["rulebook_id"]).by_code[row["item_code"]]
    return record_answer(row, item.name, acting_name(row["logger"], row["lent_by"]))


def one(session: Session, key: str) -> dict[str, Any]:
    """The record with this id as an answer; raises NotFound. Permission is the caller's."""
    found = answers(session, listing().where(Record.id == key))
    if not found:
        raise NotFound()
    return found[0]


def some(session: Session, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The records with these ids as answers, in no order. Permission is the caller's."""
    return answers(session, listing().where(Record.id.in_(keys))) if keys else []


def locked(session: Session, key: str) -> Record | None:
    """The record as it is now, held until the transaction ends."""
    query = select(Record).where(Record.id == key).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def records(
    session: Session, actor: Actor, wanted: RecordFilter, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """The newest first, only what the actor may read."""
    query = listing().where(readable(actor), *_conditions(wanted))
    if cursor:
        at, key = decode_cursor(cursor, int, str)
        query = query.where(tuple_(Record.logged_at, Record.id) < tuple_(_bound(at), key))
    query = query.order_by(Record.logged_at.desc(), Record.id.desc()).limit(limit + 1)
    rows = session.execute(query).mappings().all()
    shown, following = page(rows, limit, lambda row: (micros(row["logged_at"]), row["id"]))
    return [_answer(session, row) for row in shown], following


def _bound(at: int) -> Any:
    try:
        return type_coerce(from_micros(at), Record.logged_at.type)
    except (OverflowError, ValueError, OSError):
        return type_coerce(from_micros(0), Record.logged_at.type)


def readable(actor: Actor) -> ColumnElement[bool]:
    """What the actor may read: inside a scope, or of the own household."""
    inside = visible(
        actor,
        Permission.RECORD_READ,
        village=Record.village_code,
        grid=Record.grid_id,
        household=Record.household_code,
    )
    return inside if actor.household is None else or_(inside, Record.household_code == actor.household)


def _conditions(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    exact = {
        Record.village_code: wanted.village,
        Record.household_code: wanted.household,
        Record.grid_id: wanted.grid,
        Record.item_code: wanted.item,
        Record.report_id: wanted.report,
        Record.group_id: wanted.group,
    }
    found: list[ColumnElement[bool]] = [
        column == value for column, value in exact.items() if value is not None
    ]
    if wanted.month is not None:
        found.append(Record.month == month_number(Month.parse(wanted.month)))
    if wanted.since is not None:
        found.append(Record.occurred_on >= wanted.since)
    if wanted.until is not None:
        found.append(Record.occurred_on <= wanted.until)
    if wanted.status is not None:
        stored = _S.APPROVED if wanted.status in DERIVED else wanted.status
        found += [Record.status == str(stored), SHOWN.in_([wanted.status])]
    return found


def may_read(actor: Actor, record: Record) -> None:
    """Raises NotFound for a record that the actor may not know of."""
    place = Place(record.village_code, record.grid_id, record.household_code)
    if actor.household != record.household_code and actor.grant_at(Permission.RECORD_READ, place) is None:
        raise NotFound()


def story(session: Session, actor: Actor, key: str) -> dict[str, Any]:
    """One record with its reviews, reply and decisions, for those who may read it."""
    record = session.get(Record, key)
    if record is None:
        raise NotFound()
    may_read(actor, record)
    reply = session.get(Reply, key)
    told = {
        "reviews": _reviews(session, key),
        "reply": {"text": reply.text, "at": iso(reply.at)} if reply else None,
        "meeting": record.meeting,
        "decisions": [
            {"from": step.source, "to": step.target, "reason": step.reason, "at": iso(step.at)}
            for step in audit.decisions_of(session, "record", [key])[key]
        ],
    }
    return {**one(session, key), **told}


def _reviews(session: Session, key: str) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Review, Person.name, stood_in_for(Review.grant_id))
        .join(Person, Person.id == Review.reviewer)
        .where(Review.record_id == key)
        .order_by(Review.round, Review.at, Review.reviewer)
    )
    return [
        {
            "round": review.round,
            "reviewer": review.reviewer,
            "reviewer_name": acting_name(name, lent_by),
            "verdict": review.verdict,
            "points": None if review.points is None else text(review.points),
            "reason": review.reason,
            "at": iso(review.at),
        }
        for review, name, lent_by in rows
    ]


# --- for the month ------------------------------------------------------------------------------------


def month_number(month: Month) -> int:
    """A settlement month as the table keeps it: yyyymm."""
    return month.year * 100 + month.number


def month_sums_select(village: str, month: Month) -> Select[*tuple[Any, ...]]:
    """Per household the approved records of a month: `household_code, records, added, deducted, net`.

    Sums are integer hundredths; `deducted` is negative or zero and `net` is `added + deducted`.
    """
    points = type_coerce(Record.points, BigInteger)
    added = func.sum(case((points > 0, points), else_=0))
    deducted = func.sum(case((points < 0, points), else_=0))
    return (
        select(
            Record.household_code,
            cast(func.count(), BigInteger).label("records"),
            cast(added, BigInteger).label("added"),
            cast(deducted, BigInteger).label("deducted"),
            cast(func.sum(points), BigInteger).label("net"),
        )
        .where(
            Record.village_code == village,
            Record.month == month_number(month),
            Record.status == _S.APPROVED.value,
        )
        .group_by(Record.household_code)
    )


def records_of_line(
    session: Session, village: str, month: Month, household: str | None = None
) -> list[dict[str, Any]]:
    """The approved records behind a month's line (or, without household, behind the whole tally), by date."""
    query = listing().where(
        Record.village_code == village,
        Record.month == month_number(month),
        Record.status == _S.APPROVED.value,
    )
    if household is not None:
        query = query.where(Record.household_code == household)
    return answers(session, query.order_by(Record.household_code, Record.occurred_on, Record.id))


def participating_households(session: Session, village: str) -> Sequence[str]:
    """The codes of the households that take part."""
    query = select(Household.code).where(Household.village_code == village, Household.status == "active")
    return session.scalars(query.order_by(Household.code)).all()
