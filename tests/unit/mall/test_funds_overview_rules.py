"""Cover and suggested purchases: worked examples; how donors are named in public."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.funds.rules import DonorKind, public_name
from mall.overview.rules import Cover, Level, Shelf, suggestions

D = Decimal
AUGUST, JULY, JUNE, MAY = date(2026, 8, 1), date(2026, 7, 1), date(2026, 6, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("stock", "fund", "points", "rate", "owed", "missing", "level"),
    [
        ("600.00", "600.00", "1000.00", "1.00", "1000.00", "0.00", Level.ENOUGH),
        ("600.00", "599.99", "1000.00", "1.00", "1000.00", "0.00", Level.TIGHT),
        ("600.00", "400.00", "1000.00", "1.00", "1000.00", "0.00", Level.TIGHT),
        ("600.00", "399.99", "1000.00", "1.00", "1000.00", "0.01", Level.SHORT),
        ("600.00", "-100.00", "1000.00", "0.50", "500.00", "0.00", Level.TIGHT),
        ("0.00", "0.00", "0.00", "1.00", "0.00", "0.00", Level.ENOUGH),
        ("0.00", "0.00", "0.01", "0.33", "0.01", "0.01", Level.SHORT),  # a promise is never rounded away
    ],
)
def test_cover(stock: str, fund: str, points: str, rate: str, owed: str, missing: str, level: Level) -> None:
    cover = Cover(D(stock), D(fund), D(points), D(rate))
    assert (cover.owed, cover.missing, cover.level) == (D(owed), D(missing), level)
    assert owed in cover.sentence


def shelf(name: str = "rice", price: str = "30.00", cost: str = "28.00", **more: object) -> Shelf:
    own: dict[str, object] = {"usable": 0, "held": 0, "low_level": 0, "redeemed": {}}
    return Shelf(name, D(price), D(cost), **(own | more))  # type: ignore[arg-type]


PLENTY = D("100000")


@pytest.mark.parametrize(
    ("given", "expected", "quantity"),
    [
        ({"redeemed": {AUGUST: 10, JULY: 8, JUNE: 6}}, 8, 8),
        ({"redeemed": {AUGUST: 10, JULY: 8, JUNE: 6, MAY: 900}}, 8, 8),  # only the last three days count
        ({"redeemed": {AUGUST: 10}}, 10, 10),
        ({"redeemed": {AUGUST: 10, JULY: 9}}, 10, 10),  # rounded up
        ({"redeemed": {AUGUST: 10}, "held": 14}, 14, 14),
        ({"redeemed": {AUGUST: 10}, "usable": 4}, 10, 6),
        ({"redeemed": {AUGUST: 10}, "usable": 4, "low_level": 3}, 10, 9),
        ({"held": 5, "usable": 2}, 5, 3),
        ({"low_level": 3}, 0, 3),
    ],
)
def test_suggested_purchase(given: dict[str, object], expected: int, quantity: int) -> None:
    [found] = suggestions([shelf(**given)], PLENTY)
    assert (found.expected, found.quantity, found.cost) == (expected, quantity, D("28.00") * quantity)


def test_enough_is_not_bought() -> None:
    assert suggestions([shelf(redeemed={AUGUST: 10}, usable=10)], PLENTY) == []
    assert suggestions([], PLENTY) == []


def test_a_day_without_a_kind_of_goods_counts_as_none_of_it() -> None:
    found = suggestions(
        [shelf("rice", redeemed={AUGUST: 6}), shelf("oil", redeemed={JULY: 4, AUGUST: 2})], PLENTY
    )
    assert {one.goods: one.expected for one in found} == {"rice": 3, "oil": 3}


def test_households_cannot_ask_for_more_than_their_points() -> None:
    rice = shelf("rice", "30.00", held=2, redeemed={AUGUST: 12})
    soap = shelf("soap", "3.00", "2.50", redeemed={AUGUST: 100})
    # 60 points are reserved; wished beyond: 10 × 30 + 100 × 3 = 600, unspent beyond: 300, so half of it
    found = {one.goods: one.expected for one in suggestions([rice, soap], D("360.00"))}
    assert found == {"rice": 7, "soap": 50}
    found = {one.goods: one.expected for one in suggestions([rice, soap], D("0.00"))}
    assert found == {"rice": 2}  # what is reserved is bought


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 20), st.integers(0, 30), st.integers(0, 9)), max_size=6
    ),
    st.integers(0, 5000),
)
def test_what_is_suggested_suffices_and_is_no_more_than_is_missing(
    rows: list[tuple[int, int, int, int]], unspent: int
) -> None:
    shelves = [
        shelf(str(n), redeemed={AUGUST: past}, held=held, usable=usable, low_level=low)
        for n, (past, held, usable, low) in enumerate(rows)
    ]
    found = {one.goods: one for one in suggestions(shelves, D(unspent))}
    for one in shelves:
        bought = found[one.goods].quantity if one.goods in found else 0
        assert one.usable + bought >= one.held + one.low_level
        if bought:
            assert found[one.goods].expected <= max(one.redeemed[AUGUST], one.held)


@pytest.mark.parametrize(
    ("name", "kind", "named", "shown"),
    [
        ("王建国", DonorKind.PERSON, True, "王**"),
        ("李", DonorKind.PERSON, True, "李*"),
        ("王建国", DonorKind.PERSON, False, "爱心人士"),
        ("槐荫粮油合作社", DonorKind.ORGANISATION, True, "槐荫粮油合作社"),
        ("槐荫粮油合作社", DonorKind.ORGANISATION, False, "爱心人士"),
    ],
)
def test_donors_in_public(name: str, kind: DonorKind, named: bool, shown: str) -> None:
    assert public_name(name, kind, named) == shown
