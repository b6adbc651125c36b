"""Shapes of divisions, villages and their settings."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import Schema, fields, validate

from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f

EXPIRIES = ("never", "end_of_next_year")
_POSITIVE = validate.Range(Decimal("0.01"), error="上限要大于 0；不设上限就填 null。")


def cursor() -> fields.String:
    """Where a list goes on."""
    return f.text(1, 500, metadata={"description": "上一页给出的 next_cursor"})


def limit() -> fields.Integer:
    """How many rows of a list."""
    return fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class PageQuery(Schema):
    """Paging."""

    cursor = cursor()
    limit = limit()


class DivisionQuery(PageQuery):
    """Which level of the tree."""

    parent = f.division_code()


class DivisionSchema(Schema):
    """A county, township or village."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)


class DivisionPage(Schema):
    """A page of divisions."""

    items = fields.List(fields.Nested(DivisionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class VillageBody(Schema):
    """A new village; `township_name` when its township is not in the tree yet."""

    code = f.division_code(required=True, metadata={"example": "990101101201"})
    name = f.text(1, 100, required=True, metadata={"example": "大槐树村"})
    township_name = f.text(1, 100)


class VillageSchema(Schema):
    """A village."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    township = fields.String(allow_none=True)


class VillagePage(Schema):
    """A page of villages."""

    items = fields.List(fields.Nested(VillageSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SettingsBody(Schema):
    """Settings to change; what is left out stays. Days are calendar days."""

    name = f.text(1, 100)
    cutoff_day = fields.Integer(strict=True, validate=validate.Range(1, 28))
    panel_days = fields.Integer(strict=True, validate=validate.Range(1, 10))
    vote_days = fields.Integer(strict=True, validate=validate.Range(1, 10))
    notice_days = fields.Integer(
        strict=True, validate=validate.Range(7, 60, error="公示不少于 7 天，不超过 60 天。")
    )
    takedown_days = fields.Integer(strict=True, validate=validate.Range(1, 366))
    review_quorum = fields.Integer(strict=True, validate=validate.Range(2, 50))
    reply_days = fields.Integer(strict=True, validate=validate.Range(0, 14))
    ranking = fields.String(validate=validate.OneOf(["off", "own", "first_ten", "all"]))
    names_on_poster = fields.Boolean(truthy={True}, falsy={False})
    id_numbers_kept = fields.Boolean(truthy={True}, falsy={False})
    ceiling_village = f.Points(
        allow_none=True, validate=_POSITIVE, metadata={"description": "全村一个月最多加多少分；不设填 null"}
    )
    ceiling_household = f.Points(
        allow_none=True, validate=_POSITIVE, metadata={"description": "一户一个月最多加多少分；不设填 null"}
    )
    expiry = fields.String(
        validate=validate.OneOf(EXPIRIES),
        metadata={"description": "never 不过期；end_of_next_year 一年的分到下一年年底过期，提前 60 天告知"},
    )


class SettingsSchema(Schema):
    """All settings of a village."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    cutoff_day = fields.Integer(required=True)
    panel_days = fields.Integer(required=True)
    vote_days = fields.Integer(required=True)
    notice_days = fields.Integer(required=True)
    takedown_days = fields.Integer(required=True)
    review_quorum = fields.Integer(required=True)
    reply_days = fields.Integer(required=True)
    ranking = fields.String(required=True)
    names_on_poster = fields.Boolean(required=True)
    id_numbers_kept = fields.Boolean(required=True)
    ceiling_village = f.Points(required=True, allow_none=True)
    ceiling_household = f.Points(required=True, allow_none=True)
    expiry = fields.String(required=True)
