"""Shapes of households and their members."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.people.place_schemas import PageQuery
from server.transfer.api import HouseholdKind, Sex
from server.web import fields as f

KINDS = [kind.value for kind in HouseholdKind]
_COORDINATE = validate.Regexp(r"^-?[0-9]{1,3}(\.[0-9]{1,8})?$", error="坐标写成 115.780123 这样。")


class MemberBody(Schema):
    """A member of a new household."""

    name = f.text(1, 60, required=True)
    kinship = f.text(0, 20)
    sex = fields.String(validate=validate.OneOf([sex.value for sex in Sex]))
    birth_date = fields.Date()
    phone = fields.String(
        validate=validate.Regexp(r"^(1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8})$", error="手机号是 11 位数字。")
    )


class HouseholdBody(Schema):
    """A new household; it gets the next code of its village."""

    village = f.division_code(required=True)
    head = f.text(1, 60, required=True)
    team = f.text(0, 60, metadata={"description": "村民小组"})
    door = f.text(0, 60, metadata={"description": "门牌"})
    address = f.text(0, 200)
    grid = f.identifier()
    kind = fields.String(validate=validate.OneOf(KINDS))
    members = fields.List(fields.Nested(MemberBody), validate=validate.Length(max=60), load_default=list)


class HouseholdChangeBody(Schema):
    """What to change; what is left out stays. `declined`: the household does not take part in the
    programme.
    """

    head = f.text(1, 60)
    team = f.text(0, 60)
    door = f.text(0, 60)
    address = f.text(0, 200)
    grid = f.identifier(allow_none=True)
    kind = fields.String(validate=validate.OneOf(KINDS))
    status = fields.String(validate=validate.OneOf(["active", "declined"]))
    longitude = fields.String(validate=_COORDINATE, allow_none=True)
    latitude = fields.String(validate=_COORDINATE, allow_none=True)


class HouseholdQuery(PageQuery):
    """Which households; `query` is a house number, a part of the head's name or of the door."""

    village = f.division_code()
    grid = f.identifier()
    query = f.text(1, 50)


class PurposeQuery(Schema):
    """Why phone numbers are needed in full; it is noted."""

    purpose = f.text(4, 100)


class HouseholdVillage(Schema):
    """The village of a household."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class GridRef(Schema):
    """A grid by id and name."""

    id = f.identifier(required=True)
    name = fields.String(required=True, allow_none=True)


class HouseholdRow(Schema):
    """A household in a list."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    head = fields.String(required=True)
    village = fields.String(required=True)
    grid = fields.Nested(GridRef, allow_none=True)
    status = fields.String(required=True)


class HouseholdPage(Schema):
    """A page of households."""

    items = fields.List(fields.Nested(HouseholdRow), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class MemberSchema(Schema):
    """A member; what is not for the reader is left out or masked."""

    id = f.identifier(required=True)
    name = fields.String(required=True)
    kinship = fields.String(required=True)
    minor = fields.Boolean(required=True)
    sex = fields.String(allow_none=True)
    birth_date = fields.Date(allow_none=True)
    birth_precision = fields.String()
    phone = fields.String(allow_none=True)
    political = fields.String()
    party_member = fields.Boolean(allow_none=True)
    flags = fields.List(fields.String())
    departure = fields.String(allow_none=True)


class HouseholdSchema(Schema):
    """A household's file."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    village = fields.Nested(HouseholdVillage, required=True)
    grid = fields.Nested(GridRef, allow_none=True, required=True)
    head = fields.String(required=True)
    status = fields.String(required=True)
    revision = fields.Integer(required=True)
    team = fields.String()
    door = fields.String()
    address = fields.String()
    kind = fields.String()
    flags = fields.List(fields.String())
    longitude = fields.String(allow_none=True)
    latitude = fields.String(allow_none=True)
    members = fields.List(fields.Nested(MemberSchema))


class LookSchema(Schema):
    """One look at a household's file."""

    id = f.identifier(required=True)
    at = f.Instant(required=True)
    by = fields.String(required=True, metadata={"example": "王芳"})
    phones = fields.Boolean(required=True)
    purpose = fields.String(required=True, allow_none=True)


class LooksPage(Schema):
    """A page of looks, newest first."""

    items = fields.List(fields.Nested(LookSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
