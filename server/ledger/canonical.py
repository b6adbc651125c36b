"""What is hashed, and how: one canonical text per thing, SHA-256 over it.

Pure. Canonical JSON is ASCII, without spaces, with sorted keys and without floats, so that anybody can
recompute a hash with any JSON library. Changing a form here breaks every chain: add a new version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import orjson

from server.ledger.rules import Line

# id, village, household, cause, reference, content_hash, posted_at (microseconds), score_year, reverses, refs
EntryFields = tuple[str, str, str, str, str, str, int, int | None, str | None, str]
# leg, village, household, account, amount (hundredths), seq, balance_after
PostingFields = tuple[int, str, str | None, str, int, int | None, int | None]
# village, number, entry, digest of the entry, sealed_at (microseconds)
SealFields = tuple[str, int, str, str, int]


def canonical(value: Any) -> str:
    """Canonical JSON; raises ValueError for a float anywhere inside."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("no floats near the ledger")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError("keys of refs are texts")
            _refuse_floats(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_floats(inner)


def _sha256(parts: Sequence[Any]) -> str:
    return hashlib.sha256(_canonical_list(parts)).hexdigest()


def _canonical_list(parts: Sequence[Any]) -> bytes:
    """The canonical JSON of texts, integers and lists. orjson is fifteen times quicker and writes the same bytes
    for all that is printable ASCII; where anything else is in it, the standard library has the word.
    """
    quick = orjson.dumps(parts)
    if quick.isascii() and b"\x7f" not in quick:
        return quick
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode()


def line_hash(line: Line) -> str:
    """What makes two lines the same request: all that was asked, nothing that the account decided."""
    return _sha256(
        [
            "line",
            line.cause,
            line.household,
            line.score_year,
            line.balance,
            line.score,
            line.negative,
            line.reverses,
            line.refs,
        ]
    )


def move_hash(household: str, cause: str, amount: int, refs: str) -> str:
    """What makes two moves the same request."""
    return _sha256(["move", cause, household, amount, refs])


def digest(entry: EntryFields, postings: Sequence[PostingFields]) -> str:
    """The fingerprint of an entry with all its postings in leg order."""
    return _sha256(["entry", *entry, postings])


def genesis(village: str) -> str:
    """The head of a chain that has no entry yet."""
    return _sha256(["genesis", village])


def link(previous: str, seal: SealFields) -> str:
    """The hash of a seal: it covers the hash before and the entry's fingerprint."""
    return _sha256(["seal", previous, *seal])
