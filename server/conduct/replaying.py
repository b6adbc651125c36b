"""The records of past months in the order in which they were accepted, for a replay. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.conduct.models import Record
from server.conduct.rules import RecordStatus
from server.people.api import Household


@dataclass(frozen=True)
class Counted:
    """One record that counts in a month (yyyymm); `household_kind` is the household's present one."""

    id: str
    household: str
    household_kind: str
    item: str
    points: Decimal
    occurred_on: date
    month: int


def counted_records(session: Session, village: str, since: date, until_month: int) -> list[Counted]:
    """The approved records of a village with conduct from `since` on, up to a month, as they came in."""
    rows = session.execute(
        select(
            Record.id,
            Record.household_code,
            Household.kind,
            Record.item_code,
            Record.points,
            Record.occurred_on,
            Record.month,
        )
        .join(Household, Household.code == Record.household_code)
        .where(
            Record.village_code == village,
            Record.status == RecordStatus.APPROVED.value,
            Record.month <= until_month,
            Record.occurred_on >= since,
        )
        .order_by(Record.logged_at, Record.id)
    )
    return [
        Counted(key, household, kind, item, points, occurred_on, month or 0)
        for key, household, kind, item, points, occurred_on, month in rows
    ]
