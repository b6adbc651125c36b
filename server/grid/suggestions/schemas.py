"""Shapes of proposals, of the report and of duties."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.web import fields as f


class ProposedHousehold(Schema):
    """A household of a proposed grid."""

    code = fields.String(required=True)
    label = fields.String(required=True)


class ProposedGrid(Schema):
    """A grid as proposed; the name is a place holder."""

    name = fields.String(required=True)
    households = fields.List(fields.Nested(ProposedHousehold), required=True)


class ProposalSchema(Schema):
    """A proposal; nothing is changed by it. `by`: `coordinates` or `doors`."""

    by = fields.String(required=True)
    grids = fields.List(fields.Nested(ProposedGrid), required=True)


class WantedGrid(Schema):
    """A grid as accepted or edited."""

    name = f.text(1, 50, required=True, metadata={"example": "第一网格"})
    area = f.text(0, 50, load_default="")
    households = fields.List(f.household_code(), required=True, validate=validate.Length(max=9999))


class AcceptanceBody(Schema):
    """The grids that a village is to have."""

    grids = fields.List(
        fields.Nested(WantedGrid),
        required=True,
        validate=validate.Length(1, 400, error="一次 1–400 个网格。"),
    )


class GridChangeBody(Schema):
    """What to change of a grid; what is left out stays."""

    name = f.text(1, 50)
    area = f.text(0, 50)


class ReportQuery(Schema):
    """Of which village; without it all within the scope."""

    village = f.division_code()


class OutsideSchema(Schema):
    """`wrong`: grids under 30 or over 50 households, by name; `without`: households in no grid."""

    village = fields.String(required=True)
    name = fields.String(required=True)
    wrong = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    without = fields.List(fields.String(), required=True)


class GridReport(Schema):
    """The villages where something is not as it should be; none is what it should be."""

    items = fields.List(fields.Nested(OutsideSchema), required=True)


class DutyQuery(Schema):
    """Of which village; `on`: who held what on a day (else: everything, history included)."""

    village = f.division_code(required=True)
    on = fields.Date()


class DutySchema(Schema):
    """A duty of the net: who, at which of the six tiers, for which grid, village or township, from when to when."""

    id = f.identifier(required=True)
    person = f.identifier(required=True)
    name = fields.String(required=True)
    tier = fields.Integer(required=True)
    title = fields.String(required=True)
    scope = fields.String(required=True)
    scope_name = fields.String(required=True)
    since = f.Instant(required=True)
    until = f.Instant(required=True, allow_none=True)


class DutyList(Schema):
    """The duties for a village, the township's above it included; by tier, then by beginning."""

    items = fields.List(fields.Nested(DutySchema), required=True)
