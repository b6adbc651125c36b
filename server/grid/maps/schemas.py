"""Shapes of the map of grids."""

from __future__ import annotations

from marshmallow import Schema, fields

from server.grid.visits.schemas import GridName
from server.web import fields as f


class MapQuery(Schema):
    """The map of which village."""

    village = f.division_code(required=True)


class Corner(Schema):
    """A corner of an outline, in degrees."""

    longitude = fields.Float(required=True, metadata={"example": 106.1203})
    latitude = fields.Float(required=True, metadata={"example": 38.6901})


class MappedGrid(Schema):
    """A grid with the outline of its households; `placed`: how many of them have coordinates on file."""

    grid = fields.Nested(GridName, required=True)
    area = fields.String(required=True)
    placed = fields.Integer(required=True)
    outline = fields.List(fields.Nested(Corner), required=True)


class GridMap(Schema):
    """The grids of a village by name; a grid without coordinates has an empty outline."""

    items = fields.List(fields.Nested(MappedGrid), required=True)
