"""Shapes of facts and of the household's file."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.grid.facts.rules import NewFact
from server.grid.vocabulary import fact_kinds
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.people.household_api import HouseholdSchema
from server.web import fields as f

KINDS = list(fact_kinds())


class FactBody(Schema):
    """A fact: kinds, choices and purposes stand in GET /grid-vocabulary. `ended`: the state is over."""

    id = f.identifier(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(KINDS, error="没有这一类情况，请从列表里选。")
    )
    member = f.identifier(allow_none=True, load_default=None)
    value = f.text(0, 100, load_default="")
    since = fields.Date(allow_none=True, load_default=None)
    ended = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewFact:
        """As a value."""
        return NewFact(**data)


class FactsBody(Schema):
    """Facts learnt otherwise than on a visit."""

    facts = fields.List(
        fields.Nested(FactBody), required=True, validate=validate.Length(1, 20, error="一次 1–20 条。")
    )


class FactsAnswer(Schema):
    """The facts that were taken in."""

    facts = fields.List(fields.String(), required=True)


class CorrectionBody(Schema):
    """What was wrong, and the fact that is right instead; without `fact` nothing takes its place."""

    reason = f.text(1, 200, required=True)
    fact = fields.Nested(FactBody, allow_none=True, load_default=None)


class FactId(Schema):
    """The entry that stands now in the place of the corrected one."""

    id = f.identifier(required=True)


class FileQuery(Schema):
    """As of which day; `purpose`: why phone numbers are needed in full, it is noted."""

    as_of = fields.Date()
    purpose = f.text(4, 100)


class StandingFact(Schema):
    """What the file says on the day."""

    id = f.identifier(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    member = fields.String(required=True, allow_none=True)
    value = fields.String(required=True)
    since = fields.Date(required=True)
    recorded_at = f.Instant(required=True)
    recorded_by = fields.String(required=True, metadata={"description": "name"})


class FileSchema(HouseholdSchema):
    """A household's file as of a day."""

    as_of = fields.Date(required=True)
    facts = fields.List(fields.Nested(StandingFact), required=True)


class PagedQuery(Schema):
    """A page of a list."""

    cursor = f.text(1, 500)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class EntrySchema(StandingFact):
    """One entry of the file's history; `blanked`: its time was over and its content is gone."""

    ended = fields.Boolean(required=True)
    corrects = fields.String(required=True, allow_none=True)
    void = fields.Boolean(required=True)
    reason = fields.String(required=True)
    visit = fields.String(required=True, allow_none=True)
    keep_until = f.Instant(required=True, allow_none=True)
    blanked = fields.Boolean(required=True)


class EntryPage(Schema):
    """A page of entries, newest first."""

    items = fields.List(fields.Nested(EntrySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
