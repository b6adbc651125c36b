"""Routes of visits, rounds, coverage, and of the words of grid work."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import ValidationError

from server.grid import vocabulary
from server.grid.duties.rules import NAMES
from server.grid.visits import reading, service
from server.grid.visits.schemas import (
    CoverageList,
    CoverageQuery,
    CoverageSchema,
    RoundQuery,
    RoundSchema,
    VillageCoverageQuery,
    VisitAnswer,
    VisitBatchAnswer,
    VisitBatchBody,
    VisitBody,
    VisitPage,
    VisitQuery,
)
from server.grid.visits.service import NewVisit, Taken
from server.grid.vocabulary_schemas import VocabularySchema
from server.kit.errors import DomainError, Invalid
from server.people.api import Permission
from server.web import fields as f
from server.web import problems
from server.web.routes import Call, endpoint, json_response

blueprint = Blueprint("visits", __name__, description="走访")
_VISIT = VisitBody()


@endpoint(blueprint, "GET", "/grid-vocabulary", needs=Permission.OWN, answer=VocabularySchema)
def grid_vocabulary(call: Call) -> Any:
    """Duty tags, kinds of facts with purpose and retention, types and urgencies of events, the six tiers."""
    return {
        "duties": list(vocabulary.duty_tags().values()),
        "facts": list(vocabulary.fact_kinds().values()),
        "events": list(vocabulary.event_types().values()),
        "urgencies": list(vocabulary.urgencies().values()),
        "tiers": [{"tier": int(tier), "name": name} for tier, name in NAMES.items()],
    }


@endpoint(
    blueprint,
    "POST",
    "/visits",
    needs=Permission.VISIT_LOG,
    body=_VISIT,
    answer=VisitAnswer,
    status=201,
    also={200: VisitAnswer},
)
def log_visit(call: Call, body: NewVisit) -> Response:
    """Log one visit; the same id and content again gives the same visit with 200."""
    visit, first = service.log_visit(call.session, call.actor, body, call.now)
    return json_response(visit, 201 if first else 200)


@endpoint(
    blueprint,
    "POST",
    "/visits/batch",
    needs=Permission.VISIT_LOG,
    body=VisitBatchBody,
    answer=VisitBatchAnswer,
)
def log_visits(call: Call, body: dict[str, Any]) -> Response:
    """Log a phone's queue; one that cannot be taken stops none of the others."""
    parsed = [_parsed(raw) for raw in body["visits"]]
    good = [one for one in parsed if isinstance(one, NewVisit)]
    taken = iter(service.log_visits(call.session, call.actor, good, call.now))
    return json_response({"results": [_result(one, taken) for one in parsed]})


def _parsed(raw: Any) -> NewVisit | Taken:
    try:
        loaded: NewVisit = _VISIT.load(raw)
    except ValidationError as error:
        key = raw.get("id") if isinstance(raw.get("id"), str) else None
        said = "有内容不对，请按提示改正。"
        return Taken(key or "", error=Invalid("invalid", said, problems.flatten(error.messages)))
    return loaded


def _result(one: NewVisit | Taken, taken: Any) -> dict[str, Any]:
    done: Taken = one if isinstance(one, Taken) else next(taken)
    if isinstance(done.error, DomainError):
        problem = problems.of(done.error)
        return {"id": done.id or None, "status": problem["status"], "problem": problem}
    return {"id": done.id, "status": 201 if done.first else 200, "visit": done.answer}


@endpoint(blueprint, "GET", "/visits", needs=Permission.VISIT_READ, query=VisitQuery, answer=VisitPage)
def list_visits(call: Call, query: dict[str, Any]) -> Any:
    """The visits to a household, newest first."""
    rows, following = reading.visits_to(
        call.session, call.actor, query["household"], query.get("cursor"), query["limit"]
    )
    return {"items": rows, "next_cursor": following}


@endpoint(blueprint, "GET", "/round", needs=Permission.VISIT_LOG, query=RoundQuery, answer=RoundSchema)
def todays_round(call: Call, query: dict[str, Any]) -> Any:
    """Today's households of a grid: the most overdue ones, in walking order."""
    return reading.round_of(call.session, call.actor, query.get("grid"), call.now)


@endpoint(
    blueprint,
    "GET",
    "/grids/<grid>/coverage",
    needs=Permission.COVERAGE_READ,
    query=CoverageQuery,
    answer=CoverageSchema,
)
def grid_coverage(call: Call, query: dict[str, Any], grid: str) -> Any:
    """What of a grid was visited in a calendar month, and which households are left."""
    month = f.parsed_month(query["month"]) if "month" in query else None
    return reading.coverage_with_names(call.session, call.actor, grid, month, call.now)


@endpoint(
    blueprint,
    "GET",
    "/coverage",
    needs=Permission.COVERAGE_READ,
    query=VillageCoverageQuery,
    answer=CoverageList,
)
def village_coverage(call: Call, query: dict[str, Any]) -> Any:
    """What of each grid of a village was visited in a calendar month."""
    month = f.parsed_month(query["month"]) if "month" in query else None
    return {"items": reading.coverage_of_village(call.session, call.actor, query["village"], month, call.now)}
