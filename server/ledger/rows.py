"""From a decided entry to the rows that are written: sequence numbers, amounts after, fingerprint. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.kit.database import micros
from server.ledger.canonical import PostingFields, digest
from server.ledger.queries import EntryRow, PostingRow
from server.ledger.rules import OF_HOUSEHOLD, Cause, Leg, State


@dataclass(frozen=True, slots=True)
class Decided:
    """An entry whose effect is known: `after` is the household's account once it is posted."""

    id: str
    household: str
    cause: Cause
    reference: str
    content: str
    refs: str
    after: State
    legs: Sequence[Leg]
    score_year: int | None = None
    reverses: str | None = None


def rows_of(decided: Decided, now: datetime, posted_at: Any) -> tuple[EntryRow, list[PostingRow]]:
    """The row of the entry and those of its postings; `posted_at` is `now` as the driver takes it."""
    d, village = decided, decided.after.village
    fields: list[PostingFields] = []
    for number, leg in enumerate(d.legs):
        own = leg.account in OF_HOUSEHOLD
        household, seq = (d.household, d.after.version) if own else (None, None)
        fields.append((number, village, household, leg.account.value, leg.amount, seq, leg.after))
    head = (d.id, village, d.household, d.cause.value, d.reference, d.content)
    tail = (d.score_year, d.reverses, d.refs)
    stamp = digest((*head, micros(now), *tail), fields)
    return (*head, posted_at, *tail, stamp), [(d.id, *row) for row in fields]
