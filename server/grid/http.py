"""Routes of grids and plates."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint

from server.config import Settings
from server.grid import faces, grids, plates
from server.grid.models import Grid, Plate
from server.grid.schemas import (
    GridBody,
    GridFilledSchema,
    GridPage,
    GridQuery,
    GridSchema,
    HouseholdsBody,
    ImageQuery,
    PlateSchema,
    ScanSchema,
    SheetQuery,
)
from server.kit.clock import local_date
from server.kit.errors import Conflict
from server.kit.transaction import transaction
from server.paper.api import plate_png, plate_sheet_pdf
from server.people.api import Permission, Place
from server.web.routes import PUBLIC, Call, endpoint

blueprint = Blueprint("grids", __name__, description="网格与门牌")


def public_url() -> str:
    """The address that QR codes point to."""
    settings: Settings = current_app.extensions["jifen_settings"]
    return settings.public_url


def _grid(row: Grid, count: int) -> dict[str, Any]:
    shown = {"id": row.id, "village": row.village_code, "name": row.name, "area": row.area}
    return shown | {"households": count}


@endpoint(
    blueprint, "POST", "/grids", needs=Permission.GRID_MANAGE, body=GridBody, answer=GridSchema, status=201
)
def create_grid(call: Call, body: dict[str, Any]) -> Any:
    """A new grid of a village, still without households."""
    row = grids.create_grid(call.session, call.actor, body["village"], body["name"], body["area"], call.now)
    return _grid(row, 0)


@endpoint(blueprint, "GET", "/grids", needs=Permission.PLACES_READ, query=GridQuery, answer=GridPage)
def list_grids(call: Call, query: dict[str, Any]) -> Any:
    """The grids of a village, as far as one has to do with them, with their number of households."""
    rows, following = grids.list_grids(
        call.session, call.actor, query["village"], query.get("cursor"), query["limit"]
    )
    return {"items": [_grid(row, count) for row, count in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "PUT",
    "/grids/<grid>/households",
    needs=Permission.GRID_MANAGE,
    body=HouseholdsBody,
    answer=GridFilledSchema,
)
def set_households(call: Call, body: dict[str, Any], grid: str) -> Any:
    """Exactly these households form the grid; they leave the grids they were in."""
    row = grids.grid_for(call.session, call.actor, Permission.GRID_MANAGE, grid)
    return grids.set_households(call.session, call.actor, row, body["households"], call.now)


@endpoint(blueprint, "GET", "/plates/<token>", needs=PUBLIC, answer=ScanSchema)
def scan(call: Call, token: str) -> Any:
    """What a plate says, by who asks. Signed in, the short code printed under the QR does too."""
    if not call.stranger and len(token) < 32:
        found = plates.find_by_short_code(call.session, call.actor, token)
    else:
        found = plates.find(call.session, token)
    village = {"code": found.village.code, "name": found.village.name}
    actions = [] if call.stranger else plates.actions_for(call.actor, found.household)
    if not actions:
        return {"village": village}
    household = {"code": found.household.code, "label": found.household.label, "village": village}
    return {"household": household, "actions": actions}


def _plate(row: Plate) -> dict[str, Any]:
    return {
        "token": row.token,
        "household": row.household_code,
        "url": faces.address(public_url(), row.token),
        "short_code": faces.grouped(row.short_code),
        "issued_at": row.issued_at,
    }


@endpoint(
    blueprint,
    "POST",
    "/plates/<household>/reissue",
    needs=Permission.PLATE_PRINT,
    answer=PlateSchema,
    status=201,
)
def reissue(call: Call, household: str) -> Any:
    """A new plate for a household; the old one is worth nothing from now on."""
    house = plates.household_for(call.session, call.actor, household)
    return _plate(plates.reissue(call.session, call.actor, house, call.now))


@endpoint(
    blueprint,
    "GET",
    "/plates/<token>/image.png",
    needs=Permission.PLATE_PRINT,
    query=ImageQuery,
    content_type="image/png",
    own_transaction=True,
)
def plate_image(call: Call, query: dict[str, Any], token: str) -> Any:
    """One plate as a picture, for a sign maker."""
    with transaction(writes=False) as session:
        found = plates.find_for(session, call.actor, Permission.PLATE_PRINT, token)
        code = found.household.code
        (face,) = faces.faces_of(session, found.village.code, public_url(), household=code)
    return _file(plate_png(face, query["width"]), "image/png", f"plate-{code}.png")


@endpoint(
    blueprint,
    "GET",
    "/villages/<code>/plates.pdf",
    needs=Permission.PLATE_PRINT,
    query=SheetQuery,
    content_type="application/pdf",
    own_transaction=True,
)
def plate_sheets(call: Call, query: dict[str, Any], code: str) -> Any:
    """The plates of a village or grid on sheets to cut up."""
    with transaction(writes=False) as session:
        call.actor.at(Permission.PLATE_PRINT, Place(code, grid=query.get("grid")))
        found = faces.faces_of(session, code, public_url(), query.get("grid"))
    if not found:
        raise Conflict("nothing_to_print", "还没有户，没有门牌可印。")
    batch = local_date(call.now).isoformat()
    pdf = plate_sheet_pdf(found, query["per_page"], batch=batch, made_at=call.now)
    return _file(pdf, "application/pdf", f"plates-{code}.pdf")


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
