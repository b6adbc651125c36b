"""Stock: the kinds of movement, whence goods are taken, what expires, what is running out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """Why a quantity changed."""

    DONATED = "donated"
    BOUGHT = "bought"
    REDEEMED = "redeemed"
    RETURNED = "returned"
    SPOILED = "spoiled"
    COUNTED = "counted"


# what a keeper may enter; the others come from redemptions and counts
ENTERED = (Kind.DONATED, Kind.BOUGHT, Kind.SPOILED, Kind.RETURNED)
INCOMING = frozenset({Kind.DONATED, Kind.BOUGHT, Kind.RETURNED})


class CountState(StrEnum):
    """The way of a count."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


COUNT_TRANSITIONS: dict[CountState, frozenset[CountState]] = {
    CountState.OPEN: frozenset({CountState.CONFIRMED, CountState.REJECTED}),
    CountState.CONFIRMED: frozenset(),
    CountState.REJECTED: frozenset(),
}


@dataclass(frozen=True)
class Lot:
    """What is left of a batch; `expires_on` is the last day on which it may be given out."""

    id: str
    left: int
    expires_on: date | None
    expired: bool = False


def first_expired_first(lots: Sequence[Lot], quantity: int, today: date) -> list[tuple[Lot, int]] | None:
    """Whence to hand out `quantity`: what expires first goes first, what has expired is never handed out.

    Lots without a date come last, older ones first (ids grow with time). None when there is not enough.
    """
    sound = [lot for lot in lots if not lot.expired and (lot.expires_on is None or lot.expires_on >= today)]
    return drawn(sound, quantity)


def drawn(lots: Sequence[Lot], quantity: int) -> list[tuple[Lot, int]] | None:
    """Take `quantity` from `lots`, the first to expire first; None when there is not enough."""
    parts: list[tuple[Lot, int]] = []
    wanted = quantity
    for lot in sorted(lots, key=lambda lot: (lot.expires_on or date.max, lot.id)):
        part = min(wanted, lot.left)
        if part > 0:
            parts.append((lot, part))
            wanted -= part
    return parts if wanted == 0 else None


def promised(on_hand: int, held: int, expired: int) -> int:
    """What can still be promised: never less than nothing."""
    return max(0, on_hand - held - expired)


def expiry_of(received_on: date, shelf_life_days: int | None) -> date | None:
    """The last good day of a batch that came in without a date."""
    return None if shelf_life_days is None else received_on + timedelta(days=shelf_life_days)


def is_low(on_hand: int, expired: int, low_level: int) -> bool:
    """Whether the keeper is to be warned: at or under the level; a level of 0 warns when nothing is left."""
    return on_hand - expired <= low_level


def expires_soon(expires_on: date | None, today: date, days: int) -> bool:
    """Whether a batch expires within `days`, or has expired."""
    return expires_on is not None and expires_on <= today + timedelta(days=days)
