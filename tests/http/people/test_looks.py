"""Whoever looks at a household's file is on record, and the household can read the record."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import Cast, build
from tests.settled import ok, refused


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def test_a_household_sees_who_looked_and_what_for(cast: Cast) -> None:
    code = cast.households["zhao"]
    ok(cast.as_("wang_fang").get(f"/households/{code}"))
    ok(cast.as_("head_chen").get(f"/households/{code}", purpose="发放物资前核对电话"))
    ok(cast.as_("zhao_min").get(f"/households/{code}"))
    items = ok(cast.as_("zhao_min").get(f"/households/{code}/looks"))["items"]
    assert [(one["by"], one["phones"], one["purpose"]) for one in items] == [
        ("陈立", True, "发放物资前核对电话"),
        ("王芳", False, None),
    ]
    first = ok(cast.as_("zhao_min").get(f"/households/{code}/looks", limit=1))
    second = ok(cast.as_("zhao_min").get(f"/households/{code}/looks", limit=1, cursor=first["next_cursor"]))
    assert [one["by"] for one in second["items"]] == ["王芳"] and second["next_cursor"] is None


def test_a_neighbour_does_not(cast: Cast) -> None:
    path = f"/households/{cast.households['zhao']}/looks"
    refused(cast.as_("qian_yun").get(path), 404, "not_found")
    refused(cast.as_("wang_fang").get(path), 403, "not_allowed")
    ok(cast.as_("supervisor_shen").get(path))
