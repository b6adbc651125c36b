"""Routes of goods: the list every phone opens, and what the keeper and the committee change about it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint
from sqlalchemy import select

from mall import sheets
from mall.goods import barcodes, errors, service
from mall.goods.goods_sheet import goods_sheet
from mall.goods.listing import goods_item, goods_json
from mall.goods.models import Goods, GoodsPrice
from mall.goods.reading import may_read, readable
from mall.goods.schemas import (
    GoodsBody,
    GoodsChange,
    GoodsExportQuery,
    GoodsItem,
    GoodsQuery,
    PictureQuery,
    PriceAnswer,
    PriceBody,
    PriceList,
)
from server.audit import api as audit
from server.config import Settings
from server.evidence import api as evidence
from server.kit.clock import local_date
from server.kit.errors import FieldFault, Invalid
from server.kit.ids import is_id, new_id
from server.kit.transaction import transaction
from server.people.api import Permission, Place
from server.web.etags import expected_revision, tagged
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_goods", __name__, description="积分超市：商品")


@endpoint(
    blueprint,
    "GET",
    "/mall/goods",
    needs=Permission.GOODS_READ,
    query=GoodsQuery,
    answer=GoodsItem(many=True),
)
def list_goods(call: Call, query: dict[str, Any]) -> Response:
    """The goods of a village's shop, with what can still be reserved."""
    may_read(call.session, call.actor, query["village"])
    if query["everything"]:
        call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    body = goods_json(call.session, query["village"], local_date(call.now), everything=query["everything"])
    return Response(body, content_type="application/json", headers={"Cache-Control": "no-store"})


@endpoint(
    blueprint,
    "POST",
    "/mall/goods",
    needs=Permission.SHOP_MANAGE,
    body=GoodsBody,
    answer=GoodsItem,
    status=201,
    also={200: GoodsItem},
)
def create_goods(call: Call, body: dict[str, Any]) -> Any:
    """Put goods on the list, with a price from today; the same id and content again answers 200."""
    given = dict(body)
    village = given.pop("village")
    new = service.NewGoods(id=given.pop("id", None) or new_id(), limit_per_day=given.pop("limit"), **given)
    goods, made = service.create_goods(call.session, call.actor, village, new, call.now)
    return _answer(call, goods, 201 if made else 200)


@endpoint(blueprint, "GET", "/mall/goods/<key>", needs=Permission.SHOP_READ, answer=GoodsItem)
def read_goods(call: Call, key: str) -> Any:
    """One kind of goods with costs and warning level, and an ETag for changing it."""
    return _answer(call, service.goods_for(call.session, call.actor, Permission.SHOP_READ, _id(key)))


@endpoint(
    blueprint,
    "PATCH",
    "/mall/goods/<key>",
    needs=Permission.SHOP_MANAGE,
    body=GoodsChange,
    answer=GoodsItem,
)
def change_goods(call: Call, body: dict[str, Any], key: str) -> Any:
    """Describe goods anew, or put them on or off the shelf; `If-Match` guards others' changes."""
    if not body:
        raise Invalid("nothing_to_change", "没有要改的内容。", [FieldFault("", "至少写一项。")])
    changes = {("limit_per_day" if name == "limit" else name): value for name, value in body.items()}
    goods = service.change_goods(call.session, call.actor, _id(key), changes, expected_revision(), call.now)
    return _answer(call, goods)


@endpoint(
    blueprint,
    "POST",
    "/mall/goods/<key>/prices",
    needs=Permission.SHOP_MANAGE,
    body=PriceBody,
    answer=PriceAnswer,
    status=201,
)
def set_price(call: Call, body: dict[str, Any], key: str) -> GoodsPrice:
    """A price from a day on, today at the earliest; reservations keep the price they were made at."""
    return service.set_price(
        call.session,
        call.actor,
        _id(key),
        body["starts_on"],
        body["points_price"],
        body["cost_yuan"],
        call.now,
    )


@endpoint(blueprint, "GET", "/mall/goods/<key>/prices", needs=Permission.SHOP_READ, answer=PriceList)
def list_prices(call: Call, key: str) -> Any:
    """Every price that was ever set, the latest day first."""
    goods = service.goods_for(call.session, call.actor, Permission.SHOP_READ, _id(key))
    query = select(GoodsPrice).where(GoodsPrice.goods_id == goods.id)
    rows = call.session.scalars(query.order_by(GoodsPrice.starts_on.desc(), GoodsPrice.id.desc()))
    return {"items": rows.all()}


@endpoint(
    blueprint,
    "GET",
    "/mall/exports/goods",
    needs=Permission.SHOP_READ,
    query=GoodsExportQuery,
    content_type=sheets.MEDIA_TYPE,
    own_transaction=True,
)
def export_goods(call: Call, query: dict[str, Any]) -> Response:
    """All goods of a shop as an Excel file; its columns are those of the import."""
    village = query["village"]
    call.actor.at(Permission.SHOP_READ, Place(village))
    today = local_date(call.now)
    with transaction() as session:
        sheet = goods_sheet(session, village, today)
        audit.record(session, call.actor, "goods.export", "village", village, call.now, village)
    return sheets.download([sheet], f"商品-{village}-{today}.xlsx")


@endpoint(
    blueprint,
    "GET",
    "/mall/goods/<key>/barcode",
    needs=Permission.SHOP_READ,
    content_type="image/png",
)
def show_barcode(call: Call, key: str) -> Response:
    """The EAN-13 as a picture to print and stick on the shelf."""
    goods = service.goods_for(call.session, call.actor, Permission.SHOP_READ, _id(key))
    return Response(barcodes.png(goods.barcode), content_type="image/png")


@endpoint(
    blueprint,
    "GET",
    "/mall/goods/<key>/photo",
    needs=Permission.GOODS_READ,
    query=PictureQuery,
    content_type="image/jpeg",
    own_transaction=True,
)
def show_goods_photo(call: Call, query: dict[str, Any], key: str) -> Response:
    """The photo of goods, for everybody who may see the shop."""
    with transaction(writes=False) as session:
        goods = session.get(Goods, _id(key))
        if goods is None or goods.photo is None:
            raise errors.missing()
        if not readable(session, call.actor, goods.village_code):
            raise errors.missing()
        content_hash = evidence.attached_hash(session, goods.photo, goods.id)
    settings: Settings = current_app.extensions["jifen_settings"]
    content = evidence.read(evidence.folder_in(settings.data), content_hash, query["size"] == "small")
    return Response(content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _id(key: str) -> str:
    """An id of a path; anything else names nothing."""
    if not is_id(key):
        raise errors.missing()
    return key


def _answer(call: Call, goods: Goods, status: int = 200) -> Response:
    """One kind of goods as the keeper sees it, with its ETag."""
    return tagged(goods_item(call.session, goods.id, local_date(call.now)), goods.revision, status)
