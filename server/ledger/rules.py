"""What an entry does to an account, as functions of plain values: legs, zero sums, shortfall, score years.

Pure: no database, no clock. All amounts are integer hundredths of a point; a household account grows with
positive amounts and the village account opposite takes the negative, so that every entry sums to zero over
its balance-type legs and over its score-type legs (spec 01, Ledger).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """The accounts of spec 01: three per household, six per village."""

    BALANCE = "balance"
    RESERVED = "reserved"
    SCORE = "score"
    ISSUED = "issued"
    ASSESSED = "assessed"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    FORFEITED = "forfeited"
    TRANSIT = "transit"


A = Account
OF_HOUSEHOLD = frozenset({A.BALANCE, A.RESERVED, A.SCORE})
SCORE_TYPE = frozenset({A.SCORE, A.ASSESSED})


class Cause(StrEnum):
    """Why an entry was posted."""

    MONTH = "month"
    HELD_LINE = "held_line"
    OPENING_BALANCE = "opening_balance"
    BASE_POINTS = "base_points"
    CORRECTION = "correction"
    REVERSAL = "reversal"
    RESERVATION = "reservation"
    RELEASE = "release"
    REDEMPTION = "redemption"
    RESERVED_REDEMPTION = "reserved_redemption"
    RETURN = "return"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    EXPIRY = "expiry"
    FORFEIT = "forfeit"


C = Cause
# a move takes an amount from the first account and gives it to the second; the score stays as it is
MOVES: dict[Cause, tuple[Account, Account]] = {
    C.RESERVATION: (A.BALANCE, A.RESERVED),
    C.RELEASE: (A.RESERVED, A.BALANCE),
    C.REDEMPTION: (A.BALANCE, A.REDEEMED),
    C.RESERVED_REDEMPTION: (A.RESERVED, A.REDEEMED),
    C.RETURN: (A.REDEEMED, A.BALANCE),
    C.TRANSFER_OUT: (A.BALANCE, A.TRANSIT),
    C.TRANSFER_IN: (A.TRANSIT, A.BALANCE),
    C.EXPIRY: (A.BALANCE, A.EXPIRED),
    C.FORFEIT: (A.BALANCE, A.FORFEITED),
}
# a line changes score and balance; only what was posted as a line can be reversed
LINES = frozenset(Cause) - MOVES.keys()
REVERSIBLE = LINES - {C.REVERSAL}
_LINE_ACCOUNTS = frozenset({A.BALANCE, A.ISSUED, A.SCORE, A.ASSESSED})


def accounts_of(cause: Cause) -> frozenset[Account]:
    """The accounts that an entry of this cause may touch. Every entry has a balance leg, be it zero."""
    return frozenset({A.BALANCE, *MOVES[cause]}) if cause in MOVES else _LINE_ACCOUNTS


@dataclass(frozen=True, slots=True)
class State:
    """A household's account in hundredths. `score` is that of `score_year` (0: no year begun)."""

    village: str
    balance: int = 0
    reserved: int = 0
    score: int = 0
    score_year: int = 0
    base_year: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A change asked for: `balance` and `score` in hundredths, before any shortfall is known.

    `refs` is canonical JSON. With `negative` the balance may go below zero (a rulebook may choose so).
    """

    household: str
    cause: Cause
    reference: str
    score_year: int
    balance: int
    score: int
    refs: str = "{}"
    negative: bool = False
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting: `after` is the household account after it (None for village accounts and past years)."""

    account: Account
    amount: int
    after: int | None


def balance_change(balance: int, wanted: int, negative: bool) -> int:
    """A deduction larger than the balance takes the balance to zero, unless it may be carried negative."""
    if wanted >= 0 or negative:
        return wanted
    return -min(-wanted, max(balance, 0))


def score_after(state: State, amount: int, year: int) -> tuple[int, int]:
    """Score and score year after an amount of `year`: a later year starts anew, an earlier one is history."""
    if year > state.score_year:
        return amount, year
    return (state.score + amount if year == state.score_year else state.score), state.score_year


def post_line(state: State, line: Line) -> tuple[State, tuple[Leg, ...]]:
    """The account after the line, and its legs: all of it to the score, what there is to the balance."""
    change = balance_change(state.balance, line.balance, line.negative)
    score, year = score_after(state, line.score, line.score_year)
    based = line.score_year if line.cause is C.BASE_POINTS else 0
    after = State(
        state.village,
        state.balance + change,
        state.reserved,
        score,
        year,
        max(state.base_year, based),
        state.version + 1,
    )
    legs = [
        Leg(A.BALANCE, change, after.balance),
        Leg(A.SCORE, line.score, score if line.score_year == year else None),
    ]
    if change:
        legs.append(Leg(A.ISSUED, -change, None))
    if line.score:
        legs.append(Leg(A.ASSESSED, -line.score, None))
    return after, tuple(legs)


def move_changes(cause: Cause, amount: int) -> tuple[int, int]:
    """What a move changes: (balance, reserved). Raises ValueError unless the amount is positive."""
    if amount <= 0:
        raise ValueError("a move needs a positive amount")
    giver, taker = MOVES[cause]
    change = {A.BALANCE: 0, A.RESERVED: 0, giver: -amount, taker: amount}
    return change[A.BALANCE], change[A.RESERVED]


def move_legs(cause: Cause, amount: int, after: State) -> tuple[Leg, ...]:
    """The legs of a move whose account reads `after`."""
    balance, reserved = move_changes(cause, amount)
    legs = [Leg(A.BALANCE, balance, after.balance)]
    if reserved:
        legs.append(Leg(A.RESERVED, reserved, after.reserved))
    giver, taker = MOVES[cause]
    if giver not in OF_HOUSEHOLD:
        legs.append(Leg(giver, -amount, None))
    if taker not in OF_HOUSEHOLD:
        legs.append(Leg(taker, amount, None))
    return tuple(legs)


def reversal_of(
    entry: str, household: str, score_year: int, *, balance: int, score: int, reference: str, refs: str
) -> Line:
    """The mirror of what was posted. What has been spent since is not clawed back: see `balance_change`."""
    return Line(household, C.REVERSAL, reference, score_year, -balance, -score, refs, reverses=entry)


def sums(legs: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """(balance-type, score-type) sums of (account, amount) pairs: both must be zero."""
    balance = score = 0
    for account, amount in legs:
        if account in SCORE_TYPE:
            score += amount
        else:
            balance += amount
    return balance, score
