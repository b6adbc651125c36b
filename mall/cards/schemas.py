"""Shapes of the points card API. A PIN is shown once, to whoever hands the card over."""

from __future__ import annotations

from marshmallow import Schema, fields

from server.web import fields as f


class CardBody(Schema):
    """A card for a household; without `pin` a random one is made."""

    id = f.identifier()
    household = f.household_code(required=True)
    pin = f.text(1, 12, load_default=None, allow_none=True, metadata={"example": "402917"})


class ReissueBody(Schema):
    """Why another card is needed."""

    reason = f.text(1, 200, required=True)
    pin = f.text(1, 12, load_default=None, allow_none=True)


class LossBody(Schema):
    """How the card got lost, if anything is to be said."""

    reason = f.text(0, 200, load_default="")


class PinBody(Schema):
    """The new PIN."""

    pin = f.text(1, 12, required=True, metadata={"example": "402917"})


class HouseholdQuery(Schema):
    """Whose cards."""

    household = f.household_code(required=True)


class CardAnswer(Schema):
    """A card without its secrets."""

    id = f.identifier(required=True)
    household = fields.String(required=True, attribute="household_code")
    number = fields.String(required=True, metadata={"example": "0007402917"})
    status = fields.String(required=True, metadata={"example": "active"})
    failures = fields.Integer(required=True)
    issued_at = f.Instant(required=True)
    ended_at = f.Instant(required=True, allow_none=True)


class IssuedAnswer(CardAnswer):
    """A new card: `token` is what its QR says, `pin` is shown this once (null on a repeat)."""

    token = fields.String(required=True)
    pin = fields.String(required=True, allow_none=True)


class CardList(Schema):
    """The cards of a household, newest first."""

    items = fields.List(fields.Nested(CardAnswer), required=True)
