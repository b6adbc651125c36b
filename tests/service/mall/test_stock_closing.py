"""The closers of stock: what has expired leaves the sale once; the keeper hears of it on Mondays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from mall.goods.api import GoodsStock
from mall.stock.api import Batch, closers, hold, put_back, take
from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from tests.cast import VILLAGE, Cast, build
from tests.shop import on_sale, open_shop, stock


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def run(clock: SetClock) -> list[tuple[str, str]]:
    return [(closed.closer, closed.period) for closed in run_due(clock.now(), closers=closers())]


def test_what_has_expired_leaves_the_sale_on_the_day_after(cast: Cast, clock: SetClock) -> None:
    rice = open_shop(cast)["rice"]
    stock(cast, rice, 4, expires_on="2026-09-16")
    stock(cast, rice, 6, expires_on="2026-09-18")
    stock(cast, rice, 5, expires_on="2027-09-18")
    clock.move_to(datetime(2026, 9, 16, 15, 59, tzinfo=UTC))
    assert run(clock) == []
    clock.move_to(datetime(2026, 9, 16, 16, 0, tzinfo=UTC))
    assert run(clock) == [("mall.expiry", "2026-09-16")]
    assert run(clock) == []
    item = on_sale(cast)[rice]
    assert (item["on_hand"], item["available"]) == (15, 11)
    clock.move_to(datetime(2026, 9, 20, 3, 0, tzinfo=UTC))  # power was cut
    assert run(clock) == [("mall.expiry", "2026-09-18")]
    item = on_sale(cast)[rice]
    assert (item["on_hand"], item["available"]) == (15, 5)
    stock(cast, rice, 10, "spoiled")
    item = on_sale(cast)[rice]
    assert (item["on_hand"], item["available"]) == (5, 5)
    with transaction(writes=False) as session:
        assert session.get_one(GoodsStock, rice).expired == 0


def test_what_was_promised_and_expires_is_told(cast: Cast, clock: SetClock) -> None:
    rice = open_shop(cast)["rice"]
    stock(cast, rice, 4, expires_on="2026-09-16")
    with transaction() as session:
        assert hold(session, rice, 3)
    clock.move_to(datetime(2026, 9, 17, 1, 0, tzinfo=UTC))
    assert run(clock) == [("mall.expiry", "2026-09-16")]
    assert on_sale(cast)[rice]["available"] == 0
    found = cast.as_("keeper_jiang").get("/mall/warnings", village=VILLAGE).get_json()
    assert [(o["held"], o["usable"]) for o in found["overpromised"]] == [(3, 0)]


def test_what_comes_back_after_its_expiry_does_not_come_on_sale(cast: Cast, clock: SetClock) -> None:
    rice = open_shop(cast)["rice"]
    stock(cast, rice, 2, expires_on="2026-09-16")
    stock(cast, rice, 1, expires_on="2026-09-16")
    with transaction() as session:
        shares = take(session, rice, 2, held=False, reference="r", now=clock.now())
    clock.move_to(datetime(2026, 9, 17, 1, 0, tzinfo=UTC))
    assert run(clock) == [("mall.expiry", "2026-09-16")]
    with transaction() as session:
        put_back(session, rice, shares, sound=True, reference="b", now=clock.now())
    assert run(clock) == []  # the batch was empty when the others expired, and was taken out with them
    item = on_sale(cast)[rice]
    assert (item["on_hand"], item["available"]) == (3, 0)
    with transaction(writes=False) as session:
        assert all(session.scalars(select(Batch.expired)))


def test_the_keeper_hears_on_mondays_of_what_needs_an_eye(cast: Cast, clock: SetClock) -> None:
    ids = open_shop(cast)
    stock(cast, ids["rice"], 3, expires_on="2026-10-01")
    stock(cast, ids["soap"], 5)
    clock.move_to(datetime(2026, 9, 20, 22, 59, tzinfo=UTC))
    assert run(clock) == []
    clock.move_to(datetime(2026, 9, 20, 23, 0, tzinfo=UTC))  # Monday, 07:00
    assert run(clock) == [("mall.stock_warnings", "2026-W39")]
    inbox = cast.as_("keeper_jiang").get("/inbox").get_json()["items"]
    assert [message["text"] for message in inbox] == [
        "快没有了：菜籽油 1.8L（还有 0 桶）；快到期：东北大米 5kg 3 袋（2026-10-01 到期）。"
    ]
    assert cast.as_("zhao_min").get("/inbox").get_json()["items"] == []


def test_no_message_about_nothing(cast: Cast, clock: SetClock) -> None:
    open_shop(cast, rice=5, oil=5, soap=5)
    clock.move_to(datetime(2026, 9, 28, 1, 0, tzinfo=UTC))
    assert run(clock) == [("mall.stock_warnings", "2026-W39"), ("mall.stock_warnings", "2026-W40")]
    assert cast.as_("keeper_jiang").get("/inbox").get_json()["items"] == []
