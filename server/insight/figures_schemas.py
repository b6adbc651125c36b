"""Shapes of the figures behind the charts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.insight.figures import LONGEST
from server.web import fields as f


class FiguresQuery(Schema):
    """Whose figures, and of how many months."""

    village = f.division_code(required=True)
    months = fields.Integer(load_default=6, validate=validate.Range(1, LONGEST))


class HeadingFigures(Schema):
    """One heading of one month."""

    name = fields.String(required=True)
    records = fields.Integer(required=True)
    added = f.Points(required=True)
    deducted = f.Points(required=True)


class MonthFigures(Schema):
    """One month: households with a record, records, points, by heading."""

    month = f.month(required=True)
    households = fields.Integer(required=True)
    records = fields.Integer(required=True)
    added = f.Points(required=True)
    deducted = f.Points(required=True)
    headings = fields.List(fields.Nested(HeadingFigures), required=True)


class KindFigures(Schema):
    """One kind of household in the newest month."""

    kind = fields.String(required=True)
    households = fields.Integer(required=True)
    with_records = fields.Integer(required=True)


class VillageFigures(Schema):
    """The figures of a village, months oldest first."""

    village = fields.String(required=True)
    participants = fields.Integer(required=True, metadata={"description": "参加的户数"})
    months = fields.List(fields.Nested(MonthFigures), required=True)
    kinds = fields.List(fields.Nested(KindFigures), required=True)


class VillageRow(Schema):
    """One village beside the others, with its newest month."""

    village = fields.String(required=True)
    name = fields.String(required=True)
    township = fields.String(required=True)
    participants = fields.Integer(required=True)
    month = f.month(required=True, allow_none=True)
    status = fields.String(required=True, allow_none=True)
    vote_due = f.Instant(required=True, allow_none=True)
    households = fields.Integer(required=True)
    records = fields.Integer(required=True)
    added = f.Points(required=True)
    deducted = f.Points(required=True)
    objections_open = fields.Integer(required=True)
    objections_late = fields.Integer(required=True)


class VillageRows(Schema):
    """All villages of one's scopes, by code."""

    items = fields.List(fields.Nested(VillageRow), required=True)
