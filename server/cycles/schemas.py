"""Shapes of the demo clock's API."""

from __future__ import annotations

from marshmallow import Schema, fields

from server.web import fields as f


class ClockMoveBody(Schema):
    """Where to move the clock."""

    to = f.Instant(required=True, metadata={"example": "2026-11-26T08:00:00+08:00"})


class ClosedPeriodSchema(Schema):
    """One period that was closed."""

    closer = fields.String(required=True, metadata={"example": "settlement.notice_end"})
    village = fields.String(required=True)
    period = fields.String(required=True, metadata={"example": "2026-11"})
    at = f.Instant(required=True)


class ClockSchema(Schema):
    """What the demo's clock shows."""

    now = f.Instant(required=True)


class ClockMovedSchema(ClockSchema):
    """What the demo's clock shows after moving, and what was closed on the way, in order."""

    closed = fields.List(fields.Nested(ClosedPeriodSchema), required=True)
