"""First expired first out, what can be promised, what is low or expires: worked examples."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.stock.rules import Lot, drawn, expires_soon, expiry_of, first_expired_first, is_low, promised

TODAY = date(2026, 9, 14)
OLD = Lot("a", 5, date(2026, 9, 13))
TODAYS = Lot("b", 3, date(2026, 9, 14))
AUTUMN = Lot("c", 4, date(2026, 10, 1))
NEVER = Lot("d", 10, None)
TAKEN_OUT = Lot("e", 2, date(2026, 9, 20), expired=True)
ALL = [NEVER, AUTUMN, OLD, TAKEN_OUT, TODAYS]


@pytest.mark.parametrize(
    ("quantity", "parts"),
    [
        (1, [("b", 1)]),  # the last good day is a good day
        (3, [("b", 3)]),
        (5, [("b", 3), ("c", 2)]),
        (8, [("b", 3), ("c", 4), ("d", 1)]),
        (17, [("b", 3), ("c", 4), ("d", 10)]),
        (18, None),  # what has expired is never handed out
    ],
)
def test_what_expires_first_goes_first(quantity: int, parts: list[tuple[str, int]] | None) -> None:
    found = first_expired_first(ALL, quantity, TODAY)
    assert (found and [(lot.id, part) for lot, part in found]) == parts


def test_what_is_thrown_away_may_have_expired() -> None:
    found = drawn(ALL, 8)
    assert found is not None
    assert [(lot.id, part) for lot, part in found] == [("a", 5), ("b", 3)]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.none() | st.dates(date(2026, 9, 1), date(2026, 10, 1)))),
    st.integers(1, 40),
)
def test_exactly_the_quantity_or_nothing(sizes: list[tuple[int, date | None]], quantity: int) -> None:
    lots = [Lot(f"{n:03d}", left, day) for n, (left, day) in enumerate(sizes)]
    found = first_expired_first(lots, quantity, TODAY)
    sound = sum(lot.left for lot in lots if lot.expires_on is None or lot.expires_on >= TODAY)
    assert (found is None) == (sound < quantity)
    if found is not None:
        assert sum(part for _, part in found) == quantity
        assert all(0 < part <= lot.left for lot, part in found)
        used = {lot.id: part for lot, part in found}
        last = found[-1][0].expires_on or date.max
        earlier = [lot for lot in lots if TODAY <= (lot.expires_on or date.max) < last]
        assert all(used.get(lot.id, 0) == lot.left for lot in earlier)


@pytest.mark.parametrize(
    ("on_hand", "held", "expired", "left"),
    [(10, 0, 0, 10), (10, 4, 0, 6), (10, 4, 3, 3), (3, 4, 0, 0), (5, 2, 5, 0)],
)
def test_what_can_still_be_promised(on_hand: int, held: int, expired: int, left: int) -> None:
    assert promised(on_hand, held, expired) == left


@pytest.mark.parametrize(
    ("on_hand", "expired", "level", "low"),
    [(0, 0, 0, True), (1, 0, 0, False), (5, 0, 5, True), (6, 0, 5, False), (6, 1, 5, True)],
)
def test_low(on_hand: int, expired: int, level: int, low: bool) -> None:
    assert is_low(on_hand, expired, level) is low


def test_expiry_from_shelf_life_and_what_expires_soon() -> None:
    assert expiry_of(TODAY, 30) == date(2026, 10, 14)
    assert expiry_of(TODAY, None) is None
    assert [expires_soon(day, TODAY, 7) for day in (date(2026, 9, 21), date(2026, 9, 22), None)] == [
        True,
        False,
        False,
    ]
    assert expires_soon(date(2026, 9, 1), TODAY, 0)
