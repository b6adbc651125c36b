"""Posting lines: months, held lines, base points, opening balances, corrections and reversals. Never commits.

Accounts are locked in the order of their codes, references are looked up, then everything is written
by a few set-based statements, however many lines there are. A repeat gives the first entry; a refusal has
changed nothing, but for `state_changed`, after which the transaction must be given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from server.kit.exact import from_hundredths, to_hundredths
from server.kit.ids import new_id
from server.kit.sql import instant_in
from server.ledger import errors, queries, seal_queries
from server.ledger.canonical import canonical, genesis, line_hash
from server.ledger.reading import Entry, entry
from server.ledger.rows import Decided, rows_of
from server.ledger.rules import REVERSIBLE, Account, Cause, Line, State, post_line, reversal_of


@dataclass(frozen=True)
class MonthLine:
    """A tally line as the ledger takes it: `net` in points, `reference` unique in the instance."""

    household: str
    net: Decimal
    reference: str
    refs: Mapping[str, Any]


@dataclass(frozen=True)
class OpeningLine:
    """A household's points from an older system or paper cards, in points."""

    household: str
    balance: Decimal
    score: Decimal
    reference: str
    refs: Mapping[str, Any]


def open_accounts(session: Session, village: str, households: Sequence[str]) -> None:
    """Empty accounts for new households of `village`; those that have one keep it."""
    seal_queries.new_head(session, village, genesis(village))
    queries.open_accounts(session, village, households)


def post_month(
    session: Session,
    village: str,
    score_year: int,
    lines: Sequence[MonthLine],
    cause: Cause,
    now: datetime,
    negative_balance: bool = False,
) -> dict[str, str]:
    """Post tally lines (cause `month` or `held_line`): entry ids by household.

    A deduction larger than the balance takes the balance to zero and the whole amount from the score, unless
    `negative_balance`. Raises Conflict `ledger_reference_reused`, NotFound `account_missing`.
    """
    same: dict[int, str] = {}  # lines of one month share their refs: written once, not once a line
    asked = []
    for x in lines:
        refs = same.get(id(x.refs)) or same.setdefault(id(x.refs), canonical(dict(x.refs)))
        net = to_hundredths(x.net)
        asked.append(
            Line(x.household, cause, x.reference, score_year, net, net, refs, negative=negative_balance)
        )
    return post_lines(session, village, asked, now)


def post_base(
    session: Session,
    village: str,
    year: int,
    amount: Decimal,
    counts_for_balance: bool,
    households: Iterable[str],
    now: datetime,
) -> dict[str, str]:
    """The year's base points, once per household and year: turns the score to `year`. Ids by household."""
    balance = amount if counts_for_balance else Decimal(0)
    asked = [
        _line(
            h, Cause.BASE_POINTS, f"base:{h}:{year}", year, balance=balance, score=amount, refs={"year": year}
        )
        for h in households
    ]
    return post_lines(session, village, asked, now)


def post_opening_balances(
    session: Session, village: str, score_year: int, lines: Sequence[OpeningLine], now: datetime
) -> dict[str, str]:
    """Opening balances, one entry per household: entry ids by household."""
    asked = [
        _line(
            x.household,
            Cause.OPENING_BALANCE,
            x.reference,
            score_year,
            balance=x.balance,
            score=x.score,
            refs=x.refs,
        )
        for x in lines
    ]
    return post_lines(session, village, asked, now)


def correct(
    session: Session,
    village: str,
    household: str,
    net: Decimal,
    score_year: int,
    reference: str,
    cause: Cause,
    refs: Mapping[str, Any],
    now: datetime,
    reverses: str | None = None,
    negative_balance: bool = False,
    balance: Decimal | None = None,
) -> Entry:
    """Post one line after the fact, such as an appeal's new entry; `reverses` points at what it replaces.

    `balance` where the balance changes by something else than the score's `net`.
    """
    asked = _line(
        household,
        cause,
        reference,
        score_year,
        balance=net if balance is None else balance,
        score=net,
        refs=refs,
        negative=negative_balance,
        reverses=reverses,
    )
    return entry(session, post_lines(session, village, [asked], now)[household])


def reverse(session: Session, entry_id: str, reference: str, refs: Mapping[str, Any], now: datetime) -> Entry:
    """Mirror an entry: what was spent since stays spent, that part reaches only the score.

    Raises NotFound, Conflict `ledger_not_reversible`, `ledger_already_reversed`, `ledger_reference_reused`.
    """
    first = entry(session, entry_id)
    if first.cause not in REVERSIBLE or first.score_year is None:
        raise errors.not_reversible()
    amounts = {posting.account: to_hundredths(posting.amount) for posting in first.postings}
    mirror = reversal_of(
        first.id,
        first.household,
        first.score_year,
        balance=amounts[Account.BALANCE],
        score=amounts[Account.SCORE],
        reference=reference,
        refs=canonical(dict(refs)),
    )
    queries.locked(session, [first.household])
    repeat = reference in queries.first_entries(session, [reference])
    if not repeat and queries.is_reversed(session, entry_id):
        raise errors.already_reversed()
    return entry(session, post_lines(session, first.village, [mirror], now)[first.household])


def _line(
    household: str,
    cause: Cause,
    reference: str,
    year: int,
    *,
    balance: Decimal,
    score: Decimal,
    refs: Mapping[str, Any],
    negative: bool = False,
    reverses: str | None = None,
) -> Line:
    return Line(
        household,
        cause,
        reference,
        year,
        to_hundredths(balance),
        to_hundredths(score),
        canonical(dict(refs)),
        negative,
        reverses,
    )


def post_lines(session: Session, village: str, lines: Sequence[Line], now: datetime) -> dict[str, str]:
    """Post lines of one village; a repeat gives its first entry. Entry ids by household (its last line)."""
    if not lines:
        return {}
    states = queries.locked(session, {line.household for line in lines})
    for line in lines:
        if line.household not in states or states[line.household].village != village:
            raise errors.account_missing(line.household)
    fresh, entries = _sort_out(session, lines)
    if fresh:
        _write(session, states, fresh, now)
    return entries | {line.household: id_ for id_, line, _ in fresh}


def _sort_out(session: Session, lines: Sequence[Line]) -> tuple[list[tuple[str, Line, str]], dict[str, str]]:
    """New lines as (entry id, line, content hash), and the first entries of repeated ones by household."""
    first = queries.first_entries(session, [line.reference for line in lines])
    fresh: list[tuple[str, Line, str]] = []
    repeated: dict[str, str] = {}
    for line in lines:
        content = line_hash(line)
        known = first.get(line.reference)
        if known is None:
            fresh.append((new_id(), line, content))
            first[line.reference] = (fresh[-1][0], content, line.household)
        elif known[1] != content:
            raise errors.reference_reused(line.reference)
        else:
            repeated[line.household] = known[0]
    return fresh, repeated


def _write(
    session: Session, states: Mapping[str, State], fresh: Sequence[tuple[str, Line, str]], now: datetime
) -> None:
    current = dict(states)
    posted_at = instant_in(session, now)
    entries: list[queries.EntryRow] = []
    postings: list[queries.PostingRow] = []
    for id_, line, content in fresh:
        after, legs = post_line(current[line.household], line)
        current[line.household] = after
        decided = Decided(
            id_,
            line.household,
            line.cause,
            line.reference,
            content,
            line.refs,
            after,
            legs,
            line.score_year,
            line.reverses,
        )
        entry_row, posting_rows = rows_of(decided, now, posted_at)
        entries.append(entry_row)
        postings.extend(posting_rows)
    changed = {line.household for _, line, _ in fresh}
    accounts = [(household, states[household].version, current[household]) for household in sorted(changed)]
    if queries.set_accounts(session, accounts) != len(accounts):
        raise errors.state_changed()
    if queries.write(session, entries, postings) != len(entries):
        raise errors.state_changed()


def unposted_base(session: Session, village: str, year: int) -> list[str]:
    """Households of `village` whose account has no base points of `year`, in the order of their codes."""
    return queries.without_base(session, village, year)


def village_sums(session: Session, village: str) -> dict[str, Decimal]:
    """The village's accounts (and the totals of its households') as sums of postings, in points."""
    return {account: from_hundredths(amount) for account, amount in queries.sums(session, village)}
