"""Routes of sign-in by WeChat: by a `wx.login` code, and the one-time binding by invitation.

WeChat is asked outside every transaction; every try is counted for its address, as with passwords.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint

from server.kit.errors import NotSignedIn
from server.kit.transaction import transaction
from server.messages import api as messages
from server.people import invitations, sign_in, totp, wechat
from server.people.access import Permission
from server.people.http import opened, settings
from server.people.models import Person
from server.people.schemas import SessionSchema, WechatBindBody, WechatCodeBody
from server.web import problems
from server.web.routes import PUBLIC, Call, endpoint

blueprint = Blueprint("wechat", __name__, description="微信登录")
UNBOUND = "这个微信还没有绑定。请填村里给您的邀请码，只填这一次。"


@endpoint(
    blueprint,
    "POST",
    "/auth/wechat",
    needs=PUBLIC,
    body=WechatCodeBody,
    answer=SessionSchema,
    own_transaction=True,
)
def sign_in_by_wechat(call: Call, body: dict[str, Any]) -> Any:
    """Sign in by a `wx.login` code. 401 `unbound` carries the `binding_token` for `/auth/wechat/bind`."""
    address = _counted(call)
    open_id = messages.open_id(settings(), body["code"])
    with transaction() as session:
        sign_in.give_back(session, address)
        person = wechat.person_of(session, open_id)
    if person is None:
        return _unbound(call, open_id)
    with sign_in.counted(f"wechat:{person.id}", call.now) as session:  # the second factor can be guessed
        totp.check(session, person.id, current_app.extensions["jifen_seal"], body.get("otp"), call.now)
        return opened(session, call, session.get_one(Person, person.id))


def _unbound(call: Call, open_id: str) -> Response:
    token = wechat.binding_token(current_app.extensions["jifen_seal"], open_id, call.now)
    return problems.answer(NotSignedIn("unbound", UNBOUND), binding_token=token)


@endpoint(
    blueprint,
    "POST",
    "/auth/wechat/bind",
    needs=PUBLIC,
    body=WechatBindBody,
    answer=SessionSchema,
    own_transaction=True,
)
def bind_wechat(call: Call, body: dict[str, Any]) -> Any:
    """Bind a WeChat to the person whom an invitation names, and sign in. Repeated it signs in again."""
    messages.wechat_account(settings())
    open_id = wechat.open_id_in(current_app.extensions["jifen_seal"], body["binding_token"], call.now)
    address = _counted(call)
    with transaction() as session:
        person = _bound_before(session, call, body["invitation"], open_id)
        if person is None:
            person = invitations.bind_wechat(session, body["invitation"], open_id, call.now)
        sign_in.give_back(session, address)
        return opened(session, call, person)


def _bound_before(session: Any, call: Call, text: str, open_id: str) -> Person | None:
    """The person, where this very invitation was used for this very WeChat: the first answer was lost."""
    found = invitations.look_up(session, text, call.now)
    holder = wechat.person_of(session, open_id)
    return holder if found.used and holder is not None and holder.id == found.person.id else None


@endpoint(blueprint, "DELETE", "/me/wechat", needs=Permission.OWN, status=204)
def unbind_wechat(call: Call) -> tuple[None, int]:
    """The own WeChat signs in no longer and gets no messages; the inbox stays. Again changes nothing."""
    invitations.unbind_wechat(call.session, call.actor, call.now)
    return None, 204


def _counted(call: Call) -> sign_in.Guarded:
    """Count a try from this address before anything is looked at."""
    address = sign_in.at_address(request.remote_addr or "")
    with transaction() as session:
        sign_in.check_lock(session, address, call.now)
        sign_in.reserve_try(session, address, call.now)
    with transaction(writes=False) as session:
        sign_in.check_lock(session, address, call.now)
    return address
