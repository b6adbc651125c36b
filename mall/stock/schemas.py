"""Shapes of the stock API. Quantities are whole units; `cost` is yuan for all of a movement."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from mall.goods.api import amount, units
from mall.stock.rules import ENTERED, CountState, Kind
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f

_PAGE = validate.Range(1, LARGEST_LIMIT, error=f"每页 1–{LARGEST_LIMIT} 行。")


class MovementBody(Schema):
    """Goods in or out. `quantity` is positive; a new donor's name is enough; `batch` is a label."""

    id = f.identifier(required=True)
    goods = f.identifier(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in ENTERED]))
    quantity = units(required=True)
    donor = f.text(1, 60, load_default=None, allow_none=True)
    cost = amount(load_default=None, allow_none=True)
    batch = f.text(1, 40, load_default=None, allow_none=True)
    expires_on = fields.Date(load_default=None, allow_none=True)
    note = f.text(0, 200, load_default="")


class ShareSchema(Schema):
    """A batch that a movement touched; `quantity` is signed."""

    batch = f.identifier(required=True)
    quantity = fields.Integer(required=True)


class MovementAnswer(Schema):
    """A movement as it was entered; `quantity` is signed: positive came in."""

    id = f.identifier(required=True)
    goods = f.identifier(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    quantity = fields.Integer(required=True)
    batches = fields.List(fields.Nested(ShareSchema), required=True)
    donor = f.identifier(required=True, allow_none=True)
    cost = f.Points(required=True, allow_none=True)
    note = f.text(0, 200, required=True)
    at = f.Instant(required=True)


class MovementExportQuery(Schema):
    """Whose movements, of what and when."""

    village = f.division_code(required=True)
    goods = f.identifier()
    kind = fields.String(validate=validate.OneOf([kind.value for kind in Kind]))
    since = f.Instant(data_key="from")
    until = f.Instant(data_key="to")


class MovementQuery(MovementExportQuery):
    """Whose movements, of what and when, and where to go on."""

    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=_PAGE)


class MovementRow(Schema):
    """One movement of one batch; `reference` names the movement, redemption, return or count behind it."""

    id = f.identifier(required=True)
    goods = f.identifier(required=True)
    name = f.text(1, 60, required=True)
    kind = fields.String(required=True)
    quantity = fields.Integer(required=True)
    batch = f.identifier(required=True)
    label = fields.String(required=True)
    expires_on = fields.Date(required=True, allow_none=True)
    donor = f.identifier(required=True, allow_none=True)
    cost = f.Points(required=True, allow_none=True)
    note = fields.String(required=True)
    reference = fields.String(required=True)
    at = f.Instant(required=True)


class MovementPage(Schema):
    """A page of movements, the newest first."""

    items = fields.List(fields.Nested(MovementRow), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CountedLine(Schema):
    """What was counted of some goods."""

    goods = f.identifier(required=True)
    counted = units(0, required=True)


def _distinct(lines: list[dict[str, Any]]) -> None:
    if len({line["goods"] for line in lines}) != len(lines):
        raise ValidationError("同一种商品写了两行，请合成一行。")


class CountBody(Schema):
    """A count of one or more goods of one shop."""

    id = f.identifier(required=True)
    lines = fields.List(
        fields.Nested(CountedLine),
        required=True,
        validate=[validate.Length(1, 500, error="写 1–500 种商品。"), _distinct],
    )
    note = f.text(0, 200, load_default="")


class CountLine(Schema):
    """A line of a count: the book figure is that of the instant of counting."""

    goods = f.identifier(required=True)
    name = fields.String(required=True)
    counted = fields.Integer(required=True)
    book = fields.Integer(required=True)
    difference = fields.Integer(required=True)


class CountAnswer(Schema):
    """A count with its lines."""

    id = f.identifier(required=True)
    village = f.division_code(required=True)
    status = fields.String(required=True, validate=validate.OneOf([state.value for state in CountState]))
    note = fields.String(required=True)
    counted_by = f.identifier(required=True)
    counted_at = f.Instant(required=True)
    settled_by = f.identifier(required=True, allow_none=True)
    settled_at = f.Instant(required=True, allow_none=True)
    lines = fields.List(fields.Nested(CountLine), required=True)


class CountQuery(Schema):
    """Whose counts."""

    village = f.division_code(required=True)
    status = fields.String(validate=validate.OneOf([state.value for state in CountState]))
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=_PAGE)


class CountList(Schema):
    """The latest counts."""

    items = fields.List(fields.Nested(CountAnswer), required=True)


class SettleBody(Schema):
    """Whether the second person agrees; who does not says why."""

    accept = fields.Boolean(load_default=True)
    reason = f.text(0, 200, load_default="")


class VillageQuery(Schema):
    """Whose shop."""

    village = f.division_code(required=True)


class LowSchema(Schema):
    """Goods at or under their warning level."""

    goods = f.identifier(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    usable = fields.Integer(required=True)
    low_level = fields.Integer(required=True)


class ExpiringSchema(Schema):
    """A batch that expires soon or has expired."""

    goods = f.identifier(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    batch = f.identifier(required=True)
    label = fields.String(required=True)
    expires_on = fields.Date(required=True)
    quantity = fields.Integer(required=True)
    expired = fields.Boolean(required=True)


class OverpromisedSchema(Schema):
    """Goods of which more is reserved than may be handed out."""

    goods = f.identifier(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    held = fields.Integer(required=True)
    usable = fields.Integer(required=True)


class WarningsAnswer(Schema):
    """What needs the keeper's eye."""

    low = fields.List(fields.Nested(LowSchema), required=True)
    expiring = fields.List(fields.Nested(ExpiringSchema), required=True)
    overpromised = fields.List(fields.Nested(OverpromisedSchema), required=True)
