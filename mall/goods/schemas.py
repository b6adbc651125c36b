"""Shapes of the goods API. Quantities are whole units; points and yuan are decimal strings, per unit."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import Schema, fields, validate

from mall.goods.units import amount, units
from server.web import fields as f


class GoodsQuery(Schema):
    """Whose shop; `everything` shows goods off the shelf and costs too, to those who run the shop."""

    village = f.division_code(required=True)
    everything = fields.Boolean(load_default=False)


class GoodsExportQuery(Schema):
    """Whose shop."""

    village = f.division_code(required=True)


class ComingPrice(Schema):
    """A price change ahead."""

    from_ = fields.Date(required=True, data_key="from")
    points_price = f.Points(required=True)


class GoodsItem(Schema):
    """Goods as a household sees them; `available` can still be reserved, `limit` is per exchange day."""

    id = f.identifier(required=True)
    name = f.text(1, 60, required=True)
    category = f.text(0, 30, required=True)
    unit = f.text(1, 10, required=True)
    barcode = fields.String(required=True, metadata={"example": "6901234567892"})
    photo = f.identifier(required=True, allow_none=True)
    points_price = f.Points(required=True)
    on_hand = fields.Integer(required=True)
    available = fields.Integer(required=True)
    limit = fields.Integer(required=True, allow_none=True)
    on_shelf = fields.Boolean(required=True)
    prices = fields.List(fields.Nested(ComingPrice), required=True)
    held = fields.Integer()
    expired = fields.Integer()
    low_level = fields.Integer()
    shelf_life_days = fields.Integer(allow_none=True)
    cost_yuan = f.Points()
    revision = fields.Integer()


class GoodsBody(Schema):
    """Goods to be put on the list. Without a barcode the shop gives one; without an id every call is new."""

    id = f.identifier()
    village = f.division_code(required=True)
    name = f.text(1, 60, required=True)
    unit = f.text(1, 10, required=True)
    points_price = amount("0.01", required=True)
    cost_yuan = amount(load_default=Decimal("0.00"))
    category = f.text(0, 30, load_default="")
    barcode = f.text(13, 13, load_default=None, allow_none=True)
    shelf_life_days = units(load_default=None, allow_none=True)
    limit = units(load_default=None, allow_none=True)
    low_level = units(0, load_default=0)
    on_shelf = fields.Boolean(load_default=True)
    photo = f.identifier(load_default=None, allow_none=True)


class GoodsChange(Schema):
    """What is to change; the price has a route of its own, since it changes by date."""

    name = f.text(1, 60)
    category = f.text(0, 30)
    unit = f.text(1, 10)
    barcode = f.text(13, 13)
    shelf_life_days = units(allow_none=True)
    limit = units(allow_none=True)
    low_level = units(0)
    on_shelf = fields.Boolean()
    photo = f.identifier(allow_none=True)


class PriceBody(Schema):
    """A price from a day on; without `cost_yuan` the cost stays."""

    starts_on = fields.Date(required=True)
    points_price = amount("0.01", required=True)
    cost_yuan = amount(load_default=None, allow_none=True)


class PriceAnswer(Schema):
    """One price."""

    id = f.identifier(required=True)
    starts_on = fields.Date(required=True)
    points_price = f.Points(required=True)
    cost_yuan = f.Points(required=True)
    set_at = f.Instant(required=True)


class PriceList(Schema):
    """All prices of some goods, the latest first."""

    items = fields.List(fields.Nested(PriceAnswer), required=True)


class PictureQuery(Schema):
    """Which of the two sizes of a photo."""

    size = fields.String(validate=validate.OneOf(["full", "small"]), load_default="small")
