"""The access token: kept sealed in the database, fetched by one worker for all.

A worker that finds no good token takes a lease by compare-and-set; the others wait a little and find its token. A token
that WeChat refused is dropped by whoever says so first; who comes later with the same old token drops nothing.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from server.kit.transaction import transaction
from server.kit.upsert import insert_for
from server.messages.models import SharedToken
from server.messages.wechat.client import Account, NotSent, stable_token
from server.people.api import Seal

LEASE = timedelta(seconds=30)
EARLY = timedelta(minutes=5)
_WAITS, _WAIT_SECONDS = 40, 0.25


def access_token(account: Account, seal: Seal, now: datetime) -> str:
    """A token that is good at `now`. Raises what `stable_token` raises; NotSent when another worker is still at it."""
    name = f"wechat:{account.app_id}"
    for _ in range(_WAITS):
        found, force = _present(name, seal, now)
        if found is not None:
            return found
        if _leased(name, now):
            return _fetched(account, name, seal, force, now)
        time.sleep(_WAIT_SECONDS)
    raise NotSent


def drop(account: Account, seal: Seal, token: str) -> bool:
    """This token was refused; False when another one has taken its place already."""
    name = f"wechat:{account.app_id}"
    with transaction() as session:
        row = session.get(SharedToken, name)
        if row is None or row.expires_at is None or seal.open(row.token_sealed) != token:
            return False
        gone = session.execute(
            update(SharedToken)
            .where(SharedToken.name == name, SharedToken.token_sealed == row.token_sealed)
            .where(SharedToken.expires_at.is_not(None))
            .values(expires_at=None)
            .execution_options(synchronize_session=False)
        )
        return bool(gone.rowcount == 1)  # type: ignore[attr-defined]


def _present(name: str, seal: Seal, now: datetime) -> tuple[str | None, bool]:
    """(the token, whether the one that was there had been refused)."""
    with transaction(writes=False) as session:
        row = session.execute(
            select(SharedToken.token_sealed, SharedToken.expires_at).where(SharedToken.name == name)
        ).first()
    if row is None or row.token_sealed is None:
        return None, False
    if row.expires_at is None:
        return None, True
    return (seal.open(row.token_sealed), False) if row.expires_at > now + EARLY else (None, False)


def _leased(name: str, now: datetime) -> bool:
    with transaction() as session:
        session.execute(insert_for(session, SharedToken).values(name=name).on_conflict_do_nothing())
        taken = session.execute(
            update(SharedToken)
            .where(SharedToken.name == name)
            .where(or_(SharedToken.leased_until.is_(None), SharedToken.leased_until <= now))
            .where(or_(SharedToken.expires_at.is_(None), SharedToken.expires_at <= now + EARLY))
            .values(leased_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _fetched(account: Account, name: str, seal: Seal, force: bool, now: datetime) -> str:
    values: dict[str, object] = {"leased_until": None}
    try:
        token, seconds = stable_token(account, force)
        values |= {"token_sealed": seal.close(token), "expires_at": now + timedelta(seconds=seconds)}
        return token
    finally:
        with transaction() as session:
            session.execute(update(SharedToken).where(SharedToken.name == name).values(values))
