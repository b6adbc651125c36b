"""Stock over HTTP: what a keeper enters, counts by two people, warnings; repeats and refusals."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.cast import VILLAGE, Cast, build
from tests.shop import movement_body, on_sale, open_shop, patch, stock


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def test_in_and_out(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    came = stock(cast, rice, 20, "bought", cost="560.00", batch="A12", expires_on="2027-03-01")
    assert (came["quantity"], came["cost"], came["kind"]) == (20, "560.00", "bought")
    stock(cast, rice, 5, "donated", donor="李建国")
    went = stock(cast, rice, 22, "spoiled", note="受潮")
    assert went["quantity"] == -22
    assert [share["quantity"] for share in went["batches"]] == [-20, -2]
    stock(cast, rice, 1, "returned")
    item = on_sale(cast)[rice]
    assert (item["on_hand"], item["available"]) == (4, 4)


def test_the_shelf_life_gives_the_expiry_but_what_comes_back_is_not_fresh(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    patch(cast, "keeper_jiang", f"/mall/goods/{rice}", {"shelf_life_days": 30})
    stock(cast, rice, 5, "donated")
    stock(cast, rice, 1, "returned")
    rows = cast.as_("keeper_jiang").get("/mall/stock-movements", village=VILLAGE).get_json()["items"]
    assert [(row["kind"], row["expires_on"]) for row in rows] == [
        ("returned", None),
        ("donated", "2026-10-14"),
    ]


def test_the_same_id_again_and_with_other_content(cast: Cast) -> None:
    ids = open_shop(cast)
    keeper = cast.as_("keeper_jiang")
    body = movement_body(ids["rice"], 7, donor="李建国")
    answers = [keeper.post("/mall/stock-movements", body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].get_json() == answers[1].get_json() == answers[2].get_json()
    for changes in ({"quantity": 8}, {"kind": "bought"}, {"goods": ids["oil"]}, {"donor": "王五"}):
        other = keeper.post("/mall/stock-movements", body | changes)
        assert (other.status_code, other.get_json()["code"]) == (409, "movement_id_reused"), changes
    assert on_sale(cast)[ids["rice"]]["on_hand"] == 7


def test_twenty_at_once_have_one_effect(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    body = movement_body(rice, 3, "bought", cost="84.00")
    answers: list[Any] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(cast.as_("keeper_jiang").post("/mall/stock-movements", body))
        )
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.get_data() for answer in answers}) == 1
    assert on_sale(cast)[rice]["on_hand"] == 3


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("bought", {"donor": "李建国"}, "field_not_for_kind"),
        ("spoiled", {"cost": "1.00"}, "field_not_for_kind"),
        ("spoiled", {"expires_on": "2027-01-01"}, "field_not_for_kind"),
        ("donated", {"expires_on": "2026-09-13"}, "expired_already"),
        ("donated", {"donor": "01890000-0000-7000-8000-000000000000"}, "donor_unknown"),
        ("redeemed", {}, "invalid"),
        ("counted", {}, "invalid"),
        ("donated", {"quantity": 0}, "invalid"),
        ("donated", {"quantity": "3"}, "invalid"),
        ("donated", {"quantity": 1.5}, "invalid"),
        ("donated", {"cost": "-1.00"}, "invalid"),
    ],
)
def test_what_is_refused(cast: Cast, kind: str, more: dict[str, Any], code: str) -> None:
    rice = open_shop(cast, rice=5)["rice"]
    answer = cast.as_("keeper_jiang").post("/mall/stock-movements", movement_body(rice, 1, kind) | more)
    assert answer.status_code == 422
    assert answer.get_json()["code"] == code
    assert on_sale(cast)[rice]["on_hand"] == 5


def test_no_more_spoils_than_there_is(cast: Cast) -> None:
    rice = open_shop(cast, rice=5)["rice"]
    keeper = cast.as_("keeper_jiang")
    answer = keeper.post("/mall/stock-movements", movement_body(rice, 6, "spoiled"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "insufficient_stock")
    answer = keeper.post("/mall/stock-movements", movement_body(rice, 1, "spoiled", batch="没有"))
    assert (answer.status_code, answer.get_json()["code"]) == (404, "batch_missing")
    assert on_sale(cast)[rice]["on_hand"] == 5


def test_who_may_enter_and_read_movements(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    entered = {
        who: cast.as_(who).post("/mall/stock-movements", movement_body(rice, 1)).status_code
        for who in ("zhao_min", "head_chen", "supervisor_shen", "other_head", "keeper_jiang")
    }
    assert entered == {
        "zhao_min": 403,
        "head_chen": 403,
        "supervisor_shen": 403,
        "other_head": 404,  # keeps the shop of the other village
        "keeper_jiang": 201,
    }
    read = {
        who: cast.as_(who).get("/mall/stock-movements", village=VILLAGE).status_code
        for who in ("zhao_min", "head_chen", "supervisor_shen", "other_head", "auditor_yang")
    }
    assert read == {
        "zhao_min": 403, "head_chen": 200, "supervisor_shen": 200, "other_head": 404, "auditor_yang": 200,
    }  # fmt: skip
    unknown = cast.as_("keeper_jiang").post("/mall/stock-movements", movement_body(new_id(), 1))
    foreign = cast.as_("other_head").post("/mall/stock-movements", movement_body(rice, 1))
    assert unknown.get_json()["code"] == foreign.get_json()["code"] == "goods_missing"


def test_movements_page_by_page(cast: Cast, clock: SetClock) -> None:
    ids = open_shop(cast)
    for number in range(7):
        stock(cast, ids["rice" if number % 2 else "oil"], number + 1)
        clock.advance(minutes=number % 2)  # some at the same instant
    keeper = cast.as_("keeper_jiang")
    seen: list[int] = []
    cursor = None
    for _ in range(5):
        more = {"cursor": cursor} if cursor else {}
        answer = keeper.get("/mall/stock-movements", village=VILLAGE, limit=2, **more).get_json()
        seen += [row["quantity"] for row in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert cursor is None and sorted(seen) == [1, 2, 3, 4, 5, 6, 7]
    assert seen[0] == 7 and seen[-1] in (1, 2)
    of_rice = keeper.get("/mall/stock-movements", village=VILLAGE, goods=ids["rice"]).get_json()["items"]
    assert [row["quantity"] for row in of_rice] == [6, 4, 2]
    assert keeper.get("/mall/stock-movements", village=VILLAGE, kind="bought").get_json()["items"] == []
    assert keeper.get("/mall/stock-movements", village=VILLAGE, cursor="x").status_code == 422


def count(cast: Cast, lines: dict[str, int], by: str = "keeper_jiang", key: str = "") -> Any:
    body = {"id": key or new_id(), "lines": [{"goods": goods, "counted": n} for goods, n in lines.items()]}
    return cast.as_(by).post("/mall/stock-counts", body)


def confirm(cast: Cast, key: str, by: str = "head_chen", **body: Any) -> Any:
    return cast.as_(by).post(f"/mall/stock-counts/{key}/confirmation", body)


def test_a_count_freezes_nothing_and_moves_its_difference(cast: Cast) -> None:
    ids = open_shop(cast, rice=10, oil=4, soap=6)
    counted = count(cast, {ids["rice"]: 8, ids["oil"]: 5, ids["soap"]: 6})
    assert counted.status_code == 201
    lines = {line["goods"]: line for line in counted.get_json()["lines"]}
    assert (lines[ids["rice"]]["book"], lines[ids["rice"]]["difference"]) == (10, -2)
    assert (lines[ids["oil"]]["book"], lines[ids["oil"]]["difference"]) == (4, 1)
    assert on_sale(cast)[ids["rice"]]["on_hand"] == 10
    stock(cast, ids["rice"], 3, "spoiled")  # the shop goes on meanwhile
    stock(cast, ids["rice"], 1, "bought")
    settled = confirm(cast, counted.get_json()["id"])
    assert (settled.status_code, settled.get_json()["status"]) == (200, "confirmed")
    on_hand = {key: on_sale(cast)[ids[key]]["on_hand"] for key in ("rice", "oil", "soap")}
    assert on_hand == {"rice": 6, "oil": 5, "soap": 6}
    rows = (
        cast.as_("head_chen")
        .get("/mall/stock-movements", village=VILLAGE, kind="counted")
        .get_json()["items"]
    )
    assert sorted(row["quantity"] for row in rows) == [-2, 1]


def test_who_counts_does_not_confirm(cast: Cast) -> None:
    rice = open_shop(cast, rice=10)["rice"]
    cast.grant("keeper_jiang", "committee_member", VILLAGE)  # whatever else the person is
    key = count(cast, {rice: 9}).get_json()["id"]
    own = confirm(cast, key, "keeper_jiang")
    assert (own.status_code, own.get_json()["code"]) == (409, "own_count")
    assert confirm(cast, key, "zhao_min").status_code == 403
    assert confirm(cast, key, "other_head").status_code == 404
    assert confirm(cast, new_id()).status_code == confirm(cast, "none").status_code == 404
    assert on_sale(cast)[rice]["on_hand"] == 10
    assert confirm(cast, key).status_code == 200
    assert on_sale(cast)[rice]["on_hand"] == 9


def test_a_count_is_settled_once(cast: Cast) -> None:
    rice = open_shop(cast, rice=10)["rice"]
    key = count(cast, {rice: 9}).get_json()["id"]
    answers = [confirm(cast, key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    late = confirm(cast, key, "member_feng", accept=False)
    assert (late.status_code, late.get_json()["code"]) == (409, "state_changed")
    assert on_sale(cast)[rice]["on_hand"] == 9


def test_a_rejected_count_moves_nothing(cast: Cast) -> None:
    rice = open_shop(cast, rice=10)["rice"]
    key = count(cast, {rice: 2}).get_json()["id"]
    assert confirm(cast, key, accept=False, reason="漏数了里间").get_json()["status"] == "rejected"
    assert on_sale(cast)[rice]["on_hand"] == 10
    listed = cast.as_("head_chen").get("/mall/stock-counts", village=VILLAGE, status="rejected").get_json()
    assert [item["id"] for item in listed["items"]] == [key]


def test_a_count_that_was_overtaken_is_counted_again(cast: Cast) -> None:
    rice = open_shop(cast, rice=10)["rice"]
    key = count(cast, {rice: 2}).get_json()["id"]
    stock(cast, rice, 5, "spoiled")
    answer = confirm(cast, key)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "count_overtaken")
    assert on_sale(cast)[rice]["on_hand"] == 5


def test_the_same_count_again(cast: Cast) -> None:
    ids = open_shop(cast, rice=10, salt=3)
    key = new_id()
    answers = [count(cast, {ids["rice"]: 9}, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].get_json() == answers[1].get_json()
    other = count(cast, {ids["rice"]: 8}, key=key)
    assert (other.status_code, other.get_json()["code"]) == (409, "count_id_reused")
    assert count(cast, {ids["rice"]: 1, ids["salt"]: 1}).status_code == 404
    twice = [{"goods": ids["rice"], "counted": 1}, {"goods": ids["rice"], "counted": 2}]
    assert (
        cast.as_("keeper_jiang").post("/mall/stock-counts", {"id": new_id(), "lines": twice}).status_code
        == 422
    )


def test_warnings(cast: Cast, clock: SetClock) -> None:
    ids = open_shop(cast)
    patch(cast, "keeper_jiang", f"/mall/goods/{ids['rice']}", {"low_level": 5})
    patch(cast, "keeper_jiang", f"/mall/goods/{ids['soap']}", {"on_shelf": False})
    stock(cast, ids["rice"], 5)
    stock(cast, ids["oil"], 9, expires_on="2026-10-10")
    stock(cast, ids["oil"], 9, expires_on="2027-10-10")
    found = cast.as_("keeper_jiang").get("/mall/warnings", village=VILLAGE).get_json()
    assert [(low["name"], low["usable"], low["low_level"]) for low in found["low"]] == [
        ("东北大米 5kg", 5, 5)
    ]
    assert [(e["name"], e["quantity"], e["expires_on"], e["expired"]) for e in found["expiring"]] == [
        ("菜籽油 1.8L", 9, "2026-10-10", False)
    ]
    assert found["overpromised"] == []
    assert cast.as_("zhao_min").get("/mall/warnings", village=VILLAGE).status_code == 403
    assert cast.as_("other_head").get("/mall/warnings", village=VILLAGE).status_code == 404
