"""Redemptions 兑换: when something may be handed out, what of it was reserved, what comes back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from mall.exchange_days.api import DayState, pickup_ends
from mall.reservations.api import Priced, Wish
from server.kit.clock import local_date, local_midnight

CODE_DIGITS = 8
CODE_LIFE = timedelta(minutes=15)
CODES_PER_HOUR = 30
MOST_WRONG_CODES = 10
WRONG_CODES_REST = timedelta(minutes=15)
OFFLINE_AFTER = timedelta(minutes=2)  # what is older was not done with a line
CLOCK_SLACK = timedelta(minutes=5)  # how far a counter's clock may run ahead
MOST_REPLAYED = 200


class Method(StrEnum):
    """How a household consents. A plate is public, so scanning it is no consent."""

    CODE = "code"
    PIN = "pin"
    STATEMENT = "statement"


METHOD_TITLES: Mapping[str, str] = {"code": "取货码", "pin": "积分卡密码", "statement": "管理员说明"}


class Timing(StrEnum):
    """Whether something may be handed out for an exchange day at an instant."""

    IN_TIME = "in_time"
    SUPPLEMENT = "supplement"
    NO = "no"


def timing(status: DayState, day: date, ended_at: datetime | None, pickup_days: int, at: datetime) -> Timing:
    """In time while the day redeems and for `pickup_days` after it; a replay of what was handed out before
    the day was settled or cancelled is a supplement.
    """
    if status is DayState.REDEEMING:
        return Timing.IN_TIME if at < pickup_ends(day, pickup_days) else Timing.NO
    if status in (DayState.SETTLED, DayState.CANCELLED) and ended_at is not None:
        return Timing.SUPPLEMENT if local_midnight(day) <= at < ended_at else Timing.NO
    return Timing.NO


def was_offline(redeemed_at: datetime, now: datetime) -> bool:
    """Whether a redemption reaches us as a replay."""
    return now - redeemed_at > OFFLINE_AFTER


@dataclass(frozen=True)
class Split:
    """What is handed out of a reservation, what beside it, and what of it stays in the shop."""

    picked: tuple[Priced, ...]
    extra: tuple[Wish, ...]
    left: tuple[Priced, ...]


def split(wishes: Sequence[Wish], reserved: Sequence[Priced]) -> Split:
    """Reserved units go at their reserved price, more than that at today's; what nobody takes is released."""
    wanted = {wish.goods: wish.quantity for wish in wishes}
    picked, left, extra = [], [], []
    for line in reserved:
        taken = min(line.quantity, wanted.get(line.goods, 0))
        wanted[line.goods] = wanted.get(line.goods, 0) - taken
        if taken:
            picked.append(Priced(line.goods, taken, line.points_price))
        if taken < line.quantity:
            left.append(Priced(line.goods, line.quantity - taken, line.points_price))
    for wish in wishes:
        if wanted[wish.goods] > 0:
            extra.append(Wish(wish.goods, wanted[wish.goods]))
    return Split(tuple(picked), tuple(extra), tuple(left))


@dataclass(frozen=True)
class HandedOut:
    """One line of a redemption: what was handed out, what came back, and from which batches it was."""

    number: int
    goods: str
    quantity: int
    returned: int
    points_price: Decimal
    shares: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ComesBack:
    """So much of a line comes back, into these batches."""

    number: int
    goods: str
    quantity: int
    points: Decimal
    shares: tuple[tuple[str, int], ...]


def take_back(lines: Sequence[HandedOut], goods: str, quantity: int) -> list[ComesBack] | None:
    """From which lines `quantity` units come back: the last first; None when so many were not handed out."""
    parts: list[ComesBack] = []
    wanted = quantity
    for line in sorted(lines, key=lambda line: -line.number):
        part = min(wanted, line.quantity - line.returned) if line.goods == goods else 0
        if part > 0:
            shares = _last_shares(line.shares, line.returned, part)
            parts.append(ComesBack(line.number, goods, part, line.points_price * part, shares))
            wanted -= part
    return parts if wanted == 0 else None


def _last_shares(
    shares: Sequence[tuple[str, int]], returned: int, quantity: int
) -> tuple[tuple[str, int], ...]:
    """The batches of `quantity` units, counted from the end after the `returned` that came back before."""
    skip, wanted, found = returned, quantity, []
    for batch, units in reversed(shares):
        skipped = min(skip, units)
        skip -= skipped
        part = min(wanted, units - skipped)
        if part > 0:
            found.append((batch, part))
            wanted -= part
    return tuple(found)


def may_return(redeemed_at: datetime, return_days: int, now: datetime) -> bool:
    """Until the end of the last day on which goods may come back."""
    return local_date(now) <= local_date(redeemed_at) + timedelta(days=return_days)


def receipt_number(key: str, redeemed_at: datetime) -> str:
    """What a person reads out: the day and the last six signs of the id."""
    return f"{local_date(redeemed_at):%Y%m%d}-{key[-6:].upper()}"
