"""Sends what waits in the outbox: one row at a time, claimed and committed before its request goes out.

WeChat has no way to recognise a message that is sent again. So a row whose request may have arrived (no answer, or the
process died) is never sent again: it stays `unknown`, the message itself stands in the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import Flask
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from server.cycles.api import anything_due
from server.kit.clock import iso, local_date, local_midnight
from server.kit.transaction import transaction
from server.messages import outbox
from server.messages.holding import holding, release
from server.messages.models import Agreement, Message, OutboxRow
from server.messages.wechat import client, tokens
from server.messages.wechat.codes import Reaction, reaction
from server.people.api import WechatAccount

log = structlog.get_logger()
BATCH = 200
MOST_ATTEMPTS = 8
LOST_AFTER = timedelta(minutes=5)
"""A request is answered or given up within seconds: a claim as old as this was left by a process that died."""
SET_UP_WAIT = timedelta(minutes=30)
PAGE = "pages/inbox/inbox"
"""The mini-program's page that a message opens."""


@dataclass(frozen=True)
class Letter:
    """One row with what its request needs."""

    id: str
    person: str
    kind: str
    open_id: str
    text: str
    at: datetime
    attempts: int


def ring(app: Flask) -> int:
    """Send what waits, up to a batch; gives how many requests went out."""
    settings = app.extensions["jifen_settings"]
    if not settings.wechat_app_id:
        return 0
    with app.app_context():
        now = app.extensions["jifen_clock"].now()
        settle_lost(now)
        if not _released(now):
            return 0
        account = client.Account(settings.wechat_app_id, settings.wechat_secret, settings.wechat_address)
        sent = 0
        while sent < BATCH and (letter := claim(now)) is not None:
            sent += 1
            if not deliver(app, account, letter, now):
                break
        return sent


def _released(now: datetime) -> bool:
    """After a restore: nothing goes out before everything that was due is closed."""
    with transaction(writes=False) as session:
        held = holding(session)
    if held and not anything_due(now):
        with transaction() as session:
            release(session, now)
        return True
    return not held


def settle_lost(now: datetime) -> None:
    """Claims that nobody will finish."""
    with transaction(writes=False) as session:
        lost = session.scalars(select(OutboxRow.id).where(*_lost(now))).all()
    if lost:
        with transaction() as session:
            session.execute(update(OutboxRow).where(*_lost(now)).values(status="unknown", ended_at=now))


def _lost(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (OutboxRow.status == "sending", OutboxRow.next_try_at <= now - LOST_AFTER)


def claim(now: datetime) -> Letter | None:
    """The next row that is due, now `sending` and ours alone; None when nothing is due."""
    with transaction(writes=False) as session:
        query = select(OutboxRow.id).where(OutboxRow.status == "waiting", OutboxRow.next_try_at <= now)
        keys = session.scalars(query.order_by(OutboxRow.next_try_at, OutboxRow.id).limit(10)).all()
    for key in keys:
        with transaction() as session:
            if _move(session, key, "waiting", now, status="sending", next_try_at=now):
                return _letter(session, key)
    return None


def _move(session: Session, key: str, source: str, now: datetime, **values: object) -> bool:
    ended = {"ended_at": now} if values.get("status") in ("sent", "refused", "unknown") else {}
    moved = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == key, OutboxRow.status == source)
        .values(**values, **ended)
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount == 1)  # type: ignore[attr-defined]


def _letter(session: Session, key: str) -> Letter:
    row = session.execute(
        select(OutboxRow, Message.text, Message.sent_at, WechatAccount.open_id)
        .join(Message, Message.id == OutboxRow.message_id)
        .outerjoin(WechatAccount, WechatAccount.person_id == OutboxRow.person_id)
        .where(OutboxRow.id == key)
    ).one()
    out = row[0]
    return Letter(out.id, out.person_id, out.template, row.open_id or "", row.text, row.sent_at, out.attempts)


def deliver(app: Flask, account: client.Account, letter: Letter, now: datetime) -> bool:
    """One request and what follows from its answer; False when nothing more can be sent for now."""
    seal = app.extensions["jifen_seal"]
    try:
        token = tokens.access_token(account, seal, now)
    except client.Refused as error:
        return _after(letter, error.code, now, for_token=True)
    except (client.NotSent, client.Unanswered):  # only the token was asked for
        return _again(letter, now, timedelta(minutes=1))
    template = outbox.templates().get(letter.kind, "")
    data = {"thing1": {"value": letter.text[:20]}, "time2": {"value": iso(letter.at)[:16].replace("T", " ")}}
    try:
        client.send_subscription(account, token, letter.open_id, template, PAGE, data)
    except client.Refused as error:
        if reaction(error.code) is Reaction.RENEW_TOKEN:
            tokens.drop(account, seal, token)
        return _after(letter, error.code, now)
    except client.NotSent:
        return _again(letter, now, timedelta(minutes=2**letter.attempts))
    except client.Unanswered:
        _end(letter, "unknown", None, now)
        return True
    _end(letter, "sent", 0, now)
    return True


def _after(letter: Letter, code: int, now: datetime, for_token: bool = False) -> bool:
    """What an error code asks for."""
    found = reaction(code)
    log.warning("wechat_refused", code=code, reaction=found.value)
    if found is Reaction.RENEW_TOKEN:
        return _again(letter, now, timedelta(0) if letter.attempts == 0 else timedelta(minutes=1), code)
    if found is Reaction.SET_UP:
        _again(letter, now, SET_UP_WAIT, code, counts=False)
        return False
    if found is Reaction.TOMORROW:
        _again(
            letter,
            now,
            local_midnight(local_date(now)) + timedelta(days=1, minutes=5) - now,
            code,
            counts=False,
        )
        return False
    if found is Reaction.SOON or for_token:
        return _again(letter, now, timedelta(minutes=2**letter.attempts), code)
    if found is Reaction.NOT_AGREED:
        with transaction() as session:
            mine = update(Agreement).where(
                Agreement.person_id == letter.person, Agreement.template == letter.kind
            )
            session.execute(mine.values(remaining=0))
    _end(letter, "refused", code, now)
    return True


def _again(
    letter: Letter, now: datetime, wait: timedelta, code: int | None = None, counts: bool = True
) -> bool:
    attempts = letter.attempts + int(counts)
    if attempts >= MOST_ATTEMPTS:
        _end(letter, "refused", code, now)
        return True
    with transaction() as session:
        values = {"status": "waiting", "attempts": attempts, "next_try_at": now + wait, "code": code}
        _move(session, letter.id, "sending", now, **values)
    return True


def _end(letter: Letter, status: str, code: int | None, now: datetime) -> None:
    with transaction() as session:
        _move(session, letter.id, "sending", now, status=status, code=code, attempts=letter.attempts + 1)
