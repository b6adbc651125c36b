"""Invitations: a one-time text, printed or shown, that opens an account or gives a lost one back.

The text proves who comes, so only its hash is kept. A newer invitation of the same person ends the older
ones.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.errors import Conflict, NotAllowed, NotFound
from server.kit.ids import new_id, token_hash
from server.people import wechat
from server.people.access import Actor, Permission, Place
from server.people.grants import held_roles
from server.people.models import Invitation, Person
from server.people.persons import free_username, person_for
from server.people.rules import inviting_grant
from server.people.sign_in import end_all_sessions

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that looks like something else
_GROUPS = 5
_LOOKALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Issued:
    """A new invitation; `text` is shown once and never again."""

    id: str
    text: str
    expires_at: datetime


def new_text() -> str:
    """Twenty letters and digits in groups of four: 100 bits, and still possible to type."""
    letters = [secrets.choice(_LETTERS) for _ in range(4 * _GROUPS)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, len(letters), 4))


def digest(typed: str) -> str:
    """The hash of an invitation however it was typed: small letters, spaces, an O for a zero."""
    return token_hash(re.sub(r"[\s-]", "", typed).upper().translate(_LOOKALIKE))


def invite(
    session: Session, actor: Actor | None, person_id: str, seconds: int, lost_phone: bool, now: datetime
) -> Issued:
    """A new invitation for a person; with `lost_phone` everything signed in ends at once and
    the WeChat is bound no longer.

    Raises NotFound out of scope, NotAllowed `role_above`: whoever invites sees the text, so nobody invites
    those who
    may do what the inviter could not give.
    """
    person = person_for(session, actor, Permission.PEOPLE_MANAGE, person_id)
    if actor is not None and actor.person != person.id:
        home = Place(person.home, household=person.household_code)
        if inviting_grant(actor.grants, held_roles(session, person.id, now), home) is None:
            raise NotAllowed("role_above", "这个人的职务要由上级发邀请。")
    # one after the other: of two that are made at once the later one ends the earlier
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
    )
    if lost_phone:
        end_all_sessions(session, person.id, now)
        wechat.unbind(session, person.id, now)  # whoever has the phone has the WeChat on it
    text, expires = new_text(), now + timedelta(seconds=seconds)
    row = Invitation(
        id=new_id(),
        person_id=person.id,
        token_hash=digest(text),
        invited_by=actor.person if actor else None,
        expires_at=expires,
    )
    session.add(row)
    session.flush()
    _log(session, actor, "invitation.issue", person, now)
    return Issued(row.id, text, expires)


@dataclass(frozen=True)
class Invited:
    """An invitation as it was found: `open` may be used."""

    id: str
    person: Person
    open: bool
    used: bool


def look_up(session: Session, text: str, now: datetime) -> Invited:
    """The invitation of a text; NotFound for one that never was or belongs to somebody disabled."""
    row = session.scalar(select(Invitation).where(Invitation.token_hash == digest(text)))
    person = session.get(Person, row.person_id) if row else None
    if row is None or person is None or person.disabled:
        raise NotFound("invitation_unknown", "没有这个邀请，请核对每个字，或请村委会重发。")
    return Invited(row.id, person, row.used_at is None and row.expires_at > now, row.used_at is not None)


def as_used(found: Invited) -> Invited:
    """The same, after somebody else was first."""
    return replace(found, open=False, used=True)


def no_longer(found: Invited) -> Conflict:
    """Why an invitation cannot be used any more."""
    if found.used:
        return Conflict("invitation_used", "这个邀请已经用过了。忘了密码或换了手机，请村委会重发。")
    return Conflict("invitation_expired", "这个邀请已经过期，请村委会重发。")


def accept(session: Session, text: str, username: str, password_hash: str, now: datetime) -> Person:
    """Use an invitation: account name and password are set, every older session ends. One of two at once
    wins.

    Raises Conflict `invitation_used`, `invitation_expired`, `username_taken`.
    """
    person = _claimed(session, text, now)
    person.username = free_username(session, username, person.id)
    person.password_hash, person.password_once = password_hash, False
    try:
        session.flush()
    except IntegrityError:  # somebody took the name between our look and our write
        raise Conflict("username_taken", "这个用户名已经有人用了，请换一个。") from None
    end_all_sessions(session, person.id, now)
    _log(session, None, "invitation.accept", person, now)
    return person


def bind_wechat(session: Session, text: str, open_id: str, now: datetime) -> Person:
    """Use an invitation: this WeChat is the person's from now on; name and password stay, older sessions end.

    Raises Conflict `invitation_used`, `invitation_expired`, `wechat_taken`.
    """
    person = _claimed(session, text, now)
    wechat.bind(session, person.id, open_id, now)
    end_all_sessions(session, person.id, now)
    _log(session, None, "wechat.bind", person, now)
    return person


def unbind_wechat(session: Session, actor: Actor, now: datetime) -> None:
    """The own WeChat is no way in any more."""
    if wechat.unbind(session, actor.person, now):
        _log(session, actor, "wechat.unbind", session.get_one(Person, actor.person), now)


def _claimed(session: Session, text: str, now: datetime) -> Person:
    """Use an invitation up; one of two at once wins. Gives whom it invited."""
    found = look_up(session, text, now)
    claimed = session.execute(
        update(Invitation)
        .where(Invitation.id == found.id, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        session.expire_all()
        raise no_longer(look_up(session, text, now))
    return found.person


def _log(session: Session, actor: Actor | None, act: str, person: Person, now: datetime) -> None:
    village = None if person.home.endswith("000") else person.home
    audit.record(session, actor, act, "person", person.id, now, village)
