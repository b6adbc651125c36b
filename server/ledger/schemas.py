"""Shapes of the account, the statement and an entry, for the OpenAPI document."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.ledger.rules import Account, Cause
from server.web import fields as f

_CAUSES = validate.OneOf([cause.value for cause in Cause])


class AccountSchema(Schema):
    """A household's account; `score` is that of `year` (null: no year has begun)."""

    household = f.household_code(required=True)
    score = f.Points(required=True)
    balance = f.Points(required=True)
    reserved = f.Points(required=True)
    year = fields.Integer(required=True, allow_none=True)
    as_of = f.Instant(required=True)


class PageQuery(Schema):
    """Where to go on, and how many rows."""

    cursor = f.text(1, 200)
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, LARGEST_LIMIT, error=f"每页 1–{LARGEST_LIMIT} 行。"),
    )


class StatementItemSchema(Schema):
    """One entry of a household: what it did to the balance (`amount`) and to the score."""

    id = f.identifier(required=True)
    posted_at = f.Instant(required=True)
    cause = fields.String(required=True, validate=_CAUSES)
    amount = f.Points(required=True)
    score_amount = f.Points(required=True)
    balance_after = f.Points(required=True)
    refs = fields.Dict(required=True)


class StatementSchema(Schema):
    """A page of a statement, newest first."""

    items = fields.List(fields.Nested(StatementItemSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PostingSchema(Schema):
    """One leg; `household` is null for an account of the village."""

    account = fields.String(required=True, validate=validate.OneOf([account.value for account in Account]))
    household = f.household_code(required=True, allow_none=True)
    amount = f.Points(required=True)
    balance_after = f.Points(required=True, allow_none=True)


class EntrySchema(Schema):
    """One entry with its postings; `seal` is its number in the village's chain, null until it is sealed."""

    id = f.identifier(required=True)
    village = f.division_code(required=True)
    household = f.household_code(required=True)
    cause = fields.String(required=True, validate=_CAUSES)
    posted_at = f.Instant(required=True)
    score_year = fields.Integer(required=True, allow_none=True)
    reverses = f.identifier(required=True, allow_none=True)
    refs = fields.Dict(required=True)
    postings = fields.List(fields.Nested(PostingSchema), required=True)
    seal = fields.Integer(required=True, allow_none=True)
    seal_hash = fields.String(required=True, allow_none=True)
