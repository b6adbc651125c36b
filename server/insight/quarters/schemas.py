"""Shapes of the quarterly summary."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.web import fields as f

_RULE = validate.Regexp("^[0-9]{4}-Q[1-4]$", error="季度写成 2026-Q3 这样。")


def _quarter() -> fields.String:
    return fields.String(required=True, validate=_RULE, metadata={"example": "2026-Q3"})


class QuarterQuery(Schema):
    """Whose quarters: a village, a township or the county."""

    division = f.division_code(required=True)


class QuarterRow(Schema):
    """One quarter: how many of the villages that have it are closed."""

    quarter = _quarter()
    closed = fields.Integer(required=True)
    villages = fields.Integer(required=True)


class QuarterList(Schema):
    """The quarters of a division, newest first."""

    items = fields.List(fields.Nested(QuarterRow), required=True)


class QuarterHeading(Schema):
    """One heading."""

    name = fields.String(required=True)
    records = fields.Integer(required=True)
    added = f.Points(required=True)
    deducted = f.Points(required=True)


class QuarterItem(Schema):
    """How often an item was counted."""

    name = fields.String(required=True)
    records = fields.Integer(required=True)


class QuarterFigures(Schema):
    """The figures of a grid, a village or a township."""

    households = fields.Integer(required=True, metadata={"description": "参加的户"})
    with_records = fields.Integer(required=True)
    records = fields.Integer(required=True)
    added = f.Points(required=True)
    deducted = f.Points(required=True)
    rejected = fields.Integer(required=True)
    objections = fields.Integer(required=True)
    upheld = fields.Integer(required=True)
    redeeming = fields.Integer(required=True, metadata={"description": "兑换过的户"})
    redeemed = f.Points(required=True)
    headings = fields.List(fields.Nested(QuarterHeading), required=True)
    items = fields.List(fields.Nested(QuarterItem), required=True)


class QuarterPart(Schema):
    """A grid of a village, or a village of a township."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    figures = fields.Nested(QuarterFigures, required=True)


class QuarterMover(Schema):
    """A household that gained against the quarter before."""

    household = f.household_code(required=True)
    before = fields.String(required=True)
    now = fields.String(required=True)


class QuarterAnswer(Schema):
    """A quarterly summary; `closed_at` null while the quarter runs or villages are missing."""

    division = f.division_code(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    quarter = _quarter()
    months = fields.List(f.month(), required=True)
    closed_at = f.Instant(required=True, allow_none=True)
    sentences = fields.List(fields.String(), required=True)
    figures = fields.Nested(QuarterFigures, required=True)
    parts = fields.List(fields.Nested(QuarterPart), required=True)
    movers = fields.List(fields.Nested(QuarterMover), required=True)
    fell = fields.Integer(required=True, metadata={"description": "比上一季度少的户数，不列户号"})
    cover = fields.String(required=True)
    waiting = fields.List(fields.String(), required=True, metadata={"description": "还没有结清的村"})
