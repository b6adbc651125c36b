"""Shapes of the people and places API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.people.access import Role
from server.web import fields as f

USERNAME = validate.Regexp(r"^[A-Za-z0-9_.\-一-鿿]{2,50}$", error="用户名用 2–50 个字母、数字或汉字。")


class PasswordBody(Schema):
    """Sign-in by password."""

    username = f.text(1, 50, required=True)
    password = f.text(1, 200, required=True, load_only=True)
    otp = f.text(6, 8)


class RoleSchema(Schema):
    """A role and where it holds."""

    role = fields.String(required=True, validate=validate.OneOf([role.value for role in Role]))
    scope = fields.String(required=True, metadata={"example": "990101101201"})


class PersonSchema(Schema):
    """The person signed in."""

    id = f.identifier(required=True)
    name = fields.String(required=True)
    household = fields.String(allow_none=True)
    roles = fields.List(fields.Nested(RoleSchema), required=True)


class SessionSchema(Schema):
    """A session: two opaque tokens."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    expires_at = f.Instant(required=True)
    person = fields.Nested(PersonSchema, required=True)


class RefreshBody(Schema):
    """A refresh token; it is replaced by the answer's."""

    refresh_token = f.text(1, 100, required=True)


class AcceptBody(Schema):
    """Opens an account by invitation."""

    invitation = f.text(1, 100, required=True)
    username = fields.String(required=True, validate=USERNAME)
    password = f.text(1, 200, required=True, load_only=True)
