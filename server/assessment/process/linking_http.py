"""Routes of results linked to persons, and of the contest of communities."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.assessment.process import linking, linking_schemas
from server.assessment.process.standing import standing
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("assessment_linking", __name__, description="考核：与个人挂钩、竞位赛")
_CYCLE = "/assessments/cycles/<cycle_id>"


@endpoint(
    blueprint,
    "PUT",
    f"{_CYCLE}/subjects/<code>/linked",
    needs=Permission.OWN,
    body=linking_schemas.LinkedListBody,
    answer=linking_schemas.LinkedUnitSchema,
)
def put_linked(call: Call, body: dict[str, Any], cycle_id: str, code: str) -> Any:
    """Put a unit's people with their coefficients and grades; more of a grade than the unit's own grade allows is
    refused.
    """
    held = standing(call.session, call.actor, cycle_id)
    people = [linking.Linked(**one) for one in body["people"]]
    return linking.put(call.session, held, code, people, call.now)


@endpoint(blueprint, "GET", f"{_CYCLE}/linked", needs=Permission.OWN, answer=linking_schemas.LinkingSchema)
def list_linked(call: Call, cycle_id: str) -> Any:
    """What the units' results mean for their people: all for those who read the process, else the own unit."""
    return linking.shown(call.session, standing(call.session, call.actor, cycle_id))


@endpoint(blueprint, "GET", "/assessments/linked", needs=Permission.OWN, answer=linking_schemas.OwnLinks)
def list_own_links(call: Call) -> Any:
    """What the results of units mean for oneself."""
    return {"items": linking.own(call.session, call.actor)}


@endpoint(
    blueprint,
    "PUT",
    f"{_CYCLE}/contest/<period>",
    needs=Permission.ASSESSMENT_MANAGE,
    body=linking_schemas.ContestBody,
    answer=linking_schemas.ContestSchema,
)
def put_contest(call: Call, body: dict[str, Any], cycle_id: str, period: str) -> Any:
    """Put the communities' points of one period; the year's sum decides."""
    told = [linking.Community(**one) for one in body["communities"]]
    return linking.put_contest(call.session, call.actor, cycle_id, period, told, call.now)


@endpoint(blueprint, "GET", f"{_CYCLE}/contest", needs=Permission.OWN, answer=linking_schemas.ContestSchema)
def read_contest(call: Call, cycle_id: str) -> Any:
    """The contest so far: cumulated points, the extra for the first, who is out of collective honours."""
    return linking.contest(call.session, standing(call.session, call.actor, cycle_id))
