"""Shapes of the exchange day API. Hours are local, `HH:MM`."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from mall.exchange_days.rules import DayState
from mall.exchange_days.service import NewSlot
from server.web import fields as f


def hour(**kwargs: Any) -> fields.String:
    """A local time of day."""
    rule = validate.Regexp("^([01][0-9]|2[0-3]):[0-5][0-9]$", error="时间写成 08:30 这样。")
    return fields.String(validate=rule, metadata={"example": "08:30"}, **kwargs)


class SlotBody(Schema):
    """A span of the day with a number of places."""

    starts_at = hour(required=True)
    ends_at = hour(required=True)
    places = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewSlot:
        """As a value."""
        return NewSlot(**data)


class SlotsBody(Schema):
    """More slots for a day."""

    slots = fields.List(fields.Nested(SlotBody), required=True, validate=validate.Length(1, 50))


class DayBody(Schema):
    """A day beside those of the rule; what is left out is as usual in the village."""

    id = f.identifier()
    village = f.division_code(required=True)
    day = fields.Date(required=True)
    opens_at = hour(load_default=None, allow_none=True)
    closes_at = hour(load_default=None, allow_none=True)
    place = f.text(0, 100, load_default=None, allow_none=True)
    slots = fields.List(fields.Nested(SlotBody), load_default=list, validate=validate.Length(max=50))


class TransitionBody(Schema):
    """Where to; cancelling needs a reason."""

    to = fields.String(
        required=True, validate=validate.OneOf([s.value for s in DayState], error="不认识的状态。")
    )
    reason = f.text(0, 200, load_default="")


class MoveBody(Schema):
    """The new date, and why."""

    day = fields.Date(required=True)
    reason = f.text(1, 200, required=True)


class DaysQuery(Schema):
    """Which village, and from when to when: today and the twelve months after it unless said otherwise."""

    village = f.division_code(required=True)
    since = fields.Date(data_key="from")
    until = fields.Date(data_key="to")


class SlotAnswer(Schema):
    """A slot with the places that are left."""

    id = f.identifier(required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    places = fields.Integer(required=True)
    free = fields.Integer(required=True)


class DayAnswer(Schema):
    """An exchange day."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    day = fields.Date(required=True)
    planned_on = fields.Date(required=True)
    status = fields.String(required=True, metadata={"example": "open"})
    opens_at = fields.String(required=True)
    closes_at = fields.String(required=True)
    place = fields.String(required=True)
    reason = fields.String(required=True)
    slots = fields.List(fields.Nested(SlotAnswer), required=True)


class DayList(Schema):
    """Days in order."""

    items = fields.List(fields.Nested(DayAnswer), required=True)
