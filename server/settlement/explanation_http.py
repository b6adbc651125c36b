"""The route that opens an account down to records, photos and people."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from server.people.api import Permission
from server.settlement.explanation import explanation
from server.web import fields as f
from server.web.routes import Call, endpoint

blueprint = Blueprint("explanation", __name__, description="分数的由来")
MOST_ENTRIES = 50


class ExplanationQuery(Schema):
    """Where to go on; entries a page."""

    cursor = f.text(1, 200)
    limit = fields.Integer(
        load_default=20, validate=validate.Range(1, MOST_ENTRIES, error=f"每页 1–{MOST_ENTRIES} 笔。")
    )


class PartSchema(Schema):
    """What all entries of one cause did; the parts add up to score and balance."""

    cause = fields.String(required=True)
    entries = fields.Integer(required=True)
    score = f.Points(required=True)
    balance = f.Points(required=True)


class VerdictSchema(Schema):
    """One member of the panel on a record, in the round that decided."""

    name = fields.String(required=True)
    verdict = fields.String(required=True)
    points = fields.String(required=True, allow_none=True)
    at = fields.String(required=True)


class ExplainedRecord(Schema):
    """A record behind a line: item, photos, who logged it, who approved it."""

    id = f.identifier(required=True)
    item = fields.String(required=True)
    name = fields.String(required=True)
    heading = fields.String(required=True)
    kind = fields.String(required=True)
    points = fields.String(required=True)
    logged_points = fields.String(required=True)
    occurred_on = fields.String(required=True)
    note = fields.String(required=True)
    photos = fields.List(fields.String(), required=True)
    source = fields.String(required=True)
    logged_by_name = fields.String(required=True)
    logged_at = fields.String(required=True)
    status = fields.String(required=True)
    reason = fields.String(required=True)
    reviewed_by = fields.List(fields.Nested(VerdictSchema), required=True)
    meeting = fields.Dict(required=True, allow_none=True)


class ExplainedLine(Schema):
    """The tally line that an entry posted."""

    tally = f.identifier(required=True)
    month = fields.String(required=True, metadata={"example": "2026-11"})
    notice = fields.String(required=True, allow_none=True)
    counted = fields.Integer(required=True, metadata={"description": "记录条数"})
    added = fields.String(required=True)
    deducted = fields.String(required=True)
    score_change = fields.String(required=True)
    records = fields.List(fields.Nested(ExplainedRecord), required=True)


class ExplainedEntry(Schema):
    """One entry of the account, opened. `line` is null for what no month posted."""

    id = f.identifier(required=True)
    posted_at = fields.String(required=True)
    cause = fields.String(required=True)
    amount = fields.String(required=True)
    score_amount = fields.String(required=True)
    balance_after = fields.String(required=True)
    refs = fields.Dict(required=True)
    reverses = fields.String(required=True, allow_none=True)
    reversed_by = fields.String(required=True, allow_none=True)
    line = fields.Nested(ExplainedLine, required=True, allow_none=True)


class ExplanationSchema(Schema):
    """The tree behind score and balance."""

    household = f.household_code(required=True)
    score = f.Points(required=True)
    balance = f.Points(required=True)
    reserved = f.Points(required=True)
    year = fields.Integer(required=True, allow_none=True)
    parts = fields.List(fields.Nested(PartSchema), required=True)
    items = fields.List(fields.Nested(ExplainedEntry), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/explanation",
    needs=Permission.EXPLANATION_READ,
    query=ExplanationQuery,
    answer=ExplanationSchema,
)
def explain_account(call: Call, query: dict[str, Any], code: str) -> Any:
    """Score and balance opened: entries, tally lines, records, items, photos, who logged and who approved."""
    return explanation(call.session, call.actor, code, query.get("cursor"), query["limit"])
