"""Routes of reservations and of the pick list."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from mall.exchange_days.api import day_for
from mall.reservations import reading, service
from mall.reservations.pick_paper import pick_list_pdf
from mall.reservations.schemas import (
    PickList,
    ReservationAnswer,
    ReservationBody,
    ReservationList,
    ReservationQuery,
)
from server.people.api import Permission, Village
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_reservations", __name__, description="积分超市：预约")


@endpoint(
    blueprint,
    "POST",
    "/mall/reservations",
    needs=Permission.RESERVE,
    body=ReservationBody,
    answer=ReservationAnswer,
    status=201,
    also={200: ReservationAnswer},
)
def make_reservation(call: Call, body: service.Wanted) -> Response:
    """Set points aside and hold goods; the same id and content again gives the first answer with 200."""
    answer, made = service.reserve(call.session, call.actor, body, call.now)
    headers = {"Cache-Control": "no-store"}
    return Response(answer, 201 if made else 200, headers, content_type="application/json")


@endpoint(blueprint, "DELETE", "/mall/reservations/<key>", needs=Permission.RESERVE, answer=ReservationAnswer)
def cancel_reservation(call: Call, key: str) -> Any:
    """Give a reservation up: points and goods go back."""
    service.cancel(call.session, call.actor, key, call.now)
    return reading.one(call.session, call.actor, key)


@endpoint(
    blueprint,
    "GET",
    "/mall/reservations",
    needs=Permission.ACCOUNT_READ,
    query=ReservationQuery,
    answer=ReservationList,
)
def list_reservations(call: Call, query: dict[str, Any]) -> Any:
    """Reservations of the own household, or of the shop's village, newest first."""
    items, following = reading.reservations_of(
        call.session,
        call.actor,
        query.get("household"),
        query.get("exchange_day"),
        query.get("status"),
        query.get("cursor"),
        query["limit"],
    )
    return {"items": items, "next_cursor": following}


@endpoint(
    blueprint, "GET", "/mall/reservations/<key>", needs=Permission.ACCOUNT_READ, answer=ReservationAnswer
)
def read_reservation(call: Call, key: str) -> Any:
    """One reservation."""
    return reading.one(call.session, call.actor, key)


@endpoint(
    blueprint,
    "GET",
    "/mall/exchange-days/<key>/pick-list",
    needs=Permission.SHOP_MANAGE,
    answer=PickList,
)
def read_pick_list(call: Call, key: str) -> Any:
    """What is to be prepared for an exchange day: goods in all, and each household's basket."""
    return reading.pick_list(call.session, day_for(call.session, call.actor, Permission.SHOP_MANAGE, key))


@endpoint(
    blueprint,
    "GET",
    "/mall/exchange-days/<key>/pick-list.pdf",
    needs=Permission.SHOP_MANAGE,
    content_type="application/pdf",
)
def print_pick_list(call: Call, key: str) -> Response:
    """The pick list on A4, to lay goods out by."""
    day = day_for(call.session, call.actor, Permission.SHOP_MANAGE, key)
    village = call.session.get_one(Village, day.village_code)
    content = pick_list_pdf(reading.pick_list(call.session, day), village.name, call.now)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="pick-list-{day.day}.pdf"',
    }
    return Response(content, content_type="application/pdf", headers=headers)
