"""A small shop for the cast: rice, oil and soap in the first village, salt in the second."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.kit.ids import new_id
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast

GOODS: dict[str, tuple[str, str, str, str, str]] = {
    "rice": (VILLAGE, "东北大米 5kg", "粮油", "袋", "30.00"),
    "oil": (VILLAGE, "菜籽油 1.8L", "粮油", "桶", "25.50"),
    "soap": (VILLAGE, "洗衣皂", "日用", "块", "3.00"),
    "salt": (OTHER_VILLAGE, "食盐", "粮油", "袋", "2.00"),
}
COST = {"rice": "28.00", "oil": "24.00", "soap": "2.50", "salt": "1.80"}


def open_shop(cast: Cast, **quantities: int) -> dict[str, str]:
    """Put the goods on the list, with so many units of each bought in; gives the goods' ids by name."""
    cast.grant("other_head", "keeper", OTHER_VILLAGE)
    ids: dict[str, str] = {}
    for name, (village, chinese, category, unit, price) in GOODS.items():
        by = "keeper_jiang" if village == VILLAGE else "other_head"
        body = goods_body(village, name=chinese, category=category, unit=unit, points_price=price)
        answer = cast.as_(by).post("/mall/goods", body | {"cost_yuan": COST[name]})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        ids[name] = answer.get_json()["id"]
    for name, quantity in quantities.items():
        stock(cast, ids[name], quantity, by="keeper_jiang" if GOODS[name][0] == VILLAGE else "other_head")
    return ids


def goods_body(village: str = VILLAGE, **changes: Any) -> dict[str, Any]:
    """A body for POST /mall/goods."""
    own = {"id": new_id(), "village": village, "name": "毛巾", "unit": "条", "points_price": "8.00"}
    return own | changes


def stock(
    cast: Cast, goods: str, quantity: int, kind: str = "donated", by: str = "keeper_jiang", **more: Any
) -> dict[str, Any]:
    """A stock movement that must be accepted; gives its answer."""
    answer = cast.as_(by).post("/mall/stock-movements", movement_body(goods, quantity, kind, **more))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.get_json())


def movement_body(goods: str, quantity: int, kind: str = "donated", **more: Any) -> dict[str, Any]:
    """A body for POST /mall/stock-movements."""
    return {"id": new_id(), "goods": goods, "kind": kind, "quantity": quantity} | more


def on_sale(cast: Cast, by: str = "zhao_min", village: str = VILLAGE) -> dict[str, dict[str, Any]]:
    """The goods list as somebody sees it, by goods id."""
    answer = cast.as_(by).get("/mall/goods", village=village)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {item["id"]: item for item in answer.get_json()}


def patch(cast: Cast, by: str, path: str, body: Any, **headers: str) -> TestResponse:
    """PATCH as somebody."""
    client: FlaskClient = cast.app.test_client()
    return client.patch(f"/api/v1{path}", json=body, headers=cast.as_(by).headers | headers)
