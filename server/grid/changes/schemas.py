"""Shapes of household changes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.grid.changes.rules import ChangeKind, ChangeStatus, Share, Terms
from server.grid.changes.service import NewChange
from server.kit.exact import ZERO
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f

_KINDS = [kind.value for kind in ChangeKind]
_STATES = [state.value for state in ChangeStatus]


class AgreementBody(Schema):
    """The paper: its number, and the day on which it was signed."""

    number = f.text(1, 60, required=True, metadata={"example": "槐村户〔2026〕7号"})
    signed_on = fields.Date(required=True, metadata={"example": "2026-11-20"})


class ShareBody(Schema):
    """So many points of an ending household go to this one."""

    household = f.household_code(required=True)
    points = f.Points(required=True)


class ArrivalBody(Schema):
    """Where a household lives that is new; what is left out stays as it was."""

    head = f.text(0, 60, load_default="")
    team = f.text(0, 60, load_default="")
    door = f.text(0, 60, load_default="")
    address = f.text(0, 200, load_default="")
    grid = f.identifier(allow_none=True, load_default=None)


class HouseholdChangeEntry(Schema):
    """A written agreement. split: `new`, `members`, `points`; merge: `into`; move: `to_village`; end: `shares`."""

    id = f.identifier(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    household = f.household_code(required=True)
    agreement = fields.Nested(AgreementBody, required=True)
    members = fields.List(f.identifier(), load_default=list, validate=validate.Length(max=60))
    points = f.Points(load_default=ZERO)
    into = f.household_code(allow_none=True, load_default=None)
    to_village = f.division_code(allow_none=True, load_default=None)
    shares = fields.List(fields.Nested(ShareBody), load_default=list, validate=validate.Length(max=20))
    new = fields.Nested(ArrivalBody, load_default=dict)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewChange:
        """As a value."""
        terms = Terms(
            members=tuple(data["members"]),
            points=data["points"],
            into=data["into"],
            shares=tuple(Share(**share) for share in data["shares"]),
            to_village=data["to_village"],
            **data["new"],
        )
        paper = data["agreement"]
        kind = ChangeKind(data["kind"])
        return NewChange(data["id"], kind, data["household"], paper["number"], paper["signed_on"], terms)


class ChangeReasonBody(Schema):
    """Why an agreement is called off."""

    reason = f.text(1, 200, required=True)


class ChangeQuery(Schema):
    """Changes of a village's households and of those that move there."""

    village = f.division_code(required=True)
    status = fields.String(validate=validate.OneOf(_STATES))
    cursor = f.text(1, 500)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class HouseholdChangeAnswer(Schema):
    """`waiting_for`: what has to be settled first (records, lines, objections, appeals); `other_household`: the one
    that goes on or that is new; `left`: on its way to `to_village`, whose committee enters the arrival.
    """

    id = f.identifier(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(_STATES))
    village = fields.String(required=True)
    household = fields.String(required=True)
    head = fields.String(required=True)
    other_household = fields.String(required=True, allow_none=True)
    to_village = fields.String(required=True, allow_none=True)
    agreement = fields.Nested(AgreementBody, required=True)
    points = f.Points(required=True)
    agreed_at = f.Instant(required=True)
    done_at = f.Instant(required=True, allow_none=True)
    waiting_for = fields.List(fields.String(), required=True)


class HouseholdChangePage(Schema):
    """A page of changes, newest first."""

    items = fields.List(fields.Nested(HouseholdChangeAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
