"""Routes of sign-in and sessions."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_smorest import Blueprint

from server.config import Settings
from server.kit.errors import NotSignedIn
from server.kit.transaction import transaction
from server.people import passwords, sign_in
from server.people.access import Permission
from server.people.schemas import PasswordBody, PersonSchema, RefreshBody, SessionSchema
from server.web.routes import PUBLIC, Call, endpoint

blueprint = Blueprint("people", __name__, description="登录与身份")


def settings() -> Settings:
    """The settings of this instance."""
    found: Settings = current_app.extensions["jifen_settings"]
    return found


@endpoint(
    blueprint,
    "POST",
    "/auth/password",
    needs=PUBLIC,
    body=PasswordBody,
    answer=SessionSchema,
    own_transaction=True,
)
def sign_in_by_password(call: Call, body: dict[str, Any]) -> Any:
    """Sign in by user name and password."""
    subject = "user:" + body["username"].casefold()
    with transaction() as session:
        sign_in.check_lock(session, subject, call.now)
        sign_in.reserve_try(session, subject, call.now)
    with transaction(writes=False) as session:
        sign_in.check_lock(session, subject, call.now)
        person = sign_in.person_by_username(session, body["username"])
    if not passwords.verify(body["password"], person.password_hash if person else None) or person is None:
        raise NotSignedIn("credentials_wrong", sign_in.WRONG)
    chosen = settings()
    with transaction() as session:
        sign_in.forget_failures(session, subject)
        result = sign_in.open_session(
            session, person, call.now, chosen.access_seconds, chosen.refresh_seconds, device()
        )
    return sign_in.answer(result)


@endpoint(
    blueprint,
    "POST",
    "/auth/refresh",
    needs=PUBLIC,
    body=RefreshBody,
    answer=SessionSchema,
    own_transaction=True,
)
def refresh(call: Call, body: dict[str, Any]) -> Any:
    """New tokens for a refresh token, which ends."""
    chosen = settings()
    with transaction() as session:
        result = sign_in.refresh_session(
            session, body["refresh_token"], call.now, chosen.access_seconds, chosen.refresh_seconds
        )
    if result is None:
        raise NotSignedIn("session_ended", "这个登录在别处用过，为安全起见已退出，请重新登录。")
    return sign_in.answer(result)


@endpoint(blueprint, "DELETE", "/auth/session", needs=Permission.OWN, status=204)
def sign_out(call: Call) -> tuple[None, int]:
    """Sign out this device."""
    if call.actor.session is not None:
        sign_in.end_session(call.session, call.actor.session, call.now)
    return None, 204


@endpoint(blueprint, "GET", "/me", needs=Permission.OWN, answer=PersonSchema)
def me(call: Call) -> Any:
    """Who is signed in, with the roles in force."""
    return sign_in.actor_answer(call.actor)


def device() -> str:
    """What the sign-in page says of itself, so that sessions can be told apart."""
    return request.headers.get("User-Agent", "")[:200]
