"""Members of a household by API: added and changed by who keeps the file, desensitised for the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import HouseholdPast, Member
from tests.cast import Cast, build
from tests.settled import ok, refused

BODY = {"name": "赵小宝", "kinship": "孙子", "birth_date": "2020-05-01", "phone": "13812345678"}


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def path(cast: Cast, household: str = "zhao") -> str:
    return f"/households/{cast.households[household]}/members"


def patch(cast: Cast, by: str, key: str, **body: Any) -> TestResponse:
    caller = cast.as_(by)
    return caller.app.test_client().patch(f"/api/v1{path(cast)}/{key}", json=body, headers=caller.headers)


def test_a_member_is_added_and_shown_by_who_reads(cast: Cast) -> None:
    added = ok(cast.as_("member_feng").post(path(cast), BODY), 201)
    assert (added["minor"], added["phone"]) == (True, "138****5678")
    family = ok(cast.as_("zhao_min").get(path(cast)))["items"]
    assert [one["name"] for one in family] == ["户主1", "赵小宝"] and family[1]["birth_date"] == "2020-05-01"
    keeper = ok(cast.as_("keeper_jiang").get(path(cast)))["items"]
    assert keeper[1]["name"] == "赵**" and not {"phone", "birth_date", "flags"} & set(keeper[1])
    with_purpose = ok(cast.as_("head_chen").get(path(cast), purpose="联系家长取奖状"))["items"]
    assert with_purpose[1]["phone"] == "13812345678"
    refused(cast.as_("member_feng").post(path(cast), BODY), 409, "member_exists")


def test_a_change_keeps_what_stood_before_and_nobody_is_deleted(cast: Cast) -> None:
    key = ok(cast.as_("member_feng").post(path(cast), BODY), 201)["id"]
    changed = ok(patch(cast, "head_chen", key, name="赵晓宝", flags=["studying_away"], departure="moved_out"))
    assert (changed["name"], changed["flags"], changed["departure"]) == (
        "赵晓宝",
        ["studying_away"],
        "moved_out",
    )
    with transaction(writes=False) as session:
        row = session.get_one(Member, key)
        assert row.departed_at == cast.clock.now() and row.birth_date == date(2020, 5, 1)
        (past,) = session.scalars(select(HouseholdPast).where(HouseholdPast.member_id == key))
        assert past.before["name"] == "赵小宝"
    assert len(ok(cast.as_("keeper_jiang").get(path(cast)))["items"]) == 1, "who left is not shown to others"


def test_refusals_say_what_to_do(cast: Cast) -> None:
    key = ok(cast.as_("member_feng").post(path(cast), BODY), 201)["id"]
    refused(patch(cast, "head_chen", key), 422, "nothing_to_change")
    refused(patch(cast, "head_chen", key, birth_date="2031-01-01"), 422, "birth_date")
    other = f"{path(cast, 'qian')}/{key}"
    caller = cast.as_("head_chen")
    answer = caller.app.test_client().patch(f"/api/v1{other}", json={"name": "甲"}, headers=caller.headers)
    refused(answer, 404, "not_found")


@pytest.mark.parametrize(
    ("by", "status"), [("zhao_min", 403), ("wang_fang", 403), ("keeper_jiang", 403), ("other_head", 404)]
)
def test_only_the_committee_writes(cast: Cast, by: str, status: int) -> None:
    assert cast.as_(by).post(path(cast), BODY).status_code == status
