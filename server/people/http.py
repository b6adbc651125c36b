"""Routes of sign-in and sessions. Passwords are hashed outside every transaction."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_smorest import Blueprint

from server.config import Settings
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound, NotSignedIn
from server.kit.transaction import transaction
from server.people import invitations, passwords, personas, sign_in, totp
from server.people.access import Permission
from server.people.models import Person
from server.people.schemas import (
    AcceptBody,
    DevicesSchema,
    NewPasswordBody,
    PasswordBody,
    PersonaBody,
    PersonaSchema,
    PersonSchema,
    RefreshBody,
    SessionSchema,
)
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
    return _by_password(call, body["username"], body["password"], body.get("otp"))


def _by_password(call: Call, username: str, password: str, otp: str | None = None) -> dict[str, object]:
    """Every try is counted before the password is looked at; a success gives it back."""
    account, address = sign_in.guards(username, request.remote_addr or "")
    with transaction() as session:
        for guarded in (account, address):
            sign_in.check_lock(session, guarded, call.now)
        for guarded in (account, address):
            sign_in.reserve_try(session, guarded, call.now)
    with transaction(writes=False) as session:
        for guarded in (account, address):
            sign_in.check_lock(session, guarded, call.now)
        person = sign_in.person_by_username(session, username)
    if not passwords.verify(password, person.password_hash if person else None) or person is None:
        raise NotSignedIn("credentials_wrong", sign_in.WRONG)
    with transaction() as session:
        totp.check(session, person.id, current_app.extensions["jifen_seal"], otp, call.now)
        if person.password_once and not sign_in.use_up(session, person):
            raise NotSignedIn("credentials_wrong", sign_in.WRONG)
        sign_in.forget_failures(session, account)
        sign_in.give_back(session, address)
        return opened(session, call, person)


def opened(session: Any, call: Call, person: Person) -> dict[str, object]:
    """A new session for somebody who has proved who they are, as the API answers it."""
    chosen = settings()
    lifetimes = (chosen.access_seconds, chosen.refresh_seconds)
    return sign_in.answer(sign_in.open_session(session, person, call.now, *lifetimes, device()))


@endpoint(
    blueprint,
    "POST",
    "/auth/invitations/accept",
    needs=PUBLIC,
    body=AcceptBody,
    answer=SessionSchema,
    own_transaction=True,
)
def accept_invitation(call: Call, body: dict[str, Any]) -> Any:
    """Open an account by invitation. Repeated with the same name and password it signs in."""
    return accept(call, body["invitation"], body["username"], body["password"])


def accept(call: Call, text: str, username: str, password: str) -> dict[str, object]:
    """Use an invitation and sign in: the API and the plain page both do this."""
    address = sign_in.at_address(request.remote_addr or "")
    with transaction() as session:
        sign_in.check_lock(session, address, call.now)
        sign_in.reserve_try(session, address, call.now)
    with transaction(writes=False) as session:
        sign_in.check_lock(session, address, call.now)
        found = invitations.look_up(session, text, call.now)
    if found.open:
        passwords.check_strength(password, username)
        password_hash = passwords.hashed(password)
        try:
            with transaction() as session:
                person = invitations.accept(session, text, username, password_hash, call.now)
                sign_in.forget_failures(session, sign_in.guards(username, "")[0])
                sign_in.give_back(session, address)
                return opened(session, call, person)
        except Conflict as refused:
            if refused.code != "invitation_used":
                raise
    if not _same_account(found.person.id, username):
        raise invitations.no_longer(found if not found.open else invitations.as_used(found))
    return _by_password(call, username, password)


def _same_account(person_id: str, username: str) -> bool:
    """Whether the invitation was used for this very name: then a repeat is a plain sign-in."""
    with transaction(writes=False) as session:
        person = sign_in.person_by_username(session, username)
        return person is not None and person.id == person_id


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


@endpoint(
    blueprint,
    "PUT",
    "/me/password",
    needs=Permission.OWN,
    body=NewPasswordBody,
    status=204,
    own_transaction=True,
)
def change_password(call: Call, body: dict[str, Any]) -> tuple[None, int]:
    """A new password; every other device is signed out."""
    with transaction(writes=False) as session:
        person = session.get_one(Person, call.actor.person)
    if person.username is None:
        raise Conflict("no_account", "您还没有用户名和密码，请向村委会要邀请。")
    passwords.check_strength(body["password"], person.username)
    if person.password_hash is not None or not person.password_once:
        _verify_current(call, person, body.get("current_password"))
    new = passwords.hashed(body["password"])
    with transaction() as session:
        if not sign_in.set_password(session, person, new, call.actor.session, call.now):
            raise Conflict("state_changed", "密码刚刚在别处改过，请重新登录。")
    return None, 204


def _verify_current(call: Call, person: Person, current: str | None) -> None:
    if not current:
        raise Invalid(
            "current_password_missing", "请填现在的密码。", [FieldFault("current_password", "必填。")]
        )
    account = sign_in.guards(person.username or "", "")[0]
    with transaction() as session:
        sign_in.check_lock(session, account, call.now)
        sign_in.reserve_try(session, account, call.now)
    with transaction(writes=False) as session:
        sign_in.check_lock(session, account, call.now)
    if not passwords.verify(current, person.password_hash):
        fault = FieldFault("current_password", "不对。")
        raise Invalid("current_password_wrong", "现在的密码不对。", [fault])
    with transaction() as session:
        sign_in.forget_failures(session, account)


@endpoint(blueprint, "GET", "/sessions", needs=Permission.OWN, answer=DevicesSchema)
def list_sessions(call: Call) -> Any:
    """The devices that are signed in as this person."""
    rows = sign_in.sessions_of(call.session, call.actor.person, call.now)
    items = [
        {"id": r.id, "device": r.device, "created_at": r.created_at, "current": r.id == call.actor.session}
        for r in rows
    ]
    return {"items": items, "next_cursor": None}


@endpoint(blueprint, "DELETE", "/sessions/<session_id>", needs=Permission.OWN, status=204)
def end_session(call: Call, session_id: str) -> tuple[None, int]:
    """Sign out one of the own devices."""
    sign_in.end_own_session(call.session, call.actor.person, session_id, call.now)
    return None, 204


def _demo_only() -> None:
    if settings().mode != "demo":
        raise NotFound()


@endpoint(blueprint, "GET", "/auth/demo", needs=PUBLIC, answer=PersonaSchema(many=True))
def list_personas(call: Call) -> Any:
    """Whom one can be; only in the demo."""
    _demo_only()
    return personas.list_personas(call.session)


@endpoint(
    blueprint,
    "POST",
    "/auth/demo",
    needs=PUBLIC,
    body=PersonaBody,
    answer=SessionSchema,
    own_transaction=True,
)
def sign_in_as_persona(call: Call, body: dict[str, Any]) -> Any:
    """Sign in as somebody of the demo county, without a password; only in the demo."""
    _demo_only()
    with transaction() as session:
        return opened(session, call, personas.person_of(session, body["persona"]))


def device() -> str:
    """What the sign-in page says of itself, so that sessions can be told apart."""
    return request.headers.get("User-Agent", "")[:200]
