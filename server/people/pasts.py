"""What a change of a household or member replaced, kept so that its file reads as of any day.

Phone and id numbers are not kept twice: nobody needs an old number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.kit.ids import new_id
from server.people.models import Household, HouseholdPast, Member

_CHUNK = 500
_NEVER = frozenset({"phone_sealed", "id_number_sealed", "revision"})


def replaced(household: str, member: str | None, before: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A row: these columns of a household or member held these values until now."""
    kept = {name: _plain(value) for name, value in before.items() if name not in _NEVER}
    return {"id": new_id(), "household_code": household, "member_id": member, "until": now, "before": kept}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def keep_before(
    session: Session,
    model: type[Household] | type[Member],
    updates: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Before rows are updated, each by its key: keep what these updates replace."""
    table = model.__table__
    key = table.c["id" if model is Member else "code"]
    found: list[dict[str, Any]] = []
    for start in range(0, len(updates), _CHUNK):
        some = {values[key.name]: values for values in updates[start : start + _CHUNK]}
        for row in session.execute(select(table).where(key.in_(some))).mappings():
            new = some[row[key.name]]
            before = {name: row[name] for name, value in new.items() if row[name] != value}
            member = row["id"] if model is Member else None
            found.append(replaced(row["household_code" if member else "code"], member, before, now))
    keep_replaced(session, found)


def keep_replaced(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write what was replaced; rows in which nothing is left are left out."""
    found = [dict(row) for row in rows if row["before"]]
    if found:
        session.execute(insert(HouseholdPast), found)
