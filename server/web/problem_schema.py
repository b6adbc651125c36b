"""The shape of a problem (RFC 9457), for the OpenAPI document."""

from __future__ import annotations

from marshmallow import Schema, fields


class FieldFaultSchema(Schema):
    """One faulty field."""

    field = fields.String(required=True)
    message = fields.String(required=True)
    row = fields.Integer(allow_none=True, metadata={"description": "表格的行，第 1 行是列名；只有表格才有"})
    column = fields.String(metadata={"description": "表格的列"})
    value = fields.String(metadata={"description": "那一格写的"})
    reason = fields.String(metadata={"description": "哪里不对"})
    remedy = fields.String(metadata={"description": "怎么改"})
    code = fields.String(metadata={"description": "程序用的代号"})


class ProblemSchema(Schema):
    """What every refusal looks like; `detail` is Chinese and says what to do."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldFaultSchema), required=True)
