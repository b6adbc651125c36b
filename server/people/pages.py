"""The page behind an invitation's QR: choose a user name and a password, and the account is open.

Looking at the page uses nothing up; only the form does, through the same function as the API.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from server.kit.clock import Clock
from server.kit.errors import DomainError, NotFound
from server.kit.transaction import transaction
from server.people import invitations
from server.people.http import accept
from server.people.schemas import AcceptBody
from server.web import problems
from server.web.plain import html, plain_page
from server.web.routes import PUBLIC, Call, page

blueprint = Blueprint("invitation_pages", __name__)

_FORM = """{wrong}<p>{name}，您好。取一个用户名和密码，以后就用它们登录。</p>
<form method="post" autocomplete="off">
<label for="username">用户名（字母、数字或汉字，2 个以上）</label>
<input id="username" name="username" required minlength="2" maxlength="50" autocomplete="username"
 value="{username}">
<label for="password">密码（至少 8 个字符）</label>
<input id="password" name="password" type="password" required minlength="8" maxlength="200"
 autocomplete="new-password">
<button class="main">开户</button></form>
<p class="small">邀请只能用一次。请不要把它转给别人。</p>"""
_DONE = """<p>账号开好了，用户名是 <b>{username}</b>。</p>
<p>现在可以登录，看自家的积分和每一分的来由。</p>
<p class="small">请记住密码。忘了就请村委会重发一份邀请。</p>"""
_REFUSED = """<p>{said}</p>"""


def _now() -> Call:
    clock: Clock = current_app.extensions["jifen_clock"]
    return Call(clock.now(), clock, None, None)


@page(blueprint, "/i/<text>")
def invitation_page(text: str) -> Response:
    """The form, where the invitation may still be used."""
    return _form(text, "", "")


def _form(text: str, username: str, wrong: str) -> Response:
    try:
        with transaction(writes=False) as session:
            found = invitations.look_up(session, text, _now().now)
    except NotFound as refused:
        return _refused(refused)
    if not found.open:
        return _refused(invitations.no_longer(found))
    said = html('<p class="wrong" role="alert">{wrong}</p>', wrong=wrong) if wrong else ""
    status = 422 if wrong else 200
    body = html(_FORM, wrong=said, name=found.person.name, username=username)
    return plain_page("开户", "积分制", body, status)


def _refused(error: DomainError) -> Response:
    body = html(_REFUSED, said=error.message)
    return plain_page("邀请不能用", "积分制", body, int(problems.of(error)["status"]))


@blueprint.post("/i/<text>")
def use_invitation(text: str) -> Response:
    """Open the account."""
    given = {name: request.form.get(name, "") for name in ("username", "password")}
    faults = AcceptBody().validate({"invitation": text, **given})
    if faults:
        return _form(text, given["username"], " ".join(fault.message for fault in problems.flatten(faults)))
    try:
        accept(_now(), text, given["username"], given["password"])
    except DomainError as refused:
        if refused.code in ("password_weak", "username_taken"):
            said = " ".join((refused.message, *(fault.message for fault in refused.faults)))
            return _form(text, given["username"], said)
        return _refused(refused)
    return plain_page("开好了", "积分制", html(_DONE, username=given["username"]))


use_invitation.needs = PUBLIC  # type: ignore[attr-defined]
