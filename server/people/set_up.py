"""A new instance: its county and its first administrator; and the last resort when a password is lost."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.errors import Conflict, NotFound
from server.people import divisions, grants, passwords, persons, sign_in, totp, wechat
from server.people.access import Role
from server.people.models import Person
from server.people.rules import Level, username_key

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def set_up(
    session: Session, county: str, name: str, username: str, password_hash: str, now: datetime
) -> Person:
    """The county (12 digits) and its first administrator. Raises Conflict `already_set_up`."""
    refuse_second(session)
    divisions.store(session, [divisions.Node(county, name, Level.COUNTY, None)])
    person = persons.create_person(session, None, persons.NewPerson("管理员", county, username=username), now)
    person.password_hash = password_hash
    persons.add_grant(session, person, Role.ADMIN, county, (now, None), None)
    audit.record(session, None, "instance.init", "division", county, now)
    return person


def refuse_second(session: Session) -> None:
    """Raises Conflict `already_set_up` where there is an administrator already."""
    if grants.any_admin(session):
        message = "这里已经建过了。要加管理员请登录后授权，忘了密码用 jifen admin reset。"
        raise Conflict("already_set_up", message)


def one_time_password() -> str:
    """Twelve letters and digits that can be read aloud: 59 bits, good once."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def reset(session: Session, username: str, password_hash: str, now: datetime) -> Person:
    """Replace a password by a one-time one: signed out everywhere, no longer locked. Raises NotFound."""
    person = session.scalar(select(Person).where(Person.username == username_key(username)))
    if person is None:
        raise NotFound("no_account", f"没有用户名是 {username} 的账号。")
    person.password_hash, person.password_once, person.disabled = password_hash, True, False
    sign_in.end_all_sessions(session, person.id, now)
    totp.forget(session, person.id)
    wechat.unbind(session, person.id, now)
    sign_in.forget_failures(session, sign_in.guards(username, "")[0])
    audit.record(session, None, "password.reset", "person", person.id, now)
    return person


def check_password(password: str, username: str) -> str:
    """The hash of a first password; raises Invalid `password_weak`."""
    passwords.check_strength(password, username)
    return passwords.hashed(password)
