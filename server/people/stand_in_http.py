"""Routes of stand-ins: lending a role, giving it back, who stands in for whom."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from server.people import stand_ins
from server.people.access import Permission
from server.web import fields as f
from server.web.routes import Call, endpoint

blueprint = Blueprint("stand_ins", __name__, description="代理：谁代谁办事")


class LendingBody(Schema):
    """A role to lend: up to 8 hours, or longer with the reason of the leave."""

    grant = f.identifier(
        required=True, metadata={"description": "要请人代的角色（GET /me 的 roles 里的 id）"}
    )
    person = f.identifier(required=True)
    since = f.Instant(data_key="from")
    until = f.Instant(data_key="to", required=True)
    leave = f.text(0, 200, load_default="")


class StandInSchema(Schema):
    """A lent role."""

    id = f.identifier(required=True)
    grant = f.identifier(required=True)
    role = fields.String(required=True)
    scope = fields.String(required=True)
    lender = f.identifier(required=True)
    lender_name = fields.String(required=True)
    person = f.identifier(required=True)
    name = fields.String(required=True)
    starts_at = f.Instant(required=True, data_key="from")
    ends_at = f.Instant(required=True, data_key="to")
    leave = fields.String(required=True)


class StandInList(Schema):
    """Who stands in for whom, now and later."""

    items = fields.List(fields.Nested(StandInSchema), required=True)


@endpoint(
    blueprint,
    "POST",
    "/stand-ins",
    needs=Permission.OWN,
    body=LendingBody,
    answer=StandInSchema,
    status=201,
)
def lend_role(call: Call, body: dict[str, Any]) -> Any:
    """Let a named person stand in: the role rests with its holder until it comes back."""
    return stand_ins.lend(call.session, call.actor, stand_ins.Lending(**body), call.now)


@endpoint(blueprint, "GET", "/stand-ins", needs=Permission.OWN, answer=StandInList)
def list_stand_ins(call: Call) -> Any:
    """One's own, and those of the places whose roles one gives."""
    return {"items": stand_ins.listed(call.session, call.actor, call.now)}


@endpoint(blueprint, "DELETE", "/stand-ins/<key>", needs=Permission.OWN, status=204)
def end_stand_in(call: Call, key: str) -> tuple[None, int]:
    """The role goes back to its holder at once."""
    stand_ins.end(call.session, call.actor, key, call.now)
    return None, 204
