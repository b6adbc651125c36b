"""Routes of the figures behind the charts."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.insight import figures
from server.insight.figures_schemas import FiguresQuery, VillageFigures, VillageRows
from server.people.api import Permission, Place
from server.web.routes import Call, endpoint

blueprint = Blueprint("figures", __name__, description="图表的数字")


@endpoint(
    blueprint,
    "GET",
    "/insight/figures",
    needs=Permission.TALLY_READ,
    query=FiguresQuery,
    answer=VillageFigures,
)
def village_figures(call: Call, query: dict[str, Any]) -> Any:
    """Points by heading and month, and participation, of one village."""
    call.actor.at(Permission.TALLY_READ, Place(query["village"]))
    return figures.of_village(call.session, query["village"], query["months"])


@endpoint(blueprint, "GET", "/insight/villages", needs=Permission.TALLY_READ, answer=VillageRows)
def villages_side_by_side(call: Call) -> Any:
    """The villages of one's scopes side by side, by code: where each month stands, without an order of merit."""
    return {"items": figures.side_by_side(call.session, call.actor, call.now)}
