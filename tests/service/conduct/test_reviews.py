"""The panel: quorum, majority with points, rounds, recusal, amendments, and word to the household."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import GrantRow, Person, Village
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build
from tests.service.conduct.steps import approve, next_monday, review, run_closers, status, submit_all

THREE = ("panel_zhou", "panel_wu", "panel_zheng")


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def submitted(cast: Cast, household: str = "zhao", item: str = "J1", points: str = "5.00") -> str:
    """A record that is with the panel."""
    by = "wang_fang" if household in ("zhao", "qian", "sun") else "wang_jun"
    key = cast.log(by, household, item, points)["id"]
    submit_all(cast)
    return str(key)


def quorum(cast: Cast, members: int) -> None:
    with transaction() as session:
        session.execute(update(Village).where(Village.code == VILLAGE).values(review_quorum=members))


def told(cast: Cast, name: str = "zhao_min") -> list[str]:
    return [message["text"] for message in cast.as_(name).get("/inbox").get_json()["items"]]


def test_two_members_agree(cast: Cast) -> None:
    key = submitted(cast)
    first = review(cast, "panel_zhou", key)
    assert (first.status_code, first.get_json()["status"]) == (200, "submitted")
    assert told(cast) == []
    second = review(cast, "panel_wu", key).get_json()
    assert (second["status"], second["points"], second["month"]) == ("approved", "5.00", "2026-10")
    assert [r["reviewer_name"] for r in second["reviews"]] == ["周兰", "吴刚"]
    (step,) = second["decisions"]
    assert (step["from"], step["to"]) == ("submitted", "approved")
    assert told(cast) == ["9月14日的“清扫门前道路”，评议小组评议通过，记 +5.00 分，算进 2026-10 这个月。"]


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        (["approve", "approve"], ("approved", "5.00")),
        (["reject", "reject"], ("rejected", "5.00")),
        (["3.00", "3.00"], ("approved", "3.00")),
        (["approve", "reject"], ("submitted", "5.00")),
        (["3.00", "4.00"], ("submitted", "5.00")),  # points are part of what must agree
        (["3.00", "4.00", "3.00"], ("approved", "3.00")),
        (["approve", "reject", "reject"], ("rejected", "5.00")),
        (["approve", "3.00", "approve"], ("approved", "5.00")),
    ],
)
def test_majority(cast: Cast, opinions: list[str], expected: tuple[str, str]) -> None:
    key = submitted(cast)
    for name, said in zip(THREE, opinions, strict=False):
        body: dict[str, Any] = {"verdict": said}
        if said[0].isdigit():
            body = {"verdict": "amend", "points": said, "reason": "没扫完"}
        if said == "reject":
            body["reason"] = "没看到"
        answer = cast.as_(name).post(f"/records/{key}/reviews", body)
        assert answer.status_code == 200, answer.get_json()
    record = answer.get_json()
    assert (record["status"], record["points"]) == expected
    assert record["logged_points"] == "5.00"
    assert (record["month"] is not None) == (record["status"] == "approved")


def test_the_household_hears_the_reason(cast: Cast) -> None:
    amended, rejected = submitted(cast), None
    for name in THREE[:2]:
        review(cast, name, amended, "amend", points="3.50", reason="只扫了一半")
    assert told(cast)[0] == (
        "9月14日的“清扫门前道路”，评议小组评议改为 +3.50 分（原 +5.00 分），"
        "算进 2026-10 这个月。理由：只扫了一半"
    )
    rejected = submitted(cast)
    for name in THREE[:2]:
        review(cast, name, rejected, "reject", reason="当天下雨")
    assert told(cast)[0].endswith("评议小组评议不予认定，不计分。理由：当天下雨")
    shown = cast.as_("zhao_min").get(f"/records/{rejected}").get_json()
    assert shown["reason"] == "当天下雨"


def test_a_larger_quorum(cast: Cast) -> None:
    quorum(cast, 3)
    key = submitted(cast)
    assert [review(cast, name, key).get_json()["status"] for name in THREE] == [
        "submitted",
        "submitted",
        "approved",
    ]


def test_the_quorum_is_never_more_than_the_eligible(cast: Cast) -> None:
    quorum(cast, 5)
    key = submitted(cast, "wu")  # 吴刚's own household: two remain
    assert review(cast, "panel_zhou", key).get_json()["status"] == "submitted"
    assert review(cast, "panel_zheng", key).get_json()["status"] == "approved"


def test_two_rounds_without_agreement_go_to_the_committee(cast: Cast) -> None:
    key = submitted(cast)
    for number in (1, 2):
        for name, points in zip(THREE, ("2.50", "3.00", "3.50"), strict=True):
            before = cast.as_(name).get(f"/records/{key}").get_json()
            assert (before["round"], before["to_meeting"]) == (number, False)
            assert review(cast, name, key, "amend", points=points, reason="各有看法").status_code == 200
    after = cast.as_("head_chen").get(f"/records/{key}").get_json()
    assert (after["status"], after["to_meeting"], after["round"]) == ("submitted", True, 2)
    assert len(after["reviews"]) == 6
    for name in THREE:
        answer = review(cast, name, key, "reject", reason="再来一次")
        assert answer.get_json()["code"] in ("needs_meeting", "already_reviewed")
    assert status(cast, key) == "submitted"


def test_saying_it_twice_counts_once(cast: Cast) -> None:
    key = submitted(cast)
    for _ in range(3):
        answer = review(cast, "panel_zhou", key)
        assert (answer.status_code, answer.get_json()["status"]) == (200, "submitted")
    other = review(cast, "panel_zhou", key, "reject", reason="改主意")
    assert (other.status_code, other.get_json()["code"]) == (409, "already_reviewed")
    assert review(cast, "panel_wu", key).get_json()["status"] == "approved"
    assert review(cast, "panel_zhou", key).status_code == 200, "the same after the decision changes nothing"
    late = review(cast, "panel_zheng", key)
    assert (late.status_code, late.get_json()["code"]) == (409, "state_changed")


@pytest.mark.parametrize("state", ["recorded", "withdrawn"])
def test_nothing_to_review_before_submission(cast: Cast, state: str) -> None:
    key = cast.log("wang_fang", "zhao")["id"]
    if state == "withdrawn":
        cast.as_("wang_fang").post(f"/records/{key}/withdrawal")
    assert review(cast, "panel_zhou", key).get_json()["code"] == "state_changed"


@pytest.mark.parametrize(
    ("household", "aside"),
    [("wu", {"panel_wu"}), ("zhou", {"panel_zhou"}), ("li", {"panel_zhou"}), ("zhao", set())],
)
def test_members_step_aside(cast: Cast, household: str, aside: set[str]) -> None:
    cast.related("li", "zhou")
    key = submitted(cast, household)
    refused = set()
    for name in THREE:
        answer = review(cast, name, key)
        if answer.status_code == 403:
            assert answer.get_json()["code"] == "must_recuse" and answer.get_json()["detail"]
            refused.add(name)
        else:
            assert answer.status_code in (200, 409)
    assert refused == aside
    assert status(cast, key) == "approved"


def test_who_logged_it_steps_aside(cast: Cast) -> None:
    cast.grant("panel_zheng", "grid_worker", cast.grids["east"])
    key = cast.log("panel_zheng", "zhao")["id"]
    submit_all(cast)
    answer = review(cast, "panel_zheng", key)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "must_recuse")
    assert answer.get_json()["detail"] == "这条是您记的，请其他成员评议。"
    assert approve(cast, key)["status"] == "approved"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"verdict": "reject"}, "opinion_incomplete", "reason"),
        ({"verdict": "amend", "points": "3.00"}, "opinion_incomplete", "reason"),
        ({"verdict": "amend", "reason": "x"}, "opinion_incomplete", "points"),
        ({"verdict": "approve", "points": "3.00"}, "opinion_incomplete", "points"),
        ({"verdict": "amend", "points": "5.00", "reason": "x"}, "points_not_allowed", "points"),
        ({"verdict": "amend", "points": "6.00", "reason": "x"}, "points_not_allowed", "points"),
        ({"verdict": "amend", "points": "2.25", "reason": "x"}, "points_not_allowed", "points"),
        ({"verdict": "amend", "points": "-3.00", "reason": "x"}, "points_not_allowed", "points"),
        ({"verdict": "perhaps"}, "invalid", "verdict"),
        ({}, "invalid", "verdict"),
    ],
)
def test_incomplete_opinions(cast: Cast, body: dict[str, Any], code: str, field: str) -> None:
    key = submitted(cast)
    answer = cast.as_("panel_zhou").post(f"/records/{key}/reviews", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert field in {fault["field"] for fault in answer.get_json()["errors"]}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("other_panel", 404),
        ("head_chen", 403),
        ("wang_fang", 403),
        ("zhao_min", 403),
        ("supervisor_shen", 403),
    ],
)
def test_who_does_not_review(cast: Cast, name: str, code: int) -> None:
    assert review(cast, name, submitted(cast)).status_code == code


def test_batches(cast: Cast) -> None:
    keys = [cast.log("wang_fang", name, "J6", "1.00")["id"] for name in ("zhao", "qian", "sun")]
    own = cast.log("wang_jun", "wu", "J6", "1.00")["id"]
    bad = cast.log("wang_fang", "zhao", "F1", "-1.00")["id"]
    submit_all(cast)
    foreign = cast.log("other_worker", "other", "J6", "1.00")["id"]
    open_one = cast.log("wang_fang", "zhao", "J6", "1.00")["id"]
    wanted = [*keys, own, bad, foreign, open_one]
    first = cast.as_("panel_wu").post("/reviews/batch", {"records": wanted, "verdict": "approve"})
    assert first.status_code == 200
    codes = [(r["status"], r.get("problem", {}).get("code")) for r in first.get_json()["results"]]
    assert codes == [
        *[(200, None)] * 3,
        (403, "must_recuse"),
        (200, None),  # its week of reply is over by now
        (404, "not_found"),
        (409, "state_changed"),
    ]
    assert [r["id"] for r in first.get_json()["results"]] == wanted
    second = cast.as_("panel_zhou").post("/reviews/batch", {"records": keys, "verdict": "approve"})
    assert {r["record"]["status"] for r in second.get_json()["results"]} == {"approved"}
    twice = cast.as_("panel_zhou").post("/reviews/batch", {"records": [keys[0]] * 2, "verdict": "approve"})
    assert twice.status_code == 422


def test_a_batch_rejects_with_one_reason(cast: Cast) -> None:
    keys = [cast.log("wang_fang", "zhao", "J6", "1.00")["id"] for _ in range(2)]
    submit_all(cast)
    body = {"records": keys, "verdict": "reject", "reason": "没有这回事"}
    assert cast.as_("panel_zhou").post("/reviews/batch", body | {"reason": ""}).status_code == 422
    for name in THREE[:2]:
        cast.as_(name).post("/reviews/batch", body)
    assert [status(cast, key) for key in keys] == ["rejected"] * 2
    assert len([text for text in told(cast) if "没有这回事" in text]) == 2


def test_a_late_record_joins_the_first_open_month(cast: Cast) -> None:
    early = cast.log("wang_fang", "zhao", "J6", "1.00")["id"]
    cast.clock.advance(days=12)
    late = cast.log("wang_fang", "zhao", "J6", "2.00", occurred_on="2026-09-14")["id"]
    submit_all(cast)
    assert approve(cast, early)["month"] == approve(cast, late)["month"] == "2026-10"


def test_a_member_who_left_no_longer_reviews_but_the_vote_stays(cast: Cast) -> None:
    key = submitted(cast)
    review(cast, "panel_zhou", key)
    with transaction() as session:
        person = cast.persons["panel_zhou"]
        session.execute(update(GrantRow).where(GrantRow.person_id == person).values(ends_at=cast.clock.now()))
        session.execute(update(Person).where(Person.id == person).values(grants_version=2))
    assert review(cast, "panel_zhou", key).status_code == 403
    assert review(cast, "panel_wu", key).get_json()["status"] == "approved"


def test_the_other_villages_panel_decides_there(cast: Cast) -> None:
    key = cast.log("other_worker", "other")["id"]
    next_monday(cast)
    cast.clock.advance(days=2)
    run_closers(cast)
    assert review(cast, "panel_zhou", key).status_code == 404
    assert review(cast, "other_panel", key).status_code == 200
    shown = cast.as_("other_head").get(f"/records/{key}").get_json()
    assert (shown["status"], shown["village"]) == ("submitted", OTHER_VILLAGE)
