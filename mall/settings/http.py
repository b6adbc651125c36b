"""Routes of the shop's settings."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from mall.settings import service
from mall.settings.rules import ShopSettings
from mall.settings.schemas import ShopSettingsBody, ShopSettingsQuery, ShopSettingsSchema
from server.kit.errors import FieldFault, Invalid
from server.people.api import Permission, Place
from server.web.etags import expected_revision, tagged
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_settings", __name__, description="积分超市：设置")


@endpoint(
    blueprint,
    "GET",
    "/mall/settings",
    needs=Permission.SHOP_READ,
    query=ShopSettingsQuery,
    answer=ShopSettingsSchema,
)
def read_shop_settings(call: Call, query: dict[str, Any]) -> Response:
    """What a village has decided about its shop, with an ETag."""
    call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    return _answer(service.settings_of(call.session, query["village"]))


@endpoint(
    blueprint,
    "PATCH",
    "/mall/settings",
    needs=Permission.SHOP_MANAGE,
    query=ShopSettingsQuery,
    body=ShopSettingsBody,
    answer=ShopSettingsSchema,
)
def change_shop_settings(call: Call, body: dict[str, Any], query: dict[str, Any]) -> Response:
    """Change some settings; `If-Match` refuses to overwrite what somebody else changed meanwhile."""
    if not body:
        raise Invalid("nothing_to_change", "没有要改的设置。", [FieldFault("", "至少写一项。")])
    found = service.change_settings(
        call.session, call.actor, query["village"], body, expected_revision(), call.now
    )
    return _answer(found)


def _answer(found: ShopSettings) -> Response:
    return tagged(ShopSettingsSchema().dump(found), found.revision)
