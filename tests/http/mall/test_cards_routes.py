"""Points cards over HTTP: issue, loss, reissue, PINs, the printed sheet, who may."""

from __future__ import annotations

import pypdfium2
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import build
from tests.counter import Counter, ask, open_counter


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    return open_counter(build(app, clock))


def put(counter: Counter, by: str, path: str, body: dict[str, object]) -> TestResponse:
    headers = counter.cast.as_(by).headers
    return counter.cast.app.test_client().put(f"/api/v1{path}", json=body, headers=headers)


def issue(counter: Counter, by: str = "keeper_jiang", **more: object) -> TestResponse:
    return counter.cast.as_(by).post("/mall/cards", {"household": counter.cast.households["zhao"]} | more)


def test_a_card_is_issued_once_and_its_pin_is_told_once(counter: Counter) -> None:
    key = new_id()
    first, again = issue(counter, id=key), issue(counter, id=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(first.get_json()["pin"]) == 6 and again.get_json()["pin"] is None
    assert issue(counter).get_json()["code"] == "card_exists"
    listed = (
        counter.cast.as_("zhao_min").get("/mall/cards", household=counter.cast.households["zhao"]).get_json()
    )
    assert [card["status"] for card in listed["items"]] == ["active"]
    assert "pin" not in listed["items"][0] and "token" not in listed["items"][0]
    assert listed["items"][0]["household"] == counter.cast.households["zhao"]


def test_a_household_may_choose_but_not_too_easily(counter: Counter) -> None:
    weak = issue(counter, pin="123456")
    assert (weak.status_code, weak.get_json()["code"]) == (422, "pin_weak")
    assert issue(counter, pin="402917").get_json()["pin"] == "402917"


def test_loss_and_reissue(counter: Counter) -> None:
    card = issue(counter).get_json()
    lost = f"/mall/cards/{card['id']}/loss"
    assert counter.cast.as_("qian_yun").post(lost).status_code == 404
    for _ in range(2):
        assert counter.cast.as_("zhao_min").post(lost, {"reason": "赶集丢了"}).get_json()["status"] == "lost"
    seen = counter.cast.as_("keeper_jiang").get("/mall/counter", card=card["token"])
    assert seen.status_code == 404, "a lost card finds nobody"
    again = counter.cast.as_("keeper_jiang").post(f"/mall/cards/{card['id']}/reissue", {"reason": "丢失"})
    assert again.status_code == 201
    fresh = again.get_json()
    assert fresh["id"] != card["id"] and fresh["number"] != card["number"]
    for scanned in (fresh["token"], fresh["number"]):
        seen = counter.cast.as_("keeper_jiang").get("/mall/counter", card=scanned).get_json()
        assert seen["household"]["code"] == counter.cast.households["zhao"]
    twice = counter.cast.as_("keeper_jiang").post(f"/mall/cards/{card['id']}/reissue", {"reason": "丢失"})
    assert twice.get_json()["code"] == "card_not_active"
    with transaction(writes=False) as session:
        steps = ask(session, "SELECT source, target FROM decisions WHERE entity = 'points_card' ORDER BY id")
    assert steps == [("active", "lost"), ("lost", "replaced")]


def test_the_household_changes_its_pin(counter: Counter) -> None:
    card = issue(counter).get_json()
    path = f"/mall/cards/{card['id']}/pin"
    assert put(counter, "zhao_min", path, {"pin": "583046"}).status_code == 200
    assert put(counter, "qian_yun", path, {"pin": "583046"}).status_code == 404
    assert put(counter, "keeper_jiang", path, {"pin": "583046"}).status_code == 403
    assert put(counter, "zhao_min", path, {"pin": "000000"}).get_json()["code"] == "pin_weak"


def test_the_sheet_has_a_new_pin_that_no_answer_shows(counter: Counter) -> None:
    card = issue(counter).get_json()
    answer = counter.cast.as_("keeper_jiang").post(f"/mall/cards/{card['id']}/sheet")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_bounded()
    assert card["number"][:4] in text and card["pin"] not in text
    assert counter.cast.as_("zhao_min").post(f"/mall/cards/{card['id']}/sheet").status_code == 403


def test_who_may(counter: Counter) -> None:
    assert issue(counter, "zhao_min").status_code == 403
    assert issue(counter, "other_head").status_code == 404
    assert issue(counter, "head_chen").status_code == 201
    foreign = counter.cast.as_("qian_yun").get("/mall/cards", household=counter.cast.households["zhao"])
    assert foreign.status_code == 404
