"""Routes of appeals against posted entries."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.people.api import Permission
from server.settlement import appeals
from server.settlement.models import Appeal
from server.settlement.states import AppealStatus
from server.web import fields as f
from server.web.routes import Call, endpoint

blueprint = Blueprint("appeals", __name__, description="申诉")
_STATES = validate.OneOf([state.value for state in AppealStatus])


class AppealBody(Schema):
    """An appeal against an entry, or against one record behind it."""

    record = f.identifier(allow_none=True)
    text = f.text(1, 1000, required=True)
    photos = fields.List(f.identifier(), load_default=list, validate=validate.Length(max=9))
    on_behalf = fields.Boolean(
        load_default=False, metadata={"description": "委员替没有手机的村民登记，附签字单照片"}
    )


class AppealAnswerBody(Schema):
    """The answer. Upheld with `points`: the record's new points, or the entry's new total; upheld without:
    the record no longer counts, or the whole entry is taken back.
    """

    upheld = fields.Boolean(required=True)
    reason = f.text(1, 500, required=True)
    points = f.Points(allow_none=True)


class AppealQuery(Schema):
    """Which appeals."""

    village = f.division_code()
    household = f.household_code()
    status = fields.String(validate=_STATES)
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class AppealSchema(Schema):
    """An appeal. `reversal` and `new_entry` both point at `entry`; `new_record` stands for the record."""

    id = f.identifier(required=True)
    entry = fields.String(required=True)
    village = fields.String(required=True)
    household = fields.String(required=True)
    record = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    on_behalf = fields.Boolean(required=True)
    made_at = f.Instant(required=True)
    due_at = f.Instant(required=True)
    status = fields.String(required=True, validate=_STATES)
    reason = fields.String(required=True)
    points = f.Points(required=True, allow_none=True)
    answered_at = f.Instant(required=True, allow_none=True)
    reversal = fields.String(required=True, allow_none=True)
    new_entry = fields.String(required=True, allow_none=True)
    new_record = fields.String(required=True, allow_none=True)


class AppealPage(Schema):
    """A page of appeals, newest first."""

    items = fields.List(fields.Nested(AppealSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


@endpoint(
    blueprint,
    "POST",
    "/entries/<entry_id>/appeals",
    needs=Permission.APPEAL_MAKE,
    body=AppealBody,
    answer=AppealSchema,
    status=201,
)
def make_appeal(call: Call, body: dict[str, Any], entry_id: str) -> Any:
    """Appeal against a posted entry of the own household; the committee answers within 7 days."""
    what = appeals.Claim(body["text"], body.get("record"), body["photos"], body["on_behalf"])
    return _appeal(appeals.make(call.session, call.actor, entry_id, what, call.now))


@endpoint(blueprint, "GET", "/appeals", needs=Permission.APPEAL_READ, query=AppealQuery, answer=AppealPage)
def list_appeals(call: Call, query: dict[str, Any]) -> Any:
    """Appeals in reach, newest first."""
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows, following = appeals.listed(call.session, call.actor, query, cursor, limit)
    return {"items": [_appeal(row) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/appeals/<appeal_id>/answer",
    needs=Permission.APPEAL_ANSWER,
    body=AppealAnswerBody,
    answer=AppealSchema,
)
def answer_appeal(call: Call, body: dict[str, Any], appeal_id: str) -> Any:
    """Answer an appeal; upheld, the entry is reversed and a new one posted where due."""
    what = appeals.Answer(body["upheld"], body["reason"], body.get("points"))
    return _appeal(appeals.answer(call.session, call.actor, appeal_id, what, call.now))


def _appeal(row: Appeal) -> dict[str, Any]:
    return {
        "id": row.id,
        "entry": row.entry_id,
        "village": row.village_code,
        "household": row.household_code,
        "record": row.record_id,
        "text": row.text,
        "on_behalf": row.on_behalf,
        "made_at": row.made_at,
        "due_at": row.due_at,
        "status": row.status,
        "reason": row.reason,
        "points": row.points,
        "answered_at": row.answered_at,
        "reversal": row.reversal_id,
        "new_entry": row.new_entry_id,
        "new_record": row.new_record_id,
    }
