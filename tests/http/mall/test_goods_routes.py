"""Goods over HTTP: the list of the contract, who may see and change what, prices by date, photos."""

from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import event

from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.sql import watchers
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build
from tests.shop import goods_body, on_sale, open_shop, patch


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def test_the_list_of_the_contract(cast: Cast) -> None:
    ids = open_shop(cast)
    answer = cast.as_("zhao_min").get("/mall/goods", village=VILLAGE)
    assert answer.status_code == 200 and isinstance(answer.get_json(), list)
    found = {item["id"]: item for item in answer.get_json()}
    assert set(found) == {ids["rice"], ids["oil"], ids["soap"]}
    oil = found[ids["oil"]]
    assert (oil["name"], oil["unit"], oil["category"]) == ("菜籽油 1.8L", "桶", "粮油")
    assert (oil["points_price"], oil["on_hand"], oil["available"], oil["limit"]) == ("25.50", 0, 0, None)
    assert "cost_yuan" not in oil


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("zhao_min", 200),
        ("wang_fang", 200),  # a grid worker of one grid
        ("panel_zhou", 200),
        ("township_han", 200),
        ("admin_zhu", 200),
        ("other_villager", 404),
        ("other_worker", 404),
        ("other_head", 404),
        (None, 401),
    ],
)
def test_who_sees_the_shop(cast: Cast, who: str | None, status: int) -> None:
    assert cast.as_(who).get("/mall/goods", village=VILLAGE).status_code == status


def test_an_unknown_village_looks_like_a_foreign_one(cast: Cast) -> None:
    foreign = cast.as_("zhao_min").get("/mall/goods", village=OTHER_VILLAGE)
    unknown = cast.as_("zhao_min").get("/mall/goods", village="990101101999")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.get_json()["code"] == unknown.get_json()["code"]


def test_the_list_takes_one_statement_beside_the_session(cast: Cast) -> None:
    open_shop(cast)
    seen: list[str] = []
    cast.as_("zhao_min").get("/mall/goods", village=VILLAGE)  # fills the cache of grants

    def by_hand(statement: str, _parameters: Any) -> None:
        seen.append(statement)

    def by_model(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    watchers.append(by_hand)
    event.listen(db.engine, "before_cursor_execute", by_model)
    try:
        cast.as_("zhao_min").get("/mall/goods", village=VILLAGE)
    finally:
        watchers.remove(by_hand)
        event.remove(db.engine, "before_cursor_execute", by_model)
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 2
    assert [statement for statement in seen if "FROM goods g" in statement]


def test_the_same_id_again(cast: Cast) -> None:
    body = goods_body()
    first = cast.as_("keeper_jiang").post("/mall/goods", body)
    again = cast.as_("keeper_jiang").post("/mall/goods", body)
    other = cast.as_("keeper_jiang").post("/mall/goods", body | {"points_price": "9.00"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.get_json() == again.get_json()
    assert other.get_json()["code"] == "goods_id_reused"
    assert len(on_sale(cast)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"points_price": "0.00"}, "points_price"),
        ({"points_price": 8.5}, "points_price"),
        ({"points_price": "8.005"}, "points_price"),
        ({"limit": 0}, "limit"),
        ({"low_level": -1}, "low_level"),
        ({"name": ""}, "name"),
        ({"barcode": "6901234567890"}, "barcode"),
        ({"village": "99"}, "village"),
    ],
)
def test_faulty_goods_name_the_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    answer = cast.as_("keeper_jiang").post("/mall/goods", goods_body(**changes))
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.get_json()["errors"]] == [field]
    assert on_sale(cast) == {}


def test_names_and_barcodes_are_unique_in_a_shop_only(cast: Cast) -> None:
    cast.as_("keeper_jiang").post("/mall/goods", goods_body(barcode="6901234567892"))
    same = cast.as_("keeper_jiang").post("/mall/goods", goods_body())
    code = cast.as_("keeper_jiang").post("/mall/goods", goods_body(name="浴巾", barcode="6901234567892"))
    elsewhere = cast.as_("other_head").post("/mall/goods", goods_body(OTHER_VILLAGE, barcode="6901234567892"))
    assert (same.status_code, same.get_json()["code"]) == (409, "goods_exists")
    assert (code.status_code, code.get_json()["code"]) == (409, "barcode_taken")
    assert elsewhere.status_code == 201


def test_who_may_change_goods(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    tried = {
        who: (
            cast.as_(who).post("/mall/goods", goods_body(name="牙刷")).status_code,
            patch(cast, who, f"/mall/goods/{rice}", {"low_level": 3}).status_code,
            cast.as_(who).get(f"/mall/goods/{rice}").status_code,
        )
        for who in ("zhao_min", "panel_zheng", "other_head", "supervisor_shen")
    }
    assert tried == {
        "zhao_min": (403, 403, 403),
        "panel_zheng": (403, 403, 403),
        "other_head": (404, 404, 404),
        "supervisor_shen": (403, 403, 200),
    }
    assert patch(cast, "head_chen", f"/mall/goods/{rice}", {"low_level": 3}).status_code == 200
    assert patch(cast, "head_chen", f"/mall/goods/{new_id()}", {"low_level": 3}).status_code == 404
    assert patch(cast, "head_chen", "/mall/goods/none", {"low_level": 3}).status_code == 404


def test_off_the_shelf_goods_leave_the_list_and_two_editors_do_not_overwrite(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    tag = cast.as_("head_chen").get(f"/mall/goods/{rice}").headers["ETag"]
    off = patch(cast, "keeper_jiang", f"/mall/goods/{rice}", {"on_shelf": False}, **{"If-Match": tag})
    assert off.status_code == 200 and off.get_json()["on_shelf"] is False
    late = patch(cast, "head_chen", f"/mall/goods/{rice}", {"name": "大米"}, **{"If-Match": tag})
    assert late.status_code == 412
    assert rice not in on_sale(cast)
    everything = cast.as_("head_chen").get("/mall/goods", village=VILLAGE, everything="true").get_json()
    kept = next(item for item in everything if item["id"] == rice)
    assert (kept["name"], kept["cost_yuan"], kept["low_level"]) == ("东北大米 5kg", "28.00", 0)
    assert cast.as_("zhao_min").get("/mall/goods", village=VILLAGE, everything="true").status_code == 403


def test_a_price_changes_on_its_day(cast: Cast, clock: SetClock) -> None:
    rice = open_shop(cast)["rice"]
    keeper = cast.as_("keeper_jiang")

    def change(day: str, points: str) -> int:
        body = {"starts_on": day, "points_price": points}
        return keeper.post(f"/mall/goods/{rice}/prices", body).status_code

    assert change("2026-10-01", "32.00") == 201
    assert change("2026-10-01", "33.00") == 201  # thought better of it
    assert change("2026-09-13", "1.00") == 422
    item = on_sale(cast)[rice]
    assert item["points_price"] == "30.00"
    assert item["prices"] == [{"from": "2026-10-01", "points_price": "33.00"}]
    clock.advance(days=16, hours=14, minutes=59)  # 30 September, 23:59
    assert on_sale(cast)[rice]["points_price"] == "30.00"
    clock.advance(minutes=1)
    item = on_sale(cast)[rice]
    assert (item["points_price"], item["prices"]) == ("33.00", [])
    kept = keeper.get(f"/mall/goods/{rice}/prices").get_json()["items"]
    assert [price["points_price"] for price in kept] == ["33.00", "32.00", "30.00"]
    assert {price["cost_yuan"] for price in kept} == {"28.00"}


def test_a_photo_is_seen_by_the_village_and_by_nobody_else(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    photo = cast.as_("keeper_jiang").photo()
    answer = patch(cast, "keeper_jiang", f"/mall/goods/{rice}", {"photo": photo})
    assert answer.status_code == 200 and answer.get_json()["photo"] == photo
    shown = cast.as_("zhao_min").get(f"/mall/goods/{rice}/photo")
    assert shown.status_code == 200 and Image.open(io.BytesIO(shown.data)).size == (64, 48)
    assert cast.as_("other_villager").get(f"/mall/goods/{rice}/photo").status_code == 404
    stolen = patch(cast, "head_chen", f"/mall/goods/{rice}", {"photo": cast.as_("wang_fang").photo()})
    assert (stolen.status_code, stolen.get_json()["code"]) == (422, "photo_not_usable")
    assert on_sale(cast)[rice]["photo"] == photo


def test_the_barcode_can_be_printed_and_scanned(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    code = on_sale(cast)[rice]["barcode"]
    picture = cast.as_("keeper_jiang").get(f"/mall/goods/{rice}/barcode")
    assert picture.content_type == "image/png"
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))] == [code]


def test_what_was_done_to_goods_is_in_the_audit(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    patch(cast, "keeper_jiang", f"/mall/goods/{rice}", {"limit": 2})
    body = {"starts_on": "2026-10-01", "points_price": "32.00"}
    cast.as_("keeper_jiang").post(f"/mall/goods/{rice}/prices", body)
    rows = cast.as_("auditor_yang").get("/audit", entity_id=rice).get_json()["items"]
    assert [row["action"] for row in rows] == ["goods.price", "goods.change", "goods.create"]
    assert (rows[1]["before"], rows[1]["after"]) == ({"limit_per_day": None}, {"limit_per_day": 2})
    assert {row["person"] for row in rows} == {cast.persons["keeper_jiang"]}
