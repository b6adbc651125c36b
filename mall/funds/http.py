"""Routes of donors and the fund."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from mall.funds import service
from mall.funds.models import Donor
from mall.funds.rules import DonorKind, FundKind, public_name
from mall.funds.schemas import (
    DonorBody,
    DonorChange,
    DonorList,
    DonorQuery,
    DonorSchema,
    FundBody,
    FundPage,
    FundQuery,
    FundSchema,
)
from server.kit.errors import FieldFault, Invalid, NotFound
from server.kit.ids import is_id
from server.people.api import Permission, Place
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_funds", __name__, description="积分超市：捐赠与资金")


@endpoint(
    blueprint,
    "POST",
    "/mall/donors",
    needs=Permission.SHOP_MANAGE,
    body=DonorBody,
    answer=DonorSchema,
    status=201,
)
def create_donor(call: Call, body: dict[str, Any]) -> Any:
    """Put a donor on file; the same again gives the same donor."""
    return _donor(
        service.create_donor(
            call.session, call.actor, body["village"], body["name"].strip(), DonorKind(body["kind"]),
            body["named"], call.now,
        )
    )  # fmt: skip


@endpoint(blueprint, "GET", "/mall/donors", needs=Permission.SHOP_READ, query=DonorQuery, answer=DonorList)
def list_donors(call: Call, query: dict[str, Any]) -> Any:
    """Everybody who gave, with the names in clear: for those who run the shop or watch over it."""
    call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    return {"items": [_donor(donor) for donor in service.donors(call.session, query["village"])]}


@endpoint(
    blueprint,
    "PATCH",
    "/mall/donors/<key>",
    needs=Permission.SHOP_MANAGE,
    body=DonorChange,
    answer=DonorSchema,
)
def change_donor(call: Call, body: dict[str, Any], key: str) -> Any:
    """Name or unname a donor in public."""
    if not body:
        raise Invalid("nothing_to_change", "没有要改的内容。", [FieldFault("", "至少写一项。")])
    if not is_id(key):
        raise NotFound()
    return _donor(service.change_donor(call.session, call.actor, key, body, call.now))


def _donor(donor: Donor) -> dict[str, Any]:
    shown = public_name(donor.name, DonorKind(donor.kind), donor.named)
    own = ("id", "village_code", "name", "kind", "named")
    return {name: getattr(donor, name) for name in own} | {"public_name": shown}


@endpoint(
    blueprint,
    "POST",
    "/mall/fund-entries",
    needs=Permission.SHOP_MANAGE,
    body=FundBody,
    answer=FundSchema,
    status=201,
    also={200: FundSchema},
)
def enter_fund(call: Call, body: dict[str, Any]) -> Any:
    """Money given or added by the village, or a correction; the same id and content again answers 200."""
    village = body.pop("village")
    new = service.NewEntry(**body | {"kind": FundKind(body["kind"])})
    entry, made = service.enter(call.session, call.actor, village, new, call.now)
    return entry, 201 if made else 200


@endpoint(
    blueprint, "GET", "/mall/fund-entries", needs=Permission.SHOP_READ, query=FundQuery, answer=FundPage
)
def list_fund(call: Call, query: dict[str, Any]) -> Any:
    """The fund's movements and what is left of it."""
    village = query["village"]
    call.actor.at(Permission.SHOP_READ, Place(village))
    rows, following = service.entries(call.session, village, query.get("cursor"), query["limit"])
    left = service.fund_left(call.session, village)
    return {"items": rows, "left": left, "next_cursor": following}
