"""Sign-in, sessions, lock-out. Hashing happens outside every transaction; failures are counted in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.kit.errors import NotSignedIn, TooMany
from server.kit.ids import new_id, new_token, token_hash
from server.people.access import Actor, Grant
from server.people.authentication import grants_of
from server.people.models import Person, SignInFailure, SignInSession

FREE_TRIES = 5
LOCK = timedelta(minutes=15)
WINDOW = timedelta(minutes=15)
WRONG = "用户名或密码不对。"


@dataclass(frozen=True)
class Tokens:
    """A new session's tokens, shown once; the database keeps their hashes."""

    access_token: str
    refresh_token: str
    expires_at: datetime


@dataclass(frozen=True)
class SignedIn:
    """What a sign-in answers."""

    tokens: Tokens
    person: Person
    grants: tuple[Grant, ...]


def reserve_try(session: Session, subject: str, now: datetime) -> None:
    """Count a try before the password is looked at, so that parallel guesses are all counted; raises TooMany.

    A success gives the tries back with `forget_failures`.
    """
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        make(SignInFailure).values(subject=subject, failures=0, last_at=now).on_conflict_do_nothing()
    )
    mine = SignInFailure.subject == subject
    session.execute(
        update(SignInFailure)
        .where(mine, SignInFailure.last_at < now - WINDOW)
        .values(failures=0, locked_until=None)
    )
    session.execute(
        update(SignInFailure).where(mine).values(failures=SignInFailure.failures + 1, last_at=now)
    )
    row = session.execute(select(SignInFailure.failures, SignInFailure.locked_until).where(mine)).one()
    if row.failures > FREE_TRIES and row.locked_until is None:
        session.execute(update(SignInFailure).where(mine).values(locked_until=now + LOCK))


def check_lock(session: Session, subject: str, now: datetime) -> None:
    """Raises TooMany while the subject is locked."""
    until = session.scalar(select(SignInFailure.locked_until).where(SignInFailure.subject == subject))
    if until is not None and until > now:
        wait = int((until - now).total_seconds()) + 1
        raise TooMany("locked_out", f"试错太多次，请 {wait // 60 + 1} 分钟后再试，或请村委会重发邀请。", wait)


def forget_failures(session: Session, subject: str) -> None:
    """After a success."""
    session.execute(
        update(SignInFailure).where(SignInFailure.subject == subject).values(failures=0, locked_until=None)
    )


def person_by_username(session: Session, username: str) -> Person | None:
    """The account of that name, unless disabled."""
    return session.scalar(select(Person).where(Person.username == username, Person.disabled.is_(False)))


def open_session(
    session: Session, person: Person, now: datetime, access_seconds: int, refresh_seconds: int, device: str
) -> SignedIn:
    """A new session for `person`."""
    access, refresh = new_token(), new_token()
    until = now + timedelta(seconds=access_seconds)
    session.add(
        SignInSession(
            id=new_id(),
            person_id=person.id,
            access_hash=token_hash(access),
            access_until=until,
            refresh_hash=token_hash(refresh),
            refresh_until=now + timedelta(seconds=refresh_seconds),
            device=device[:200],
            created_at=now,
        )
    )
    session.flush()
    granted = tuple(g for g in grants_of(session, person.id, person.grants_version) if g.in_force(now))
    return SignedIn(Tokens(access, refresh, until), person, granted)


def refresh_session(
    session: Session, token: str, now: datetime, access_seconds: int, refresh_seconds: int
) -> SignedIn | None:
    """New tokens for a refresh token; the old one ends. A token used twice means theft: None, the session ended."""
    digest = token_hash(token)
    row = session.scalar(
        select(SignInSession).where(
            (SignInSession.refresh_hash == digest) | (SignInSession.previous_refresh_hash == digest),
            SignInSession.revoked_at.is_(None),
        )
    )
    person = session.get(Person, row.person_id) if row else None
    if row is None or person is None or person.disabled or row.refresh_until <= now:
        raise NotSignedIn("session_ended", "登录已过期，请重新登录。")
    access, refresh = new_token(), new_token()
    until = now + timedelta(seconds=access_seconds)
    swapped = session.execute(
        update(SignInSession)
        .where(SignInSession.id == row.id, SignInSession.refresh_hash == digest)
        .values(
            access_hash=token_hash(access),
            access_until=until,
            refresh_hash=token_hash(refresh),
            refresh_until=now + timedelta(seconds=refresh_seconds),
            previous_refresh_hash=digest,
        )
    )
    if swapped.rowcount != 1:  # type: ignore[attr-defined]
        end_session(session, row.id, now)
        return None
    granted = tuple(g for g in grants_of(session, person.id, person.grants_version) if g.in_force(now))
    return SignedIn(Tokens(access, refresh, until), person, granted)


def end_session(session: Session, session_id: str, now: datetime) -> None:
    """Sign out one device."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_all_sessions(session: Session, person: str, now: datetime) -> None:
    """Sign out everywhere: after a password change or a lost phone."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person, SignInSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def answer(result: SignedIn) -> dict[str, object]:
    """A sign-in as the API answers it."""
    return {
        "access_token": result.tokens.access_token,
        "refresh_token": result.tokens.refresh_token,
        "expires_at": result.tokens.expires_at,
        "person": person_answer(
            result.person.id, result.person.name, result.person.household_code, result.grants
        ),
    }


def person_answer(
    person: str, name: str, household: str | None, grants: tuple[Grant, ...]
) -> dict[str, object]:
    """A person with the roles in force."""
    roles = [{"role": grant.role.value, "scope": grant.scope} for grant in grants]
    return {"id": person, "name": name, "household": household, "roles": roles}


def actor_answer(actor: Actor) -> dict[str, object]:
    """The person of a request."""
    return person_answer(actor.person, actor.name, actor.household, actor.grants)
