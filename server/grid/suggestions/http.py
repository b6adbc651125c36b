"""Routes of proposed grids, their report, and duties."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.grid.duties import reading as duties
from server.grid.schemas import GridSchema
from server.grid.suggestions import service
from server.grid.suggestions.schemas import (
    AcceptanceBody,
    DutyList,
    DutyQuery,
    GridChangeBody,
    GridReport,
    ProposalSchema,
    ReportQuery,
)
from server.grid.suggestions.service import Wanted
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("grid_suggestions", __name__, description="网格划分与职责")


@endpoint(
    blueprint,
    "GET",
    "/villages/<code>/grid-suggestion",
    needs=Permission.GRID_MANAGE,
    answer=ProposalSchema,
)
def suggest_grids(call: Call, code: str) -> Any:
    """How the village could be cut into grids of 30–50 neighbouring households; nothing is changed."""
    found = service.proposal(call.session, call.actor, code)
    grids = [{"name": f"第{n}网格", "households": list(grid)} for n, grid in enumerate(found.grids, 1)]
    return {"by": found.by, "grids": grids}


@endpoint(
    blueprint,
    "POST",
    "/villages/<code>/grid-suggestion",
    needs=Permission.GRID_MANAGE,
    body=AcceptanceBody,
    answer=GridReport,
)
def accept_grids(call: Call, body: dict[str, Any], code: str) -> Any:
    """Accept a proposal, edited or not, in one go; answers what is still not as it should be."""
    wanted = [Wanted(grid["name"], grid["households"], grid["area"]) for grid in body["grids"]]
    service.accept(call.session, call.actor, code, wanted, call.now)
    return {"items": service.report(call.session, call.actor, code)}


@endpoint(
    blueprint,
    "GET",
    "/grids/report",
    needs=Permission.GRID_MANAGE,
    query=ReportQuery,
    answer=GridReport,
)
def grid_report(call: Call, query: dict[str, Any]) -> Any:
    """Villages with grids under 30 or over 50 households, or with households in no grid."""
    return {"items": service.report(call.session, call.actor, query.get("village"))}


@endpoint(
    blueprint,
    "PATCH",
    "/grids/<grid>",
    needs=Permission.GRID_MANAGE,
    body=GridChangeBody,
    answer=GridSchema,
)
def change_grid(call: Call, body: dict[str, Any], grid: str) -> Any:
    """Another name or another 责任片区."""
    row = service.change_grid(call.session, call.actor, grid, body, call.now)
    count = service.size_of(call.session, row.id, row.village_code)
    shown = {"id": row.id, "village": row.village_code, "name": row.name, "area": row.area}
    return shown | {"households": count}


@endpoint(blueprint, "GET", "/duties", needs=Permission.COVERAGE_READ, query=DutyQuery, answer=DutyList)
def list_duties(call: Call, query: dict[str, Any]) -> Any:
    """Who holds which of the six tiers for a village, and who held it before."""
    return {"items": duties.duties_of(call.session, call.actor, query["village"], query.get("on"))}
