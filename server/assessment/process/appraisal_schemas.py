"""Shapes of anonymous appraisal in the API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.assessment.process.schemas import one_of
from server.assessment.process.states import AppraisalStatus
from server.web import fields as f


class AppraisalBody(Schema):
    """An anonymous appraisal on one indicator."""

    indicator = f.text(1, 64, required=True, metadata={"example": "democratic_appraisal"})
    audience = fields.String(load_default="staff", validate=one_of("staff", "public"))
    days = fields.Integer(load_default=7, validate=validate.Range(1, 60))


class AppraisalSchema(Schema):
    """An appraisal; `means` is empty until it is closed, and null below five answers."""

    id = f.identifier(required=True)
    indicator = fields.String(required=True)
    title = fields.String(required=True)
    audience = fields.String(required=True)
    status = fields.String(required=True, validate=one_of(*AppraisalStatus))
    codes = fields.Integer(required=True)
    sheets = fields.Integer(required=True)
    closes_at = f.Instant(required=True)
    means = fields.Dict(required=True, metadata={"example": {"T-01": {"answers": 12, "mean": "13.25"}}})


class AppraisalList(Schema):
    """The appraisals of a cycle."""

    items = fields.List(fields.Nested(AppraisalSchema), required=True)


class CodesBody(Schema):
    """How many codes."""

    count = fields.Integer(required=True, validate=validate.Range(1, 1000), metadata={"example": 30})


class CodesSchema(Schema):
    """New codes, shown this once."""

    codes = fields.List(fields.String(), required=True)


class CodeBody(Schema):
    """A one-time code, as it is printed."""

    code = f.text(4, 60, required=True, metadata={"example": "7Q2MX-0KF3Z-9TGH4-C1DWE"})


class FormSubject(Schema):
    """Whom to score."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)


class FormSchema(Schema):
    """What a code opens."""

    title = fields.String(required=True)
    indicator = fields.String(required=True)
    bounds = fields.String(required=True, metadata={"example": "0—15"})
    closes_at = f.Instant(required=True)
    subjects = fields.List(fields.Nested(FormSubject), required=True)


class SheetBody(Schema):
    """An anonymous sheet: score by subject. Nothing else of the request is kept."""

    code = f.text(4, 60, required=True, metadata={"example": "7Q2MX-0KF3Z-9TGH4-C1DWE"})
    scores = fields.Dict(
        keys=f.text(1, 64), values=f.text(1, 30), required=True, metadata={"example": {"T-01": "13"}}
    )
