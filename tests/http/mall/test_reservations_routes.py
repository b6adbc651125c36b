"""Reservations: both ledgers or neither, kept prices, limits, one end, expiry, who may."""

from __future__ import annotations

import pypdfium2
import pytest
from flask import Flask

from mall import api as mall
from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import build
from tests.counter import Counter, open_counter, tomorrow, whole
from tests.shop import patch


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    counter = open_counter(build(app, clock), rice=5, oil=5, soap=50, salt=9)
    counter.day(tomorrow(counter.cast, 5))
    return counter


def refusal(counter: Counter, body: dict[str, object], by: str = "zhao_min") -> tuple[int, str]:
    answer = counter.cast.as_(by).post("/mall/reservations", body)
    return answer.status_code, answer.get_json().get("code", "")


def test_points_and_goods_are_set_aside_together(counter: Counter) -> None:
    made = counter.reserve(rice=1, oil=2)
    assert (made["points"], made["status"]) == ("81.00", "open")
    assert {line["name"]: line["points"] for line in made["lines"]} == {
        "东北大米 5kg": "30.00", "菜籽油 1.8L": "51.00",
    }  # fmt: skip
    assert counter.points() == ("19.00", "81.00")
    assert (counter.stock("rice"), counter.stock("oil")) == ((5, 1), (5, 2))
    with transaction(writes=False) as session:
        whole(session)


def test_the_same_id_gives_the_first_answer_and_other_content_a_conflict(counter: Counter) -> None:
    body = counter.basket(rice=1)
    first = counter.cast.as_("zhao_min").post("/mall/reservations", body)
    again = counter.cast.as_("zhao_min").post("/mall/reservations", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    other = body | {"lines": [{"goods": counter.goods["rice"], "quantity": 2}]}
    assert refusal(counter, other) == (409, "id_reused")
    assert counter.points() == ("70.00", "30.00")


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ({"rice": 4}, "insufficient_balance"),  # 120 points
        ({"rice": 6}, "insufficient_stock"),
        ({"oil": 1, "rice": 6}, "insufficient_stock"),
    ],
)
def test_a_refusal_changes_nothing(counter: Counter, units: dict[str, int], code: str) -> None:
    assert refusal(counter, counter.basket(**units)) == (409, code)
    assert counter.points() == ("100.00", "0.00")
    assert (counter.stock("rice"), counter.stock("oil")) == ((5, 0), (5, 0))


def test_the_refusal_names_the_goods(counter: Counter) -> None:
    answer = counter.cast.as_("zhao_min").post("/mall/reservations", counter.basket(rice=6))
    assert "东北大米 5kg" in answer.get_json()["detail"]


def test_the_limit_counts_all_of_a_day(counter: Counter) -> None:
    goods = f"/mall/goods/{counter.goods['soap']}"
    assert patch(counter.cast, "keeper_jiang", goods, {"limit": 3}).status_code == 200
    counter.reserve(soap=2)
    assert refusal(counter, counter.basket(soap=2)) == (409, "limit_exceeded")
    counter.reserve(soap=1)
    counter.reserve("qian_yun", "qian", soap=3)


def test_what_cannot_be_reserved(counter: Counter) -> None:
    rice = {"goods": counter.goods["rice"], "quantity": 1}
    assert refusal(counter, counter.basket(rice=1) | {"lines": [rice, rice]}) == (422, "goods_repeated")
    assert refusal(counter, counter.basket(salt=1)) == (404, "goods_missing")
    assert refusal(counter, counter.basket(rice=1) | {"lines": []}) == (422, "invalid")
    assert refusal(counter, counter.basket(rice=1) | {"exchange_day": new_id()}) == (404, "not_found")
    slot = counter.basket(rice=1) | {"slot": new_id()}
    assert refusal(counter, slot) == (404, "not_found")
    off = {"on_shelf": False}
    assert patch(counter.cast, "keeper_jiang", f"/mall/goods/{counter.goods['oil']}", off).status_code == 200
    assert refusal(counter, counter.basket(oil=1)) == (409, "goods_off_shelf")
    counter.step("day", "closed")
    assert refusal(counter, counter.basket(rice=1)) == (409, "day_closed")


def test_a_reservation_keeps_its_price(counter: Counter) -> None:
    made = counter.reserve(rice=1)
    price = {"points_price": "45.00", "cost_yuan": "28.00", "starts_on": counter.now.date().isoformat()}
    path = f"/mall/goods/{counter.goods['rice']}/prices"
    assert counter.cast.as_("keeper_jiang").post(path, price).status_code == 201
    counter.step("day", "closed")
    counter.step("day", "redeeming")
    body = counter.handed(rice=2) | {"reservation": made["id"]}
    receipt = counter.redeem(body=body).get_json()
    assert [(line["quantity"], line["points"]) for line in receipt["lines"]] == [(1, "30.00"), (1, "45.00")]
    assert counter.points() == ("25.00", "0.00")


def test_cancelling_gives_back_once(counter: Counter) -> None:
    made = counter.reserve(rice=2)
    path = f"/mall/reservations/{made['id']}"
    for _ in range(2):
        answer = counter.delete("zhao_min", path)
        assert (answer.status_code, answer.get_json()["status"]) == (200, "cancelled")
    assert counter.points() == ("100.00", "0.00") and counter.stock("rice") == (5, 0)


def test_what_was_not_picked_up_goes_back_after_three_days(counter: Counter) -> None:
    made = counter.reserve(rice=2)
    counter.cast.clock.advance(days=8)
    run_due(counter.now, closers=mall.closers())
    read = f"/mall/reservations/{made['id']}"
    assert counter.cast.as_("zhao_min").get(read).get_json()["status"] == "open"
    counter.cast.clock.advance(days=1)
    done = run_due(counter.now, closers=mall.closers())
    assert [one.closer for one in done if one.closer == "mall.reservation_expiry"] == [
        "mall.reservation_expiry"
    ]
    assert counter.cast.as_("zhao_min").get(read).get_json()["status"] == "expired"
    assert counter.points() == ("100.00", "0.00") and counter.stock("rice") == (5, 0)
    assert counter.inbox()[0]["kind"] == "reservation_expired"
    late = counter.delete("zhao_min", read)
    assert (late.status_code, late.get_json()["code"]) == (409, "reservation_ended")
    with transaction(writes=False) as session:
        whole(session)


def test_who_sees_and_ends_what(counter: Counter) -> None:
    made = counter.reserve(rice=1)
    path = f"/mall/reservations/{made['id']}"
    assert refusal(counter, counter.basket("zhao", rice=1), "qian_yun") == (404, "not_found")
    assert refusal(counter, counter.basket("zhao", rice=1), "keeper_jiang") == (403, "not_allowed")
    assert (
        counter.delete("qian_yun", path).get_json()
        == counter.delete("qian_yun", f"/mall/reservations/{new_id()}").get_json()
    )
    assert counter.cast.as_("qian_yun").get(path).status_code == 404
    assert counter.cast.as_("keeper_jiang").get(path).get_json()["points"] == "30.00"
    mine = counter.cast.as_("zhao_min").get("/mall/reservations").get_json()["items"]
    assert [one["id"] for one in mine] == [made["id"]]
    assert counter.cast.as_("qian_yun").get("/mall/reservations").get_json()["items"] == []
    foreign = counter.cast.as_("qian_yun").get(
        "/mall/reservations", household=counter.cast.households["zhao"]
    )
    assert foreign.get_json()["items"] == []


def test_the_pick_list_adds_up(counter: Counter) -> None:
    counter.reserve(rice=1, soap=2)
    counter.reserve("qian_yun", "qian", rice=2)
    found = (
        counter.cast.as_("keeper_jiang")
        .get(f"/mall/exchange-days/{counter.days['day']}/pick-list")
        .get_json()
    )
    assert {row["name"]: (row["quantity"], row["households"]) for row in found["goods"]} == {
        "东北大米 5kg": (3, 2), "洗衣皂": (2, 1),
    }  # fmt: skip
    assert [row["household"][12:] for row in found["households"]] == ["0001", "0002"]
    refused = counter.cast.as_("zhao_min").get(f"/mall/exchange-days/{counter.days['day']}/pick-list")
    assert refused.status_code == 403
    printed = counter.cast.as_("keeper_jiang").get(f"/mall/exchange-days/{counter.days['day']}/pick-list.pdf")
    text = pypdfium2.PdfDocument(printed.data)[0].get_textpage().get_text_bounded()
    for told in ("大槐树村", "东北大米 5kg", "3 袋", "0002"):
        assert told in text


def test_a_day_without_reservations_prints_too(counter: Counter) -> None:
    path = f"/mall/exchange-days/{counter.days['day']}/pick-list.pdf"
    printed = counter.cast.as_("keeper_jiang").get(path)
    assert "还没有预约" in pypdfium2.PdfDocument(printed.data)[0].get_textpage().get_text_bounded()
