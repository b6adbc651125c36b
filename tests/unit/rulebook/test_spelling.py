"""Names by their initials, as they are typed on a phone."""

from __future__ import annotations

import pytest

from server.rulebook.spelling import initials


@pytest.mark.parametrize(
    ("name", "typed"),
    [("庭院内外整洁", "tynwzj"), ("照看独居、高龄老人", "zkdjgllr"), ("参加A级村创建", "cjajccj"), ("", "")],
)
def test_initials(name: str, typed: str) -> None:
    assert initials(name) == typed
