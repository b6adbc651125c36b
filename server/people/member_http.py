"""Routes of the members of a household."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from server.kit.transaction import transaction
from server.people import members
from server.people.access import Permission
from server.people.household_http import PHONES, seal
from server.people.household_schemas import MemberBody, MemberSchema, PurposeQuery
from server.transfer.api import Departure, MemberFlag
from server.web import fields as f
from server.web import rates
from server.web.routes import Call, endpoint

blueprint = Blueprint("members", __name__, description="户的成员")


class _More(Schema):
    political = f.text(0, 20, metadata={"description": "政治面貌"})
    party_member = fields.Boolean(truthy={True}, falsy={False}, allow_none=True)
    flags = fields.List(
        fields.String(validate=validate.OneOf([flag.value for flag in MemberFlag])),
        validate=validate.Length(max=len(MemberFlag)),
    )


class NewMemberBody(MemberBody, _More):
    """A member more."""


class MemberChangeBody(NewMemberBody):
    """What to change; what is left out stays. `departure`: moved out or died; null takes it back."""

    name = f.text(1, 60)
    departure = fields.String(
        validate=validate.OneOf([departure.value for departure in Departure]), allow_none=True
    )


class MemberList(Schema):
    """The members of a household."""

    items = fields.List(fields.Nested(MemberSchema), required=True)


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/members",
    needs=Permission.HOUSEHOLD_READ,
    query=PurposeQuery,
    answer=MemberList,
    own_transaction=True,  # looking at a household is noted, so this read writes
)
def list_members(call: Call, query: dict[str, Any], code: str) -> Any:
    """The members as far as they are for the reader: phones masked, minors desensitised; the look is noted."""
    with transaction() as session:
        if query.get("purpose"):
            rates.count(session, PHONES, call.actor.person, call.now)
        found = members.listed(session, call.actor, code, seal(), query.get("purpose"), call.now)
    return {"items": found}


@endpoint(
    blueprint,
    "POST",
    "/households/<code>/members",
    needs=Permission.HOUSEHOLD_MANAGE,
    body=NewMemberBody,
    answer=MemberSchema,
    status=201,
)
def add_member(call: Call, body: dict[str, Any], code: str) -> Any:
    """Somebody was born, married in, or was forgotten in the roster."""
    return members.add(call.session, call.actor, code, body, seal(), call.now)


@endpoint(
    blueprint,
    "PATCH",
    "/households/<code>/members/<member>",
    needs=Permission.HOUSEHOLD_MANAGE,
    body=MemberChangeBody,
    answer=MemberSchema,
)
def change_member(call: Call, body: dict[str, Any], code: str, member: str) -> Any:
    """Correct a member's entry, or note that somebody moved out or died."""
    return members.change(call.session, call.actor, code, member, body, seal(), call.now)
