"""Sign-in, sessions, lock-out. Hashing happens outside every transaction; failures are counted in the
database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.kit.errors import NotFound, NotSignedIn, TooMany
from server.kit.ids import is_id, new_id, new_token, token_hash
from server.kit.transaction import transaction
from server.kit.upsert import insert_for
from server.people.access import Actor, Grant
from server.people.authentication import grants_of
from server.people.models import Person, SignInFailure, SignInSession
from server.people.rules import username_key

FREE_TRIES = 5
"""Wrong passwords of one account until it is locked."""
ADDRESS_TRIES = 300
"""Wrong tries from one address, over all accounts: a whole village may sit behind one."""
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


@dataclass(frozen=True)
class Guarded:
    """What tries are counted for: an account name or an address, and how many are free."""

    subject: str
    tries: int


def guards(username: str, address: str) -> tuple[Guarded, Guarded]:
    """The counters of one try: always the account first, so that no two requests wait for each other."""
    return Guarded("user:" + username_key(username)[:100], FREE_TRIES), at_address(address)


def at_address(address: str) -> Guarded:
    """The counter of an address."""
    return Guarded("addr:" + address[:100], ADDRESS_TRIES)


def reserve_try(session: Session, guarded: Guarded, now: datetime) -> None:
    """Count a try before anything is verified, so that parallel guesses are all counted.

    The try that is one too many locks the subject, itself included: look with `check_lock` in a later
    transaction.
    A success gives the tries back with `forget_failures` or `give_back`.
    """
    row = {"subject": guarded.subject, "failures": 0, "last_at": now}
    session.execute(insert_for(session, SignInFailure).values(row).on_conflict_do_nothing())
    mine = SignInFailure.subject == guarded.subject
    session.execute(
        update(SignInFailure)
        .where(mine, SignInFailure.last_at < now - WINDOW)
        .values(failures=0, locked_until=None)
    )
    session.execute(
        update(SignInFailure).where(mine).values(failures=SignInFailure.failures + 1, last_at=now)
    )
    session.execute(
        update(SignInFailure)
        .where(mine, SignInFailure.failures > guarded.tries, SignInFailure.locked_until.is_(None))
        .values(locked_until=now + LOCK)
    )


def check_lock(session: Session, guarded: Guarded, now: datetime) -> None:
    """Raises TooMany while the subject is locked."""
    mine = SignInFailure.subject == guarded.subject
    until = session.scalar(select(SignInFailure.locked_until).where(mine))
    if until is not None and until > now:
        wait = int((until - now).total_seconds()) + 1
        message = f"试错太多次，请 {wait // 60 + 1} 分钟后再试，或请村委会重发邀请。"
        raise TooMany("locked_out", message, wait)


def forget_failures(session: Session, guarded: Guarded) -> None:
    """After a success: the account's own tries are forgotten."""
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.subject == guarded.subject)
        .values(failures=0, locked_until=None)
    )


def give_back(session: Session, guarded: Guarded) -> None:
    """After a success: an address gets back this one try, not those that were wrong."""
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.subject == guarded.subject, SignInFailure.failures > 0)
        .values(failures=SignInFailure.failures - 1)
    )


@contextmanager
def counted(subject: str, now: datetime) -> Iterator[Session]:
    """A writing transaction for something that can be guessed: the try is counted first, in a transaction of its own,
    and forgotten when the block succeeds. Raises TooMany.
    """
    guarded = Guarded(subject, FREE_TRIES)
    with transaction() as session:
        check_lock(session, guarded, now)
        reserve_try(session, guarded, now)
    with transaction() as session:
        check_lock(session, guarded, now)
        yield session
        forget_failures(session, guarded)


def person_by_username(session: Session, username: str) -> Person | None:
    """The account of that name, unless disabled."""
    mine = Person.username == username_key(username)
    return session.scalar(select(Person).where(mine, Person.disabled.is_(False)))


def use_up(session: Session, person: Person) -> bool:
    """Take away a one-time password that was just used; False when another sign-in used it first."""
    used = session.execute(
        update(Person)
        .where(Person.id == person.id, Person.password_hash == person.password_hash)
        .values(password_hash=None)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def set_password(
    session: Session, person: Person, password_hash: str, keep: str | None, now: datetime
) -> bool:
    """Replace the password that was looked at; every session but `keep` ends. False: it was changed
    meanwhile.
    """
    old = person.password_hash
    same = Person.password_hash.is_(None) if old is None else Person.password_hash == old
    changed = session.execute(
        update(Person)
        .where(Person.id == person.id, same)
        .values(password_hash=password_hash, password_once=False)
        .execution_options(synchronize_session=False)
    )
    end_all_sessions(session, person.id, now, keep)
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def sessions_of(session: Session, person: str, now: datetime) -> list[SignInSession]:
    """The devices that are signed in, newest first."""
    rows = session.scalars(
        select(SignInSession)
        .where(
            SignInSession.person_id == person,
            SignInSession.revoked_at.is_(None),
            SignInSession.refresh_until > now,
        )
        .order_by(SignInSession.id.desc())
        .limit(200)
    )
    return list(rows)


def end_own_session(session: Session, person: str, session_id: str, now: datetime) -> None:
    """Sign out one of a person's own devices; NotFound for anybody else's. One that has ended stays ended."""
    row = session.get(SignInSession, session_id) if is_id(session_id) else None
    if row is None or row.person_id != person:
        raise NotFound()
    end_session(session, session_id, now)


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
    """New tokens for a refresh token; the old one ends. A token used twice means theft: None, the session
    ended.
    """
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


def end_all_sessions(session: Session, person: str, now: datetime, keep: str | None = None) -> None:
    """Sign out everywhere (but in the session `keep`): after a password change or a lost phone."""
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.person_id == person,
            SignInSession.revoked_at.is_(None),
            SignInSession.id != (keep or ""),
        )
        .values(revoked_at=now)
    )


def answer(result: SignedIn) -> dict[str, object]:
    """A sign-in as the API answers it."""
    person = result.person
    return {
        "access_token": result.tokens.access_token,
        "refresh_token": result.tokens.refresh_token,
        "expires_at": result.tokens.expires_at,
        "person": {
            **person_answer(person.id, person.name, person.household_code, result.grants),
            "password_change_needed": person.password_once,
        },
    }


def person_answer(
    person: str, name: str, household: str | None, grants: tuple[Grant, ...]
) -> dict[str, object]:
    """A person with the roles in force."""
    roles = [
        {
            "id": grant.id,
            "role": grant.role.value,
            "scope": grant.scope,
            "stands_in_for": grant.stands_in_for,
        }
        for grant in grants
    ]
    return {"id": person, "name": name, "household": household, "roles": roles}


def actor_answer(actor: Actor) -> dict[str, object]:
    """The person of a request."""
    return person_answer(actor.person, actor.name, actor.household, actor.grants)
