"""Routes of the overview. The donation book is public: it shows nobody's name in full."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_smorest import Blueprint

from mall.funds.api import fund_left
from mall.overview import queries
from mall.overview.rules import Cover, suggestions
from mall.overview.schemas import (
    CoverDayList,
    CoverDaysQuery,
    CoverSchema,
    DonationBookSchema,
    ShopQuery,
    SuggestionList,
)
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.people.api import Permission, Place, Village
from server.web.routes import PUBLIC, Call, endpoint

blueprint = Blueprint("mall_overview", __name__, description="积分超市：捐赠簿、保障、采购建议")
LATEST = 200


@endpoint(
    blueprint,
    "GET",
    "/public/donations",
    needs=PUBLIC,
    query=ShopQuery,
    answer=DonationBookSchema,
)
def public_donations(call: Call, query: dict[str, Any]) -> queries.DonationBook:
    """Who gave what, what was bought with it and what is left, for everybody."""
    if call.session.get(Village, query["village"]) is None:
        raise NotFound()
    return queries.donation_book(call.session, query["village"], LATEST)


@endpoint(blueprint, "GET", "/mall/cover", needs=Permission.SHOP_READ, query=ShopQuery, answer=CoverSchema)
def read_cover(call: Call, query: dict[str, Any]) -> Cover:
    """Whether goods and fund are worth what all unspent points promise."""
    call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    return queries.cover_of(call.session, query["village"], local_date(call.now))


@endpoint(
    blueprint,
    "GET",
    "/mall/cover/days",
    needs=Permission.SHOP_READ,
    query=CoverDaysQuery,
    answer=CoverDayList,
)
def read_cover_days(call: Call, query: dict[str, Any]) -> Any:
    """How the cover stood each Monday."""
    call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    return {"items": queries.cover_days(call.session, query["village"], query["weeks"])}


@endpoint(
    blueprint,
    "GET",
    "/mall/suggested-purchases",
    needs=Permission.SHOP_READ,
    query=ShopQuery,
    answer=SuggestionList,
)
def suggest_purchases(call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """What to buy for the next exchange day, from past demand, reservations and balances."""
    village = query["village"]
    call.actor.at(Permission.SHOP_READ, Place(village))
    rows = {offer.id: (offer, shelf) for offer, shelf in queries.shelves(call.session, village, call.now)}
    found = suggestions([shelf for _, shelf in rows.values()], queries.unspent(call.session, village))
    items = [
        {
            "goods": one.goods, "name": rows[one.goods][0].name, "unit": rows[one.goods][0].unit,
            "usable": rows[one.goods][1].usable, "held": rows[one.goods][1].held, "expected": one.expected,
            "quantity": one.quantity, "cost": one.cost,
        }
        for one in found
    ]  # fmt: skip
    cost = sum((one.cost for one in found), Decimal("0.00"))
    fund = fund_left(call.session, village)
    return {"items": items, "cost": cost, "fund": fund, "within_fund": cost <= fund}
