"""The figures behind the charts, set-based: points by heading and month, participation, villages side by side.

Counts approved records by the month they were given to. Never a person: households and headings only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, distinct, func, select, type_coerce
from sqlalchemy.orm import Session

from server.conduct.api import Record, RecordStatus
from server.kit import exact
from server.people.api import Actor, Division, Household, Permission, Village, visible
from server.settlement.api import Objection, ObjectionStatus, Tally, month_from

LONGEST = 24


def of_village(session: Session, village: str, months: int) -> dict[str, Any]:
    """The last `months` (1-24) months that have approved records, oldest first, and who took part in the last."""
    wanted = _newest_months(session, village, months)
    return {
        "village": village,
        "participants": _participants(session, [village]).get(village, 0),
        "months": _months(session, village, wanted),
        "kinds": _kinds(session, village, wanted[-1] if wanted else None),
    }


def _newest_months(session: Session, village: str, count: int) -> list[int]:
    query = select(Record.month).where(Record.village_code == village, Record.month.is_not(None)).distinct()
    found = session.scalars(query.order_by(Record.month.desc()).limit(count))
    return sorted(month for month in found if month is not None)


def _added() -> ColumnElement[int]:
    points = type_coerce(Record.points, BigInteger)
    return func.sum(case((points > 0, points), else_=0))


def _deducted() -> ColumnElement[int]:
    points = type_coerce(Record.points, BigInteger)
    return func.sum(case((points < 0, points), else_=0))


def _months(session: Session, village: str, wanted: Sequence[int]) -> list[dict[str, Any]]:
    counted = (
        Record.village_code == village,
        Record.month.in_(wanted),
        Record.status == RecordStatus.APPROVED.value,
    )
    taking_part = dict(
        session.execute(
            select(Record.month, func.count(distinct(Record.household_code)))
            .where(*counted)
            .group_by(Record.month)
        ).all()
    )
    rows = session.execute(
        select(Record.month, Record.heading, func.count(), _added(), _deducted())
        .where(*counted)
        .group_by(Record.month, Record.heading)
    )
    found: dict[int, list[dict[str, Any]]] = {month: [] for month in wanted}
    for month, heading, records, added, deducted in rows:
        if month is not None:
            line = {
                "name": heading,
                "records": records,
                "added": _points(added),
                "deducted": _points(deducted),
            }
            found[month].append(line)
    return [_month(month, taking_part.get(month, 0), found[month]) for month in wanted]


def _month(month: int, households: int, headings: list[dict[str, Any]]) -> dict[str, Any]:
    headings.sort(key=lambda line: (-line["added"], line["name"]))
    return {
        "month": str(month_from(month)),
        "households": households,
        "records": sum(line["records"] for line in headings),
        "added": sum((line["added"] for line in headings), Decimal(0)),
        "deducted": sum((line["deducted"] for line in headings), Decimal(0)),
        "headings": headings,
    }


def _points(hundredths: int | None) -> Decimal:
    return exact.from_hundredths(int(hundredths or 0))


def _kinds(session: Session, village: str, month: int | None) -> list[dict[str, Any]]:
    """Per kind of household: how many take part in the programme, how many have a record of `month`."""
    active = (
        select(Record.household_code)
        .where(
            Record.village_code == village,
            Record.month == month,
            Record.status == RecordStatus.APPROVED.value,
        )
        .distinct()
        .subquery()
    )
    rows = session.execute(
        select(Household.kind, func.count(), func.count(active.c.household_code))
        .outerjoin(active, active.c.household_code == Household.code)
        .where(Household.village_code == village, Household.status == "active")
        .group_by(Household.kind)
    )
    found = [{"kind": kind, "households": all_, "with_records": some} for kind, all_, some in rows]
    return sorted(found, key=lambda row: (-row["households"], row["kind"]))


def _participants(session: Session, villages: Iterable[str]) -> dict[str, int]:
    query = (
        select(Household.village_code, func.count())
        .where(Household.village_code.in_(list(villages)), Household.status == "active")
        .group_by(Household.village_code)
    )
    return dict(session.execute(query).all())


def side_by_side(session: Session, actor: Actor, now: datetime, limit: int = 500) -> list[dict[str, Any]]:
    """The villages of the actor's scopes by code, each with its newest tallied month; no order of merit."""
    mine = visible(actor, Permission.TALLY_READ, village=Village.code)
    rows = session.execute(
        select(Village.code, Village.name, Division.parent)
        .join(Division, Division.code == Village.code)
        .where(mine)
        .order_by(Village.code)
        .limit(limit)
    ).all()
    codes = [row.code for row in rows]
    last = _last_tallies(session, codes)
    sums, open_ones = _sums(session, codes, last), _objections(session, codes, now)
    participants, townships = _participants(session, codes), _townships(session, {row.parent for row in rows})
    return [
        {
            "village": row.code,
            "name": row.name,
            "township": townships.get(row.parent, ""),
            "participants": participants.get(row.code, 0),
            "month": str(month_from(last[row.code][0])) if row.code in last else None,
            "status": last[row.code][1] if row.code in last else None,
            "vote_due": last[row.code][2] if row.code in last else None,
            **sums.get(
                row.code, {"households": 0, "records": 0, "added": Decimal(0), "deducted": Decimal(0)}
            ),
            **open_ones.get(row.code, {"objections_open": 0, "objections_late": 0}),
        }
        for row in rows
    ]


def _townships(session: Session, codes: Iterable[str | None]) -> dict[str | None, str]:
    query = select(Division.code, Division.name).where(Division.code.in_([c for c in codes if c]))
    return dict(session.execute(query).all())


def _last_tallies(session: Session, codes: Sequence[str]) -> dict[str, tuple[int, str, datetime]]:
    newest = (
        select(Tally.village_code, func.max(Tally.month).label("month"))
        .where(Tally.village_code.in_(codes))
        .group_by(Tally.village_code)
        .subquery()
    )
    rows = session.execute(
        select(Tally.village_code, Tally.month, Tally.status, Tally.vote_due).join(
            newest, (newest.c.village_code == Tally.village_code) & (newest.c.month == Tally.month)
        )
    )
    return {village: (month, status, due) for village, month, status, due in rows}


def _sums(
    session: Session, codes: Sequence[str], last: dict[str, tuple[int, str, datetime]]
) -> dict[str, dict[str, Any]]:
    months = {month for month, _, _ in last.values()}
    rows = session.execute(
        select(
            Record.village_code,
            Record.month,
            func.count(distinct(Record.household_code)),
            func.count(),
            _added(),
            _deducted(),
        )
        .where(
            Record.village_code.in_(codes),
            Record.month.in_(months),
            Record.status == RecordStatus.APPROVED.value,
        )
        .group_by(Record.village_code, Record.month)
    )
    return {
        village: {
            "households": households,
            "records": records,
            "added": _points(added),
            "deducted": _points(deducted),
        }
        for village, month, households, records, added, deducted in rows
        if village in last and last[village][0] == month
    }


def _objections(session: Session, codes: Sequence[str], now: datetime) -> dict[str, dict[str, int]]:
    waiting = (ObjectionStatus.OPEN.value, ObjectionStatus.ESCALATED.value)
    rows = session.execute(
        select(
            Objection.village_code,
            func.count(),
            func.sum(case((Objection.due_at <= now, 1), else_=0)),
        )
        .where(Objection.village_code.in_(codes), Objection.status.in_(waiting))
        .group_by(Objection.village_code)
    )
    return {
        village: {"objections_open": count, "objections_late": int(late or 0)}
        for village, count, late in rows
    }
