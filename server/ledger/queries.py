"""Every statement that reads accounts for a posting or writes the ledger. Set-based, hundredths as int.

Nothing in here decides anything; `kit.bulk` says how many rows travel. Only the ledger's services may use this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.kit.bulk import arrays, insert, listed, many, on_sqlite, unnest
from server.kit.sql import Statement, driver_of
from server.ledger.rules import State

# id, village, household, cause, reference, content_hash, posted_at, score_year, reverses, refs, digest
EntryRow = tuple[Any, ...]
# entry_id, leg, village, household, account, amount, seq, balance_after
PostingRow = tuple[Any, ...]

_ENTRY = {
    "id": "text",
    "village_code": "text",
    "household_code": "text",
    "cause": "text",
    "reference": "text",
    "content_hash": "text",
    "posted_at": "timestamptz",
    "score_year": "int",
    "reverses": "text",
    "refs": "text",
    "digest": "text",
}
_POSTING = {
    "entry_id": "text",
    "leg": "int",
    "village_code": "text",
    "household_code": "text",
    "account": "text",
    "amount": "bigint",
    "seq": "int",
    "balance_after": "bigint",
}
_ACCOUNT = {
    "balance": "bigint",
    "reserved": "bigint",
    "score": "bigint",
    "score_year": "int",
    "base_year": "int",
    "version": "int",
    "household_code": "text",
    "known": "int",
}
_STATE = "household_code, village_code, balance, reserved, score, score_year, base_year, version"


# ---- accounts ------------------------------------------------------------------------

_LOCKED = Statement(
    f"SELECT {_STATE} FROM ledger_accounts "
    "WHERE household_code IN (SELECT value FROM json_each(:households))",
    postgresql=f"SELECT {_STATE} FROM ledger_accounts WHERE household_code = ANY(:households::text[]) "
    "ORDER BY household_code FOR UPDATE",
)
_OPEN = Statement(
    f"INSERT INTO ledger_accounts ({_STATE}) SELECT value, :village, 0, 0, 0, 0, 0, 0 "
    "FROM json_each(:households) WHERE true ON CONFLICT (household_code) DO NOTHING",
    postgresql=f"INSERT INTO ledger_accounts ({_STATE}) SELECT h, :village, 0, 0, 0, 0, 0, 0 "
    "FROM unnest(:households::text[]) AS h ON CONFLICT (household_code) DO NOTHING",
)
_MOVE = Statement(
    "UPDATE ledger_accounts SET balance = balance + :balance, reserved = reserved + :reserved, "
    "version = version + 1 WHERE household_code = :household AND balance >= :balance_needed "
    f"AND reserved >= :reserved_needed RETURNING {_STATE}"
)
_UNMOVE = Statement(
    "UPDATE ledger_accounts SET balance = balance - :balance, reserved = reserved - :reserved, "
    "version = version - 1 WHERE household_code = :household"
)
_STATE_OF = Statement(f"SELECT {_STATE} FROM ledger_accounts WHERE household_code = :household")
_LEAST = -(10**17)  # a condition that always holds: no account gets there

_SET_PG = (
    "UPDATE ledger_accounts AS a SET balance = v.balance, reserved = v.reserved, score = v.score, "
    "score_year = v.score_year, base_year = v.base_year, version = v.version "
    f"FROM {unnest(_ACCOUNT, 'v')} WHERE a.household_code = v.household_code AND a.version = v.known"
)
_SET_SQLITE = (
    "UPDATE ledger_accounts SET balance = ?, reserved = ?, score = ?, score_year = ?, base_year = ?, "
    "version = ? WHERE household_code = ? AND version = ?"
)


def _state(row: Sequence[Any]) -> State:
    return State(*row[1:])


def open_accounts(session: Session, village: str, households: Sequence[str]) -> None:
    """Empty accounts for households that have none."""
    _OPEN.run(session, {"village": village, "households": listed(session, households)})


def locked(session: Session, households: Iterable[str]) -> dict[str, State]:
    """The accounts by household, locked in the order of their codes; households without one are left out."""
    rows: Any = _LOCKED.run(session, {"households": listed(session, households)})
    return {row[0]: _state(row) for row in rows}


def state_of(session: Session, household: str) -> State | None:
    """One account as it stands."""
    row: Any = _STATE_OF.run(session, {"household": household}).first()
    return None if row is None else _state(row)


def set_accounts(session: Session, changes: Sequence[tuple[str, int, State]]) -> int:
    """Write (household, known version, new state) where the version still is the known one: rows changed."""
    rows = [
        (s.balance, s.reserved, s.score, s.score_year, s.base_year, s.version, household, known)
        for household, known, s in changes
    ]
    if on_sqlite(session):
        return many(session, _SET_SQLITE, rows)
    return driver_of(session).execute(_SET_PG, arrays(_ACCOUNT, rows, "v")).rowcount


def move(session: Session, household: str, balance: int, reserved: int) -> State | None:
    """Change balance and reserved where neither goes below zero by it; None when no row did."""
    parameters = {
        "household": household,
        "balance": balance,
        "reserved": reserved,
        "balance_needed": -balance if balance < 0 else _LEAST,
        "reserved_needed": -reserved if reserved < 0 else _LEAST,
    }
    row: Any = _MOVE.run(session, parameters).first()
    return None if row is None else _state(row)


def unmove(session: Session, household: str, balance: int, reserved: int) -> None:
    """Take back a `move` of this transaction, whose row is still ours."""
    _UNMOVE.run(session, {"household": household, "balance": balance, "reserved": reserved})


# ---- entries -------------------------------------------------------------------------

_FIRST = Statement(
    "SELECT reference, id, content_hash, household_code FROM ledger_entries "
    "WHERE reference IN (SELECT value FROM json_each(:references))",
    postgresql="SELECT reference, id, content_hash, household_code FROM ledger_entries "
    "WHERE reference = ANY(:references::text[])",
)
_REVERSED = Statement("SELECT id FROM ledger_entries WHERE reverses = :entry AND cause = 'reversal'")
_ONCE = " ON CONFLICT (reference) DO NOTHING"
_ENTRIES_SQLITE = insert("ledger_entries", _ENTRY, _ONCE)
_POSTINGS_SQLITE = insert("ledger_postings", _POSTING)
_QUEUE_SQLITE = "INSERT INTO ledger_unsealed (village_code, posted_at, entry_id) VALUES (?, ?, ?)"
_WRITE_PG = (
    f"WITH done AS (INSERT INTO ledger_entries ({', '.join(_ENTRY)}) SELECT * FROM {unnest(_ENTRY, 'e')}"
    f"{_ONCE} RETURNING id, village_code, posted_at), "
    f"legs AS (INSERT INTO ledger_postings ({', '.join(_POSTING)}) SELECT p.* FROM {unnest(_POSTING, 'p')} "
    "JOIN done ON done.id = p.entry_id) "
    "INSERT INTO ledger_unsealed (village_code, posted_at, entry_id) "
    "SELECT village_code, posted_at, id FROM done"
)


def first_entries(session: Session, references: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Entries by reference: (id, content hash, household)."""
    rows: Any = _FIRST.run(session, {"references": listed(session, references)})
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def is_reversed(session: Session, entry: str) -> bool:
    """Whether a reversal of `entry` was posted."""
    return _REVERSED.run(session, {"entry": entry}).first() is not None


def write(session: Session, entries: Sequence[EntryRow], postings: Sequence[PostingRow]) -> int:
    """Insert entries whose reference is new, with their postings, and queue them for sealing; gives how many.

    With one entry, nothing is written when its reference exists; with several, the caller must give up
    when the number is short.
    """
    if not on_sqlite(session):
        parameters = arrays(_ENTRY, entries, "e") | arrays(_POSTING, postings, "p")
        return driver_of(session).execute(_WRITE_PG, parameters).rowcount
    written = many(session, _ENTRIES_SQLITE, entries)
    if written == len(entries):
        many(session, _POSTINGS_SQLITE, postings)
        many(session, _QUEUE_SQLITE, [(row[1], row[6], row[0]) for row in entries])
    return written


# ---- sums and base points ------------------------------------------------------------

_SUMS = Statement(
    "SELECT p.account, sum(p.amount) FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id "
    "WHERE e.village_code = :village GROUP BY p.account ORDER BY p.account"
)
_WITHOUT_BASE = Statement(
    "SELECT household_code FROM ledger_accounts WHERE village_code = :village AND base_year < :year "
    "ORDER BY household_code"
)


def sums(session: Session, village: str) -> list[tuple[str, int]]:
    """(account, sum in hundredths) over all postings of a village."""
    rows: Any = _SUMS.run(session, {"village": village})
    return [(account, int(amount)) for account, amount in rows]


def without_base(session: Session, village: str, year: int) -> list[str]:
    """Households whose account had its last base points before `year`."""
    return [row[0] for row in _WITHOUT_BASE.run(session, {"village": village, "year": year})]
