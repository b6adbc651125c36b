"""The statements of POST /records: few, written by hand, without objects.

On PostgreSQL the household's row is locked before caps are counted, so that two phones at once cannot
exceed a cap (SQLite has one writer anyway). The lock does not stand in the way of rows that only refer to
the household.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.kit.sql import Statement, instant_in, instant_out
from server.rulebook.api import IN_FORCE_SQL, Cap, cap_window

_BOOK = IN_FORCE_SQL.format(village="h.village_code")
_HEAD = (
    "SELECT h.code, h.village_code, h.grid_id, h.kind, h.status, v.reply_days, "
    f"{_BOOK}, (SELECT COUNT(*) FROM members m WHERE m.id = :member AND m.household_code = h.code), "
)
_VILLAGE = "JOIN villages v ON v.code = h.village_code "
_BY_CODE = f"{_HEAD} NULL FROM households h {_VILLAGE} WHERE h.code = :household"
_BY_PLATE = (
    f"{_HEAD} p.revoked_at FROM plates p JOIN households h ON h.code = p.household_code {_VILLAGE} "
    "WHERE p.token = :plate"
)
_LOCK = " FOR NO KEY UPDATE OF h"
HOUSEHOLD = Statement(_BY_CODE, postgresql=_BY_CODE + _LOCK)
PLATE = Statement(_BY_PLATE, postgresql=_BY_PLATE + _LOCK)

COUNT = Statement(
    "SELECT COUNT(*) FILTER (WHERE occurred_on BETWEEN :from_1 AND :to_1), "
    "COUNT(*) FILTER (WHERE occurred_on BETWEEN :from_2 AND :to_2) FROM records "
    "WHERE household_code = :household AND item_code = :item AND occurred_on BETWEEN :least AND :most "
    "AND id <> :id AND status IN ('recorded', 'submitted', 'approved')"
)

_NAMES = (
    *("id", "village_code", "household_code", "grid_id", "rulebook_id", "item_code", "heading", "kind"),
    *("points", "logged_points", "occurred_on", "note", "member_id", "photos", "location", "device_time"),
    *("source", "logged_by", "grant_id", "logged_at", "content_hash", "status", "round", "first_round"),
    *("to_meeting", "reply_until", "reason", "group_id", "effort_client", "effort_taps", "effort_seconds"),
)
_JSON = {"photos", "location"}
_INSERT = f"INSERT INTO records ({', '.join(_NAMES)}) VALUES ({{values}}) ON CONFLICT (id) DO NOTHING"
INSERT = Statement(
    _INSERT.format(values=", ".join(f":{name}" for name in _NAMES)),
    postgresql=_INSERT.format(
        values=", ".join(f"CAST(:{name} AS jsonb)" if name in _JSON else f":{name}" for name in _NAMES)
    ),
)
GROUP = Statement("SELECT logged_by, item_code, occurred_on FROM records WHERE group_id = :group LIMIT 1")
EXISTING = Statement("SELECT logged_by, content_hash FROM records WHERE id = :id")


@dataclass(frozen=True)
class Context:
    """What the database knows about a record that is to be logged."""

    household: str
    village: str
    grid: str | None
    household_class: str
    household_status: str
    reply_days: int
    rulebook_id: str | None
    member_known: bool
    plate_revoked_at: datetime | None


def context(
    session: Session, plate: str | None, household: str | None, member: str | None, on: date
) -> Context | None:
    """The household behind a plate or code, locked, with its village's rulebook on that day.

    None when unknown.
    """
    parameters = {"member": member, "on": on.isoformat()}
    if plate is not None:
        row = PLATE.run(session, parameters | {"plate": plate}).first()
    else:
        row = HOUSEHOLD.run(session, parameters | {"household": household}).first()
    if row is None:
        return None
    code, village, grid, kind, status, reply_days, book, members, revoked = row
    revoked_at = None if revoked is None else instant_out(revoked)
    return Context(code, village, grid, kind, status, reply_days, book, members > 0, revoked_at)


def count(
    session: Session, key: str, household: str, item: str, caps: tuple[Cap, ...], on: date
) -> dict[Cap, int]:
    """For each cap (at most two) the other records that stand in its window around `on`.

    No statement without caps.
    """
    if not caps:
        return {}
    windows = [cap_window(cap.per, on) for cap in caps]
    (from_1, to_1), (from_2, to_2) = windows[0], windows[-1]
    row = COUNT.run(
        session,
        {
            "id": key,
            "household": household,
            "item": item,
            "from_1": from_1.isoformat(),
            "to_1": to_1.isoformat(),
            "from_2": from_2.isoformat(),
            "to_2": to_2.isoformat(),
            "least": min(from_1, from_2).isoformat(),
            "most": max(to_1, to_2).isoformat(),
        },
    ).one()
    return {caps[0]: int(row[0]), caps[-1]: int(row[1])}


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Write the record; False when its id is taken. Instants are given as datetimes, JSON as text."""
    for name in ("device_time", "logged_at", "reply_until"):
        if values[name] is not None:
            values[name] = instant_in(session, values[name])
    return bool(INSERT.run(session, values).rowcount == 1)


def group(session: Session, key: str) -> tuple[str, str, str] | None:
    """Who logged a deed of several households, which item and which day; None when it is a new one."""
    row = GROUP.run(session, {"group": key}).first()
    return None if row is None else (row[0], row[1], str(row[2])[:10])


def existing(session: Session, key: str) -> tuple[str, str] | None:
    """Who logged the record with this id, and the hash of its content."""
    row = EXISTING.run(session, {"id": key}).first()
    return None if row is None else (row[0], row[1])
