"""Whether the shop can keep what the points promise, and what to buy for the next exchange day. Pure.

Points and yuan are Decimals to 0.01; quantities are whole units. Illustrative figures stand in no source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

TIGHT_UNDER = Decimal("1.20")  # illustrative: warn while a fifth is still in hand
PAST_DAYS = 3  # illustrative: the last exchange days that count as demand


class Level(StrEnum):
    """How the cover stands: enough, under 120 %, or less than what is owed."""

    ENOUGH = "enough"
    TIGHT = "tight"
    SHORT = "short"


@dataclass(frozen=True)
class Cover:
    """Yuan in goods and fund against yuan promised by unspent points, at `rate` yuan per point."""

    stock_value: Decimal
    fund: Decimal
    points: Decimal
    rate: Decimal

    @property
    def owed(self) -> Decimal:
        """What all unspent points are worth, rounded up to 0.01: a promise is never made smaller."""
        return (self.points * self.rate).quantize(Decimal("0.01"), rounding=ROUND_CEILING)

    @property
    def covered(self) -> Decimal:
        """What is there; a fund below zero is money that the village has advanced."""
        return self.stock_value + self.fund

    @property
    def missing(self) -> Decimal:
        """What is lacking, or 0.00."""
        return max(self.owed - self.covered, Decimal("0.00"))

    @property
    def level(self) -> Level:
        if self.covered < self.owed:
            return Level.SHORT
        return Level.TIGHT if self.covered < self.owed * TIGHT_UNDER else Level.ENOUGH

    @property
    def sentence(self) -> str:
        """The cover in words for the committee."""
        said = f"未兑换积分值 {self.owed} 元，商品和资金共 {self.covered} 元"
        if self.level is Level.SHORT:
            return f"{said}，还差 {self.missing} 元。请先补充商品或资金，再多发积分。"
        if self.level is Level.TIGHT:
            return f"{said}，余量不到两成，请留意补充。"
        return f"{said}，够兑。"


@dataclass(frozen=True)
class Shelf:
    """One kind of goods before the next exchange day.

    `redeemed`: units handed out by day of the past; `held`: reserved; `usable`: on hand and not expired.
    """

    goods: str
    points_price: Decimal
    cost_yuan: Decimal
    usable: int
    held: int
    low_level: int
    redeemed: Mapping[date, int]


@dataclass(frozen=True)
class Suggestion:
    """Buy `quantity` units for `cost` yuan: `expected` are likely to be asked for next time."""

    goods: str
    expected: int
    quantity: int
    cost: Decimal


def suggestions(shelves: Sequence[Shelf], unspent: Decimal) -> list[Suggestion]:
    """What to buy, in the order of `shelves`; goods of which there is enough are left out.

    Expected is the mean of the last three exchange days, rounded up, and never under what is reserved.
    Together the expected goods cost no more points than all households have unspent: what is beyond the
    reservations shrinks in proportion. Bought is what is missing to the expected and the warning level.
    """
    days = sorted({day for shelf in shelves for day in shelf.redeemed}, reverse=True)[:PAST_DAYS]
    wished = {shelf.goods: max(_mean(shelf, days), shelf.held) for shelf in shelves}
    reserved = sum((shelf.points_price * shelf.held for shelf in shelves), Decimal(0))
    free = sum((shelf.points_price * (wished[shelf.goods] - shelf.held) for shelf in shelves), Decimal(0))
    left = max(unspent - reserved, Decimal(0))
    found = []
    for shelf in shelves:
        beyond = wished[shelf.goods] - shelf.held
        expected = shelf.held + (beyond if free <= left else _up(beyond * left / free))
        missing = expected + shelf.low_level - shelf.usable
        if missing > 0:
            found.append(Suggestion(shelf.goods, expected, missing, shelf.cost_yuan * missing))
    return found


def _mean(shelf: Shelf, days: Sequence[date]) -> int:
    total = sum(shelf.redeemed.get(day, 0) for day in days)
    return -(-total // len(days)) if days else 0


def _up(value: Decimal) -> int:
    return int(value.to_integral_value(rounding=ROUND_CEILING))
