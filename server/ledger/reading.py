"""Reading the ledger: an account, an entry with its postings, a page of a statement. Writes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from server.kit.bulk import listed
from server.kit.errors import NotFound
from server.kit.exact import from_hundredths
from server.kit.sql import Statement, instant_out
from server.ledger import errors, queries


@dataclass(frozen=True)
class AccountState:
    """A household's account, in points; `score` is that of `score_year` (0: no year begun)."""

    household: str
    village: str
    balance: Decimal
    reserved: Decimal
    score: Decimal
    score_year: int
    version: int


@dataclass(frozen=True)
class Posting:
    """One leg of an entry, in points; `household` is None for a village account."""

    account: str
    household: str | None
    amount: Decimal
    balance_after: Decimal | None


@dataclass(frozen=True)
class Entry:
    """One entry with its postings in leg order; `seal`: its number in the village's chain, once sealed."""

    id: str
    village: str
    household: str
    cause: str
    reference: str
    posted_at: datetime
    score_year: int | None
    reverses: str | None
    refs: dict[str, Any]
    postings: tuple[Posting, ...]
    seal: int | None
    seal_hash: str | None

    def amount(self, account: str) -> Decimal:
        """What the entry did to one account of the household, in points."""
        return sum((p.amount for p in self.postings if p.account == account), Decimal("0.00"))


_ENTRY = Statement(
    "SELECT e.id, e.village_code, e.household_code, e.cause, e.reference, e.posted_at, e.score_year, "
    "e.reverses, e.refs, s.number, s.hash, p.account, p.household_code, p.amount, p.balance_after "
    "FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id "
    "LEFT JOIN ledger_seals s ON s.entry_id = e.id WHERE e.id = :id ORDER BY p.leg"
)
_STATEMENT = Statement(
    "SELECT b.seq, e.id, e.posted_at, e.cause, b.amount, s.amount, b.balance_after, e.refs "
    "FROM ledger_postings b JOIN ledger_entries e ON e.id = b.entry_id "
    "LEFT JOIN ledger_postings s "
    "ON s.household_code = b.household_code AND s.account = 'score' AND s.seq = b.seq "
    "WHERE b.household_code = :household AND b.account = 'balance' AND b.seq < :before "
    "ORDER BY b.seq DESC LIMIT :limit"
)
LATEST = 2**31 - 1


def account(session: Session, household: str) -> AccountState:
    """The account as it stands; raises NotFound `account_missing`."""
    state = queries.state_of(session, household)
    if state is None:
        raise errors.account_missing(household)
    return AccountState(
        household,
        state.village,
        from_hundredths(state.balance),
        from_hundredths(state.reserved),
        from_hundredths(state.score),
        state.score_year,
        state.version,
    )


def entry(session: Session, entry_id: str) -> Entry:
    """One entry with its postings; raises NotFound."""
    rows: Any = _ENTRY.run(session, {"id": entry_id}).all()
    if not rows:
        raise NotFound()
    first = rows[0]
    postings = tuple(
        Posting(account, own, from_hundredths(amount), None if after is None else from_hundredths(after))
        for *_, account, own, amount, after in rows
    )
    return Entry(
        first[0],
        first[1],
        first[2],
        first[3],
        first[4],
        instant_out(first[5]),
        first[6],
        first[7],
        json.loads(first[8]),
        postings,
        first[9],
        first[10],
    )


_BALANCE_CHANGES = Statement(
    "SELECT entry_id, amount FROM ledger_postings WHERE account = 'balance' "
    "AND entry_id IN (SELECT value FROM json_each(:entries))",
    postgresql="SELECT entry_id, amount FROM ledger_postings WHERE account = 'balance' "
    "AND entry_id = ANY(:entries::text[])",
)


def balance_changes(session: Session, entries: Sequence[str]) -> dict[str, Decimal]:
    """What each of these entries did to its household's balance, in points. One statement."""
    rows: Any = _BALANCE_CHANGES.run(session, {"entries": listed(session, entries)})
    return {entry_id: from_hundredths(amount) for entry_id, amount in rows}


_SCORES = Statement(
    "SELECT e.household_code, sum(p.amount) FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id "
    "WHERE e.village_code = :village AND e.score_year = :year AND p.account = 'score' "
    "GROUP BY e.household_code"
)


def scores_of_year(session: Session, village: str, year: int) -> dict[str, Decimal]:
    """Household → its score of one score year, in points, also after a later year has begun. One statement."""
    rows: Any = _SCORES.run(session, {"village": village, "year": year}).all()
    return {household: from_hundredths(int(amount)) for household, amount in rows}


_POSTED = Statement(
    "SELECT (SELECT number FROM ledger_heads WHERE village_code = :village) "
    "+ (SELECT count(*) FROM ledger_unsealed WHERE village_code = :village)"
)


def posted(session: Session, village: str) -> int:
    """How many entries the village has: sealed ones and those that wait. Grows with each, so it serves as
    a version.
    """
    row: Any = _POSTED.run(session, {"village": village}).one()
    return row[0] or 0


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One entry as a household's statement shows it; amounts in hundredths, `refs` as JSON text."""

    seq: int
    id: str
    posted_at: datetime
    cause: str
    amount: int
    score_amount: int
    balance_after: int
    refs: str


def statement(session: Session, household: str, before: int | None, limit: int) -> list[StatementRow]:
    """Up to `limit` rows before sequence number `before` (None: the latest), newest first. One statement."""
    last = LATEST if before is None else max(0, min(before, LATEST))
    parameters = {"household": household, "before": last, "limit": limit}
    rows: Any = _STATEMENT.run(session, parameters)
    return [
        StatementRow(seq, id_, instant_out(at), cause, amount, score or 0, after, refs)
        for seq, id_, at, cause, amount, score, after, refs in rows
    ]
