"""What an entry does to an account: shortfall, score years, zero sums, as tables of hundredths."""

from __future__ import annotations

import pytest

from server.ledger.rules import (
    LINES,
    MOVES,
    OF_HOUSEHOLD,
    Account,
    Cause,
    Line,
    State,
    accounts_of,
    balance_change,
    move_changes,
    move_legs,
    post_line,
    reversal_of,
    score_after,
    sums,
)

VILLAGE = "990101101201"
HOUSEHOLD = VILLAGE + "0001"


@pytest.mark.parametrize(
    ("balance", "wanted", "negative", "change"),
    [
        (0, 450, False, 450),
        (1000, -450, False, -450),
        (1000, -1000, False, -1000),
        (300, -450, False, -300),  # larger than the balance: to zero, no further
        (0, -450, False, 0),
        (-200, -450, False, 0),  # carried negative under an older rulebook: left as it is
        (300, -450, True, -450),
        (-200, -450, True, -450),
        (-200, 450, False, 450),
        (500, 0, False, 0),
    ],
)
def test_a_deduction_takes_the_balance_to_zero_at_most(
    balance: int, wanted: int, negative: bool, change: int
) -> None:
    assert balance_change(balance, wanted, negative) == change


@pytest.mark.parametrize(
    ("score", "of_year", "amount", "year", "after"),
    [
        (0, 0, 10000, 2026, (10000, 2026)),  # a village's first year begins
        (10450, 2026, 300, 2026, (10750, 2026)),
        (10450, 2026, -20000, 2026, (-9550, 2026)),
        (10450, 2026, 10000, 2027, (10000, 2027)),  # base points turn the year
        (10000, 2027, 300, 2026, (10000, 2027)),  # an appeal about last year leaves this year's score
    ],
)
def test_the_score_is_that_of_one_year(
    score: int, of_year: int, amount: int, year: int, after: tuple[int, int]
) -> None:
    assert score_after(State(VILLAGE, score=score, score_year=of_year), amount, year) == after


@pytest.mark.parametrize("cause", sorted(LINES - {Cause.REVERSAL}))
@pytest.mark.parametrize("balance", [0, 300, 100000])
@pytest.mark.parametrize("net", [-450, -1, 0, 1, 450])
def test_a_line_has_allowed_legs_that_sum_to_zero(cause: Cause, balance: int, net: int) -> None:
    state = State(VILLAGE, balance=balance, reserved=70, score=12000, score_year=2026, version=4)
    after, legs = post_line(state, Line(HOUSEHOLD, cause, "r", 2026, net, net))
    assert sums((leg.account, leg.amount) for leg in legs) == (0, 0)
    assert {leg.account for leg in legs} <= accounts_of(cause)
    assert legs[0].account is Account.BALANCE and legs[0].after == after.balance >= 0
    assert legs[1].account is Account.SCORE and legs[1].amount == net
    assert (after.reserved, after.score, after.version) == (70, 12000 + net, 5)
    assert all(leg.amount for leg in legs[2:])


def test_a_score_leg_of_a_past_year_says_no_amount_after() -> None:
    state = State(VILLAGE, balance=500, score=10000, score_year=2027, base_year=2027, version=9)
    after, legs = post_line(state, Line(HOUSEHOLD, Cause.CORRECTION, "r", 2026, 200, 200))
    assert (after.balance, after.score, after.score_year, after.base_year) == (700, 10000, 2027, 2027)
    assert [(leg.account, leg.amount, leg.after) for leg in legs[:2]] == [
        (Account.BALANCE, 200, 700),
        (Account.SCORE, 200, None),
    ]


@pytest.mark.parametrize(
    ("posted", "now", "taken"),
    [
        (1000, 1000, -1000),
        (1000, 250, -250),  # 7.50 were spent since: they stay spent
        (1000, 0, 0),
        (-300, 0, 300),  # what a deduction took comes back, not more
        (0, 500, 0),  # a deduction that found nothing gives nothing back
    ],
)
def test_a_reversal_mirrors_what_is_still_there(posted: int, now: int, taken: int) -> None:
    line = reversal_of("e", HOUSEHOLD, 2026, balance=posted, score=1000, reference="r", refs="{}")
    after, legs = post_line(State(VILLAGE, balance=now, score=1500, score_year=2026), line)
    assert legs[0].amount == taken and after.score == 500
    assert sums((leg.account, leg.amount) for leg in legs) == (0, 0)


@pytest.mark.parametrize("cause", sorted(MOVES))
def test_a_move_gives_what_it_takes(cause: Cause) -> None:
    balance, reserved = move_changes(cause, 250)
    after = State(VILLAGE, balance=1000 + balance, reserved=500 + reserved)
    legs = move_legs(cause, 250, after)
    giver, taker = MOVES[cause]
    amounts = {leg.account: leg.amount for leg in legs}
    assert amounts[giver] == -250 and amounts[taker] == 250
    assert sums(amounts.items()) == (0, 0) and set(amounts) <= accounts_of(cause)
    assert amounts.keys() - {giver, taker} <= {Account.BALANCE}
    assert all((leg.after is not None) == (leg.account in OF_HOUSEHOLD) for leg in legs)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_move_needs_a_positive_amount(amount: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        move_changes(Cause.REDEMPTION, amount)


def test_every_cause_is_a_line_or_a_move() -> None:
    assert LINES | MOVES.keys() == set(Cause) and not LINES & MOVES.keys()
