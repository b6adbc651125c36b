"""The shape of the words of grid work."""

from __future__ import annotations

from marshmallow import Schema, fields


class WordSchema(Schema):
    """A word: its code for programs, its name for people."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class FactKindSchema(WordSchema):
    """A kind of fact, why it is kept and for how many days."""

    about = fields.String(required=True)
    keeps = fields.String(required=True)
    value = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)
    purpose = fields.String(required=True)
    retention_days = fields.Integer(required=True, attribute="retention.days")
    ends = fields.String(required=True, allow_none=True)


class UrgencySchema(WordSchema):
    """An urgency, and how many hours each tier has."""

    hours = fields.Integer(required=True)


class TierSchema(Schema):
    """One of the six tiers."""

    tier = fields.Integer(required=True)
    name = fields.String(required=True)


class VocabularySchema(Schema):
    """The words of grid work; they change with a new version of the program only."""

    duties = fields.List(fields.Nested(WordSchema), required=True)
    facts = fields.List(fields.Nested(FactKindSchema), required=True)
    events = fields.List(fields.Nested(WordSchema), required=True)
    urgencies = fields.List(fields.Nested(UrgencySchema), required=True)
    tiers = fields.List(fields.Nested(TierSchema), required=True)
