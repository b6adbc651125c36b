"""Exact numbers: points and yuan are Decimals to 0.01 in Python and integer hundredths in the database."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, InvalidOperation

HUNDREDTH = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("9999999999.99")


def points(value: str | int | Decimal) -> Decimal:
    """A Decimal with exactly two places; raises ValueError for floats, NaN, more places or absurd size."""
    if isinstance(value, float):
        raise ValueError("no floats near points")
    try:
        number = Decimal(value)
        exact = number.quantize(HUNDREDTH)
    except InvalidOperation:
        raise ValueError(f"not a number to 0.01: {value!r}") from None
    if not number.is_finite() or exact != number or abs(exact) > LARGEST:
        raise ValueError(f"not a number to 0.01: {value!r}")
    return exact + ZERO  # turns -0.00 into 0.00


def to_hundredths(value: Decimal) -> int:
    """Points or yuan as integer hundredths; raises ValueError when it is not exact."""
    scaled = value * 100
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"not exact to 0.01: {value}")
    return whole


def from_hundredths(value: int) -> Decimal:
    """Integer hundredths as a Decimal with two places."""
    return Decimal(value).scaleb(-2)


def text(value: Decimal) -> str:
    """Two places, as the API writes points and yuan."""
    return format(value + ZERO, ".2f")


def hundredths_text(value: int) -> str:
    """Integer hundredths as text with two places, without going through Decimal (hot paths)."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 100)
    return f"{sign}{whole}.{rest:02d}"


def floor_hundredth(value: Decimal) -> Decimal:
    """Rounded down to 0.01 (towards minus infinity): used where a cut must never give more than there is."""
    return value.quantize(HUNDREDTH, rounding=ROUND_FLOOR)
