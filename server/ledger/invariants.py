"""What must hold in a village's books, one small function per invariant. Pure: books in, differences out.

Values come as the database has them, whoever put them there: nothing in here may fail on nonsense, and one
fault must not hide another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from server.kit.exact import hundredths_text
from server.ledger.canonical import digest, genesis, link
from server.ledger.rules import LINES, OF_HOUSEHOLD, Account, Cause, accounts_of, sums


class Kind(StrEnum):
    """What differs."""

    ENTRY_SUM = "entry_sum"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_SHAPE = "entry_shape"
    ENTRY_MISSING = "entry_missing"
    REVERSED_MISSING = "reversed_missing"
    SEQUENCE = "sequence"
    AMOUNT_AFTER = "amount_after"
    ACCOUNT = "account"
    ACCOUNT_MISSING = "account_missing"
    SEAL_MISSING = "seal_missing"
    SEAL_CHANGED = "seal_changed"
    HEAD_CHANGED = "head_changed"
    QUEUE = "queue"
    HEAD_UNKNOWN = "head_unknown"


@dataclass(frozen=True)
class Difference:
    """One thing that is off: what, in which village, of which entry, household or seal."""

    kind: Kind
    village: str
    subject: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as stored; `posted_at` in microseconds."""

    id: str
    village: str
    household: str
    cause: str
    reference: str
    content_hash: str
    posted_at: int
    score_year: int | None
    reverses: str | None
    refs: str
    digest: str


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting as stored."""

    entry: str
    leg: int
    village: str
    household: str | None
    account: str
    amount: int
    seq: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A household's account as stored."""

    household: str
    balance: int
    reserved: int
    score: int
    score_year: int
    base_year: int
    version: int


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal as stored; `sealed_at` in microseconds."""

    number: int
    entry: str
    hash: str
    previous: str
    sealed_at: int


@dataclass
class Books:
    """All that the database has of one village; `postings` by leg, `queue` as (entry, posted_at)."""

    village: str
    entries: dict[str, EntryRow]
    postings: dict[str, list[PostingRow]]
    accounts: dict[str, AccountRow]
    seals: list[SealRow]
    head: tuple[int, str] | None
    queue: list[tuple[str, int]]
    fingerprints: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.fingerprints = {
            id_: _fingerprint(entry, self.postings.get(id_, [])) for id_, entry in self.entries.items()
        }

    def differs(self, kind: Kind, subject: Any, expected: Any, found: Any) -> Difference:
        return Difference(kind, self.village, str(subject), str(expected), str(found))


def _fingerprint(e: EntryRow, postings: Iterable[PostingRow]) -> str:
    legs = [(p.leg, p.village, p.household, p.account, p.amount, p.seq, p.after) for p in postings]
    return digest(
        (
            e.id,
            e.village,
            e.household,
            e.cause,
            e.reference,
            e.content_hash,
            e.posted_at,
            e.score_year,
            e.reverses,
            e.refs,
        ),
        legs,
    )


def entries_sum_to_zero(books: Books) -> Iterator[Difference]:
    """Every entry sums to zero over its balance-type legs and over its score-type legs."""
    for id_, legs in books.postings.items():
        balance, score = sums((p.account, number(p.amount)) for p in legs)
        if balance or score:
            yield books.differs(Kind.ENTRY_SUM, id_, "0.00 / 0.00", f"{points(balance)} / {points(score)}")


def entries_unchanged(books: Books) -> Iterator[Difference]:
    """An entry and its postings are as they were posted: their fingerprint recomputes."""
    for id_, entry in books.entries.items():
        if books.fingerprints[id_] != entry.digest:
            yield books.differs(Kind.ENTRY_CHANGED, id_, entry.digest, books.fingerprints[id_])


def entries_well_formed(books: Books) -> Iterator[Difference]:
    """The legs are those that the cause allows, numbered without a gap, of the entry's own household."""
    for id_, entry in books.entries.items():
        legs = books.postings.get(id_, [])
        if fault := _malformed(entry, legs):
            yield books.differs(Kind.ENTRY_SHAPE, id_, entry.cause, fault)


def _malformed(entry: EntryRow, legs: list[PostingRow]) -> str:
    names = [p.account for p in legs]
    if entry.cause not in set(Cause):
        return "bad_cause"
    if [p.leg for p in legs] != list(range(len(legs))) or Account.BALANCE not in names:
        return "bad_legs"
    if not set(names) <= accounts_of(Cause(entry.cause)) or max(Counter(names).values()) > 1:
        return "bad_accounts"
    if (entry.cause in LINES) != (entry.score_year is not None and Account.SCORE in names):
        return "bad_score"
    own = {p.household for p in legs if p.account in OF_HOUSEHOLD}
    others = {p.household for p in legs if p.account not in OF_HOUSEHOLD}
    if own != {entry.household} or not others <= {None} or {p.village for p in legs} != {entry.village}:
        return "bad_owner"
    return "" if len({p.seq for p in legs if p.account in OF_HOUSEHOLD}) == 1 else "bad_seq"


def postings_have_entries(books: Books) -> Iterator[Difference]:
    """No posting, and no pointer of a reversal or its successor, without its entry."""
    for id_ in books.postings.keys() - books.entries.keys():
        yield books.differs(Kind.ENTRY_MISSING, id_, "present", "absent")
    for id_, entry in books.entries.items():
        if entry.reverses is not None:
            first = books.entries.get(entry.reverses)
            if first is None or first.household != entry.household:
                yield books.differs(Kind.REVERSED_MISSING, id_, entry.reverses, first and first.household)


def accounts_follow_postings(books: Books) -> Iterator[Difference]:
    """Replayed in order, a household's postings give every amount on the way and the account as it stands."""
    legs: dict[str, list[PostingRow]] = {household: [] for household in books.accounts}
    for entry_legs in books.postings.values():
        for p in entry_legs:
            if p.household is not None:
                legs.setdefault(p.household, []).append(p)
    for household, own in sorted(legs.items()):
        yield from _replay(books, household, own)


@dataclass
class _Running:
    amounts: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)  # so that one fault shows once
    year: int = 0
    base_year: int = 0
    version: int = 0


def _replay(books: Books, household: str, legs: list[PostingRow]) -> Iterator[Difference]:
    run = _Running()
    for p in sorted(legs, key=lambda p: (number(p.seq), str(p.account))):
        seq = number(p.seq)
        if seq not in (run.version, run.version + 1):
            yield books.differs(Kind.SEQUENCE, household, run.version + 1, p.seq)
        run.version = seq
        expected = _step(run, p, books.entries.get(p.entry))
        if p.after != expected:
            subject = f"{p.entry} {p.account}"
            yield books.differs(Kind.AMOUNT_AFTER, subject, points(expected), points(p.after))
    row = books.accounts.get(household)
    if row is None:
        yield books.differs(Kind.ACCOUNT_MISSING, household, "present", "absent")
        return
    computed = AccountRow(
        household,
        run.amounts[Account.BALANCE],
        run.amounts[Account.RESERVED],
        run.amounts[Account.SCORE],
        run.year,
        run.base_year,
        run.version,
    )
    for name, shown in _SHOWN.items():
        expected, found = getattr(computed, name), getattr(row, name)
        if expected != found:
            yield books.differs(Kind.ACCOUNT, f"{household} {name}", shown(expected), shown(found))


def points(hundredths: Any) -> str:
    """An amount as a person reads it; nonsense as it is."""
    return hundredths_text(hundredths) if isinstance(hundredths, int) else str(hundredths)


_SHOWN: dict[str, Callable[[Any], str]] = {
    "balance": points,
    "reserved": points,
    "score": points,
    "score_year": str,
    "base_year": str,
    "version": str,
}


def _step(run: _Running, p: PostingRow, entry: EntryRow | None) -> int | None:
    """Apply one leg; what the account reads after it (None for a score of a past year)."""
    if p.account == Account.SCORE:
        year = number(entry.score_year) if entry else run.year
        if entry and entry.cause == Cause.BASE_POINTS:
            run.base_year = max(run.base_year, year)
        if year < run.year:
            return None
        if year > run.year:
            run.year, run.amounts[Account.SCORE], run.written[Account.SCORE] = year, 0, 0
    run.amounts[p.account] += number(p.amount)
    expected = run.written[p.account] + number(p.amount)
    run.written[p.account] = number(p.after)
    return expected


def chain_unbroken(books: Books) -> Iterator[Difference]:
    """Seals count from 1, each names the one before and recomputes from its entry; the head is the last."""
    previous, wanted = genesis(books.village), 1
    for seal in books.seals:
        if seal.number != wanted:
            yield books.differs(Kind.SEAL_MISSING, wanted, wanted, seal.number)
        if seal.previous != previous:
            yield books.differs(Kind.SEAL_CHANGED, f"{seal.number} previous", previous, seal.previous)
        expected = _recomputed(books, seal)
        if expected is None:
            yield books.differs(Kind.ENTRY_MISSING, seal.entry, f"seal {seal.number}", "absent")
        elif expected != seal.hash:
            yield books.differs(Kind.SEAL_CHANGED, seal.number, expected, seal.hash)
        previous, wanted = seal.hash, number(seal.number) + 1
    head = books.head or (0, genesis(books.village))
    if head != (wanted - 1, previous):
        yield books.differs(Kind.HEAD_CHANGED, "head", f"{wanted - 1} {previous}", f"{head[0]} {head[1]}")


def _recomputed(books: Books, seal: SealRow) -> str | None:
    fingerprint = books.fingerprints.get(seal.entry)
    if fingerprint is None:
        return None
    return link(seal.previous, (books.village, seal.number, seal.entry, fingerprint, seal.sealed_at))


def sealed_or_queued(books: Books) -> Iterator[Difference]:
    """Every entry has a seal or waits for one, never both or neither, and nothing else waits."""
    sealed, queued = Counter(seal.entry for seal in books.seals), Counter(id_ for id_, _ in books.queue)
    for id_ in sorted(books.entries.keys() | sealed.keys() | queued.keys()):
        if (id_ in books.entries or queued[id_]) and sealed[id_] + queued[id_] != 1:
            yield books.differs(Kind.QUEUE, id_, 1, sealed[id_] + queued[id_])
        elif queued[id_] and id_ not in books.entries:
            yield books.differs(Kind.ENTRY_MISSING, id_, "present", "absent")
    for id_, posted_at in books.queue:
        if id_ in books.entries and books.entries[id_].posted_at != posted_at:
            yield books.differs(Kind.QUEUE, id_, books.entries[id_].posted_at, posted_at)


INVARIANTS = (
    postings_have_entries,
    entries_well_formed,
    entries_sum_to_zero,
    entries_unchanged,
    accounts_follow_postings,
    chain_unbroken,
    sealed_or_queued,
)


def proven_heads(books: Books) -> dict[str, int]:
    """Heads up to which everything recomputes from the first seal on, with their numbers (0: no seal)."""
    previous = genesis(books.village)
    proven = {previous: 0}
    for wanted, seal in enumerate(books.seals, 1):
        intact = seal.number == wanted and seal.previous == previous
        if not intact or _recomputed(books, seal) != seal.hash:
            break
        previous = seal.hash
        proven[previous] = wanted
    return proven


def number(value: Any) -> int:
    """An integer column's value; nonsense counts as zero, since the fingerprint finds it anyway."""
    return value if isinstance(value, int) else 0
