"""WeChat accounts: which person a WeChat belongs to, and the token with which a phone waits to be bound.

Asks WeChat nothing (`server/messages/wechat` does), uses no invitation and opens no session. An open id never leaves
the server readable: a phone that is not bound yet holds it sealed, for a quarter of an hour.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.kit.errors import Conflict, NotSignedIn
from server.messages import api as messages
from server.people.models import Person, WechatAccount
from server.people.sealing import Seal

BINDING = timedelta(minutes=15)
_PURPOSE = "wechat-binding"
_TAKEN = "这个微信已经绑定了别人。要换人，请先用那个人的身份在“我的”里解除绑定。"


def person_of(session: Session, open_id: str) -> Person | None:
    """The person whose WeChat this is, unless disabled."""
    mine = WechatAccount.open_id == open_id
    query = select(Person).join(WechatAccount, WechatAccount.person_id == Person.id)
    return session.scalar(query.where(mine, Person.disabled.is_(False)))


def bind(session: Session, person: str, open_id: str, now: datetime) -> None:
    """From now on this WeChat is this person; the person's older one is not. Raises Conflict `wechat_taken`."""
    holder = session.scalar(select(WechatAccount.person_id).where(WechatAccount.open_id == open_id))
    if holder == person:
        return
    if holder is not None:
        raise Conflict("wechat_taken", _TAKEN)
    unbind(session, person, now)
    session.add(WechatAccount(person_id=person, open_id=open_id, bound_at=now))
    try:
        session.flush()
    except IntegrityError:  # somebody else was bound to it between our look and our write
        raise Conflict("wechat_taken", _TAKEN) from None


def unbind(session: Session, person: str, now: datetime) -> bool:
    """This person's WeChat opens nothing any more and gets no messages; False when there was none."""
    session.flush()
    gone = session.execute(delete(WechatAccount).where(WechatAccount.person_id == person))
    messages.end_consent(session, person, now)
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def binding_token(seal: Seal, open_id: str, now: datetime) -> str:
    """What a phone shows together with an invitation to be bound."""
    until = int((now + BINDING).timestamp())
    return seal.close(json.dumps({"for": _PURPOSE, "open_id": open_id, "until": until})) or ""


def open_id_in(seal: Seal, token: str, now: datetime) -> str:
    """The open id in a binding token. Raises NotSignedIn `binding_ended`: too old, or none of ours."""
    try:
        found = json.loads(seal.open(token) or "{}")
    except (InvalidToken, ValueError):
        found = {}
    if not isinstance(found, dict) or found.get("for") != _PURPOSE or found["until"] < now.timestamp():
        raise NotSignedIn("binding_ended", "等得太久了，请再点一次“微信登录”。")
    return str(found["open_id"])
