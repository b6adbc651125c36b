"""What may be handed out when, what of it was reserved, and what comes back from which batch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mall.exchange_days.rules import DayState
from mall.redemptions.rules import (
    HandedOut,
    Timing,
    may_return,
    receipt_number,
    split,
    take_back,
    timing,
    was_offline,
)
from mall.reservations.rules import Priced, Wish, beyond_limit, repeated, total
from server.transfer.sheets import neutral

DAY = date(2026, 12, 1)
MORNING = datetime(2026, 12, 1, 1, tzinfo=UTC)
S, T = DayState, Timing


@pytest.mark.parametrize(
    ("status", "ended_after", "at_after", "expected"),
    [
        (S.REDEEMING, None, timedelta(0), T.IN_TIME),
        (S.REDEEMING, None, timedelta(days=3), T.IN_TIME),  # still being picked up
        (S.REDEEMING, None, timedelta(days=4), T.NO),
        (S.CLOSED, None, timedelta(0), T.NO),
        (S.OPEN, None, timedelta(0), T.NO),
        (S.SETTLED, timedelta(hours=8), timedelta(hours=7), T.SUPPLEMENT),
        (S.SETTLED, timedelta(hours=8), timedelta(hours=9), T.NO),
        (S.CANCELLED, timedelta(hours=2), timedelta(hours=1), T.SUPPLEMENT),
        (S.CANCELLED, timedelta(days=-5), timedelta(hours=1), T.NO),
        (S.SETTLED, timedelta(hours=8), timedelta(days=-1), T.NO),
    ],
)
def test_when_something_may_be_handed_out(
    status: DayState, ended_after: timedelta | None, at_after: timedelta, expected: Timing
) -> None:
    ended_at = None if ended_after is None else MORNING + ended_after
    assert timing(status, DAY, ended_at, 3, MORNING + at_after) is expected


def test_a_replay_is_what_is_older_than_two_minutes() -> None:
    assert not was_offline(MORNING - timedelta(minutes=2), MORNING)
    assert was_offline(MORNING - timedelta(minutes=2, seconds=1), MORNING)


def test_a_reservation_keeps_its_price_and_the_rest_goes_at_todays() -> None:
    reserved = [
        Priced("a", 2, Decimal("30.00")),
        Priced("b", 3, Decimal("4.00")),
        Priced("c", 1, Decimal("9.00")),
    ]
    parts = split([Wish("a", 3), Wish("b", 1), Wish("d", 2)], reserved)
    assert parts.picked == (Priced("a", 2, Decimal("30.00")), Priced("b", 1, Decimal("4.00")))
    assert parts.extra == (Wish("a", 1), Wish("d", 2))
    assert parts.left == (Priced("b", 2, Decimal("4.00")), Priced("c", 1, Decimal("9.00")))
    taken = total(parts.picked) + total(parts.left)
    assert taken == total(reserved), "every reserved point is spent or goes back"


def _lines() -> list[HandedOut]:
    return [
        HandedOut(1, "a", 3, 0, Decimal("30.00"), (("b1", 1), ("b2", 2))),
        HandedOut(2, "a", 2, 1, Decimal("32.00"), (("b2", 1), ("b3", 1))),
        HandedOut(3, "c", 1, 0, Decimal("5.00"), (("b9", 1),)),
    ]


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (1, [(2, 1, "32.00", (("b2", 1),))]),
        (2, [(2, 1, "32.00", (("b2", 1),)), (1, 1, "30.00", (("b2", 1),))]),
        (4, [(2, 1, "32.00", (("b2", 1),)), (1, 3, "90.00", (("b2", 2), ("b1", 1)))]),
        (5, None),
    ],
)
def test_what_comes_back_goes_into_the_batches_it_came_from(
    quantity: int, expected: list[tuple[int, int, str, tuple[tuple[str, int], ...]]] | None
) -> None:
    found = take_back(_lines(), "a", quantity)
    told = found and [(part.number, part.quantity, str(part.points), part.shares) for part in found]
    assert told == expected


def test_returns_end_with_the_last_day() -> None:
    last_minute = datetime(2026, 12, 8, 15, 59, tzinfo=UTC)
    assert may_return(MORNING, 7, last_minute)
    assert not may_return(MORNING, 7, last_minute + timedelta(minutes=1))


def test_limits_count_what_is_beyond() -> None:
    assert beyond_limit({"a": 3, "b": 2, "c": 99}, {"a": 2, "b": 2, "c": None}) == ["a"]
    assert repeated([Wish("a", 1), Wish("b", 1), Wish("a", 2)]) == "a"
    assert repeated([Wish("a", 1), Wish("b", 1)]) is None


def test_a_receipt_has_a_number_to_read_out() -> None:
    assert receipt_number("01963f00-0000-7000-8000-0000003f9a2c", MORNING) == "20261201-3F9A2C"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@x", "\t=1"])
def test_names_never_become_formulas(text: str) -> None:
    assert neutral(text) == "'" + text
    assert neutral("大米") == "大米"
