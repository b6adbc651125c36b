"""The tables of states: every state can be reached, and each ends somewhere."""

from __future__ import annotations

from enum import StrEnum

import pytest

from server.honours.states import TABLES, allowed


@pytest.mark.parametrize("kind", list(TABLES), ids=lambda kind: kind.__name__)
def test_every_state_is_reached_from_the_first(kind: type[StrEnum]) -> None:
    table, first = TABLES[kind], next(iter(kind))
    assert set(table) == set(kind)
    seen, waiting = {first}, [first]
    while waiting:
        fresh = table[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    assert seen == set(kind)
    assert any(not ways for ways in table.values())
    assert not any(allowed(state, state) for state in kind)
