"""What a household's figures are made of: sums by cause, and which entry reverses which. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.exact import from_hundredths
from server.kit.sql import Statement
from server.ledger.models import LedgerEntry
from server.ledger.rules import Cause


@dataclass(frozen=True)
class Part:
    """What all entries of one cause did to a household: to the score of a year and to the balance, in points."""

    cause: str
    entries: int
    score: Decimal
    balance: Decimal


_PARTS = Statement(
    "SELECT e.cause, count(DISTINCT e.id), "
    "sum(CASE WHEN p.account = 'score' AND e.score_year = :year THEN p.amount ELSE 0 END), "
    "sum(CASE WHEN p.account = 'balance' THEN p.amount ELSE 0 END) "
    "FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id "
    "WHERE p.household_code = :household AND p.account IN ('balance', 'score') GROUP BY e.cause"
)


def parts(session: Session, household: str, year: int) -> list[Part]:
    """Sums by cause, in the order of `Cause`: they add up to the score of `year` and to the balance."""
    rows = _PARTS.run(session, {"household": household, "year": year})
    found = [
        Part(cause, int(entries), from_hundredths(int(score)), from_hundredths(int(balance)))
        for cause, entries, score, balance in rows
    ]
    return sorted(found, key=lambda part: list(Cause).index(Cause(part.cause)))


def pointers(session: Session, entries: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """For these entries: what each reverses or replaces, and by which reversal each was taken back."""
    query = select(LedgerEntry.id, LedgerEntry.reverses, LedgerEntry.cause).where(
        LedgerEntry.reverses.is_not(None),
        LedgerEntry.id.in_(entries) | LedgerEntry.reverses.in_(entries),
    )
    points_at: dict[str, str] = {}
    taken_back: dict[str, str] = {}
    for key, first, cause in session.execute(query):
        points_at[key] = str(first)
        if cause == Cause.REVERSAL:
            taken_back[str(first)] = key
    return points_at, taken_back
