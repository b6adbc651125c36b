"""Fields of the API: exact numbers as strings, codes, ids and instants as the contract writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from server.cycles.calendar import Month
from server.kit import exact
from server.kit.clock import iso

UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def text(minimum: int = 0, maximum: int = 200, **kwargs: Any) -> fields.String:
    """A text of bounded length without control characters (PostgreSQL refuses NUL, people refuse the
    rest); where something must be written, blanks alone are nothing.
    """
    rules: list[Callable[[str], Any]] = [
        validate.Length(min=minimum, max=maximum, error=f"请填 {minimum}–{maximum} 个字。"),
        validate.Regexp(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]*$", error="含有不能保存的字符。"),
    ]
    if minimum:
        rules.append(_not_blank)
    return fields.String(validate=rules, **kwargs)


def _not_blank(value: str) -> None:
    if value and not value.strip():  # of nothing at all the length speaks
        raise ValidationError("不能只有空格。")


def identifier(**kwargs: Any) -> fields.String:
    """A UUID in canonical lower-case form."""
    return fields.String(
        validate=validate.Regexp(UUID_PATTERN, error="不是有效的编号（UUID，小写）。"), **kwargs
    )


def division_code(**kwargs: Any) -> fields.String:
    """A 12-digit division code."""
    return fields.String(validate=validate.Regexp("^[0-9]{12}$", error="区划代码是 12 位数字。"), **kwargs)


def household_code(**kwargs: Any) -> fields.String:
    """A 16-digit household code."""
    return fields.String(validate=validate.Regexp("^[0-9]{16}$", error="户编号是 16 位数字。"), **kwargs)


def month(**kwargs: Any) -> fields.String:
    """A settlement month `YYYY-MM`."""
    rule = validate.Regexp("^20[0-9]{2}-(0[1-9]|1[0-2])$", error="月份写成 2026-11 这样。")
    return fields.String(validate=rule, **kwargs)


def parsed_month(value: str) -> Month:
    """The Month of a value that `month` accepted."""
    return Month.parse(value)


class Points(fields.String):
    """Points or yuan: a decimal string to 0.01 outside, a Decimal inside. Floats are refused."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {
            "pattern": r"^-?[0-9]{1,10}(\.[0-9]{1,2})?$",
            "example": "4.00",
            **kwargs.pop("metadata", {}),
        }
        super().__init__(metadata=metadata, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else exact.text(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:  # type: ignore[override]
        if not isinstance(value, str):
            raise ValidationError('分数用文字写，如 "4.00"，最多两位小数。')
        try:
            return exact.points(value.strip() if value.isascii() else "x")
        except ValueError:
            raise ValidationError("分数写成 4 或 4.50 这样，最多两位小数。") from None


class Instant(fields.DateTime):
    """An instant: ISO 8601 with offset outside, UTC inside; one without offset is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else iso(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        parsed = super()._deserialize(value, attr, data, **kwargs)
        if parsed.tzinfo is None:
            raise ValidationError("时间要带时区，如 2026-11-22T08:00:00+08:00。")
        try:
            return parsed.astimezone(UTC)
        except OverflowError:
            raise ValidationError("时间超出了日历。") from None
