"""Moves between balance, reserved and a village account: the shop's reservations and redemptions, transfers.

Each is one conditional update (nothing goes below zero) and one insert: no row is read, changed in Python and
written back. A repeat gives the first entry; a refusal has changed nothing. Never commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from server.kit.exact import from_hundredths, to_hundredths
from server.kit.ids import new_id
from server.kit.sql import instant_in
from server.ledger import errors, queries
from server.ledger.canonical import canonical, move_hash
from server.ledger.reading import entry
from server.ledger.rows import Decided, rows_of
from server.ledger.rules import Cause, move_changes, move_legs


@dataclass(frozen=True)
class Moved:
    """A posted move: the entry, the balance after it in points, and whether an earlier call had posted it."""

    entry: str
    balance_after: Decimal
    repeated: bool


def reserve(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Set `amount` points aside; raises Conflict `insufficient_balance`."""
    return move(session, Cause.RESERVATION, household, amount, reference, refs, now)


def release(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Give reserved points back to the balance; raises Conflict `insufficient_reserved`."""
    return move(session, Cause.RELEASE, household, amount, reference, refs, now)


def redeem(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Spend points of the balance; raises Conflict `insufficient_balance`."""
    return move(session, Cause.REDEMPTION, household, amount, reference, refs, now)


def redeem_reserved(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Spend reserved points; raises Conflict `insufficient_reserved`."""
    return move(session, Cause.RESERVED_REDEMPTION, household, amount, reference, refs, now)


def return_points(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Give points of a redemption back to the balance."""
    return move(session, Cause.RETURN, household, amount, reference, refs, now)


def transfer_out(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Points leave the household for `transit`; raises Conflict `insufficient_balance`."""
    return move(session, Cause.TRANSFER_OUT, household, amount, reference, refs, now)


def transfer_in(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Points arrive from `transit`, in a transaction of their own."""
    return move(session, Cause.TRANSFER_IN, household, amount, reference, refs, now)


def expire(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Points lapse; raises Conflict `insufficient_balance`."""
    return move(session, Cause.EXPIRY, household, amount, reference, refs, now)


def forfeit(
    session: Session, household: str, amount: Decimal, reference: str, refs: Mapping[str, Any], now: datetime
) -> Moved:
    """Points of a household that ended go back; raises Conflict `insufficient_balance`."""
    return move(session, Cause.FORFEIT, household, amount, reference, refs, now)


def move(
    session: Session,
    cause: Cause,
    household: str,
    amount: Decimal,
    reference: str,
    refs: Mapping[str, Any],
    now: datetime,
) -> Moved:
    """Any move; raises ValueError for an amount that is not positive, NotFound, Conflict."""
    hundredths, text = to_hundredths(amount), canonical(dict(refs))
    content = move_hash(household, cause, hundredths, text)
    balance, reserved = move_changes(cause, hundredths)
    after = queries.move(session, household, balance, reserved)
    if after is None:
        return _first(session, reference, content) or _refuse(session, household, balance)
    legs = move_legs(cause, hundredths, after)
    decided = Decided(new_id(), household, cause, reference, content, text, after, legs)
    row, postings = rows_of(decided, now, instant_in(session, now))
    if queries.write(session, [row], postings) == 1:
        return Moved(row[0], from_hundredths(after.balance), repeated=False)
    queries.unmove(session, household, balance, reserved)
    first = _first(session, reference, content)
    if first is None:
        raise errors.state_changed()
    return first


def _first(session: Session, reference: str, content: str) -> Moved | None:
    """The entry of an earlier call with this reference; raises Conflict when its content was other."""
    known = queries.first_entries(session, [reference]).get(reference)
    if known is None:
        return None
    if known[1] != content:
        raise errors.reference_reused(reference)
    balance = entry(session, known[0]).postings[0].balance_after
    assert balance is not None, "the first leg is the balance's"  # noqa: S101
    return Moved(known[0], balance, repeated=True)


def _refuse(session: Session, household: str, balance: int) -> Moved:
    if queries.state_of(session, household) is None:
        raise errors.account_missing(household)
    raise errors.insufficient_balance() if balance < 0 else errors.insufficient_reserved()
