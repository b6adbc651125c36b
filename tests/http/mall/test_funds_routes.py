"""Donors, fund, settings, cover, suggestions and the public donation book over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from mall.stock.api import take
from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger.api import OpeningLine, open_accounts, post_opening_balances
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build
from tests.shop import open_shop, patch, stock


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def money(cast: Cast, kind: str, amount: str, by: str = "head_chen", **more: Any) -> Any:
    body = {"id": new_id(), "village": VILLAGE, "kind": kind, "amount": amount} | more
    return cast.as_(by).post("/mall/fund-entries", body)


def points(cast: Cast, **balances: str) -> None:
    """Give households points to spend."""
    with transaction() as session:
        codes = [cast.households[name] for name in ("zhao", "qian", "sun", "li", "zhou", "wu")]
        open_accounts(session, VILLAGE, codes)
        lines = [
            OpeningLine(cast.households[name], Decimal(amount), Decimal(0), f"opening:{name}", {})
            for name, amount in balances.items()
        ]
        post_opening_balances(session, VILLAGE, 2026, lines, cast.clock.now())


def test_money_in_purchases_out_and_what_is_left(cast: Cast) -> None:
    rice = open_shop(cast)["rice"]
    assert money(cast, "donation", "1000.00", donor="王建国").status_code == 201
    assert money(cast, "village_money", "500.00", note="村集体").status_code == 201
    bought = stock(cast, rice, 10, "bought", cost="280.00")
    assert money(cast, "correction", "-0.50", note="多记五角").status_code == 201
    answer = cast.as_("supervisor_shen").get("/mall/fund-entries", village=VILLAGE).get_json()
    assert [(row["kind"], row["amount"]) for row in answer["items"]] == [
        ("correction", "-0.50"),
        ("purchase", "-280.00"),
        ("village_money", "500.00"),
        ("donation", "1000.00"),
    ]
    assert answer["items"][1]["reference"] == f"movement:{bought['id']}"
    assert answer["left"] == "1219.50"


@pytest.mark.parametrize(
    ("kind", "amount", "more", "code"),
    [
        ("donation", "10.00", {}, "donor_missing"),
        ("donation", "0.00", {"donor": "王建国"}, "amount_invalid"),
        ("village_money", "-1.00", {}, "amount_invalid"),
        ("correction", "-1.00", {}, "correction_incomplete"),
        ("purchase", "1.00", {}, "invalid"),
        ("donation", "1.001", {"donor": "王建国"}, "invalid"),
    ],
)
def test_refused_entries(cast: Cast, kind: str, amount: str, more: dict[str, Any], code: str) -> None:
    answer = money(cast, kind, amount, **more)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert cast.as_("head_chen").get("/mall/fund-entries", village=VILLAGE).get_json()["items"] == []


def test_the_same_entry_again(cast: Cast) -> None:
    key = new_id()
    answers = [money(cast, "donation", "10.00", donor="王建国", id=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].get_json() == answers[1].get_json()
    other = money(cast, "donation", "11.00", donor="王建国", id=key)
    assert (other.status_code, other.get_json()["code"]) == (409, "fund_id_reused")
    assert cast.as_("head_chen").get("/mall/fund-entries", village=VILLAGE).get_json()["left"] == "10.00"


def test_entries_page_by_page(cast: Cast, clock: SetClock) -> None:
    for number in range(5):
        money(cast, "village_money", f"{number + 1}.00")
        clock.advance(seconds=number % 2)
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        more = {"cursor": cursor} if cursor else {}
        answer = cast.as_("head_chen").get("/mall/fund-entries", village=VILLAGE, limit=2, **more).get_json()
        seen += [row["amount"] for row in answer["items"]]
        cursor = answer["next_cursor"]
    assert cursor is None and sorted(seen) == ["1.00", "2.00", "3.00", "4.00", "5.00"]


def test_who_may_see_and_keep_the_fund(cast: Cast) -> None:
    def tried(who: str) -> tuple[int, int, int]:
        caller = cast.as_(who)
        body = {"village": VILLAGE, "name": "赵大爷"}
        return (
            money(cast, "village_money", "1.00", by=who).status_code,
            caller.get("/mall/fund-entries", village=VILLAGE).status_code,
            caller.post("/mall/donors", body).status_code,
        )

    assert tried("zhao_min") == (403, 403, 403)
    assert tried("supervisor_shen") == (403, 200, 403)
    assert tried("other_head") == (404, 404, 404)
    assert tried("keeper_jiang") == (201, 200, 201)


def test_the_public_donation_book_names_nobody_in_full(cast: Cast, clock: SetClock) -> None:
    ids = open_shop(cast)
    donor = {"village": VILLAGE, "name": "槐荫粮油合作社", "kind": "organisation"}
    assert cast.as_("head_chen").post("/mall/donors", donor).status_code == 201
    hidden = cast.as_("head_chen").post(
        "/mall/donors", {"village": VILLAGE, "name": "孙不二", "named": False}
    )
    money(cast, "donation", "1000.00", donor="王建国")
    clock.advance(days=1)
    money(cast, "donation", "88.00", donor=hidden.get_json()["id"])
    clock.advance(days=1)
    stock(cast, ids["rice"], 20, "donated", donor="槐荫粮油合作社")
    clock.advance(days=1)
    stock(cast, ids["oil"], 2, "donated")
    stock(cast, ids["oil"], 3, "bought", cost="72.00")
    answer = cast.as_(None).get("/public/donations", village=VILLAGE)
    assert answer.status_code == 200
    book = answer.get_json()
    shown = [
        (one["on"], one["donor"], one["amount"], one["goods"], one["quantity"]) for one in book["donations"]
    ]
    assert shown == [
        ("2026-09-17", "爱心人士", None, "菜籽油 1.8L", 2),
        ("2026-09-16", "槐荫粮油合作社", None, "东北大米 5kg", 20),
        ("2026-09-15", "爱心人士", "88.00", None, None),
        ("2026-09-14", "王**", "1000.00", None, None),
    ]
    assert [(one["goods"], one["quantity"], one["cost"]) for one in book["purchases"]] == [
        ("菜籽油 1.8L", 3, "72.00")
    ]
    sums = (book["donated"], book["village_money"], book["spent"], book["left"])
    assert sums == ("1088.00", "0.00", "72.00", "1016.00")
    text = answer.get_data(as_text=True)
    assert "王建国" not in text and "孙不二" not in text and "建国" not in text
    assert not any(person in text for person in cast.persons.values())
    assert cast.as_(None).get("/public/donations", village="990101101999").status_code == 404
    other = cast.as_(None).get("/public/donations", village=OTHER_VILLAGE).get_json()
    assert (other["donations"], other["left"]) == ([], "0.00")


def test_a_donor_changes_the_mind(cast: Cast) -> None:
    money(cast, "donation", "10.00", donor="王建国")
    donor = cast.as_("head_chen").get("/mall/donors", village=VILLAGE).get_json()["items"][0]
    assert (donor["name"], donor["public_name"]) == ("王建国", "王**")
    changed = patch(cast, "head_chen", f"/mall/donors/{donor['id']}", {"named": False})
    assert changed.get_json()["public_name"] == "爱心人士"
    book = cast.as_(None).get("/public/donations", village=VILLAGE).get_json()
    assert [one["donor"] for one in book["donations"]] == ["爱心人士"]
    assert patch(cast, "other_head", f"/mall/donors/{donor['id']}", {"named": True}).status_code == 404
    again = cast.as_("head_chen").post("/mall/donors", {"village": VILLAGE, "name": "王建国"})
    assert (again.status_code, again.get_json()["code"]) == (409, "donor_exists")


def test_cover_of_all_unspent_points(cast: Cast) -> None:
    rice = open_shop(cast, rice=10)["rice"]
    points(cast, zhao="300.00", qian="100.00", sun="-50.00")
    money(cast, "village_money", "170.00")
    cover = cast.as_("head_chen").get("/mall/cover", village=VILLAGE).get_json()
    assert (cover["stock_value"], cover["fund"], cover["points"]) == ("280.00", "170.00", "400.00")
    assert (cover["owed"], cover["missing"], cover["level"]) == ("400.00", "0.00", "tight")
    rate = {"reference_rate": "1.50"}
    assert patch(cast, "head_chen", f"/mall/settings?village={VILLAGE}", rate).status_code == 200
    cover = cast.as_("head_chen").get("/mall/cover", village=VILLAGE).get_json()
    assert (cover["owed"], cover["missing"], cover["level"]) == ("600.00", "150.00", "short")
    assert "还差 150.00 元" in cover["sentence"]
    stock(cast, rice, 5, "spoiled")
    assert cast.as_("head_chen").get("/mall/cover", village=VILLAGE).get_json()["stock_value"] == "140.00"
    assert cast.as_("zhao_min").get("/mall/cover", village=VILLAGE).status_code == 403
    assert cast.as_("other_head").get("/mall/cover", village=VILLAGE).status_code == 404


def test_the_committee_hears_on_monday_before_it_promises_more_than_it_has(
    cast: Cast, clock: SetClock
) -> None:
    open_shop(cast, rice=10, oil=1, soap=1)
    points(cast, zhao="700.00")
    clock.move_to(datetime(2026, 9, 20, 23, 0, tzinfo=UTC))
    run_due(clock.now())
    said = [
        m["text"]
        for m in cast.as_("member_feng").get("/inbox").get_json()["items"]
        if m["kind"] == "mall.cover"
    ]
    assert said == [
        "未兑换积分值 700.00 元，商品和资金共 306.50 元，还差 393.50 元。请先补充商品或资金，再多发积分。"
    ]
    assert cast.as_("zhao_min").get("/inbox").get_json()["items"] == []
    kept = cast.as_("member_feng").get("/mall/cover/days", village=VILLAGE).get_json()["items"]
    assert [(one["day"], one["cover"]["level"], one["cover"]["missing"]) for one in kept] == [
        ("2026-09-21", "short", "393.50")
    ]
    clock.move_to(datetime(2026, 10, 11, 23, 0, tzinfo=UTC))
    run_due(clock.now())  # three Mondays at once: what was on the two missed ones is not made up
    kept = cast.as_("keeper_jiang").get("/mall/cover/days", village=VILLAGE, weeks=5).get_json()["items"]
    assert [one["day"] for one in kept] == ["2026-09-21", "2026-10-12"]


def test_suggested_purchases_from_demand(cast: Cast, clock: SetClock) -> None:
    ids = open_shop(cast, rice=20, oil=5)
    points(cast, zhao="5000.00")
    patch(cast, "keeper_jiang", f"/mall/goods/{ids['soap']}", {"low_level": 6})
    with transaction() as session:
        take(session, ids["rice"], 12, held=False, reference="a", now=clock.now())
        take(session, ids["oil"], 2, held=False, reference="b", now=clock.now())
    clock.advance(days=17)
    answer = cast.as_("keeper_jiang").get("/mall/suggested-purchases", village=VILLAGE).get_json()
    found = {one["name"]: (one["expected"], one["quantity"], one["cost"]) for one in answer["items"]}
    assert found == {"东北大米 5kg": (12, 4, "112.00"), "洗衣皂": (0, 6, "15.00")}
    assert (answer["cost"], answer["fund"], answer["within_fund"]) == ("127.00", "0.00", False)
    assert cast.as_("zhao_min").get("/mall/suggested-purchases", village=VILLAGE).status_code == 403


def test_settings_have_defaults_and_two_editors_do_not_overwrite(cast: Cast) -> None:
    path = f"/mall/settings?village={VILLAGE}"
    first = cast.as_("head_chen").get("/mall/settings", village=VILLAGE)
    assert first.get_json()["exchange_rule"] == {"kind": "monthly", "day": 1}
    tag = {"If-Match": first.headers["ETag"]}
    rule = {"kind": "weekday", "weekday": 5}
    changed = patch(cast, "head_chen", path, {"exchange_rule": rule, "return_days": 3}, **tag)
    assert changed.status_code == 200, changed.get_json()
    assert patch(cast, "member_feng", path, {"return_days": 9}, **tag).status_code == 412
    found = cast.as_("head_chen").get("/mall/settings", village=VILLAGE).get_json()
    assert (found["exchange_rule"], found["return_days"], found["revision"]) == (rule, 3, 1)
    assert patch(cast, "zhao_min", path, {"return_days": 9}).status_code == 403
    assert patch(cast, "other_head", path, {"return_days": 9}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"reference_rate": "0.00"},
        {"return_days": -1},
        {"opens_at": "25:00"},
        {"exchange_rule": {"kind": "monthly"}},
        {"exchange_rule": {"kind": "monthly", "day": 31}},
        {"exchange_rule": {"kind": "weekday", "day": 1}},
        {"exchange_rule": {"kind": "weekday", "weekday": 1, "day": 1}},
        {"exchange_rule": {"kind": "daily", "day": 1}},
    ],
)
def test_faulty_settings(cast: Cast, changes: dict[str, Any]) -> None:
    assert patch(cast, "head_chen", f"/mall/settings?village={VILLAGE}", changes).status_code == 422
