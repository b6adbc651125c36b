"""Shapes of grids and plates."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.paper.api import PER_PAGE
from server.web import fields as f


class GridBody(Schema):
    """A new grid; `area` is the 责任片区 it belongs to."""

    village = f.division_code(required=True)
    name = f.text(1, 50, required=True, metadata={"example": "槐北网格"})
    area = f.text(0, 50, load_default="")


class GridSchema(Schema):
    """A grid."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    name = fields.String(required=True)
    area = fields.String(required=True)
    households = fields.Integer(required=True)


class GridQuery(Schema):
    """Whose grids."""

    village = f.division_code(required=True)
    cursor = f.text(1, 500)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class GridPage(Schema):
    """A page of grids."""

    items = fields.List(fields.Nested(GridSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class HouseholdsBody(Schema):
    """Exactly the households that the grid is to have."""

    households = fields.List(
        f.household_code(required=True),
        required=True,
        validate=validate.Length(max=9999, error="一个村最多 9999 户。"),
    )


class GridFilledSchema(Schema):
    """What changed."""

    households = fields.Integer(required=True)
    added = fields.Integer(required=True)
    removed = fields.Integer(required=True)


class PlaceRef(Schema):
    """A village by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class PlateHousehold(Schema):
    """The household behind a plate."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    village = fields.Nested(PlaceRef, required=True)


class ScanSchema(Schema):
    """What a plate says: a stranger gets the village, those who may know the household get it and its
    actions.
    """

    village = fields.Nested(PlaceRef)
    household = fields.Nested(PlateHousehold)
    actions = fields.List(fields.String())


class PlateSchema(Schema):
    """A plate in force."""

    token = fields.String(required=True)
    household = fields.String(required=True)
    url = fields.String(required=True)
    short_code = fields.String(required=True)
    issued_at = f.Instant(required=True)


class SheetQuery(Schema):
    """How many plates stand on a sheet of A4, and of which grid."""

    per_page = fields.Integer(load_default=8, validate=validate.OneOf(sorted(PER_PAGE)))
    grid = f.identifier()


class ImageQuery(Schema):
    """The picture's width in pixels."""

    width = fields.Integer(load_default=1004, validate=validate.Range(600, 4000))
