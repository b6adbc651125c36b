"""`jifen ledger verify`: reads the ledger, village by village, and says what differs. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from server.kit.sql import Statement
from server.ledger.invariants import (
    INVARIANTS,
    AccountRow,
    Books,
    Difference,
    EntryRow,
    Kind,
    PostingRow,
    SealRow,
    proven_heads,
)

_MICROS = "(extract(epoch FROM {0}) * 1000000)::bigint"


def _with_micros(sql: str, column: str) -> Statement:
    return Statement(sql.format(column), postgresql=sql.format(_MICROS.format(column)))


_VILLAGES = Statement(
    "SELECT village_code FROM ledger_accounts UNION SELECT village_code FROM ledger_entries "
    "UNION SELECT village_code FROM ledger_postings UNION SELECT village_code FROM ledger_seals "
    "UNION SELECT village_code FROM ledger_unsealed UNION SELECT village_code FROM ledger_heads ORDER BY 1"
)
_ENTRIES = _with_micros(
    "SELECT id, village_code, household_code, cause, reference, content_hash, {0}, score_year, reverses, "
    "refs, digest FROM ledger_entries WHERE village_code = :village ORDER BY id",
    "posted_at",
)
_LEG = "p.entry_id, p.leg, p.village_code, p.household_code, p.account, p.amount, p.seq, p.balance_after"
_POSTINGS = Statement(
    f"SELECT {_LEG} FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id "
    "WHERE e.village_code = :village ORDER BY p.entry_id, p.leg"
)
_ORPHANS = Statement(
    f"SELECT {_LEG} FROM ledger_postings p LEFT JOIN ledger_entries e ON e.id = p.entry_id "
    "WHERE e.id IS NULL ORDER BY p.entry_id, p.leg"
)
_ACCOUNTS = Statement(
    "SELECT household_code, balance, reserved, score, score_year, base_year, version FROM ledger_accounts "
    "WHERE village_code = :village ORDER BY household_code"
)
_SEALS = _with_micros(
    "SELECT number, entry_id, hash, previous, {0} FROM ledger_seals WHERE village_code = :village "
    "ORDER BY number",
    "sealed_at",
)
_HEAD = Statement("SELECT number, hash FROM ledger_heads WHERE village_code = :village")
_QUEUE = _with_micros(
    "SELECT entry_id, {0} FROM ledger_unsealed WHERE village_code = :village ORDER BY entry_id", "posted_at"
)


@dataclass
class Report:
    """What was read and what differs; `head_at`: village and number of the head that was asked for."""

    differences: list[Difference] = field(default_factory=list)
    villages: int = 0
    households: int = 0
    entries: int = 0
    postings: int = 0
    sealed: int = 0
    waiting: int = 0
    head_at: tuple[str, int] | None = None

    def count(self, books: Books) -> None:
        self.villages += 1
        self.households += len(books.accounts)
        self.entries += len(books.entries)
        self.postings += sum(len(legs) for legs in books.postings.values())
        self.sealed += len(books.seals)
        self.waiting += len(books.queue)


def steady(session: Session) -> None:
    """Make the transaction see one instant throughout; the first statement of it, or PostgreSQL refuses."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def verify(session: Session, village: str | None = None, head: str | None = None) -> list[Difference]:
    """Everything that differs, in one village or all; with `head` also whether a chain has it intact."""
    return examine(session, village, head).differences


def examine(
    session: Session,
    village: str | None = None,
    head: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """As `verify`, with counts; `progress` hears of each village before it is read."""
    report = Report()
    orphans = _orphans(session)
    villages = [village] if village is not None else sorted({*_codes(session), *orphans})
    for code in villages:
        if progress is not None:
            progress(code)
        books = _books(session, code, orphans.get(code, []))
        report.count(books)
        report.differences += [found for invariant in INVARIANTS for found in invariant(books)]
        proven = proven_heads(books) if head is not None else {}
        if head in proven:
            report.head_at = (code, proven[head])
    if head is not None and report.head_at is None:
        unknown = Difference(Kind.HEAD_UNKNOWN, village or "", head, "present", "absent")
        report.differences.append(unknown)
    return report


def _codes(session: Session) -> list[str]:
    rows: Any = _VILLAGES.run(session, {})
    return [str(code) for (code,) in rows]


def _orphans(session: Session) -> dict[str, list[PostingRow]]:
    """Postings without an entry, by the village they name."""
    found: dict[str, list[PostingRow]] = {}
    for row in _rows(_ORPHANS.run(session, {})):
        posting = PostingRow(*row)
        found.setdefault(str(posting.village), []).append(posting)
    return found


def _books(session: Session, village: str, orphans: Iterable[PostingRow]) -> Books:
    one = {"village": village}
    postings: dict[str, list[PostingRow]] = {}
    for posting in [PostingRow(*row) for row in _rows(_POSTINGS.run(session, one))] + list(orphans):
        postings.setdefault(posting.entry, []).append(posting)
    head: Any = _HEAD.run(session, one).first()
    return Books(
        village,
        {row[0]: EntryRow(*row) for row in _rows(_ENTRIES.run(session, one))},
        postings,
        {row[0]: AccountRow(*row) for row in _rows(_ACCOUNTS.run(session, one))},
        [SealRow(*row) for row in _rows(_SEALS.run(session, one))],
        None if head is None else (head[0], head[1]),
        [(row[0], row[1]) for row in _rows(_QUEUE.run(session, one))],
    )


def _rows(result: Any) -> list[tuple[Any, ...]]:
    """Rows of plain values only: somebody may have put bytes or a fraction where SQLite does not mind."""
    return [tuple(map(_plain, row)) for row in result]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str)) else repr(value)
