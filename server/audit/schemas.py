"""Shapes of the audit API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


class AuditQuery(Schema):
    """Narrows the log; every part may be left out."""

    entity = f.text(1, 40)
    entity_id = f.text(1, 40)
    person = f.identifier()
    action = f.text(1, 40)
    village = f.division_code()
    since = f.Instant()
    until = f.Instant()
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class AuditRowSchema(Schema):
    """One act."""

    id = f.identifier(required=True)
    at = f.Instant(required=True)
    person = fields.String(attribute="person_id", allow_none=True)
    session = fields.String(attribute="session_id", allow_none=True)
    action = fields.String(required=True, metadata={"example": "record.log"})
    entity = fields.String(required=True, metadata={"example": "record"})
    entity_id = fields.String(required=True)
    village = fields.String(attribute="village_code", allow_none=True)
    before = fields.Dict(allow_none=True)
    after = fields.Dict(allow_none=True)


class AuditPage(Schema):
    """A page of acts, newest first."""

    items = fields.List(fields.Nested(AuditRowSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
