"""The route of the map of grids."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.grid.maps import reading
from server.grid.maps.schemas import GridMap, MapQuery
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("grid_map", __name__, description="网格地图")


@endpoint(blueprint, "GET", "/grids/map", needs=Permission.COVERAGE_READ, query=MapQuery, answer=GridMap)
def grid_map(call: Call, query: dict[str, Any]) -> Any:
    """Where the grids of a village are, as outlines; no household's own place."""
    return {"items": reading.map_of(call.session, call.actor, query["village"])}
