"""Reservations 预约: how one may end, what it costs, what a basket may hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MOST_LINES = 50


class ReservationState(StrEnum):
    """A reservation is open, or it ended in one of four ways."""

    OPEN = "open"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RELEASED = "released"


R = ReservationState
TRANSITIONS: dict[ReservationState, frozenset[ReservationState]] = {
    R.OPEN: frozenset({R.REDEEMED, R.CANCELLED, R.EXPIRED, R.RELEASED}),
    R.REDEEMED: frozenset(),
    R.CANCELLED: frozenset(),
    R.EXPIRED: frozenset(),
    R.RELEASED: frozenset(),
}


@dataclass(frozen=True)
class Wish:
    """So many units of some goods."""

    goods: str
    quantity: int


@dataclass(frozen=True)
class Priced:
    """A line with the points that one unit costs."""

    goods: str
    quantity: int
    points_price: Decimal

    @property
    def points(self) -> Decimal:
        return self.points_price * self.quantity


def repeated(lines: Iterable[Wish]) -> str | None:
    """The goods that stand in a basket twice, if any."""
    seen: set[str] = set()
    for line in lines:
        if line.goods in seen:
            return line.goods
        seen.add(line.goods)
    return None


def total(lines: Sequence[Priced]) -> Decimal:
    """What a basket costs, in points."""
    return sum((line.points for line in lines), Decimal("0.00"))


def beyond_limit(taken: Mapping[str, int], limits: Mapping[str, int | None]) -> list[str]:
    """The goods of which a household would have more on this exchange day than their limit allows."""
    return [
        goods
        for goods, quantity in sorted(taken.items())
        if (limit := limits.get(goods)) is not None and quantity > limit
    ]
