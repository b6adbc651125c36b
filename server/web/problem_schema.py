"""The shape of a problem (RFC 9457), for the OpenAPI document."""

from __future__ import annotations

from marshmallow import Schema, fields


class FieldFaultSchema(Schema):
    """One faulty field."""

    field = fields.String(required=True)
    message = fields.String(required=True)


class ProblemSchema(Schema):
    """What every refusal looks like; `detail` is Chinese and says what to do."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldFaultSchema), required=True)
