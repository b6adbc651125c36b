"""A record as the API answers it, from plain values: columns in, a JSON-able mapping out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.cycles.calendar import Month
from server.kit.clock import iso
from server.kit.exact import hundredths_text


def record_answer(row: Mapping[str, Any], item_name: str, logged_by_name: str) -> dict[str, Any]:
    """A record by the names of the contract.

    Points in `row` are integer hundredths, `status` is the one shown.
    """
    month = row.get("month")
    return {
        "id": row["id"],
        "village": row["village_code"],
        "household": row["household_code"],
        "grid": row["grid_id"],
        "item": row["item_code"],
        "name": item_name,
        "heading": row["heading"],
        "kind": row["kind"],
        "points": hundredths_text(row["points"]),
        "logged_points": hundredths_text(row["logged_points"]),
        "occurred_on": str(row["occurred_on"]),
        "note": row["note"],
        "group": row["group_id"],
        "member": row["member_id"],
        "photos": row["photos"],
        "location": row["location"],
        "device_time": _instant(row["device_time"]),
        "source": row["source"],
        "logged_by": row["logged_by"],
        "logged_by_name": logged_by_name,
        "logged_at": _instant(row["logged_at"]),
        "status": row["status"],
        "report": row.get("report_id"),
        "month": str(Month(month // 100, month % 100)) if month else None,
        "round": row["round"] - row["first_round"] + 1,
        "to_meeting": bool(row["to_meeting"]),
        "reply_until": _instant(row["reply_until"]),
        "decided_at": _instant(row.get("decided_at")),
        "reason": row["reason"],
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else iso(value)
