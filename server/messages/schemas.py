"""Shapes of the inbox API and of the consent to messages on WeChat."""

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


class ConsentAnswer(Schema):
    """What somebody said about one kind."""

    kind = f.text(1, 40, required=True, metadata={"example": "notice_published"})
    answer = fields.String(required=True, validate=validate.OneOf(["yes", "no"]))


class ConsentBody(Schema):
    """Answers, at most one a kind."""

    answers = fields.List(fields.Nested(ConsentAnswer), required=True, validate=validate.Length(1, 20))


class SubscriptionSchema(Schema):
    """One kind of messages that WeChat can bring; `template` is what `requestSubscribeMessage` asks for."""

    kind = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    template = fields.String(required=True)
    remaining = fields.Integer(required=True)


class SubscriptionsSchema(Schema):
    """`available`: this instance has a mini-program; `bound`: this person's WeChat is known."""

    available = fields.Boolean(required=True)
    bound = fields.Boolean(required=True)
    items = fields.List(fields.Nested(SubscriptionSchema), required=True)
