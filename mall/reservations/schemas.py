"""Shapes of the reservation API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from mall.reservations.rules import MOST_LINES, ReservationState, Wish
from mall.reservations.service import Wanted
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


class WishBody(Schema):
    """So many units of some goods."""

    goods = f.identifier(required=True)
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Wish:
        """As a value."""
        return Wish(**data)


def wishes(**kwargs: Any) -> fields.Field[Any]:
    """The lines of a basket."""
    return fields.List(fields.Nested(WishBody), validate=validate.Length(1, MOST_LINES), **kwargs)


class ReservationBody(Schema):
    """A basket for an exchange day, with a client-made id."""

    id = f.identifier(required=True)
    household = f.household_code(required=True)
    exchange_day = f.identifier(required=True)
    lines = wishes(required=True)
    slot = f.identifier(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Wanted:
        """As a value."""
        return Wanted(**{**data, "lines": tuple(data["lines"])})


class LineAnswer(Schema):
    """A line with what it costs."""

    goods = f.identifier(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    quantity = fields.Integer(required=True)
    points_price = fields.String(required=True, metadata={"example": "30.00"})
    points = fields.String(required=True, metadata={"example": "60.00"})


class ReservationAnswer(Schema):
    """A reservation."""

    id = f.identifier(required=True)
    household = fields.String(required=True)
    exchange_day = f.identifier(required=True)
    day = fields.String(required=True, metadata={"example": "2026-12-01"})
    slot = f.identifier(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"example": "open"})
    points = fields.String(required=True)
    lines = fields.List(fields.Nested(LineAnswer), required=True)
    made_at = fields.String(required=True)
    ended_at = fields.String(required=True, allow_none=True)


class ReservationQuery(Schema):
    """Of a household, of an exchange day, or both."""

    household = f.household_code()
    exchange_day = f.identifier()
    status = fields.String(validate=validate.OneOf([s.value for s in ReservationState]))
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class ReservationList(Schema):
    """A page of reservations, newest first."""

    items = fields.List(fields.Nested(ReservationAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PickGoods(Schema):
    """How many units of some goods to lay out."""

    goods = f.identifier(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    quantity = fields.Integer(required=True)
    households = fields.Integer(required=True)


class PickHousehold(Schema):
    """What one reservation is to be handed."""

    reservation = f.identifier(required=True)
    household = fields.String(required=True)
    label = fields.String(required=True)
    slot = fields.String(required=True, allow_none=True, metadata={"example": "09:00"})
    points = fields.String(required=True)
    lines = fields.List(fields.Nested(LineAnswer), required=True)


class PickList(Schema):
    """What is to be prepared for an exchange day."""

    exchange_day = f.identifier(required=True)
    day = fields.Date(required=True)
    status = fields.String(required=True)
    goods = fields.List(fields.Nested(PickGoods), required=True)
    households = fields.List(fields.Nested(PickHousehold), required=True)
