"""Quantities: the books agree whatever is done, nothing is negative, no unit is handed out twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from mall.goods.api import GoodsStock
from mall.stock.api import Batch, StockMovement, available, hold, put_back, release, take
from server.kit.clock import SetClock
from server.kit.errors import Conflict, NotFound
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import VILLAGE, Cast, build
from tests.shop import open_shop, stock


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def books_agree() -> None:
    """On hand = sum of movements = sum of what is left of the batches; expired likewise."""
    with transaction(writes=False) as session:
        on_hand = dict(session.execute(select(GoodsStock.goods_id, GoodsStock.on_hand)).all())
        expired = dict(session.execute(select(GoodsStock.goods_id, GoodsStock.expired)).all())
        moved = dict(
            session.execute(
                select(StockMovement.goods_id, func.sum(StockMovement.quantity)).group_by(
                    StockMovement.goods_id
                )
            ).all()
        )
        left: Counter[str] = Counter()
        gone: Counter[str] = Counter()
        for goods, quantity, out in session.execute(
            select(Batch.goods_id, Batch.quantity_left, Batch.expired)
        ):
            left[goods] += quantity
            gone[goods] += quantity if out else 0
    for goods, quantity in on_hand.items():
        assert quantity == moved.get(goods, 0) == left[goods] >= 0
        assert expired[goods] == gone[goods]


def quantities(goods: str) -> tuple[int, int, int]:
    """On hand, held, available."""
    with transaction(writes=False) as session:
        found = available(session, VILLAGE)[goods]
    return found.on_hand, found.held, found.available


def test_promised_handed_out_and_given_back(cast: Cast, clock: SetClock) -> None:
    rice = open_shop(cast, rice=10)["rice"]
    with transaction() as session:
        assert hold(session, rice, 7)
        assert not hold(session, rice, 4)
        assert hold(session, rice, 3)
    assert quantities(rice) == (10, 10, 0)
    with transaction() as session:
        release(session, rice, 4)
        taken = take(session, rice, 5, held=True, reference="redemption:1", now=clock.now())
    assert [units for _, units in taken] == [5]
    assert quantities(rice) == (5, 1, 4)
    with transaction() as session:
        put_back(session, rice, [(taken[0][0], 2)], sound=True, reference="return:1", now=clock.now())
        put_back(session, rice, [(taken[0][0], 1)], sound=False, reference="return:2", now=clock.now())
    assert quantities(rice) == (7, 1, 6)
    books_agree()
    with transaction(writes=False) as session:
        query = select(StockMovement.kind, StockMovement.quantity).where(StockMovement.reference.like("re%"))
        kinds = sorted(session.execute(query).all())
    assert kinds == [("redeemed", -5), ("returned", 1), ("returned", 2), ("spoiled", -1)]


def test_what_is_promised_to_one_is_not_handed_to_another(cast: Cast, clock: SetClock) -> None:
    rice = open_shop(cast, rice=3)["rice"]
    with transaction() as session:
        assert hold(session, rice, 2)
    with pytest.raises(Conflict, match="存货不够") as refused, transaction() as session:
        take(session, rice, 2, held=False, reference="r", now=clock.now())
    assert refused.value.code == "insufficient_stock"
    with pytest.raises(Conflict), transaction() as session:
        take(session, rice, 3, held=True, reference="r", now=clock.now())
    with pytest.raises(Conflict) as not_held, transaction() as session:
        release(session, rice, 3)
    assert not_held.value.code == "not_held"
    assert quantities(rice) == (3, 2, 1)


@pytest.mark.parametrize("quantity", [0, -1, True, 1.5])
def test_only_whole_units(cast: Cast, quantity: int) -> None:
    rice = open_shop(cast, rice=3)["rice"]
    with pytest.raises(ValueError), transaction() as session:
        hold(session, rice, quantity)


def test_first_expired_first_out_and_never_what_has_expired(cast: Cast, clock: SetClock) -> None:
    rice = open_shop(cast)["rice"]
    stock(cast, rice, 4, expires_on="2026-12-01", batch="冬")
    stock(cast, rice, 2, expires_on="2026-09-20", batch="秋")
    stock(cast, rice, 3, batch="无期")
    with transaction() as session:
        labels = dict(session.execute(select(Batch.id, Batch.label)).all())
        taken = take(session, rice, 5, held=False, reference="r1", now=clock.now())
    assert [(labels[batch], units) for batch, units in taken] == [("秋", 2), ("冬", 3)]
    clock.advance(days=90)  # 13 December: one unit of 冬 has expired
    with pytest.raises(Conflict), transaction() as session:
        take(session, rice, 4, held=False, reference="r2", now=clock.now())
    with transaction() as session:
        taken = take(session, rice, 3, held=False, reference="r3", now=clock.now())
    assert [(labels[batch], units) for batch, units in taken] == [("无期", 3)]
    books_agree()


def test_goods_of_another_batch_are_not_put_back(cast: Cast, clock: SetClock) -> None:
    ids = open_shop(cast, rice=3, oil=3)
    with transaction(writes=False) as session:
        oil = session.scalars(select(Batch.id).where(Batch.goods_id == ids["oil"])).one()
    with pytest.raises(NotFound), transaction() as session:
        put_back(session, ids["rice"], [(oil, 1)], sound=True, reference="r", now=clock.now())
    with pytest.raises(NotFound), transaction() as session:
        put_back(session, ids["rice"], [(new_id(), 1)], sound=False, reference="r", now=clock.now())
    books_agree()


def test_eight_desks_and_thirty_units(cast: Cast, app: Flask, clock: SetClock) -> None:
    rice = open_shop(cast)["rice"]
    for day in range(1, 11):
        stock(cast, rice, 3, expires_on=date(2026, 12, day).isoformat())
    won: list[int] = []

    def desk(number: int) -> None:
        with app.app_context():
            for turn in range(8):
                try:
                    with transaction() as session:
                        take(session, rice, 1, held=False, reference=f"{number}.{turn}", now=clock.now())
                    won.append(number)
                except Conflict:
                    pass

    desks = [threading.Thread(target=desk, args=(number,)) for number in range(8)]
    for thread in desks:
        thread.start()
    for thread in desks:
        thread.join(60)
    assert len(won) == 30
    assert quantities(rice) == (0, 0, 0)
    books_agree()
