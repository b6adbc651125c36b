"""Shapes of linked results and of the contest of communities."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from server.web import fields as f

_COEFFICIENT = r"^[0-9](\.[0-9]{1,3})?$"
_POINTS = r"^-?[0-9]{1,9}(\.[0-9]{1,4})?$"


def _decimal(pattern: str, words: str, example: str, **more: Any) -> fields.String:
    whole = validate.Regexp(
        pattern.removesuffix("$") + r"\Z", error=words
    )  # `$` would let a line break through
    return fields.String(validate=whole, metadata={"pattern": pattern, "example": example}, **more)


class LinkedBody(Schema):
    """One person of a unit: the own coefficient, the own grade, or both."""

    code = f.text(1, 64, required=True, metadata={"example": "P-01"})
    name = f.text(1, 100, required=True)
    person = f.identifier(load_default=None, allow_none=True)
    coefficient = _decimal(
        _COEFFICIENT,
        "系数写成 1 或 1.05 这样，0 到 9.999，最多三位小数。",
        "1.05",
        load_default=None,
        allow_none=True,
    )
    grade = f.text(1, 16, load_default=None, allow_none=True, metadata={"example": "B"})


class LinkedListBody(Schema):
    """All people of a unit; an empty list takes them all away."""

    people = fields.List(fields.Nested(LinkedBody), required=True, validate=validate.Length(0, 2000))


class LinkedPersonSchema(Schema):
    """`performance`: the unit's coefficient times the own one; null without a coefficient."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    coefficient = fields.String(required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    performance = fields.String(required=True, allow_none=True, metadata={"example": "1.155"})


class LinkedUnitSchema(Schema):
    """A unit with its grade, what the grade allows, and its people; `over`: grades given above their places."""

    unit = fields.String(required=True)
    unit_name = fields.String(required=True)
    unit_grade = fields.String(required=True)
    unit_coefficient = fields.String(required=True)
    places = fields.Dict(required=True, metadata={"example": {"A": 6, "B": 12, "C": 2, "D": 0}})
    over = fields.Dict(required=True)
    people = fields.List(fields.Nested(LinkedPersonSchema), required=True)


class LinkingSchema(Schema):
    """The linking of a cycle."""

    words = fields.String(required=True)
    grades = fields.Dict(required=True)
    units = fields.List(fields.Nested(LinkedUnitSchema), required=True)


class OwnLinkSchema(LinkedPersonSchema):
    """What a unit's result means for oneself."""

    cycle = f.identifier(required=True)
    title = fields.String(required=True)
    period = fields.String(required=True)
    words = fields.String(required=True)
    unit = fields.String(required=True)
    unit_name = fields.String(required=True)
    unit_grade = fields.String(required=True)
    unit_coefficient = fields.String(required=True)


class OwnLinks(Schema):
    """In every cycle, the newest first."""

    items = fields.List(fields.Nested(OwnLinkSchema), required=True)


class CommunityBody(Schema):
    """One community's points of a period."""

    code = f.text(1, 64, required=True)
    name = f.text(1, 100, required=True)
    points = _decimal(_POINTS, "积分写成 12 或 12.5 这样，最多四位小数。", "12.5", required=True)


class ContestBody(Schema):
    """All communities of a period."""

    communities = fields.List(fields.Nested(CommunityBody), required=True, validate=validate.Length(0, 2000))


class CommunitySchema(Schema):
    """A community's place by its cumulated points, and what follows from it."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    points = fields.String(required=True)
    rank = fields.Integer(required=True)
    extra = fields.String(required=True)
    out_of_honours = fields.Boolean(required=True)
    periods = fields.Dict(required=True)


class ContestSchema(Schema):
    """The contest so far."""

    words = fields.String(required=True)
    first = fields.Integer(required=True)
    extra = fields.String(required=True)
    communities = fields.List(fields.Nested(CommunitySchema), required=True)
