"""Goods: EAN-13 numbers and which price is in force. Pure.

EAN-13: GS1 General Specifications, section 7.9 (check digit) and 1.4 (prefix 20–29 is for use inside a shop).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

OWN_PREFIX = "20"
OWN_NUMBERS = 10**10


def check_digit(first_twelve: str) -> str:
    """The 13th digit: from the left, digits count once and three times in turn; the sum ends on 0."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return str(-total % 10)


def is_ean13(code: str) -> bool:
    """Whether these are 13 digits and the last one is right."""
    return re.fullmatch("[0-9]{13}", code) is not None and check_digit(code[:12]) == code[12]


def own_barcode(number: int) -> str:
    """A barcode of the shop's own for goods that carry none; `number` is taken modulo ten billion."""
    first = f"{OWN_PREFIX}{number % OWN_NUMBERS:010d}"
    return first + check_digit(first)


@dataclass(frozen=True)
class Price:
    """A price from a day on, in points per unit; of two from the same day the later one counts."""

    starts_on: date
    points: Decimal


def prices_to_come(prices: Sequence[Price], today: date) -> list[Price]:
    """The changes after `today`, each day once, earliest first; `prices` in the order of their setting."""
    by_day = {price.starts_on: price for price in prices if price.starts_on > today}
    return [by_day[day] for day in sorted(by_day)]
