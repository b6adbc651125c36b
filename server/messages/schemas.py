"""Shapes of the inbox API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


class InboxQuery(Schema):
    """Paging."""

    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class MessageSchema(Schema):
    """One message."""

    id = f.identifier(required=True)
    kind = fields.String(required=True, metadata={"example": "record.verdict"})
    text = fields.String(required=True)
    refs = fields.Dict(required=True)
    sent_at = f.Instant(required=True)
    read = fields.Boolean(required=True)


class InboxPage(Schema):
    """A page of messages, newest first."""

    items = fields.List(fields.Nested(MessageSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
