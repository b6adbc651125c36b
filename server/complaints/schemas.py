"""Shapes of the complaint box."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.complaints.rules import About, ComplaintStatus, Tier
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.people.api import Role
from server.web import fields as f

_STATES = validate.OneOf([state.value for state in ComplaintStatus])


class ComplaintBody(Schema):
    """A complaint. A person is named by `person`, by a `record` of the own household, or by `role`."""

    about = fields.String(required=True, validate=validate.OneOf([about.value for about in About]))
    text = f.text(1, 1000, required=True)
    village = f.division_code()
    person = f.identifier(allow_none=True)
    record = f.identifier(allow_none=True)
    role = fields.String(validate=validate.OneOf([role.value for role in Role]), allow_none=True)
    photos = fields.List(f.identifier(), load_default=list, validate=validate.Length(max=9))
    on_behalf = fields.Boolean(load_default=False)
    household = f.household_code(metadata={"description": "代人登记时写是哪一户"})


class ComplaintAnswerBody(Schema):
    """What is answered."""

    text = f.text(1, 1000, required=True)


class ComplaintQuery(Schema):
    """Which complaints."""

    village = f.division_code()
    status = fields.String(validate=_STATES)
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class ComplaintSchema(Schema):
    """A complaint; `person` only for the person and for those whose turn it is to answer."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    about = fields.String(required=True)
    against = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    on_behalf = fields.Boolean(required=True)
    person = fields.String(required=True, allow_none=True)
    made_at = f.Instant(required=True)
    tier = fields.String(required=True, validate=validate.OneOf([tier.value for tier in Tier]))
    due_at = f.Instant(required=True)
    overdue = fields.Boolean(required=True)
    status = fields.String(required=True, validate=_STATES)
    answer = fields.String(required=True)
    answered_at = f.Instant(required=True, allow_none=True)


class ComplaintPage(Schema):
    """A page of complaints, newest first."""

    items = fields.List(fields.Nested(ComplaintSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
