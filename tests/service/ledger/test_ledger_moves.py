"""Reservations, redemptions, returns, transfers: never below zero, once per reference, from many threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.kit.errors import Conflict, DomainError, NotFound
from server.kit.transaction import transaction
from server.ledger import api
from tests.service.ledger.books import (
    NOW,
    OTHER,
    VILLAGE,
    Amounts,
    amounts,
    code,
    found_villages,
    month,
    rows,
)

ONE = code(1)
D = Decimal


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with transaction() as session:
        found_villages(session)
        month(session, {ONE: "10.00"})
        api.reserve(session, ONE, D(4), "before", {}, NOW)
        yield session


@pytest.mark.parametrize(
    ("move", "amount", "expected", "sums"),
    [
        (api.reserve, "6.00", Amounts("0.00", "10.00", "10.00"), {}),
        (api.release, "4.00", Amounts("10.00", "0.00", "10.00"), {}),
        (api.redeem, "2.50", Amounts("3.50", "4.00", "10.00"), {"redeemed": "2.50"}),
        (api.redeem_reserved, "4.00", Amounts("6.00", "0.00", "10.00"), {"redeemed": "4.00"}),
        (api.return_points, "1.00", Amounts("7.00", "4.00", "10.00"), {"redeemed": "-1.00"}),
        (api.transfer_out, "6.00", Amounts("0.00", "4.00", "10.00"), {"transit": "6.00"}),
        (api.transfer_in, "1.00", Amounts("7.00", "4.00", "10.00"), {"transit": "-1.00"}),
        (api.expire, "0.01", Amounts("5.99", "4.00", "10.00"), {"expired": "0.01"}),
        (api.forfeit, "6.00", Amounts("0.00", "4.00", "10.00"), {"forfeited": "6.00"}),
    ],
)
def test_a_move(
    session: Session, move: Callable[..., api.Moved], amount: str, expected: Amounts, sums: dict[str, str]
) -> None:
    moved = move(session, ONE, D(amount), "r", {"receipt": "7"}, NOW)
    assert amounts(session, ONE) == expected
    assert (str(moved.balance_after), moved.repeated) == (expected.balance, False)
    found = api.village_sums(session, VILLAGE)
    assert {name: str(found[name]) for name in sums} == sums
    before = rows(session)
    again = move(session, ONE, D(amount), "r", {"receipt": "7"}, NOW)
    assert (again.entry, again.balance_after, again.repeated) == (moved.entry, moved.balance_after, True)
    assert rows(session) == before and api.verify(session) == []


@pytest.mark.parametrize(
    ("move", "amount", "code_"),
    [
        (api.reserve, "6.01", "insufficient_balance"),
        (api.redeem, "6.01", "insufficient_balance"),
        (api.transfer_out, "6.01", "insufficient_balance"),
        (api.expire, "6.01", "insufficient_balance"),
        (api.release, "4.01", "insufficient_reserved"),
        (api.redeem_reserved, "4.01", "insufficient_reserved"),
    ],
)
def test_nothing_goes_below_zero(
    session: Session, move: Callable[..., api.Moved], amount: str, code_: str
) -> None:
    before = rows(session)
    with pytest.raises(Conflict) as refused:
        move(session, ONE, D(amount), "r", {}, NOW)
    assert refused.value.code == code_ and rows(session) == before


def test_a_reference_belongs_to_one_content(session: Session) -> None:
    api.redeem(session, ONE, D(2), "r", {}, NOW)
    before = rows(session)
    others: list[Callable[[], object]] = [
        lambda: api.redeem(session, ONE, D(3), "r", {}, NOW),
        lambda: api.redeem(session, ONE, D(99), "r", {}, NOW),
        lambda: api.redeem(session, ONE, D(2), "r", {"a": 1}, NOW),
        lambda: api.reserve(session, ONE, D(2), "r", {}, NOW),
        lambda: api.return_points(session, code(2), D(2), "r", {}, NOW),
        lambda: api.redeem(session, ONE, D(1), f"month:2026-09:{ONE}", {}, NOW),
    ]
    for other in others:
        with pytest.raises(Conflict) as refused:
            other()
        assert refused.value.code == "ledger_reference_reused"
        assert rows(session) == before


def test_a_stranger_has_no_account(session: Session) -> None:
    with pytest.raises(NotFound) as refused:
        api.redeem(session, code(99), D(1), "r", {}, NOW)
    assert refused.value.code == "account_missing"


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_amount_is_positive(session: Session, amount: str) -> None:
    with pytest.raises(ValueError, match="positive"):
        api.redeem(session, ONE, D(amount), "r", {}, NOW)


def test_moving_village_is_two_entries_over_transit(session: Session) -> None:
    api.transfer_out(session, ONE, D(6), "move:1:out", {}, NOW)
    api.transfer_in(session, code(1, OTHER), D(6), "move:1:in", {}, NOW)
    out, arrived = api.village_sums(session, VILLAGE), api.village_sums(session, OTHER)
    assert out["transit"] + arrived["transit"] == 0 and arrived["balance"] == 6


# ---- threads ------------------------------------------------------------------------------------


def at_once(app: Flask, count: int, act: Callable[[Session, int], str]) -> Counter[str]:
    """Run `act` in so many threads that start together, each in its own transaction; counts outcomes."""
    start = threading.Barrier(count)

    def one(number: int) -> str:
        start.wait()
        with app.app_context():
            try:
                with transaction() as session:
                    return act(session, number)
            except DomainError as error:
                return error.code

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(one, range(count)))


@pytest.fixture
def open_books(app: Flask) -> Flask:
    with transaction() as session:
        found_villages(session)
        month(session, {ONE: "10.00"})
    return app


def test_threads_never_oversell(open_books: Flask) -> None:
    def redeem(session: Session, number: int) -> str:
        api.redeem(session, ONE, D(3), f"r{number}", {}, NOW)
        return "redeemed"

    assert at_once(open_books, 8, redeem) == {"redeemed": 3, "insufficient_balance": 5}
    with transaction(writes=False) as session:
        assert amounts(session, ONE) == Amounts("1.00", "0.00", "10.00") and api.verify(session) == []


@pytest.mark.parametrize("amount", ["3", "10"])
def test_identical_moves_at_once_are_one(open_books: Flask, amount: str) -> None:
    def redeem(session: Session, number: int) -> str:
        return api.redeem(session, ONE, D(amount), "same", {}, NOW).entry

    found = at_once(open_books, 8, redeem)
    assert list(found.values()) == [8], found
    with transaction(writes=False) as session:
        assert api.account(session, ONE).balance == 10 - D(amount) and api.verify(session) == []


def test_one_reference_for_different_moves_at_once_wins_once(open_books: Flask) -> None:
    def redeem(session: Session, number: int) -> str:
        api.redeem(session, ONE, D(number + 1), "same", {}, NOW)
        return "redeemed"

    assert at_once(open_books, 4, redeem) == {"redeemed": 1, "ledger_reference_reused": 3}


def test_a_month_posted_by_several_at_once_is_posted_once(open_books: Flask) -> None:
    def post(session: Session, number: int) -> str:
        return ",".join(sorted(month(session, {code(n): "5.00" for n in range(1, 5)}, "2026-10").values()))

    assert list(at_once(open_books, 6, post).values()) == [6]
    with transaction(writes=False) as session:
        assert api.account(session, ONE).balance == 15 and api.verify(session) == []


def test_an_entry_is_reversed_once_at_once(open_books: Flask) -> None:
    with transaction() as session:
        entry = month(session, {ONE: "5.00"}, "2026-10")[ONE]

    def reverse(session: Session, number: int) -> str:
        return api.reverse(session, entry, f"appeal-{number}", {}, NOW).cause

    assert at_once(open_books, 6, reverse) == {"reversal": 1, "ledger_already_reversed": 5}


def test_months_and_redemptions_at_once_keep_the_books(open_books: Flask) -> None:
    def either(session: Session, number: int) -> str:
        if number % 2:
            month(session, {code(n): "-4.00" for n in (3, 1, 2)}, f"2026-{number:02d}")
            return "month"
        api.redeem(session, ONE, D(1), f"r{number}", {}, NOW)
        return "redeemed"

    found = at_once(open_books, 8, either)
    assert found["month"] == 4 and found["redeemed"] + found["insufficient_balance"] == 4
    with transaction(writes=False) as session:
        assert api.verify(session) == []
        assert api.account(session, ONE).balance == 0 and api.account(session, ONE).score == -6


def test_sealing_at_once_makes_one_chain(open_books: Flask) -> None:
    with transaction() as session:
        month(session, {code(n): "1.00" for n in range(1, 5)}, "2026-10")

    def seal(session: Session, number: int) -> str:
        return api.seal_village(session, VILLAGE, NOW)

    assert list(at_once(open_books, 6, seal).values()) == [6]
    with transaction(writes=False) as session:
        assert api.verify(session) == []
