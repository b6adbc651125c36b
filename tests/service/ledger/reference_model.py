"""The ledger as a person would keep it on paper: plain dictionaries, one figure after the other.

Written from the sentences of spec 01, without a look at the program's rules; it knows no postings and no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)


@dataclass
class Booklet:
    """One household's points."""

    balance: Decimal = ZERO
    reserved: Decimal = ZERO
    scores: dict[int, Decimal] = field(default_factory=dict)
    entries: int = 0

    @property
    def year(self) -> int:
        return max(self.scores, default=0)

    @property
    def score(self) -> Decimal:
        return self.scores.get(self.year, ZERO)


@dataclass
class Done:
    """A line that was written, as far as a reversal needs it."""

    household: str
    year: int
    to_balance: Decimal
    to_score: Decimal
    reversed: bool = False


@dataclass
class Paper:
    """All booklets, what was written under each reference, and the village's totals."""

    booklets: dict[str, Booklet]
    done: dict[str, Done] = field(default_factory=dict)
    issued: Decimal = ZERO
    redeemed: Decimal = ZERO
    transit: Decimal = ZERO
    expired: Decimal = ZERO
    forfeited: Decimal = ZERO
    assessed: Decimal = ZERO

    def line(
        self,
        reference: str,
        household: str,
        year: int,
        balance: Decimal,
        score: Decimal,
        negative: bool = False,
    ) -> None:
        """Net to score and balance; what the balance lacks is not taken."""
        booklet = self.booklets[household]
        if not negative and balance < 0:
            there = booklet.balance if booklet.balance > 0 else ZERO
            balance = -there if there < -balance else balance
        booklet.balance += balance
        booklet.scores[year] = booklet.scores.get(year, ZERO) + score
        booklet.entries += 1
        self.issued -= balance
        self.assessed -= score
        self.done[reference] = Done(household, year, balance, score)

    def reverse(self, reference: str, first: str) -> None:
        """Everything back, but for what was spent since."""
        before = self.done[first]
        before.reversed = True
        self.line(reference, before.household, before.year, -before.to_balance, -before.to_score)

    def move(self, what: str, household: str, amount: Decimal) -> bool:
        """Take from one place, give to another; False when there is not enough."""
        booklet = self.booklets[household]
        giver, taker = what.split(" to ")
        if giver in ("balance", "reserved") and getattr(booklet, giver) < amount:
            return False
        for place, change in ((giver, -amount), (taker, amount)):
            owner = booklet if place in ("balance", "reserved") else self
            setattr(owner, place, getattr(owner, place) + change)
        booklet.entries += 1
        return True
