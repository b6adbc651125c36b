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

    id = f.identifier()
    role = fields.String(required=True, validate=validate.OneOf([role.value for role in Role]))
    scope = fields.String(required=True, metadata={"example": "990101101201"})
    stands_in_for = fields.String(allow_none=True, metadata={"description": "代谁：借来的角色是谁的"})


class PersonSchema(Schema):
    """The person signed in."""

    id = f.identifier(required=True)
    name = fields.String(required=True)
    household = fields.String(allow_none=True)
    roles = fields.List(fields.Nested(RoleSchema), required=True)


class SignedInPersonSchema(PersonSchema):
    """As in /me; `password_change_needed` after signing in with a one-time password."""

    password_change_needed = fields.Boolean()


class SessionSchema(Schema):
    """A session: two opaque tokens."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    expires_at = f.Instant(required=True)
    person = fields.Nested(SignedInPersonSchema, required=True)


class RefreshBody(Schema):
    """A refresh token; it is replaced by the answer's."""

    refresh_token = f.text(1, 100, required=True)


class AcceptBody(Schema):
    """Opens an account by invitation."""

    invitation = f.text(1, 100, required=True)
    username = fields.String(required=True, validate=USERNAME)
    password = f.text(1, 200, required=True, load_only=True)


class WechatCodeBody(Schema):
    """Sign-in by WeChat: what `wx.login` gave."""

    code = f.text(1, 128, required=True, load_only=True)
    otp = f.text(6, 8)


class WechatBindBody(Schema):
    """Binds a WeChat: the token of the answer 401 `unbound`, and an invitation."""

    binding_token = f.text(1, 600, required=True, load_only=True)
    invitation = f.text(1, 100, required=True)


class NewPasswordBody(Schema):
    """A new password; the current one is left out only after signing in with a one-time password."""

    current_password = f.text(1, 200, load_only=True)
    password = f.text(1, 200, required=True, load_only=True)


class DeviceSchema(Schema):
    """A signed-in device."""

    id = f.identifier(required=True)
    device = fields.String(required=True)
    created_at = f.Instant(required=True)
    current = fields.Boolean(required=True)


class DevicesSchema(Schema):
    """All signed-in devices, newest first."""

    items = fields.List(fields.Nested(DeviceSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PersonaBody(Schema):
    """Whom to be in the demo."""

    persona = f.text(1, 40, required=True, metadata={"example": "grid_worker_1"})


class PersonaSchema(Schema):
    """Somebody one can be in the demo, and what there is to scan first."""

    persona = fields.String(required=True)
    name = fields.String(required=True)
    village = fields.String(required=True, allow_none=True)
    village_name = fields.String(allow_none=True)
    grid = fields.String()
    grid_name = fields.String()
    household = fields.String()
    plate = fields.String(allow_none=True)
