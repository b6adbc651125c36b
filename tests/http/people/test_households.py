"""Households over HTTP: who sees how much, who changes what, and that a look is on record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.grid.models import Plate
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger.models import LedgerAccount
from server.people.models import Household, Member
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    made = build(app, clock, adopted=False)
    seal = app.extensions["jifen_seal"]
    with transaction() as session:
        head = session.get_one(Member, made.members["zhao"])
        head.name, head.birth_date, head.flags = "赵大山", date(1970, 1, 2), ["low_income"]
        head.phone_sealed = seal.close("13812345678")
        session.add(
            Member(
                id=new_id(),
                household_code=made.households["zhao"],
                name="赵小宝",
                kinship="孙子",
                birth_date=date(2020, 5, 1),
            )
        )
    return made


def read(cast: Cast, by: str, household: str = "zhao", **query: str) -> TestResponse:
    return cast.as_(by).get(f"/households/{cast.households[household]}", **query)


@pytest.mark.parametrize("by", ["zhao_min", "wang_fang", "ma_ling", "head_chen", "admin_zhu"])
def test_the_family_and_those_who_keep_its_file_see_it(cast: Cast, by: str) -> None:
    answer = read(cast, by)
    head, child = answer.get_json()["members"]
    assert (head["name"], head["phone"], head["flags"]) == ("赵大山", "138****5678", ["low_income"])
    assert (child["name"], child["minor"], child["birth_date"]) == ("赵小宝", True, "2020-05-01")
    assert answer.get_json()["kind"] == "general"


@pytest.mark.parametrize(
    "by", ["keeper_jiang", "panel_zhou", "supervisor_shen", "township_han", "auditor_yang"]
)
def test_others_of_the_village_do_not_see_what_they_need_not(cast: Cast, by: str) -> None:
    found = read(cast, by).get_json()
    head, child = found["members"]
    assert set(head) == {"id", "name", "kinship", "minor"}
    assert (head["name"], child["name"]) == ("赵大山", "赵**")
    assert not found.keys() & {"kind", "flags", "address", "longitude"}


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ("qian_yun", 404),
        ("wang_jun", 404),
        ("other_head", 404),
        ("other_villager", 404),
        (None, 401),
    ],
)
def test_outside_the_scope_there_is_no_such_household(cast: Cast, by: str, status: int) -> None:
    answer = read(cast, by)
    assert answer.status_code == status
    if by:
        unknown = cast.as_(by).get("/households/9901011012019999")
        assert (unknown.status_code, unknown.get_json()) == (404, answer.get_json())


def test_a_purpose_opens_phones_and_is_on_record(cast: Cast) -> None:
    read(cast, "wang_fang")
    opened = read(cast, "wang_fang", purpose="通知领取兑换物品")
    assert opened.get_json()["members"][0]["phone"] == "13812345678"
    assert "phone" not in read(cast, "keeper_jiang", purpose="通知领取兑换物品").get_json()["members"][0]
    read(cast, "zhao_min")
    with transaction(writes=False) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "household.view"))
        looks = [(row.person_id, (row.after or {}).get("purpose")) for row in rows]
    assert looks == [
        (cast.persons["wang_fang"], None),
        (cast.persons["wang_fang"], "通知领取兑换物品"),
        (cast.persons["keeper_jiang"], None),
    ], "the family's own look is not noted"


@pytest.mark.parametrize(
    ("by", "seen"),
    [
        ("zhao_min", ["zhao"]),
        ("wang_fang", ["zhao", "qian", "sun"]),
        ("head_chen", ["zhao", "qian", "sun", "li", "zhou", "wu"]),
        ("other_worker", ["other"]),
        ("township_han", ["zhao", "qian", "sun", "li", "zhou", "wu", "other"]),
    ],
)
def test_lists_hold_what_one_may_know_of(cast: Cast, by: str, seen: list[str]) -> None:
    items = cast.as_(by).get("/households").get_json()["items"]
    assert [row["code"] for row in items] == [cast.households[name] for name in seen]


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"query": "2"}, ["qian"]),
        ({"query": "0002"}, ["qian"]),
        ({"query": "9901011012010003"}, ["sun"]),
        ({"query": "户主4"}, ["li"]),
        ({"query": "_"}, []),
        ({"grid": "west"}, ["li", "zhou", "wu"]),
        ({"village": OTHER_VILLAGE}, []),
    ],
)
def test_searching(cast: Cast, query: dict[str, str], seen: list[str]) -> None:
    wanted = {name: cast.grids.get(value, value) for name, value in query.items()}
    items = cast.as_("head_chen").get("/households", **wanted).get_json()["items"]
    assert [row["code"] for row in items] == [cast.households[name] for name in seen]


def test_pages_join_without_gaps(cast: Cast) -> None:
    codes: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = cast.as_("head_chen").get("/households", limit=2, **cursor).get_json()
        codes += [row["code"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert codes == [cast.households[name] for name in ("zhao", "qian", "sun", "li", "zhou", "wu")]
    odd = cast.as_("head_chen").get("/households", cursor="nonsense")
    assert (odd.status_code, odd.get_json()["code"]) == (422, "cursor_invalid")


def new(cast: Cast, by: str = "head_chen", **more: Any) -> TestResponse:
    body = {"village": VILLAGE, "head": "孔明", "door": "东街9号", "grid": cast.grids["east"], **more}
    return cast.as_(by).post("/households", body)


def test_a_new_household_has_code_plate_and_account(cast: Cast) -> None:
    answer = new(cast, members=[{"name": "孔明", "kinship": "户主", "phone": "13900000001"}])
    found = answer.get_json()
    assert (answer.status_code, found["code"], found["label"]) == (201, f"{VILLAGE}0007", "东街9号")
    assert found["members"][0]["phone"] == "139****0001"
    with transaction(writes=False) as session:
        assert session.get(LedgerAccount, found["code"]) is not None
        plate = session.scalars(select(Plate).where(Plate.household_code == found["code"])).one()
        assert len(plate.token) == 32
        kept = session.scalars(
            select(Member.phone_sealed).where(Member.household_code == found["code"])
        ).one()
        assert kept is not None
        assert "13900000001" not in kept
    assert new(cast, door="").get_json()["label"] == "孔明家"


@pytest.mark.parametrize(
    ("by", "change", "status", "code"),
    [
        ("other_head", {}, 404, "not_found"),
        ("wang_fang", {}, 403, "not_allowed"),
        ("head_chen", {"grid": "other_grid"}, 422, "grid_unknown"),
        ("head_chen", {"members": [{"name": "甲", "phone": "123"}]}, 422, "invalid"),
        ("head_chen", {"kind": "rich"}, 422, "invalid"),
    ],
)
def test_a_household_that_cannot_be(
    cast: Cast, by: str, change: dict[str, Any], status: int, code: str
) -> None:
    change = {
        name: cast.grids.get(value, value) if name == "grid" else value for name, value in change.items()
    }
    answer = new(cast, by, **change)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def change(cast: Cast, body: dict[str, Any], by: str = "head_chen", **headers: str) -> TestResponse:
    path = f"/api/v1/households/{cast.households['zhao']}"
    return cast.app.test_client().patch(path, json=body, headers=cast.as_(by).headers | headers)


def test_a_change_is_refused_to_whoever_saw_an_older_state(cast: Cast) -> None:
    tag = read(cast, "head_chen").headers["ETag"]
    first = change(cast, {"door": "西街1号", "team": "一组"}, **{"If-Match": tag})
    assert (first.status_code, first.get_json()["label"]) == (200, "一组 西街1号")
    second = change(cast, {"head": "赵二"}, "member_feng", **{"If-Match": tag})
    assert (second.status_code, second.get_json()["code"]) == (412, "changed_meanwhile")
    assert read(cast, "head_chen").get_json()["head"] == "户主1"
    third = change(cast, {"status": "declined", "grid": None}, **{"If-Match": first.headers["ETag"]})
    assert (third.get_json()["status"], third.get_json()["grid"]) == ("declined", None)


@pytest.mark.parametrize(("by", "status"), [("wang_fang", 403), ("other_head", 404), ("zhao_min", 403)])
def test_who_may_change(cast: Cast, by: str, status: int) -> None:
    assert change(cast, {"head": "某某"}, by).status_code == status


def test_an_ended_household_is_history(cast: Cast) -> None:
    with transaction() as session:
        session.get_one(Household, cast.households["zhao"]).status = "ended"
    refused = change(cast, {"head": "某某"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "household_ended")
    items = cast.as_("head_chen").get("/households").get_json()["items"]
    assert cast.households["zhao"] not in {row["code"] for row in items}
