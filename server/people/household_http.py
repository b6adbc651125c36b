"""Routes of households."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from server.kit.errors import FieldFault, Invalid
from server.kit.transaction import transaction
from server.people import household_file, households, looks
from server.people.access import Permission
from server.people.household_schemas import (
    HouseholdBody,
    HouseholdChangeBody,
    HouseholdPage,
    HouseholdQuery,
    HouseholdSchema,
    LooksPage,
    PurposeQuery,
)
from server.people.models import Household
from server.people.place_schemas import PageQuery
from server.people.sealing import Seal
from server.people.villages import village_for
from server.transfer.api import HouseholdKind, RosterHousehold, RosterMember, Sex
from server.web import rates
from server.web.etags import expected_revision, tagged
from server.web.routes import Call, endpoint

PHONES = rates.Rate("phones", 60, timedelta(hours=1))
"""Households whose phone numbers one person may open in an hour."""
blueprint = Blueprint("households", __name__, description="户")


def seal() -> Seal:
    """The seal of this instance."""
    found: Seal = current_app.extensions["jifen_seal"]
    return found


@endpoint(
    blueprint,
    "GET",
    "/households",
    needs=Permission.HOUSEHOLD_READ,
    query=HouseholdQuery,
    answer=HouseholdPage,
)
def list_households(call: Call, query: dict[str, Any]) -> Any:
    """The households that one may know of: a villager sees the own, a grid worker those of the grid."""
    rows, following = household_file.list_households(
        call.session,
        call.actor,
        query.get("village"),
        query.get("grid"),
        query.get("query"),
        query.get("cursor"),
        query["limit"],
    )
    return {"items": [_row(house, grid) for house, grid in rows], "next_cursor": following}


def _row(house: Household, grid: str | None) -> dict[str, Any]:
    return {
        "code": house.code,
        "label": house.label,
        "head": house.head,
        "village": house.village_code,
        "grid": {"id": house.grid_id, "name": grid} if house.grid_id else None,
        "status": house.status,
    }


@endpoint(
    blueprint,
    "POST",
    "/households",
    needs=Permission.HOUSEHOLD_MANAGE,
    body=HouseholdBody,
    answer=HouseholdSchema,
    status=201,
)
def create_household(call: Call, body: dict[str, Any]) -> Any:
    """A new household with its account and plate."""
    village = village_for(call.session, call.actor, Permission.HOUSEHOLD_MANAGE, body["village"])
    making = households.making_for(village, seal(), call.actor, call.now)
    house = households.create_household(
        call.session, call.actor, _roster_household(body), body.get("grid"), making
    )
    file = household_file.read_file(call.session, call.actor, house.code, seal(), None, call.now)
    return tagged(HouseholdSchema().dump(file), house.revision, 201)


def _roster_household(body: dict[str, Any]) -> RosterHousehold:
    members = [
        RosterMember(
            row=0,
            name=person["name"],
            kinship=person.get("kinship") or None,
            sex=Sex(person["sex"]) if "sex" in person else None,
            birth_date=person.get("birth_date"),
            phone=person.get("phone"),
        )
        for person in body["members"]
    ]
    return RosterHousehold(
        sheet="",
        row=0,
        code=None,
        door=body.get("door") or None,
        head_name=body["head"],
        members=tuple(members),
        group=body.get("team") or None,
        address=body.get("address") or None,
        kind=HouseholdKind(body["kind"]) if "kind" in body else None,
    )


@endpoint(
    blueprint,
    "GET",
    "/households/<code>",
    needs=Permission.HOUSEHOLD_READ,
    query=PurposeQuery,
    answer=HouseholdSchema,
    own_transaction=True,  # looking at a household is noted, so this read writes
)
def read_household(call: Call, query: dict[str, Any], code: str) -> Any:
    """A household's file, as far as it is for the reader; who looked is on record."""
    with transaction() as session:
        if query.get("purpose"):
            rates.count(session, PHONES, call.actor.person, call.now)
        file = household_file.read_file(session, call.actor, code, seal(), query.get("purpose"), call.now)
    return tagged(HouseholdSchema().dump(file), file["revision"])


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/looks",
    needs=Permission.HOUSEHOLD_LOOKS,
    query=PageQuery,
    answer=LooksPage,
)
def list_looks(call: Call, query: dict[str, Any], code: str) -> Any:
    """Who looked at the household's file, when, and what for."""
    items, following = looks.looks(call.session, call.actor, code, query.get("cursor"), query["limit"])
    return {"items": items, "next_cursor": following}


@endpoint(
    blueprint,
    "PATCH",
    "/households/<code>",
    needs=Permission.HOUSEHOLD_MANAGE,
    body=HouseholdChangeBody,
    answer=HouseholdSchema,
)
def change_household(call: Call, body: dict[str, Any], code: str) -> Any:
    """Change a household; `If-Match` refuses to overwrite what somebody else changed meanwhile."""
    if not body:
        raise Invalid("nothing_to_change", "没有要改的内容。", [FieldFault("", "至少写一项。")])
    changes = {("grid_id" if name == "grid" else name): value for name, value in body.items()}
    house = households.change_household(
        call.session, call.actor, code, changes, expected_revision(), call.now
    )
    file = household_file.read_file(call.session, call.actor, code, seal(), None, call.now)
    return tagged(HouseholdSchema().dump(file), house.revision)
