"""Shapes of visits, rounds and coverage."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from server.grid.facts.schemas import FactBody
from server.grid.visits.service import NewVisit
from server.grid.vocabulary import duty_tags
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


class VisitBody(Schema):
    """A visit: the household by its plate's token or by its code; `facts` as they were learnt at the door."""

    id = f.identifier(required=True)
    plate = f.text(1, 64)
    household = f.household_code()
    way = fields.String(load_default="door", validate=validate.OneOf(["door", "phone"]))
    duties = fields.List(
        fields.String(validate=validate.OneOf(list(duty_tags()), error="没有这一项工作，请从列表里选。")),
        load_default=list,
        validate=validate.Length(max=16),
    )
    note = f.text(0, 200, load_default="")
    facts = fields.List(fields.Nested(FactBody), load_default=list, validate=validate.Length(max=20))
    device_time = f.Instant(allow_none=True, load_default=None)

    @validates_schema
    def one_household(self, data: dict[str, Any], **_: Any) -> None:
        """Plate or code, not both; no fact's id twice."""
        if ("plate" in data) == ("household" in data):
            raise ValidationError("请扫门牌，或写户编号，只写一样。", "household")
        keys = [fact.id for fact in data.get("facts", []) if hasattr(fact, "id")]
        if len(set(keys)) != len(keys):
            raise ValidationError("同一条情况写了两次。", "facts")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewVisit:
        """As a value."""
        return NewVisit(**{**data, "duties": tuple(data["duties"]), "facts": tuple(data["facts"])})


class VisitBatchBody(Schema):
    """A phone's queue of visits."""

    visits = fields.List(
        fields.Dict(metadata={"description": "a visit as for POST /visits"}),
        required=True,
        validate=validate.Length(1, 200, error="一次 1–200 次走访。"),
    )


class VisitAnswer(Schema):
    """A visit that was taken in."""

    id = f.identifier(required=True)
    household = fields.String(required=True)
    grid = fields.String(required=True, allow_none=True)
    visited_on = fields.String(required=True, metadata={"format": "date"})
    way = fields.String(required=True)
    duties = fields.List(fields.String(), required=True)
    facts = fields.List(fields.String(), required=True)


class VisitResult(Schema):
    """What became of one visit of the queue."""

    id = fields.String(required=True, allow_none=True)
    status = fields.Integer(required=True)
    visit = fields.Nested(VisitAnswer)
    problem = fields.Dict()


class VisitBatchAnswer(Schema):
    """One result for each visit, in the order of the queue."""

    results = fields.List(fields.Nested(VisitResult), required=True)


class VisitQuery(Schema):
    """Visits to which household."""

    household = f.household_code(required=True)
    cursor = f.text(1, 500)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class VisitRow(Schema):
    """A visit as the family and those who keep its file see it."""

    id = f.identifier(required=True)
    household = fields.String(required=True)
    grid = fields.String(required=True, allow_none=True)
    visited_on = fields.Date(required=True)
    way = fields.String(required=True)
    duties = fields.List(fields.String(), required=True)
    note = fields.String(required=True)
    visited_by = fields.String(required=True, metadata={"description": "name"})


class VisitPage(Schema):
    """A page of visits, newest first."""

    items = fields.List(fields.Nested(VisitRow), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RoundQuery(Schema):
    """The round of which grid; without it, of the first one that one works in."""

    grid = f.identifier()


class GridName(Schema):
    """A grid by id and name."""

    id = f.identifier(required=True)
    name = fields.String(required=True)


class RoundStop(Schema):
    """A household of the round: no names, no more than a phone needs at the door.

    `plate_mark`: the first 16 hex digits of the SHA-256 of its plate's token, to know a scan again offline.
    """

    household = fields.String(required=True)
    label = fields.String(required=True)
    plate_mark = fields.String(required=True, allow_none=True)
    last_visit_on = fields.Date(required=True, allow_none=True)
    days_since = fields.Integer(required=True, allow_none=True)
    done = fields.Boolean(required=True)


class Door(Schema):
    """A household of the grid, on today's round or not: a plate may be scanned anywhere, with signal or without."""

    household = fields.String(required=True)
    label = fields.String(required=True)
    plate_mark = fields.String(required=True, allow_none=True)
    last_visit_on = fields.Date(required=True, allow_none=True)


class RoundSchema(Schema):
    """Today's households in walking order; `households` and `visited` are the grid's month so far, `doors` all of
    its households.
    """

    grid = fields.Nested(GridName, required=True)
    day = fields.Date(required=True)
    month = fields.String(required=True, metadata={"example": "2026-11"})
    ends_on = fields.Date(required=True)
    last_week = fields.Boolean(required=True)
    households = fields.Integer(required=True)
    visited = fields.Integer(required=True)
    items = fields.List(fields.Nested(RoundStop), required=True)
    doors = fields.List(fields.Nested(Door), required=True)


class CoverageQuery(Schema):
    """Which calendar month; without it the running one."""

    month = f.month()


class VillageCoverageQuery(CoverageQuery):
    """Which village and month."""

    village = f.division_code(required=True)


class CoverageRow(Schema):
    """A grid's month. `escalated_to`: the tier (1–6) that was told of what was missed when the month ended."""

    grid = fields.Nested(GridName, required=True)
    area = fields.String(required=True)
    month = fields.String(required=True)
    ends_on = fields.Date(required=True)
    households = fields.Integer(required=True)
    visited = fields.Integer(required=True)
    closed = fields.Boolean(required=True)
    escalated_to = fields.Integer(required=True, allow_none=True)


class LeftHousehold(Schema):
    """A household that nobody visited in the month."""

    household = fields.String(required=True)
    label = fields.String(required=True)
    last_visit_on = fields.Date(required=True, allow_none=True)


class CoverageSchema(CoverageRow):
    """A grid's month with the households that are left."""

    left = fields.List(fields.Nested(LeftHousehold), required=True)


class CoverageList(Schema):
    """The grids of a village by name."""

    items = fields.List(fields.Nested(CoverageRow), required=True)
