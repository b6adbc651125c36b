"""Fields of the shop's API: whole units, and points or yuan that are not negative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from server.web import fields as f

MOST = 1_000_000


def units(minimum: int = 1, **kwargs: Any) -> fields.Integer:
    """A whole number of units."""
    rule = validate.Range(minimum, MOST, error=f"请填 {minimum}–{MOST} 的整数。")
    return fields.Integer(strict=True, validate=rule, **kwargs)


def amount(minimum: str = "0.00", **kwargs: Any) -> f.Points:
    """Points or yuan, not under `minimum`."""
    least = Decimal(minimum)

    def check(value: Decimal) -> None:
        if value < least:
            raise ValidationError(f"不能小于 {minimum}。")

    return f.Points(validate=check, **kwargs)
