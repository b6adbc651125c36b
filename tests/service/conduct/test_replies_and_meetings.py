"""What counts against a household: its reply, the wait, vetoes, and what only a recorded meeting decides."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import Cast, build
from tests.service.conduct.steps import approve, review, run_closers, status, submit_all


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def late_in_the_week(cast: Cast, item: str = "F1", points: str = "-1.00", by: str = "wang_fang") -> str:
    """A record that counts against zhao, logged on Sunday evening and with the panel on Monday."""
    cast.clock.advance(days=6, hours=9)
    key = cast.log(by, "zhao", item, points)["id"]
    submit_all(cast)
    return str(key)


def minutes(cast: Cast, *names: str, **more: Any) -> dict[str, Any]:
    present = names or ("head_chen", "member_feng", "member_chu")
    own = {
        "minutes_number": "2026-7",
        "held_on": "2026-09-24",
        "attended": [cast.persons[n] for n in present],
    }
    return own | {"for": len(present), "verdict": "approve", **more}


def decide(cast: Cast, key: str, body: dict[str, Any], by: str = "member_wei") -> Any:
    return cast.as_(by).post(f"/records/{key}/meeting-decision", body)


def test_the_panel_waits_three_days(cast: Cast) -> None:
    key = late_in_the_week(cast)
    early = review(cast, "panel_zhou", key)
    assert (early.status_code, early.get_json()["code"]) == (409, "reply_pending")
    cast.clock.advance(days=2, hours=8, minutes=59)
    assert review(cast, "panel_zhou", key).status_code == 409
    cast.clock.advance(minutes=1)
    assert approve(cast, key)["points"] == "-1.00"


def test_after_the_reply_it_need_not_wait(cast: Cast) -> None:
    key = late_in_the_week(cast)
    answer = cast.as_("zhao_min").post(f"/records/{key}/reply", {"text": "那是隔壁工地的车"})
    assert answer.status_code == 200 and answer.get_json()["reply"]["text"] == "那是隔壁工地的车"
    assert cast.as_("panel_zhou").get(f"/records/{key}").get_json()["reply"]["text"] == "那是隔壁工地的车"
    for name in ("panel_zhou", "panel_wu"):
        review(cast, name, key, "reject", reason="核实不是这一户")
    assert status(cast, key) == "rejected"


def test_one_reply(cast: Cast) -> None:
    key = cast.log("wang_fang", "zhao", "F1", "-1.00")["id"]
    assert cast.as_("zhao_min").post(f"/records/{key}/reply", {"text": "甲"}).status_code == 200
    assert cast.as_("zhao_min").post(f"/records/{key}/reply", {"text": "甲"}).status_code == 200
    other = cast.as_("zhao_min").post(f"/records/{key}/reply", {"text": "乙"})
    assert (other.status_code, other.get_json()["code"]) == (409, "already_replied")


@pytest.mark.parametrize(
    ("name", "code"), [("qian_yun", 404), ("other_villager", 404), ("wang_fang", 403), ("head_chen", 403)]
)
def test_only_the_household_replies(cast: Cast, name: str, code: int) -> None:
    key = cast.log("wang_fang", "zhao", "F1", "-1.00")["id"]
    assert cast.as_(name).post(f"/records/{key}/reply", {"text": "甲"}).status_code == code


def test_when_there_is_nothing_to_reply_to(cast: Cast) -> None:
    good = cast.log("wang_fang", "zhao")["id"]
    assert (
        cast.as_("zhao_min").post(f"/records/{good}/reply", {"text": "甲"}).get_json()["code"]
        == "no_reply_needed"
    )
    key = late_in_the_week(cast)
    cast.clock.advance(days=3)
    approve(cast, key)
    late = cast.as_("zhao_min").post(f"/records/{key}/reply", {"text": "甲"})
    assert (late.status_code, late.get_json()["code"]) == (409, "state_changed")
    assert cast.as_("zhao_min").post(f"/records/{key}/reply", {"text": ""}).status_code == 422


def veto(cast: Cast) -> str:
    key = late_in_the_week(cast, "V1", "-20.00", "head_chen")
    cast.clock.advance(days=3)
    return key


def test_a_veto_is_no_single_persons_to_decide(cast: Cast) -> None:
    key = veto(cast)
    answer = review(cast, "panel_zhou", key)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "needs_meeting")
    done = decide(cast, key, minutes(cast))
    assert done.status_code == 200, done.get_json()
    record = done.get_json()
    assert (record["status"], record["points"], record["meeting"]["minutes_number"]) == (
        "approved",
        "-20.00",
        "2026-7",
    )
    assert (
        cast.as_("zhao_min")
        .get("/inbox")
        .get_json()["items"][0]["text"]
        .startswith("9月20日的“参与聚众赌博”，村委会会议决定通过，记 −20.00 分")
    )
    again = decide(cast, key, minutes(cast))
    assert (again.status_code, again.get_json()["code"]) == (409, "state_changed")


@pytest.mark.parametrize(
    ("verdict", "points", "expected"), [("reject", None, "rejected"), ("amend", "-5.00", "approved")]
)
def test_what_a_meeting_may_decide(cast: Cast, verdict: str, points: str | None, expected: str) -> None:
    key = veto(cast)
    body = minutes(cast, verdict=verdict, reason="情节轻", **({"points": points} if points else {}))
    record = decide(cast, key, body).get_json()
    assert (record["status"], record["points"]) == (expected, points or "-20.00")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": "2026-09-25"}, "held_on"),
        ({"held_on": "2026-09-19"}, "held_on"),
        ({"for": 1}, "for"),
        ({"for": 3, "against": 1}, "for"),
        ({"attended": ["head_chen"], "for": 1}, "attended"),
        ({"attended": ["head_chen", "head_chen"], "for": 2}, "attended"),
        ({"attended": ["head_chen", "panel_wu"], "for": 2}, "attended"),
        ({"attended": ["head_chen", "other_head"], "for": 2}, "attended"),
    ],
)
def test_minutes_that_do_not_carry_it(cast: Cast, change: dict[str, Any], field: str) -> None:
    key = veto(cast)
    if "attended" in change:
        change = change | {"attended": [cast.persons[name] for name in change["attended"]]}
    answer = decide(cast, key, minutes(cast) | change)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "minutes_invalid")
    assert field in {fault["field"] for fault in answer.get_json()["errors"]}
    assert status(cast, key) == "submitted"


@pytest.mark.parametrize(
    ("by", "code"), [("head_chen", "must_recuse"), ("panel_wu", "not_allowed"), ("other_head", "not_found")]
)
def test_who_may_not_enter_it(cast: Cast, by: str, code: str) -> None:
    key = veto(cast)  # logged by 陈立
    answer = decide(cast, key, minutes(cast), by)
    assert answer.get_json()["code"] == code and answer.status_code in (403, 404)


def test_a_meeting_waits_for_the_reply_too(cast: Cast) -> None:
    key = late_in_the_week(cast, "V1", "-20.00", "head_chen")
    answer = decide(cast, key, minutes(cast, held_on="2026-09-21"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "reply_pending")


def test_the_panels_turn_comes_first(cast: Cast) -> None:
    key = cast.log("wang_fang", "zhao")["id"]
    submit_all(cast)
    answer = decide(cast, key, minutes(cast, held_on="2026-09-21"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "panels_turn")


def test_where_too_few_remain_the_committee_decides(cast: Cast) -> None:
    cast.related("wu", "zhou")
    cast.grant("panel_zheng", "grid_worker", cast.grids["west"])
    key = cast.log("panel_zheng", "wu", "J6", "1.00")["id"]  # 郑云 logged it, the others are family
    submit_all(cast)
    for name in ("panel_zhou", "panel_wu", "panel_zheng"):
        assert review(cast, name, key).get_json()["code"] == "must_recuse"
    assert decide(cast, key, minutes(cast, held_on="2026-09-21")).get_json()["status"] == "approved"


def test_after_two_rounds_the_committee_decides(cast: Cast) -> None:
    key = cast.log("wang_fang", "zhao", points="5.00")["id"]
    submit_all(cast)
    for _ in range(2):
        for name, points in (("panel_zhou", "2.50"), ("panel_wu", "3.00"), ("panel_zheng", "3.50")):
            review(cast, name, key, "amend", points=points, reason="各有看法")
    body = minutes(cast, held_on="2026-09-21", verdict="amend", points="3.00", reason="折中")
    record = decide(cast, key, body).get_json()
    assert (record["status"], record["points"], record["to_meeting"]) == ("approved", "3.00", False)


def test_closers_leave_vetoes_to_the_meeting(cast: Cast) -> None:
    key = veto(cast)
    cast.clock.advance(days=30)
    run_closers(cast)
    assert status(cast, key) == "submitted"
