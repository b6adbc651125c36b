"""Divisions, villages, settings, people and roles over HTTP: shapes, permission edges, repeats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.kit.clock import SetClock, iso
from server.kit.transaction import transaction
from server.people.models import Household, Member
from tests.cast import COUNTY, OTHER_VILLAGE, TOWNSHIP, VILLAGE, Cast, build

NEW = "990101101203"


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def send(cast: Cast, by: str, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = cast.app.test_client()
    return client.open(f"/api/v1{path}", method=method, json=body, headers=cast.as_(by).headers | named)


def test_the_tree_is_read_level_by_level(cast: Cast) -> None:
    top = cast.as_("zhao_min").get("/divisions").get_json()
    assert [row["code"] for row in top["items"]] == [COUNTY]
    below = cast.as_("zhao_min").get("/divisions", parent=COUNTY).get_json()
    assert below["items"] == [{"code": TOWNSHIP, "name": "槐树镇", "level": "township", "parent": COUNTY}]
    first = cast.as_("zhao_min").get("/divisions", parent=TOWNSHIP, limit=1).get_json()
    second = cast.as_("zhao_min").get("/divisions", parent=TOWNSHIP, cursor=first["next_cursor"]).get_json()
    codes = [row["code"] for row in first["items"] + second["items"]]
    assert (codes, second["next_cursor"]) == ([VILLAGE, OTHER_VILLAGE], None)


@pytest.mark.parametrize(
    ("by", "seen"),
    [
        ("zhao_min", [VILLAGE]),
        ("wang_fang", [VILLAGE]),
        ("head_chen", [VILLAGE]),
        ("other_worker", [OTHER_VILLAGE]),
        ("township_han", [VILLAGE, OTHER_VILLAGE]),
        ("admin_zhu", [VILLAGE, OTHER_VILLAGE]),
    ],
)
def test_everybody_sees_the_villages_they_have_to_do_with(cast: Cast, by: str, seen: list[str]) -> None:
    items = cast.as_(by).get("/villages").get_json()["items"]
    assert [row["code"] for row in items] == seen
    assert items[0]["township"] == "槐树镇"


@pytest.mark.parametrize(
    ("by", "body", "status", "code"),
    [
        ("admin_zhu", {"code": NEW, "name": "新村"}, 201, None),
        ("township_han", {"code": NEW, "name": "新村"}, 201, None),
        ("admin_zhu", {"code": VILLAGE, "name": "大槐树村"}, 409, "village_exists"),
        ("admin_zhu", {"code": "990101102201", "name": "远村"}, 422, "no_township"),
        ("admin_zhu", {"code": "990101102201", "name": "远村", "township_name": "远镇"}, 201, None),
        ("admin_zhu", {"code": TOWNSHIP, "name": "不是村"}, 422, "not_a_village"),
        ("admin_zhu", {"code": "110101001001", "name": "外县"}, 404, "not_found"),
        ("township_han", {"code": "990101102201", "name": "远村", "township_name": "远镇"}, 404, "not_found"),
        ("head_chen", {"code": NEW, "name": "新村"}, 403, "not_allowed"),
        ("admin_zhu", {"code": "12", "name": "新村"}, 422, "invalid"),
    ],
)
def test_making_a_village(cast: Cast, by: str, body: dict[str, str], status: int, code: str | None) -> None:
    answer = cast.as_(by).post("/villages", body)
    found = answer.get_json()
    assert (answer.status_code, found.get("code") if code else None) == (status, code), found


def test_a_repeat_with_the_same_key_gives_the_first_answer(cast: Cast) -> None:
    body = {"code": NEW, "name": "新村"}
    first = cast.as_("admin_zhu").post("/villages", body, key="make-the-village")
    again = cast.as_("admin_zhu").post("/villages", body, key="make-the-village")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    other = cast.as_("admin_zhu").post("/villages", {**body, "name": "别村"}, key="make-the-village")
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_key_reused")


def test_settings_are_changed_by_one_person_at_a_time(cast: Cast) -> None:
    path = f"/villages/{VILLAGE}/settings"
    seen = send(cast, "head_chen", "GET", path)
    assert (seen.get_json()["cutoff_day"], seen.headers["ETag"]) == (12, '"1"')
    changed = send(cast, "head_chen", "PATCH", path, {"notice_days": 9}, If_Match='"1"')
    assert (changed.get_json()["notice_days"], changed.headers["ETag"]) == (9, '"2"')
    late = send(cast, "member_feng", "PATCH", path, {"cutoff_day": 20}, If_Match='"1"')
    assert (late.status_code, late.get_json()["code"]) == (412, "changed_meanwhile")
    odd = send(cast, "member_feng", "PATCH", path, {"cutoff_day": 20}, If_Match="two")
    assert (odd.status_code, odd.get_json()["code"]) == (422, "if_match_invalid")
    now = send(cast, "member_feng", "PATCH", path, {"cutoff_day": 20})
    assert (now.get_json()["cutoff_day"], now.get_json()["notice_days"]) == (20, 9)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"notice_days": 6}, "notice_days"),
        ({"cutoff_day": 29}, "cutoff_day"),
        ({"review_quorum": 1}, "review_quorum"),
        ({"ranking": "everybody"}, "ranking"),
        ({"names_on_poster": "yes"}, "names_on_poster"),
        ({"cutoff_day": 5.5}, "cutoff_day"),
        ({"colour": "red"}, "colour"),
        ({}, ""),
    ],
)
def test_settings_outside_their_range_are_refused(cast: Cast, body: dict[str, Any], field: str) -> None:
    answer = send(cast, "head_chen", "PATCH", f"/villages/{VILLAGE}/settings", body)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.get_json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("by", "method", "status"),
    [
        ("other_head", "GET", 404),
        ("other_head", "PATCH", 404),
        ("zhao_min", "GET", 403),
        ("panel_zhou", "GET", 200),
        ("panel_zhou", "PATCH", 403),
        ("admin_zhu", "PATCH", 200),
    ],
)
def test_who_sees_and_changes_settings(cast: Cast, by: str, method: str, status: int) -> None:
    body = {"ranking": "own"} if method == "PATCH" else None
    assert send(cast, by, method, f"/villages/{VILLAGE}/settings", body).status_code == status


def test_id_numbers_go_when_a_village_keeps_them_no_longer(cast: Cast) -> None:
    path = f"/villages/{VILLAGE}/settings"
    send(cast, "head_chen", "PATCH", path, {"id_numbers_kept": True})
    with transaction() as session:
        session.get_one(Member, cast.members["zhao"]).id_number_sealed = "sealed"
        session.get_one(Member, cast.members["other"]).id_number_sealed = "sealed"
    send(cast, "head_chen", "PATCH", path, {"id_numbers_kept": False})
    with transaction(writes=False) as session:
        kept = select(Household.village_code).join(Member, Member.household_code == Household.code)
        assert session.scalars(kept.where(Member.id_number_sealed.is_not(None))).all() == [OTHER_VILLAGE]


def give(cast: Cast, by: str, person: str, role: str, scope: str, **more: Any) -> TestResponse:
    where = cast.grids.get(scope) or cast.households.get(scope) or scope
    body = {"person": cast.persons[person], "role": role, "scope": where, **more}
    return cast.as_(by).post("/grants", body)


@pytest.mark.parametrize(
    ("by", "person", "role", "scope", "status", "code"),
    [
        ("head_chen", "zhao_min", "grid_worker", "east", 201, None),
        ("head_chen", "zhao_min", "panel_member", VILLAGE, 201, None),
        ("head_chen", "zhao_min", "grid_worker", "other_grid", 404, "not_found"),
        ("head_chen", "other_villager", "grid_worker", "east", 404, "not_found"),
        ("head_chen", "zhao_min", "grid_worker", TOWNSHIP, 404, "not_found"),
        ("head_chen", "zhao_min", "committee_head", VILLAGE, 403, "role_above"),
        ("head_chen", "zhao_min", "admin", VILLAGE, 403, "role_above"),
        ("head_chen", "head_chen", "keeper", VILLAGE, 403, "own_grant"),
        ("head_chen", "zhao_min", "panel_member", "east", 422, "scope_wrong"),
        ("head_chen", "zhao_min", "villager", "qian", 422, "not_own_household"),
        ("head_chen", "zhao_min", "villager", "9901011012019999", 404, "scope_unknown"),
        ("member_feng", "zhao_min", "grid_worker", "east", 403, "not_allowed"),
        ("zhao_min", "qian_yun", "grid_worker", "east", 403, "not_allowed"),
        ("township_han", "zhao_min", "committee_head", VILLAGE, 201, None),
        ("township_han", "zhao_min", "township_officer", TOWNSHIP, 403, "role_above"),
        ("admin_zhu", "zhao_min", "county_officer", COUNTY, 201, None),
        ("admin_zhu", "admin_zhu", "auditor", COUNTY, 403, "own_grant"),
        ("admin_zhu", "zhao_min", "king", VILLAGE, 422, "invalid"),
    ],
)
def test_who_gives_what_to_whom(
    cast: Cast, by: str, person: str, role: str, scope: str, status: int, code: str | None
) -> None:
    answer = give(cast, by, person, role, scope)
    found = answer.get_json()
    assert (answer.status_code, found.get("code")) == (status, code), found


def test_a_role_works_at_once_and_ends_at_once(cast: Cast) -> None:
    assert cast.as_("zhao_min").get(f"/villages/{VILLAGE}/settings").status_code == 403
    grant = give(cast, "head_chen", "zhao_min", "panel_member", VILLAGE).get_json()
    assert cast.as_("zhao_min").get(f"/villages/{VILLAGE}/settings").status_code == 200
    again = give(cast, "head_chen", "zhao_min", "panel_member", VILLAGE).get_json()
    assert again["id"] == grant["id"], "the same again is the grant that is there"
    assert send(cast, "other_head", "DELETE", f"/grants/{grant['id']}").status_code == 404
    assert send(cast, "member_feng", "DELETE", f"/grants/{grant['id']}").status_code == 403
    assert send(cast, "head_chen", "DELETE", f"/grants/{grant['id']}").status_code == 204
    assert send(cast, "head_chen", "DELETE", f"/grants/{grant['id']}").status_code == 204
    assert cast.as_("zhao_min").get(f"/villages/{VILLAGE}/settings").status_code == 403
    assert send(cast, "head_chen", "DELETE", "/grants/nothing").status_code == 404


def test_a_role_begins_and_ends_by_date(cast: Cast) -> None:
    tomorrow, later = (iso(cast.clock.now() + timedelta(days=days)) for days in (1, 3))
    past = iso(cast.clock.now() - timedelta(days=1))
    wrong = give(cast, "head_chen", "zhao_min", "panel_member", VILLAGE, to=past)
    assert wrong.get_json()["code"] == "times_wrong"
    made = give(cast, "head_chen", "zhao_min", "panel_member", VILLAGE, **{"from": tomorrow, "to": later})
    assert (made.get_json()["from"], made.get_json()["to"]) == (tomorrow, later)
    seen = []
    for _ in range(5):
        seen.append(cast.as_("zhao_min").get(f"/villages/{VILLAGE}/settings").status_code)
        cast.clock.advance(days=1)
    assert seen == [403, 200, 200, 403, 403]


def test_the_last_administrator_stays(cast: Cast) -> None:
    give(cast, "admin_zhu", "township_han", "county_officer", COUNTY)
    (admin,) = cast.as_("township_han").get("/people", query="朱宁").get_json()["items"]
    refused = send(cast, "township_han", "DELETE", f"/grants/{admin['roles'][0]['id']}")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "last_admin")


def test_people_are_listed_inside_the_scope(cast: Cast) -> None:
    mine = cast.as_("head_chen").get("/people", limit=200).get_json()["items"]
    assert {person["home"] for person in mine} == {VILLAGE}
    found = cast.as_("head_chen").get("/people", query="赵").get_json()["items"]
    assert [person["name"] for person in found] == ["赵敏"]
    assert cast.as_("head_chen").get("/people", query="%").get_json()["items"] == []
    assert cast.as_("head_chen").get("/people", village=OTHER_VILLAGE).get_json()["items"] == []
    assert cast.as_("wang_fang").get("/people").status_code == 403
    first = cast.as_("head_chen").get("/people", limit=1).get_json()
    second = cast.as_("head_chen").get("/people", limit=1, cursor=first["next_cursor"]).get_json()
    assert first["items"][0]["id"] != second["items"][0]["id"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "新人", "village": VILLAGE}, 201, None),
        ({"name": "新人", "village": OTHER_VILLAGE}, 404, "not_found"),
        ({"name": "新人"}, 422, "invalid"),
        ({"name": "新人", "village": VILLAGE, "home": VILLAGE}, 422, "invalid"),
        ({"name": "新人", "village": VILLAGE, "username": "wang_fang"}, 409, "username_taken"),
        ({"name": "新人", "village": VILLAGE, "household": "9901011012020007"}, 422, "household_unknown"),
        ({"name": "", "village": VILLAGE}, 422, "invalid"),
    ],
)
def test_making_a_person(cast: Cast, body: dict[str, str], status: int, code: str | None) -> None:
    answer = cast.as_("head_chen").post("/people", body)
    assert (answer.status_code, answer.get_json().get("code")) == (status, code), answer.get_json()


def test_a_member_has_one_person(cast: Cast) -> None:
    body = {"name": "户主1", "village": VILLAGE, "household": cast.households["zhao"]}
    wrong = cast.as_("head_chen").post("/people", {**body, "member": cast.members["qian"]})
    assert wrong.get_json()["code"] == "member_unknown"
    body["member"] = cast.members["zhao"]
    assert cast.as_("head_chen").post("/people", body).status_code == 201
    assert cast.as_("head_chen").post("/people", body).get_json()["code"] == "member_has_person"
