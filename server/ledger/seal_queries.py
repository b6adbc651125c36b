"""Statements of the hash chain: the queue of entries without a seal, the seals, the head locked to grow.

Nothing in here decides anything. Only `sealing` uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.kit.bulk import arrays, insert, many, on_sqlite, unnest
from server.kit.sql import Statement

_SEAL = {
    "village_code": "text",
    "number": "int",
    "entry_id": "text",
    "hash": "text",
    "previous": "text",
    "sealed_at": "timestamptz",
}
_HEAD = Statement("SELECT number, hash FROM ledger_heads WHERE village_code = :village")
_HEADS = Statement("SELECT village_code, number, hash FROM ledger_heads ORDER BY village_code")
_LOCK_HEAD = Statement(
    "UPDATE ledger_heads SET number = number WHERE village_code = :village RETURNING number, hash"
)
_NEW_HEAD = Statement(
    "INSERT INTO ledger_heads (village_code, number, hash) VALUES (:village, 0, :hash) "
    "ON CONFLICT (village_code) DO NOTHING"
)
_SET_HEAD = Statement(
    "UPDATE ledger_heads SET number = :number, hash = :hash WHERE village_code = :village AND number = :known"
)
_UNSEALED = Statement(
    "SELECT u.entry_id, e.digest FROM ledger_unsealed u JOIN ledger_entries e ON e.id = u.entry_id "
    "WHERE u.village_code = :village ORDER BY u.posted_at, u.entry_id"
)
_DEQUEUE = Statement(
    "DELETE FROM ledger_unsealed WHERE village_code = :village AND entry_id IN "
    "(SELECT entry_id FROM ledger_seals WHERE village_code = :village AND number > :known)"
)
_OLDEST = Statement(
    "SELECT h.village_code, h.number, (SELECT min(u.posted_at) FROM ledger_unsealed u "
    "WHERE u.village_code = h.village_code) AS oldest FROM ledger_heads h"
)
_SEALS_SQLITE = insert("ledger_seals", _SEAL)
_SEALS_PG = f"INSERT INTO ledger_seals ({', '.join(_SEAL)}) SELECT * FROM {unnest(_SEAL, 's')}"


def head(session: Session, village: str) -> tuple[int, str] | None:
    """Number and hash of the last seal; None before the first account was opened."""
    row: Any = _HEAD.run(session, {"village": village}).first()
    return None if row is None else (row[0], row[1])


def heads(session: Session) -> list[tuple[str, int, str]]:
    """(village, number, hash) of every chain's end."""
    rows: Any = _HEADS.run(session, {})
    return [(village, number, hash_) for village, number, hash_ in rows]


def new_head(session: Session, village: str, genesis: str) -> None:
    """The empty chain of a village, unless it has one."""
    _NEW_HEAD.run(session, {"village": village, "hash": genesis})


def locked_head(session: Session, village: str) -> tuple[int, str] | None:
    """As `head`, and nobody else seals this village until the transaction ends."""
    row: Any = _LOCK_HEAD.run(session, {"village": village}).first()
    return None if row is None else (row[0], row[1])


def unsealed(session: Session, village: str) -> list[tuple[str, str]]:
    """(entry, digest) of a village's entries without a seal, in the order in which they are to be sealed."""
    rows: Any = _UNSEALED.run(session, {"village": village})
    return [(entry, digest) for entry, digest in rows]


def append_seals(
    session: Session, village: str, known: int, seals: Sequence[tuple[Any, ...]], number: int, hash_: str
) -> bool:
    """Insert seal rows after number `known`, take their entries off the queue and move the head."""
    if on_sqlite(session):
        many(session, _SEALS_SQLITE, seals)
    else:
        session.connection().exec_driver_sql(_SEALS_PG, arrays(_SEAL, seals, "s"))
    _DEQUEUE.run(session, {"village": village, "known": known})
    moved = _SET_HEAD.run(session, {"village": village, "known": known, "number": number, "hash": hash_})
    return moved.rowcount == 1


def oldest_unsealed(session: Session) -> list[tuple[str, int, Any]]:
    """(village, last seal, instant of the oldest entry without a seal as the driver gives it), if any."""
    rows: Any = _OLDEST.run(session, {})
    return [(village, number, oldest) for village, number, oldest in rows if oldest is not None]
