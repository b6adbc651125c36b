"""Exact numbers of assessments: decimals in, Fractions inside, decimal text out. No float comes near a
score."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

ZERO = Fraction(0)
ONE = Fraction(1)
COMPONENT_PLACES = 12
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?")


def parse_decimal(text: str) -> Fraction | None:
    """The number written in ASCII digits (at most 15 before and 12 after the point), or None for anything
    else.

    Full-width digits, thousands separators, exponents, percent signs and bare points are not numbers here: a
    clerk's slip should be asked about, not guessed at.
    """
    if not _DECIMAL.fullmatch(text):
        return None
    return Fraction(text)


_TENS: tuple[int, ...] = tuple(10**places for places in range(COMPONENT_PLACES + 1))


def _scaled(value: Fraction, places: int) -> int:
    """value × 10^places as an integer, rounded half up (away from zero)."""
    top, bottom = value.numerator, value.denominator
    doubled = 2 * abs(top) * _TENS[places] + bottom
    rounded = doubled // (2 * bottom)
    return -rounded if top < 0 else rounded


def fixed(value: Fraction, places: int = 2) -> str:
    """Decimal text with exactly `places` digits, rounded half up; never `-0.00`."""
    scaled = _scaled(value, places)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def trimmed(value: Fraction, places: int = COMPONENT_PLACES) -> str:
    """Decimal text with at most `places` digits after the point and no trailing zeros."""
    if value.denominator == 1:
        return str(value.numerator)
    return _trimmed(value.numerator, value.denominator, places)


@lru_cache(maxsize=65536)  # entry sheets repeat few different numbers many times
def _trimmed(top: int, bottom: int, places: int) -> str:
    return fixed(Fraction(top, bottom), places).rstrip("0").rstrip(".")
