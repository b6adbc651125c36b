"""What is hashed: the published forms, fixed by example so that no chain breaks by accident."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.canonical import canonical, digest, genesis, line_hash, link, move_hash
from server.ledger.rules import Cause, Line

LINE = Line("9901011012010001", Cause.MONTH, "month:t:h", 2026, 450, 450, '{"tally":"t"}')
ENTRY = ("e", "990101101201", "9901011012010001", "month", "r", "c", 1_788_000_000_000_000, 2026, None, "{}")
POSTING = (0, "990101101201", "9901011012010001", "balance", 450, 1, 450)


def test_canonical_json_is_ascii_sorted_and_tight() -> None:
    assert canonical({"村": ["b", 1, None, True], "a": {"z": 1, "y": 2}}) == (
        '{"a":{"y":2,"z":1},"\\u6751":["b",1,null,true]}'
    )


@pytest.mark.parametrize("value", [1.5, {"a": 0.0}, {"a": [1, {"b": float("nan")}]}, {1: "a"}])
def test_no_floats_and_only_text_keys(value: Any) -> None:
    with pytest.raises(ValueError, match=r"floats|texts"):
        canonical(value)


def test_the_published_forms() -> None:
    """Anybody can recompute these with a shell and sha256sum."""
    assert genesis("990101101201") == hashlib.sha256(b'["genesis","990101101201"]').hexdigest()
    entry = (
        '["entry","e","990101101201","9901011012010001","month","r","c",1788000000000000,2026,null,"{}",'
        '[[0,"990101101201","9901011012010001","balance",450,1,450]]]'
    )
    assert digest(ENTRY, [POSTING]) == hashlib.sha256(entry.encode()).hexdigest()
    seal = '["seal","before","990101101201",7,"e","d",1788000000000000]'
    fields = ("990101101201", 7, "e", "d", 1_788_000_000_000_000)
    assert link("before", fields) == hashlib.sha256(seal.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"household": "9901011012010002"},
        {"cause": Cause.HELD_LINE},
        {"score_year": 2025},
        {"balance": 451},
        {"score": 451},
        {"refs": "{}"},
        {"negative": True},
        {"reverses": "e"},
    ],
)
def test_a_line_with_anything_else_is_another_request(change: dict[str, Any]) -> None:
    assert line_hash(replace(LINE, **change)) != line_hash(LINE) == line_hash(replace(LINE))


def test_a_move_with_anything_else_is_another_request() -> None:
    first = ("h", Cause.REDEMPTION, 100, "{}")
    others = [
        ("g", *first[1:]),
        ("h", Cause.EXPIRY, 100, "{}"),
        ("h", first[1], 101, "{}"),
        (*first[:3], '{"a":1}'),
    ]
    assert len({move_hash(*first), *(move_hash(*other) for other in others)}) == 5


@given(st.lists(st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), st.none(), st.booleans())))
def test_the_quick_writer_writes_what_the_standard_library_writes(parts: list[object]) -> None:
    plain = json.dumps(["seal", "x", *parts], separators=(",", ":"), ensure_ascii=True)
    assert link("x", tuple(parts)) == hashlib.sha256(plain.encode()).hexdigest()  # type: ignore[arg-type]
