"""How many points of past years a household still has: what was earned first is spent first. Writes nothing."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from server.kit.exact import from_hundredths
from server.kit.sql import Statement
from server.ledger.rules import LINES, Cause

_GAINS = ", ".join(f"'{cause.value}'" for cause in sorted(LINES - {Cause.REVERSAL}))
# Of the balance everything beyond what came in after the year is older; outflows, deductions and what is
# reserved used up the oldest first. A reversal takes back a gain; one that gives back a deduction is none.
_OLDER = Statement(
    "SELECT a.household_code, a.balance - COALESCE(g.gained, 0) FROM ledger_accounts a LEFT JOIN ("
    "SELECT e.household_code, SUM(p.amount) AS gained FROM ledger_entries e "
    "JOIN ledger_postings p ON p.entry_id = e.id AND p.account = 'balance' "
    "WHERE e.village_code = :village AND e.score_year > :year "
    f"AND ((e.cause IN ({_GAINS}) AND p.amount > 0) OR (e.cause = 'reversal' AND p.amount < 0)) "
    "GROUP BY e.household_code) g ON g.household_code = a.household_code "
    "WHERE a.village_code = :village AND a.balance > COALESCE(g.gained, 0) ORDER BY a.household_code"
)


def older_points(session: Session, village: str, year: int) -> dict[str, Decimal]:
    """Per household the points in its balance that were earned in `year` or before; without those that have
    none. Reserved points are not among them.
    """
    rows = _OLDER.run(session, {"village": village, "year": year})
    return {household: from_hundredths(int(amount)) for household, amount in rows if int(amount) > 0}
