"""Routes of the division tree, villages and their settings."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.cycles.api import move_cutoff
from server.grid.api import Grid
from server.kit.errors import FieldFault, Invalid
from server.people import divisions, villages
from server.people.access import Permission
from server.people.models import Village
from server.people.place_schemas import (
    DivisionPage,
    DivisionQuery,
    PageQuery,
    SettingsBody,
    SettingsSchema,
    VillageBody,
    VillagePage,
    VillageSchema,
)
from server.people.scopes import of_villages
from server.web.etags import expected_revision, tagged
from server.web.routes import Call, endpoint

blueprint = Blueprint("places", __name__, description="区划、村、设置")


@endpoint(
    blueprint, "GET", "/divisions", needs=Permission.PLACES_READ, query=DivisionQuery, answer=DivisionPage
)
def list_divisions(call: Call, query: dict[str, Any]) -> Any:
    """The divisions below `parent`, or the counties."""
    rows, following = divisions.children(
        call.session, query.get("parent"), query.get("cursor"), query["limit"]
    )
    return {"items": rows, "next_cursor": following}


@endpoint(blueprint, "GET", "/villages", needs=Permission.PLACES_READ, query=PageQuery, answer=VillagePage)
def list_villages(call: Call, query: dict[str, Any]) -> Any:
    """The villages that the person has to do with."""
    mine = of_villages(call.actor, Village.code, Grid)
    rows, following = villages.list_villages(call.session, mine, query.get("cursor"), query["limit"])
    items = [{"code": v.code, "name": v.name, "township": township} for v, township in rows]
    return {"items": items, "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/villages",
    needs=Permission.PLACES_MANAGE,
    body=VillageBody,
    answer=VillageSchema,
    status=201,
)
def create_village(call: Call, body: dict[str, Any]) -> Any:
    """A new village, with the default settings."""
    return villages.create_village(
        call.session, call.actor, body["code"], body["name"], body.get("township_name"), call.now
    )


@endpoint(
    blueprint, "GET", "/villages/<code>/settings", needs=Permission.SETTINGS_READ, answer=SettingsSchema
)
def read_settings(call: Call, code: str) -> Any:
    """The settings of a village, with an ETag."""
    village = villages.village_for(call.session, call.actor, Permission.SETTINGS_READ, code)
    return tagged(villages.settings_of(village), village.revision)


@endpoint(
    blueprint,
    "PATCH",
    "/villages/<code>/settings",
    needs=Permission.SETTINGS_MANAGE,
    body=SettingsBody,
    answer=SettingsSchema,
)
def change_settings(call: Call, body: dict[str, Any], code: str) -> Any:
    """Change some settings; `If-Match` refuses to overwrite what somebody else changed meanwhile."""
    if not body:
        raise Invalid("nothing_to_change", "没有要改的设置。", [FieldFault("", "至少写一项。")])
    village = villages.change_settings(call.session, call.actor, code, body, expected_revision(), call.now)
    if "cutoff_day" in body:
        move_cutoff(call.session, code, call.now)
    return tagged(villages.settings_of(village), village.revision)
