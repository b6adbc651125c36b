"""The chain of the audit log: acts get seals, old ones are cut at a signed checkpoint, anybody can recompute it.

Never commits. Only closers and the command line call this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.audit import signing
from server.audit.canonical import GENESIS, digest, link
from server.kit.database import micros
from server.kit.sql import Statement, instant_in, instant_out
from server.people.api import Seal

WAIT = timedelta(hours=1)
BATCH = 5000
_AT = "(extract(epoch FROM {0}) * 1000000)::bigint"
_ACT = "a.id, {0}, a.person_id, a.session_id, a.action, a.entity, a.entity_id, a.village_code, {1}, {2}"
_SQLITE = _ACT.format("a.at", "a.before", "a.after")
_POSTGRES = _ACT.format(_AT.format("a.at"), "a.before::text", "a.after::text")


def _acts(sql: str) -> Statement:
    return Statement(sql.replace("ACT", _SQLITE), postgresql=sql.replace("ACT", _POSTGRES))


_OLDEST = Statement(
    "SELECT a.at FROM audit_unsealed u JOIN audit_log a ON a.id = u.audit_id ORDER BY u.audit_id LIMIT 1"
)
_LOCK = Statement("UPDATE audit_head SET number = number WHERE id = 1 RETURNING number, hash")
_BEGIN = Statement(
    "INSERT INTO audit_head (id, number, hash) VALUES (1, 0, :hash) ON CONFLICT (id) DO NOTHING"
)
_WAITING = _acts(
    "SELECT ACT FROM audit_unsealed u JOIN audit_log a ON a.id = u.audit_id ORDER BY u.audit_id LIMIT :most"
)
_SEAL = "INSERT INTO audit_seals (number, audit_id, hash, sealed_at) VALUES (:number, :id, :hash, :at)"
_DEQUEUE = Statement(
    "DELETE FROM audit_unsealed WHERE audit_id IN (SELECT audit_id FROM audit_seals WHERE number > :known)"
)
_MOVE = Statement("UPDATE audit_head SET number = :number, hash = :hash WHERE id = 1")
_FIRST = Statement(
    "SELECT a.at FROM audit_seals s JOIN audit_log a ON a.id = s.audit_id ORDER BY s.number LIMIT 1"
)
_NUMBER = Statement("SELECT number FROM audit_head WHERE id = 1")


_LINKS = (
    "SELECT s.number, s.hash, {0}, {1} FROM audit_seals s LEFT JOIN audit_log a ON a.id = s.audit_id "
    "WHERE s.number > :after ORDER BY s.number LIMIT :most"
)
_SEALED = Statement(
    _LINKS.format("s.sealed_at", _SQLITE), postgresql=_LINKS.format(_AT.format("s.sealed_at"), _POSTGRES)
)


def oldest_unsealed(session: Session) -> datetime | None:
    """When the oldest act without a seal was done."""
    row: Any = _OLDEST.run(session, {}).first()
    return None if row is None else instant_out(row[0])


def oldest_sealed(session: Session) -> datetime | None:
    """When the act behind the first seal that is kept was done."""
    row: Any = _FIRST.run(session, {}).first()
    return None if row is None else instant_out(row[0])


def last_number(session: Session) -> int:
    """The number of the last seal; 0 before the first."""
    row: Any = _NUMBER.run(session, {}).first()
    return 0 if row is None else int(row[0])


def seal(session: Session, now: datetime, most: int = BATCH) -> int:
    """Seal up to `most` waiting acts, in the order of their ids; gives how many."""
    _BEGIN.run(session, {"hash": GENESIS})
    known, previous = _LOCK.run(session, {}).one()
    stamp, at = micros(now), instant_in(session, now)
    seals: list[dict[str, Any]] = []
    for number, act in enumerate(_WAITING.run(session, {"most": most}), known + 1):
        previous = link(previous, number, digest(act), stamp)
        seals.append({"number": number, "id": act[0], "hash": previous, "at": at})
    if seals:
        session.execute(text(_SEAL), seals)
        _DEQUEUE.run(session, {"known": known})
        _MOVE.run(session, {"number": known + len(seals), "hash": previous})
    return len(seals)


def cut(session: Session, before: datetime, now: datetime, key: Seal) -> int:
    """Remove the acts at the beginning of the chain that were done before `before`; a signed checkpoint stands for
    them. Gives how many.
    """
    values = {"before": instant_in(session, before)}
    reach = (
        "SELECT COALESCE((SELECT MIN(s.number) - 1 FROM audit_seals s JOIN audit_log a ON a.id = s.audit_id "
        "WHERE a.at >= :before), (SELECT MAX(number) FROM audit_seals), 0)"
    )
    number = session.scalar(text(reach), values) or 0
    row = session.execute(text("SELECT hash FROM audit_seals WHERE number = :n"), {"n": number}).first()
    if row is None:
        return 0
    acts = session.scalar(text("SELECT COUNT(*) FROM audit_seals WHERE number <= :n"), {"n": number}) or 0
    signed = signing.sign(key, signing.message(number, row[0], before))
    checkpoint = (
        "INSERT INTO audit_checkpoints (number, hash, acts, cut_before, made_at, public_key, signature) "
        "VALUES (:number, :hash, :acts, :before, :at, :public_key, :signature)"
    )
    given = {"number": number, "hash": row[0], "acts": acts, "at": instant_in(session, now)}
    session.execute(text(checkpoint), {**given, **values, "public_key": signed[0], "signature": signed[1]})
    gone = "DELETE FROM audit_log WHERE id IN (SELECT audit_id FROM audit_seals WHERE number <= :n)"
    session.execute(text(gone), {"n": number})
    session.execute(text("DELETE FROM audit_seals WHERE number <= :n"), {"n": number})
    return int(acts)


@dataclass
class Report:
    """What was read, and what differs as sentences for a person."""

    sealed: int = 0
    waiting: int = 0
    cut: int = 0
    differences: list[str] = field(default_factory=list)


def verify(session: Session, key: Seal) -> Report:
    """Recompute the chain from the last checkpoint (or the beginning) to its head."""
    report = Report()
    last, previous = _checkpoint(session, key, report)
    for number, found, act, sealed_at in _sealed(session, last):
        last = number
        if act is None:
            report.differences.append(f"第 {number} 号封签的记录不见了")
            previous = found
            continue
        wanted = link(previous, number, digest(act), sealed_at)
        if wanted != found:
            report.differences.append(f"第 {number} 号封签对不上：记录 {act[0]} 被改过，或链被改过")
        previous, report.sealed = found, report.sealed + 1
    head = session.execute(text("SELECT number, hash FROM audit_head")).first()
    if head is not None and tuple(head) != (last, previous):
        report.differences.append(f"链头是第 {head[0]} 号，最后一个封签是第 {last} 号，两者不符")
    _strays(session, report)
    return report


def _checkpoint(session: Session, key: Seal, report: Report) -> tuple[int, str]:
    number, hash_ = 0, GENESIS
    rows = session.execute(
        text(
            "SELECT number, hash, acts, cut_before, public_key, signature FROM audit_checkpoints ORDER BY number"
        )
    )
    for number, hash_, acts, before, public_key, signature in rows:
        report.cut += acts
        signed = signing.message(number, hash_, instant_out(before))
        if not signing.verified(key, signed, public_key, signature):
            report.differences.append(f"截止到第 {number} 号的检查点签名不对")
    return number, hash_


def _sealed(session: Session, after: int) -> Iterator[tuple[int, str, Any, int]]:
    """(number, hash, act or None, sealed at) in order; a missing number is given without its act."""
    while rows := _SEALED.run(session, {"after": after, "most": BATCH}).all():
        for number, hash_, sealed_at, *act in rows:
            for lost in range(after + 1, number):
                yield lost, "", None, 0
            after = number
            yield number, hash_, (None if act[0] is None else act), sealed_at


def _strays(session: Session, report: Report) -> None:
    report.waiting = session.scalar(text("SELECT COUNT(*) FROM audit_unsealed")) or 0
    stray = (
        "SELECT a.id FROM audit_log a LEFT JOIN audit_seals s ON s.audit_id = a.id "
        "LEFT JOIN audit_unsealed u ON u.audit_id = a.id WHERE s.audit_id IS NULL AND u.audit_id IS NULL"
    )
    lost = "SELECT u.audit_id FROM audit_unsealed u LEFT JOIN audit_log a ON a.id = u.audit_id WHERE a.id IS NULL"
    report.differences += [f"记录 {key} 没有封签，也不在等封" for key in session.scalars(text(stray))]
    report.differences += [f"等封的记录 {key} 不见了" for key in session.scalars(text(lost))]
