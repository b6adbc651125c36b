"""Routes of the second factor: turn it on (two steps), turn it off."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from server.people import sign_in, totp
from server.people.access import Permission
from server.people.sealing import Seal
from server.web import fields as f
from server.web.routes import Call, endpoint

blueprint = Blueprint("totp", __name__, description="动态码")


class TotpState(Schema):
    """Whether a code is asked for at sign-in."""

    enabled = fields.Boolean(required=True)


class TotpSecret(Schema):
    """What an authenticator app needs; shown once."""

    secret = fields.String(required=True, metadata={"example": "JBSWY3DPEHPK3PXP"})
    uri = fields.String(required=True, metadata={"example": "otpauth://totp/jifen"})


class OtpBody(Schema):
    """A code from the app."""

    otp = f.text(6, 8, required=True)


def seal() -> Seal:
    """The seal of this instance."""
    found: Seal = current_app.extensions["jifen_seal"]
    return found


@endpoint(blueprint, "GET", "/me/totp", needs=Permission.OWN, answer=TotpState)
def read_totp(call: Call) -> Any:
    """Whether the second factor is on."""
    return {"enabled": totp.enabled(call.session, call.actor.person)}


@endpoint(blueprint, "POST", "/me/totp", needs=Permission.OWN, answer=TotpSecret, status=201)
def begin_totp(call: Call) -> Any:
    """Begin: scan the address with an authenticator app, then confirm with a code."""
    secret, uri = totp.begin(call.session, call.actor, seal(), call.now)
    return {"secret": secret, "uri": uri}


@endpoint(
    blueprint,
    "POST",
    "/me/totp/confirmation",
    needs=Permission.OWN,
    body=OtpBody,
    status=204,
    own_transaction=True,
)
def confirm_totp(call: Call, body: dict[str, Any]) -> tuple[None, int]:
    """Turn it on with a code of the app."""
    with sign_in.counted("otp:" + call.actor.person, call.now) as session:
        totp.confirm(session, call.actor, seal(), body["otp"], call.now)
    return None, 204


@endpoint(
    blueprint,
    "POST",
    "/me/totp/removal",
    needs=Permission.OWN,
    body=OtpBody,
    status=204,
    own_transaction=True,
)
def remove_totp(call: Call, body: dict[str, Any]) -> tuple[None, int]:
    """Turn it off with one more code. Without the phone: `jifen admin reset` on the server."""
    with sign_in.counted("otp:" + call.actor.person, call.now) as session:
        totp.end(session, call.actor, seal(), body["otp"], call.now)
    return None, 204
