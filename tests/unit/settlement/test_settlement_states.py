"""The tables of transitions: exactly these, and what is over stays over."""

from __future__ import annotations

from itertools import product

import pytest

from server.settlement import states
from server.settlement.states import (
    LineStatus,
    NoticeStatus,
    ObjectionStatus,
    ResolutionStatus,
    TallyStatus,
    allowed,
)

ALLOWED = {
    TallyStatus: {
        "open→open", "open→resolved", "resolved→open", "resolved→on_notice", "on_notice→open",
        "on_notice→posted",
    },
    LineStatus: {"pending→held", "pending→posted", "held→pending", "held→posted"},
    ResolutionStatus: {"entered→confirmed", "entered→replaced", "entered→void", "confirmed→void"},
    NoticeStatus: {"active→ended", "active→withdrawn", "ended→taken_down"},
    ObjectionStatus: {
        "open→escalated", "open→upheld", "open→dismissed", "open→lapsed",
        "escalated→upheld", "escalated→dismissed", "escalated→lapsed",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", list(ALLOWED), ids=lambda kind: kind.__name__)
def test_the_table_allows_exactly_these(kind: type) -> None:
    found = {f"{a}→{b}" for a, b in product(kind, kind) if allowed(a, b)}  # type: ignore[call-overload]
    assert found == ALLOWED[kind]


@pytest.mark.parametrize("kind", list(ALLOWED), ids=lambda kind: kind.__name__)
def test_every_state_stands_in_its_table(kind: type) -> None:
    assert set(states.TABLES[kind]) == set(kind)  # type: ignore[call-overload]
