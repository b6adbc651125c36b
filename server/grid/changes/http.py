"""Routes of household changes."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from sqlalchemy import select

from server.grid.changes import service
from server.grid.changes.models import HouseholdChange
from server.grid.changes.rules import Terms
from server.grid.changes.schemas import (
    ArrivalBody,
    ChangeQuery,
    ChangeReasonBody,
    HouseholdChangeAnswer,
    HouseholdChangeEntry,
    HouseholdChangePage,
)
from server.grid.changes.service import NewChange, terms_of
from server.kit.paging import decode_cursor, page
from server.people.api import Household, Permission, Place
from server.web.routes import Call, endpoint

blueprint = Blueprint("household_changes", __name__, description="户的变动")


def _shown(call: Call, row: HouseholdChange) -> dict[str, Any]:
    head = call.session.scalar(select(Household.head).where(Household.code == row.household_code))
    return {
        "id": row.id,
        "kind": row.kind,
        "status": row.status,
        "village": row.village_code,
        "household": row.household_code,
        "head": head,
        "other_household": row.other_code,
        "to_village": row.to_village,
        "agreement": {"number": row.paper, "signed_on": row.signed_on},
        "points": row.moved or terms_of(row).fixed,
        "agreed_at": row.agreed_at,
        "done_at": row.done_at,
        "waiting_for": service.waiting_for(call.session, row, call.now),
    }


@endpoint(
    blueprint,
    "POST",
    "/household-changes",
    needs=Permission.HOUSEHOLD_MANAGE,
    body=HouseholdChangeEntry(),
    answer=HouseholdChangeAnswer,
    status=201,
    also={200: HouseholdChangeAnswer},
)
def agree_household_change(call: Call, body: NewChange) -> Any:
    """Enter a written agreement; it is carried out at once, or as soon as nothing of the household is open."""
    row, first = service.agree(call.session, call.actor, body, call.now)
    return _shown(call, row), 201 if first else 200


@endpoint(
    blueprint,
    "GET",
    "/household-changes",
    needs=Permission.HOUSEHOLD_MANAGE,
    query=ChangeQuery,
    answer=HouseholdChangePage,
)
def list_household_changes(call: Call, query: dict[str, Any]) -> Any:
    """The changes of a village's households, and the households that move there, newest first."""
    call.actor.at(Permission.HOUSEHOLD_MANAGE, Place(query["village"]))
    wanted = select(HouseholdChange).where(service.about(query["village"]))
    if "status" in query:
        wanted = wanted.where(HouseholdChange.status == query["status"])
    if "cursor" in query:
        wanted = wanted.where(HouseholdChange.id < decode_cursor(query["cursor"], str)[0])
    ordered = wanted.order_by(HouseholdChange.id.desc()).limit(query["limit"] + 1)
    rows, following = page(call.session.scalars(ordered).all(), query["limit"], lambda row: (row.id,))
    return {"items": [_shown(call, row) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "GET",
    "/household-changes/<key>",
    needs=Permission.HOUSEHOLD_MANAGE,
    answer=HouseholdChangeAnswer,
)
def read_household_change(call: Call, key: str) -> Any:
    """One agreement, and what it waits for."""
    return _shown(call, service.readable(call.session, call.actor, key))


@endpoint(
    blueprint,
    "POST",
    "/household-changes/<key>/arrival",
    needs=Permission.HOUSEHOLD_MANAGE,
    body=ArrivalBody,
    answer=HouseholdChangeAnswer,
)
def arrive_household(call: Call, body: dict[str, Any], key: str) -> Any:
    """The other village takes a household in that has moved; again changes nothing."""
    return _shown(call, service.arrive(call.session, call.actor, key, Terms(**body), call.now))


@endpoint(
    blueprint,
    "POST",
    "/household-changes/<key>/cancellation",
    needs=Permission.HOUSEHOLD_MANAGE,
    body=ChangeReasonBody,
    answer=HouseholdChangeAnswer,
)
def cancel_household_change(call: Call, body: dict[str, Any], key: str) -> Any:
    """Call an agreement off while it waits."""
    return _shown(call, service.cancel(call.session, call.actor, key, body["reason"], call.now))
