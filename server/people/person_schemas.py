"""Shapes of persons, invitations and grants."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from server.people.access import Role
from server.people.place_schemas import PageQuery
from server.people.schemas import USERNAME
from server.web import fields as f

ROLES = [role.value for role in Role]


class PersonBody(Schema):
    """A new person. `village` (or `home`: any division) is where the person belongs."""

    name = f.text(1, 60, required=True)
    village = f.division_code()
    home = f.division_code()
    household = f.household_code()
    member = f.identifier()
    username = fields.String(validate=USERNAME)

    @validates_schema
    def _one_home(self, data: dict[str, Any], **_: Any) -> None:
        if ("village" in data) == ("home" in data):
            raise ValidationError("village 和 home 填一个。", "village")


class GrantSchema(Schema):
    """A role, where and from when until when it holds; `to` null: until it is ended."""

    id = f.identifier(required=True)
    person = f.identifier(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    scope = fields.String(required=True)
    starts_at = f.Instant(required=True, data_key="from")
    ends_at = f.Instant(required=True, allow_none=True, data_key="to")


class PersonFullSchema(Schema):
    """A person as those who manage people see it."""

    id = f.identifier(required=True)
    name = fields.String(required=True)
    home = fields.String(required=True)
    household = fields.String(required=True, allow_none=True)
    member = fields.String(required=True, allow_none=True)
    username = fields.String(required=True, allow_none=True)
    has_account = fields.Boolean(required=True)
    roles = fields.List(fields.Nested(GrantSchema), required=True)


class PeopleQuery(PageQuery):
    """Whose people; `query` is a part of a name."""

    village = f.division_code()
    query = f.text(1, 50)


class PeoplePage(Schema):
    """A page of people."""

    items = fields.List(fields.Nested(PersonFullSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class InvitationBody(Schema):
    """Whom to invite; `lost_phone` signs the person out everywhere at once."""

    person = f.identifier(required=True)
    lost_phone = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class InvitationSchema(Schema):
    """A one-time invitation: the text is shown once and never again."""

    id = f.identifier(required=True)
    person = f.identifier(required=True)
    invitation = fields.String(required=True, metadata={"example": "76HN-CNFS-X7K1-Y2DZ-B8W6"})
    url = fields.String(required=True)
    qr = fields.String(required=True, metadata={"description": "PNG 图片，data: 地址"})
    expires_at = f.Instant(required=True)


class GrantBody(Schema):
    """A role for somebody. `scope` is a division (12 digits), a household (16) or a grid's id."""

    person = f.identifier(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    scope = fields.String(
        required=True,
        validate=validate.Regexp(
            f"^([0-9]{{12}}|[0-9]{{16}}|{f.UUID_PATTERN[1:-1]})$", error="范围是区划代码、户编号或网格编号。"
        ),
    )
    starts_at = f.Instant(data_key="from")
    ends_at = f.Instant(data_key="to", allow_none=True)
