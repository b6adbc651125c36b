"""Settling an exchange day: figures, two signatures, supplements, the Excel file."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import build
from tests.counter import Counter, ask, open_counter, tomorrow
from tests.shop import patch, stock


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    """A day on which 赵 picked up a reservation, 钱 bought oil and brought it back, 李 bought soap."""
    counter = open_counter(build(app, clock), rice=5, oil=5, soap=50)
    counter.day(tomorrow(counter.cast, 1))
    made = counter.reserve(rice=1)
    counter.cast.clock.advance(days=1)
    counter.step("day", "closed")
    counter.step("day", "redeeming")
    assert counter.redeem(body=counter.handed() | {"reservation": made["id"]}).status_code == 201
    oil = counter.redeem(household="qian", oil=2).get_json()
    back = {"lines": [{"goods": counter.goods["oil"], "quantity": 1}], "reason": "漏油"}
    assert (
        counter.cast.as_("keeper_jiang").post(f"/mall/redemptions/{oil['id']}/return", back).status_code
        == 201
    )
    assert counter.redeem(household="li", soap=3).status_code == 201
    stock(counter.cast, counter.goods["soap"], 2, "spoiled")
    return counter


def read(counter: Counter, by: str = "keeper_jiang") -> dict[str, Any]:
    answer = counter.cast.as_(by).get(f"/mall/exchange-days/{counter.days['day']}/settlement")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def sign(counter: Counter, by: str, seen: str | None = None) -> tuple[int, dict[str, Any]]:
    body = {"content_hash": seen} if seen else {}
    answer = counter.cast.as_(by).post(f"/mall/exchange-days/{counter.days['day']}/signature", body)
    return answer.status_code, dict(answer.get_json())


def test_the_figures_are_those_of_the_day(counter: Counter) -> None:
    found = read(counter)
    part = found["settlements"][0]
    goods = {row["name"]: row for row in part["goods"]}
    units = {name: (row["redeemed"], row["returned"], row["points"]) for name, row in goods.items()}
    assert units == {
        "东北大米 5kg": (1, 0, "30.00"),
        "菜籽油 1.8L": (2, 1, "51.00"),
        "洗衣皂": (3, 0, "9.00"),
    }
    assert all(row["difference"] == 0 for row in part["goods"])
    assert goods["洗衣皂"]["spoiled"] == 2
    households = {
        row["household"][12:]: (row["points"], row["points_returned"]) for row in part["households"]
    }
    assert households == {"0001": ("30.00", "0.00"), "0002": ("51.00", "25.50"), "0004": ("9.00", "0.00")}
    assert (part["points"], part["points_returned"], part["points_taken"]) == ("90.00", "25.50", "64.50")
    assert part["consents"] == {"statement": 3} and part["reservations"] == {"redeemed": 1}
    assert part["fund"]["goods_value"] == "83.50"  # 28.00 + 2 × 24.00 + 3 × 2.50
    assert read(counter, "supervisor_shen")["status"] == "redeeming"


def test_two_people_sign_the_same_figures(counter: Counter) -> None:
    seen = read(counter)["settlements"][0]["content_hash"]
    assert sign(counter, "keeper_jiang", seen)[1]["status"] == "redeeming"
    assert sign(counter, "keeper_jiang", seen)[1]["code"] == "second_person_needed"
    status, settled = sign(counter, "head_chen", seen)
    assert (status, settled["status"]) == (200, "settled")
    assert [one["name"] for one in settled["settlements"][0]["signatures"]] == ["蒋涛", "陈立"]
    assert sign(counter, "member_feng")[1]["code"] == "nothing_to_sign"
    refused = counter.redeem(household="li", soap=1)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "day_closed")
    with transaction(writes=False) as session:
        last = ask(
            session,
            "SELECT source, target FROM decisions WHERE entity = 'exchange_day' ORDER BY id DESC LIMIT 1",
        )
    assert last == [("redeeming", "settled")]


def test_what_changes_after_the_first_signature_voids_it(counter: Counter) -> None:
    seen = read(counter)["settlements"][0]["content_hash"]
    sign(counter, "keeper_jiang", seen)
    assert counter.redeem(household="li", soap=1).status_code == 201
    assert sign(counter, "head_chen", seen)[1]["code"] == "figures_changed"
    assert read(counter)["settlements"][0]["signatures"] == []
    assert sign(counter, "head_chen")[1]["status"] == "redeeming", "now the first of two"
    assert sign(counter, "keeper_jiang")[1]["status"] == "settled"


def test_open_reservations_keep_a_day_from_being_settled(counter: Counter) -> None:
    counter.day(tomorrow(counter.cast, 5), name="next")
    made = (
        counter.cast.as_("zhao_min").post("/mall/reservations", counter.basket(day="next", soap=1)).get_json()
    )
    counter.step("next", "closed")
    counter.step("next", "redeeming")
    path = f"/mall/exchange-days/{counter.days['next']}/signature"
    refused = counter.cast.as_("keeper_jiang").post(path)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "reservations_open")
    counter.delete("zhao_min", f"/mall/reservations/{made['id']}")
    assert counter.cast.as_("keeper_jiang").post(path).status_code == 200


def test_a_replay_after_settlement_is_a_supplement_signed_again(counter: Counter) -> None:
    at = (counter.now - timedelta(minutes=1)).isoformat()
    sign(counter, "keeper_jiang")
    sign(counter, "head_chen")
    counter.cast.clock.advance(hours=5)
    body = counter.handed("li", soap=2) | {"redeemed_at": at}
    result = counter.cast.as_("keeper_jiang").post("/mall/redemptions/batch", {"redemptions": [body]})
    assert result.get_json()["results"][0]["receipt"]["supplement"] is True
    late = counter.handed("li", soap=2) | {"id": new_id(), "redeemed_at": counter.now.isoformat()}
    assert counter.redeem(body=late).get_json()["code"] == "day_closed"
    found = read(counter)
    assert [(part["number"], part["signed"], part["points"]) for part in found["settlements"]] == [
        (1, True, "90.00"), (2, False, "6.00"),
    ]  # fmt: skip
    assert sign(counter, "member_feng")[0] == 200
    assert sign(counter, "keeper_jiang")[1]["settlements"][1]["signed"] is True
    assert sign(counter, "keeper_jiang")[1]["code"] == "nothing_to_sign"


def test_the_excel_file_neutralises_names(counter: Counter) -> None:
    goods = f"/mall/goods/{counter.goods['soap']}"
    assert patch(counter.cast, "keeper_jiang", goods, {"name": '=HYPERLINK("x")'}).status_code == 200
    answer = counter.cast.as_("keeper_jiang").get(
        f"/mall/exchange-days/{counter.days['day']}/settlement.xlsx"
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["汇总", "按商品", "按户"]
    names = [row[1].value for row in book["按商品"].iter_rows(min_row=2)]
    assert '\'=HYPERLINK("x")' in names
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    points = {row[1].value: row[5].value for row in book["按商品"].iter_rows(min_row=2)}
    assert points["菜籽油 1.8L"] == 51


def test_it_prints_with_its_signatures(counter: Counter) -> None:
    path = f"/mall/exchange-days/{counter.days['day']}/settlement.pdf"
    assert "两个人还没有都签字" in printed(counter, path)
    sign(counter, "keeper_jiang")
    sign(counter, "head_chen")
    text = printed(counter, path)
    for told in ("大槐树村积分超市结算单", "菜籽油 1.8L", "合计", "蒋涛", "陈立", "监督小组："):
        assert told in text, told
    assert "还没有都签字" not in text
    assert counter.cast.as_("zhao_min").get(path).status_code == 403
    assert counter.cast.as_("other_head").get(path).status_code == 404


def printed(counter: Counter, path: str) -> str:
    answer = counter.cast.as_("keeper_jiang").get(path)
    assert answer.content_type == "application/pdf"
    with pypdfium2.PdfDocument(answer.get_data()) as pdf:
        return " ".join(page.get_textpage().get_text_range() for page in pdf)


def test_who_may(counter: Counter) -> None:
    path = f"/mall/exchange-days/{counter.days['day']}/settlement"
    assert counter.cast.as_("zhao_min").get(path).status_code == 403
    assert counter.cast.as_("other_head").get(path).status_code == 404
    assert sign(counter, "supervisor_shen")[0] == 403
    assert sign(counter, "other_head")[0] == 404
