"""Shapes of the shop's settings."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.web import fields as f

_TIME = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", error="时间写成 08:30 这样。")
_DAYS = validate.Range(0, 365, error="填 0–365 天。")


def _positive(value: Any) -> None:
    if value <= 0:
        raise ValidationError("要大于 0。")


def _not_negative(value: Any) -> None:
    if value < 0:
        raise ValidationError("不能小于 0。")


class ExchangeRuleSchema(Schema):
    """When the shop redeems: monthly or quarterly on a day of the month, or on a weekday (1 is Monday)."""

    kind = fields.String(required=True, validate=validate.OneOf(["monthly", "quarterly", "weekday"]))
    day = fields.Integer(strict=True, validate=validate.Range(1, 28, error="填 1–28 日。"))
    weekday = fields.Integer(strict=True, validate=validate.Range(1, 7, error="填 1（周一）–7（周日）。"))

    @validates_schema
    def whole(self, rule: dict[str, Any], **_: Any) -> None:
        """Each kind has its own figure and no other."""
        wanted = "weekday" if rule.get("kind") == "weekday" else "day"
        if set(rule) - {"kind"} != {wanted}:
            raise ValidationError("按星期的填 weekday，按月、按季的填 day，只填一个。", field_name=wanted)


class _Settings(Schema):
    """Meanings in `rules.ShopSettings`. `reference_rate` is yuan per point."""

    reference_rate = f.Points(validate=_positive)
    return_days = fields.Integer(strict=True, validate=_DAYS)
    pickup_days = fields.Integer(strict=True, validate=_DAYS)
    offline_limit = f.Points(validate=_not_negative)
    statement_photo_required = fields.Boolean()
    opens_at = fields.String(validate=_TIME)
    closes_at = fields.String(validate=_TIME)
    place = f.text(0, 100)
    expiry_warning_days = fields.Integer(strict=True, validate=_DAYS)


class ShopSettingsBody(_Settings):
    """What is to change."""

    exchange_rule = fields.Nested(ExchangeRuleSchema)


class ShopSettingsSchema(_Settings):
    """The settings as they are; an ETag comes with them."""

    exchange_rule = fields.Dict()
    revision = fields.Integer()


class ShopSettingsQuery(Schema):
    """Whose shop."""

    village = f.division_code(required=True)
