"""What other slices may import of the ledger. Amounts are Decimals in points; nothing in here commits.

The same reference with the same content gives the first entry, with other content Conflict
`ledger_reference_reused`. `refs` hold ids and codes (no floats, no personal data): they are hashed and
kept for good. `LedgerAccount` is exported for joins in reading statements only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.ledger.invariants import Difference
from server.ledger.lapsing import older_points
from server.ledger.models import LedgerAccount
from server.ledger.moves import (
    Moved,
    expire,
    forfeit,
    redeem,
    redeem_reserved,
    release,
    reserve,
    return_points,
    transfer_in,
    transfer_out,
)
from server.ledger.reading import (
    AccountState,
    Entry,
    Posting,
    StatementRow,
    account,
    balance_changes,
    entry,
    posted,
    scores_of_year,
    statement,
)
from server.ledger.rules import Cause
from server.ledger.sealing import head, heads, seal_village
from server.ledger.service import (
    MonthLine,
    OpeningLine,
    correct,
    open_accounts,
    post_base,
    post_month,
    post_opening_balances,
    reverse,
    unposted_base,
    village_sums,
)
from server.ledger.tracing import Part, parts, pointers
from server.ledger.verification import verify

if TYPE_CHECKING:
    from server.cycles.api import Closer


def closers() -> list[Closer]:
    """The closers of this slice. Imported late: the cycles know villages, whose accounts we open."""
    from server.ledger.closing import closer  # noqa: PLC0415

    return [closer()]


__all__ = [
    "AccountState",
    "Cause",
    "Difference",
    "Entry",
    "LedgerAccount",
    "MonthLine",
    "Moved",
    "OpeningLine",
    "Part",
    "Posting",
    "StatementRow",
    "account",
    "balance_changes",
    "closers",
    "correct",
    "entry",
    "expire",
    "forfeit",
    "head",
    "heads",
    "older_points",
    "open_accounts",
    "parts",
    "pointers",
    "post_base",
    "post_month",
    "post_opening_balances",
    "posted",
    "redeem",
    "redeem_reserved",
    "release",
    "reserve",
    "return_points",
    "reverse",
    "scores_of_year",
    "seal_village",
    "statement",
    "transfer_in",
    "transfer_out",
    "unposted_base",
    "verify",
    "village_sums",
]
