"""Routes of a household's own choice."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from server.participation import service
from server.people.api import Permission
from server.web import fields as f
from server.web.routes import Call, endpoint

blueprint = Blueprint("participation", __name__, description="参加不参加、公开不公开姓名，由各户自己定")


class ChoiceBody(Schema):
    """What the household wants; what is left out stays."""

    takes_part = fields.Boolean(truthy={True}, falsy={False}, metadata={"description": "参加积分"})
    named = fields.Boolean(truthy={True}, falsy={False}, metadata={"description": "公示时写脱敏的姓名"})
    on_behalf = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    photos = fields.List(f.identifier(), load_default=list, validate=validate.Length(max=9))


class StandingSchema(Schema):
    """How the household stands."""

    household = fields.String(required=True)
    takes_part = fields.Boolean(required=True)
    named = fields.Boolean(required=True)
    chosen_at = f.Instant(required=True, allow_none=True)


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/participation",
    needs=Permission.HOUSEHOLD_CHOOSE,
    answer=StandingSchema,
)
def read_participation(call: Call, code: str) -> Any:
    """Whether the household takes part and is named in public."""
    return service.standing(call.session, call.actor, code)


@endpoint(
    blueprint,
    "PUT",
    "/households/<code>/participation",
    needs=Permission.HOUSEHOLD_CHOOSE,
    body=ChoiceBody,
    answer=StandingSchema,
)
def choose_participation(call: Call, body: dict[str, Any], code: str) -> Any:
    """Decline the programme or public naming, or take it back: without disadvantage, at any time."""
    return service.choose(call.session, call.actor, code, service.Choice(**body), call.now)
