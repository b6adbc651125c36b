"""Shapes of the overview: cover, suggested purchases, the public donation book. Amounts are yuan."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from mall.overview.rules import Level
from server.web import fields as f


class ShopQuery(Schema):
    """Whose shop."""

    village = f.division_code(required=True)


class CoverSchema(Schema):
    """What is there against what all unspent points promise, at `rate` yuan per point."""

    stock_value = f.Points(required=True)
    fund = f.Points(required=True)
    covered = f.Points(required=True)
    points = f.Points(required=True)
    rate = f.Points(required=True)
    owed = f.Points(required=True)
    missing = f.Points(required=True)
    level = fields.String(required=True, validate=validate.OneOf([level.value for level in Level]))
    sentence = fields.String(required=True)


class CoverDaysQuery(ShopQuery):
    """Whose shop, and how many weeks back."""

    weeks = fields.Integer(load_default=26, validate=validate.Range(1, 104))


class CoverDaySchema(Schema):
    """The cover as it was measured on a day."""

    day = fields.Date(required=True)
    cover = fields.Nested(CoverSchema, required=True)


class CoverDayList(Schema):
    """The cover over time, oldest first; a week in which nothing was measured is not there."""

    items = fields.List(fields.Nested(CoverDaySchema), required=True)


class SuggestionSchema(Schema):
    """Buy so many units: `expected` are likely to be asked for on the next exchange day."""

    goods = f.identifier(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    usable = fields.Integer(required=True)
    held = fields.Integer(required=True)
    expected = fields.Integer(required=True)
    quantity = fields.Integer(required=True)
    cost = f.Points(required=True)


class SuggestionList(Schema):
    """What to buy for the next exchange day; `within_fund` false: it costs more than the fund has."""

    items = fields.List(fields.Nested(SuggestionSchema), required=True)
    cost = f.Points(required=True)
    fund = f.Points(required=True)
    within_fund = fields.Boolean(required=True)


class GivenSchema(Schema):
    """One donation: cash has an `amount`, goods have a `quantity`."""

    on = fields.Date(required=True)
    donor = fields.String(required=True, metadata={"example": "王**"})
    amount = f.Points(required=True, allow_none=True)
    goods = fields.String(required=True, allow_none=True)
    quantity = fields.Integer(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)


class BoughtSchema(Schema):
    """One purchase for the shop."""

    on = fields.Date(required=True)
    goods = fields.String(required=True)
    quantity = fields.Integer(required=True)
    unit = fields.String(required=True)
    cost = f.Points(required=True, allow_none=True)


class DonationBookSchema(Schema):
    """The public donation book: the latest of each list, the sums over everything."""

    village = f.division_code(required=True)
    donations = fields.List(fields.Nested(GivenSchema), required=True)
    purchases = fields.List(fields.Nested(BoughtSchema), required=True)
    donated = f.Points(required=True)
    village_money = f.Points(required=True)
    spent = f.Points(required=True)
    left = f.Points(required=True)
