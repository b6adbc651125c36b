"""A role lent to a named person: for hours or a stated leave, resting with its holder, shown on everything done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.kit.clock import SetClock, iso
from server.kit.transaction import transaction
from server.people.access import Role
from server.people.holders import holders
from tests.cast import VILLAGE, Cast, build
from tests.settled import ok, refused


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def grant_of(cast: Cast, name: str) -> str:
    return str(ok(cast.as_(name).get("/me"))["roles"][0]["id"])


def lend(cast: Cast, by: str, whose: str, to: str, hours: float = 8, **more: Any) -> TestResponse:
    until = iso(cast.clock.now() + timedelta(hours=hours))
    body = {"grant": grant_of(cast, whose), "person": cast.persons[to], "to": until} | more
    return cast.as_(by).post("/stand-ins", body)


def members(cast: Cast, role: Role) -> set[str]:
    with transaction(writes=False) as session:
        return {one.name for one in holders(session, [role], VILLAGE, cast.clock.now())}


def test_the_stand_in_works_the_holder_rests_and_both_are_named(cast: Cast) -> None:
    refused(cast.as_("qian_yun").post("/records", cast.record("li", "J6")), 404, "household_not_found")
    ok(lend(cast, "wang_jun", "wang_jun", "qian_yun"), 201)
    record = cast.log("qian_yun", "li", "J6")
    assert record["logged_by_name"] == "钱芸（代王军）"
    assert ok(cast.as_("head_chen").get(f"/records/{record['id']}"))["logged_by_name"] == "钱芸（代王军）"
    assert cast.as_("wang_jun").post("/records", cast.record("li", "J6")).status_code == 403
    roles = ok(cast.as_("qian_yun").get("/me"))["roles"]
    assert ("grid_worker", "王军") in [(role["role"], role["stands_in_for"]) for role in roles]
    cast.clock.move_to(cast.clock.now() + timedelta(hours=8))
    refused(cast.as_("qian_yun").post("/records", cast.record("li", "J6")), 404, "household_not_found")
    assert cast.log("wang_jun", "li", "J6")["logged_by_name"] == "王军"


def test_nobody_counts_twice(cast: Cast) -> None:
    before = members(cast, Role.PANEL_MEMBER)
    ok(lend(cast, "panel_wu", "panel_wu", "li_mei"), 201)
    assert members(cast, Role.PANEL_MEMBER) == before - {"吴刚"} | {"李梅"}
    refused(lend(cast, "panel_zhou", "panel_zhou", "panel_zheng"), 409, "already_holds")


def test_longer_than_eight_hours_needs_a_leave(cast: Cast) -> None:
    refused(lend(cast, "wang_jun", "wang_jun", "qian_yun", hours=8.5), 422, "leave_missing")
    refused(lend(cast, "wang_jun", "wang_jun", "qian_yun", hours=24 * 91, leave="住院"), 422, "times_wrong")
    refused(lend(cast, "wang_jun", "wang_jun", "qian_yun", hours=-1), 422, "times_wrong")
    ok(lend(cast, "wang_jun", "wang_jun", "qian_yun", hours=24 * 20, leave="住院"), 201)
    assert ok(cast.as_("wang_jun").get("/me"))["roles"] == []


def test_it_comes_back_when_anybody_concerned_says_so(cast: Cast) -> None:
    for by in ("qian_yun", "wang_jun", "head_chen"):
        key = ok(lend(cast, "wang_jun", "wang_jun", "qian_yun"), 201)["id"]
        listed = ok(cast.as_(by).get("/stand-ins"))["items"]
        assert [(one["id"], one["lender_name"], one["name"]) for one in listed] == [(key, "王军", "钱芸")]
        caller = cast.as_(by)
        path = f"/api/v1/stand-ins/{key}"
        stranger = cast.as_("li_mei")
        assert stranger.app.test_client().delete(path, headers=stranger.headers).status_code == 404
        assert caller.app.test_client().delete(path, headers=caller.headers).status_code == 204
        cast.log("wang_jun", "li", "J6")
        assert ok(cast.as_(by).get("/stand-ins"))["items"] == []


def test_who_may_give_a_role_may_have_somebody_stand_in(cast: Cast) -> None:
    grant = grant_of(cast, "panel_wu")
    until = iso(cast.clock.now() + timedelta(days=3))
    body = {"grant": grant, "person": cast.persons["li_mei"], "to": until, "leave": "外出培训"}
    refused(cast.as_("member_feng").post("/stand-ins", body), 404, "not_found")
    refused(
        cast.as_("head_chen").post("/stand-ins", body | {"person": cast.persons["head_chen"]}),
        403,
        "own_grant",
    )
    refused(
        cast.as_("head_chen").post("/stand-ins", body | {"person": cast.persons["other_villager"]}),
        404,
        "person_unknown",
    )
    ok(cast.as_("head_chen").post("/stand-ins", body), 201)
    refused(cast.as_("head_chen").post("/stand-ins", body), 409, "lent_already")


def test_a_lent_role_is_not_lent_on_and_some_are_never_lent(cast: Cast) -> None:
    key = ok(lend(cast, "wang_jun", "wang_jun", "qian_yun"), 201)["id"]
    until = iso(cast.clock.now() + timedelta(hours=2))
    on = {"grant": key, "person": cast.persons["li_mei"], "to": until}
    refused(cast.as_("qian_yun").post("/stand-ins", on), 422, "not_lent")
    refused(lend(cast, "zhao_min", "zhao_min", "li_mei", hours=2), 422, "not_lent")
    refused(lend(cast, "admin_zhu", "admin_zhu", "township_han", hours=2), 422, "not_lent")
