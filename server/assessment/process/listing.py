"""A page of a cycle's rows, as far as somebody may know them: what all lists of the routes share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from server.assessment.process.standing import Standing, standing
from server.web.routes import Call

Listed = Callable[..., tuple[Sequence[Any], str | None]]
Told = Callable[[Any, Standing], Any]


def page_of(
    call: Call, cycle_id: str, query: dict[str, Any], listed: Listed, told: Told | None = None
) -> Any:
    """The answer of a list: `listed(session, standing, cursor, limit)` finds the rows, `told` says what one of
    them tells this reader (the row itself where nothing is hidden).
    """
    held = standing(call.session, call.actor, cycle_id)
    rows, following = listed(call.session, held, query.get("cursor"), query["limit"])
    return {"items": [told(row, held) if told else row for row in rows], "next_cursor": following}


def by_whom(row: Any, names: Sequence[str], known: bool, held: Standing) -> dict[str, Any]:
    """What somebody put before the cycle's people; who it was only where `known`, and to the person."""
    person = row.person_id if known or row.person_id == held.actor.person else None
    return {name: getattr(row, name) for name in names} | {"person": person}
