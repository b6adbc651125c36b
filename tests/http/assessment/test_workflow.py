"""A cycle through its steps: by hand and by their time limits, objections, decisions, rectification."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.audit.models import Decision
from server.kit.transaction import transaction
from tests.assessed import OFFICER, Assessments, row, scores
from tests.settled import ok, refused


def test_the_steps_open_and_close_by_themselves(assess: Assessments) -> None:
    """gaoyang-thousand: 7 days of self-assessment, 15 of scoring, 10 of checks, then notice, and so on."""
    key = assess.scored()
    assert assess.open_step(key) == "self_assessment"
    seen = []
    for _ in range(60):
        assess.go(days=1)
        if (step := assess.open_step(key)) not in seen[-1:]:
            seen.append(step)
    expected = [
        "self_assessment",
        "scoring",
        "check",
        "notice",
        "objection",
        "bulletin",
        "filing",
        "rectification",
    ]
    assert seen == expected
    found = assess.read(key)
    assert found["round"] == 1 and found["frozen_at"] is not None
    days = [one["days"] for one in found["steps"]]
    dues = [one["due_at"][:10] for one in found["steps"]]
    assert days == [7, 15, 10, 5, 5, 5, 5, 90]
    # opened on Monday 14 September: seven whole days, and from then on midnight to midnight
    assert dues[:4] == ["2026-09-22", "2026-10-07", "2026-10-17", "2026-10-22"]
    assess.go(days=90)
    assert assess.read(key)["status"] == "finished"
    refused(assess.enter(OFFICER, key, [row("T1", "qual.1", "1")]), 409, "cycle_over")


def test_a_cycle_begins_on_its_day(assess: Assessments) -> None:
    key = assess.staffed(starts_on="2026-09-20")
    empty = assess.cycle(starts_on="2026-09-20", period="2026H2")
    assess.go(days=5)
    assert assess.read(key)["status"] == "preparing"
    assess.go(days=1)
    assert assess.read(key)["status"] == "running"
    assert assess.read(empty)["status"] == "preparing", "without subjects it waits"


def test_a_faulty_sheet_holds_the_step_until_an_entry_changes(assess: Assessments) -> None:
    assess.pack = "nanjiang-rating"
    key = assess.cycle(period="2026Q3")
    person = assess.cast.persons["head_chen"]
    body = {
        "subjects": [{"code": "C1", "name": "陈立", "category": "window", "unit": "U1", "person": person}]
    }
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", body), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))
    assess.go(days=30)
    held = next(s for s in assess.read(key)["steps"] if s["status"] == "held")
    assert held["step"] == "scoring"
    refused(assess.complete(key), 422, "sheet_faulty")
    rows = [
        row("C1", one, "80", rater=rater)
        for one in ("de", "neng", "qin", "ji", "lian")
        for rater in ("group", "superior")
    ]
    ok(assess.enter(OFFICER, key, rows), 201)
    assert assess.open_step(key) == "scoring"
    assess.go(minutes=1)
    assert assess.open_step(key) == "scoring", "the self-assessment is still missing: held again"
    own = [row("C1", one, "80") for one in ("de", "neng", "qin", "ji", "lian")]
    ok(assess.enter("head_chen", key, own), 201)
    assess.go(minutes=1)
    assert assess.open_step(key) == "notice"
    told = ok(assess.cast.as_(OFFICER).get("/inbox"))["items"]
    assert any("不齐或有错" in one["text"] for one in told)


def test_only_who_acts_ends_a_step(assess: Assessments) -> None:
    key = assess.scored()
    refused(assess.post("head_chen", f"/cycles/{key}/steps/1/completion", {}), 403, "not_allowed")
    refused(assess.post("wang_fang", f"/cycles/{key}/steps/1/completion", {}), 404, "not_found")
    refused(assess.post(OFFICER, f"/cycles/{key}/steps/2/completion", {}), 409, "step_not_open")
    refused(assess.post(OFFICER, f"/cycles/{key}/steps/99/completion", {}), 404, "not_found")
    assess.until(key, "bulletin")
    refused(assess.complete(key, by="supervisor_shen"), 404, "not_found")
    assess.duty(key, "panel_wu", role="county_committee")
    done = ok(assess.complete(key, by="panel_wu", remark="已通报", document_number="通报〔2026〕7号"))
    bulletin = next(s for s in done["steps"] if s["step"] == "bulletin")
    assert (bulletin["status"], bulletin["document_number"]) == ("done", "通报〔2026〕7号")
    with transaction(writes=False) as session:
        rows = session.scalars(select(Decision).where(Decision.entity == "assessment_step")).all()
        last = max(rows, key=lambda one: one.id)
    assert last.target == "open"


def test_opinions_follow_the_step(assess: Assessments) -> None:
    assess.pack = "gaoyang-party"
    key = assess.cycle()
    people = [
        {"code": "P1", "name": "陈立", "category": "A", "person": assess.cast.persons["head_chen"]},
        {"code": "P2", "name": "冯静", "category": "B", "person": assess.cast.persons["member_feng"]},
    ]
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": people}), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))

    def say(by: str, code: str, verdict: str, **more: Any):  # type: ignore[no-untyped-def]
        return assess.post(by, f"/cycles/{key}/subjects/{code}/opinion", {"verdict": verdict} | more)

    ok(say("head_chen", "P1", "stated", text="按时参加了学习"))
    ok(say("head_chen", "P1", "stated", text="按时参加了学习，带了头"))  # again replaces
    refused(say("head_chen", "P2", "stated"), 404, "not_found")
    refused(say("head_chen", "P1", "agreed"), 422, "opinion_wrong")
    assess.duty(key, "panel_wu", role="branch_committee")
    assess.duty(key, "head_chen", role="branch_committee")
    refused(say("panel_wu", "P1", "stated"), 403, "not_allowed")
    assess.until(key, "review")
    ok(say("panel_wu", "P1", "agreed"))
    refused(say("panel_wu", "P1", "returned"), 422, "opinion_wrong")
    refused(say("head_chen", "P1", "agreed"), 403, "own_case")
    ok(say("head_chen", "P2", "agreed"))
    assess.until(key, "meeting_vote")
    refused(say(OFFICER, "P1", "agreed"), 422, "opinion_wrong")
    ok(say(OFFICER, "P1", "agreed", votes_for=21, votes_against=1, votes_abstained=2))
    assess.until(key, "notice")
    ok(say("head_chen", "P1", "confirmed"))
    refused(say(OFFICER, "P2", "confirmed"), 403, "not_allowed")
    said = ok(assess.get(OFFICER, f"/cycles/{key}/opinions", limit=2))
    rest = ok(assess.get(OFFICER, f"/cycles/{key}/opinions", cursor=said["next_cursor"]))["items"]
    steps = [(one["position"], one["subject"]) for one in said["items"] + rest]
    assert steps == [(1, "P1"), (2, "P1"), (2, "P2"), (3, "P1"), (4, "P1")]
    mine = ok(assess.get("member_feng", f"/cycles/{key}/opinions"))["items"]
    assert [one["subject"] for one in mine] == ["P2"]


def test_an_objection_that_is_upheld_makes_new_results(assess: Assessments) -> None:
    key = assess.scored()
    refused(assess.post("member_feng", f"/cycles/{key}/objections", {"subject": "M2", "text": "少了"}), 409,
            "step_not_open")  # fmt: skip
    assess.until(key, "notice")
    made = ok(
        assess.post("member_feng", f"/cycles/{key}/objections", {"subject": "M2", "text": "少记了"}), 201
    )
    refused(
        assess.post("member_feng", f"/cycles/{key}/objections", {"subject": "T1", "text": "x"}),
        404,
        "not_found",
    )
    refused(assess.post("member_feng", f"/objections/{made['id']}/answer", {"upheld": True, "reason": "x"}), 403,
            "not_allowed")  # fmt: skip
    entries = ok(assess.get(OFFICER, f"/cycles/{key}/entries", subject="M2"))["items"]
    wrong = next(one for one in entries if one["indicator"] == "qual.1")
    broken = {"upheld": True, "reason": "核实", "entries": [row("M2", "qual.1", "80")]}
    refused(assess.post(OFFICER, f"/objections/{made['id']}/answer", broken), 422, "sheet_faulty")
    assert ok(assess.get("member_feng", f"/cycles/{key}/objections"))["items"][0]["status"] == "open"
    answer = broken | {"withdraw": [wrong["id"]]}
    done = ok(assess.post(OFFICER, f"/objections/{made['id']}/answer", answer))
    assert done["status"] == "upheld"
    found = assess.results(key)
    assert found["round"] == 2
    assert {one["subject"]: one["final"] for one in found["results"]}[
        "M2"
    ] == "928.00"  # 528 + 5 × 66 + 80 → capped
    refused(assess.post(OFFICER, f"/objections/{made['id']}/answer", answer), 409, "state_changed")


def test_an_objection_that_nobody_answers_goes_to_the_overseer_and_holds_the_step(
    assess: Assessments,
) -> None:
    key = assess.scored()
    assess.duty(key, "panel_wu", role="overseer")
    assess.until(key, "objection")
    made = ok(assess.post("head_chen", f"/cycles/{key}/objections", {"subject": "M1", "text": "有出入"}), 201)
    refused(assess.complete(key), 409, "step_waits")
    body = {"upheld": False, "reason": "核实无误"}
    refused(assess.post("panel_wu", f"/objections/{made['id']}/answer", body), 403, "not_allowed")
    assess.go(days=8)
    assert assess.open_step(key) == "objection", "its time is over, but the objection is not answered"
    told = ok(assess.get("panel_wu", f"/cycles/{key}/objections"))["items"]
    assert told[0]["status"] == "escalated"
    ok(assess.post("panel_wu", f"/objections/{made['id']}/answer", body))
    assess.go(minutes=1)
    assert assess.open_step(key) == "bulletin"
    inbox = ok(assess.cast.as_("head_chen").get("/inbox"))["items"]
    assert any("维持原结果" in one["text"] for one in inbox)


def test_proposals_are_decided_by_people_and_rectification_is_followed_up(assess: Assessments) -> None:
    key = assess.scored()
    assess.until(key, "bulletin")
    proposed = ok(assess.get(OFFICER, f"/cycles/{key}/proposals"))["items"]
    assert all(one["status"] == "proposed" and one["decided_by"] for one in proposed)
    mine = ok(assess.get("other_head", f"/cycles/{key}/proposals"))["items"]
    assert mine and {one["subject"] for one in mine} == {"M3"}
    deadline = next(one for one in mine if one["deadline_days"])
    decision = {
        "approved": True,
        "reason": "会议研究同意",
        "decided_on": "2026-09-14",
        "document_number": "纪要 9",
    }
    early = decision | {"decided_on": "2026-09-30"}
    refused(assess.post(OFFICER, f"/proposals/{deadline['id']}/decision", early), 422, "decided_in_future")
    ok(assess.post(OFFICER, f"/proposals/{deadline['id']}/decision", decision))
    refused(assess.post(OFFICER, f"/proposals/{deadline['id']}/decision", decision), 409, "state_changed")
    (notice,) = ok(assess.get("other_head", f"/cycles/{key}/rectifications"))["items"]
    assert (notice["status"], notice["proposal"]) == ("issued", deadline["id"])
    assess.until(key, "rectification")
    assess.go(days=deadline["deadline_days"] + 2)
    assert ok(assess.get(OFFICER, f"/cycles/{key}/rectifications"))["items"][0]["status"] == "overdue"
    path = f"/rectifications/{notice['id']}"
    refused(assess.post(OFFICER, f"{path}/report", {"text": "替他报"}), 403, "not_allowed")
    refused(assess.post("head_chen", f"{path}/report", {"text": "x"}), 404, "not_found")
    ok(assess.post("other_head", f"{path}/report", {"text": "已经改了"}))
    refused(
        assess.post("other_head", f"{path}/closure", {"accepted": True, "remark": "x"}), 403, "not_allowed"
    )
    back = {"accepted": False, "remark": "还差公开栏", "days": 10}
    assert ok(assess.post(OFFICER, f"{path}/closure", back))["status"] == "issued"
    ok(assess.post("other_head", f"{path}/report", {"text": "公开栏也改了"}))
    assert (
        ok(assess.post(OFFICER, f"{path}/closure", {"accepted": True, "remark": "属实"}))["status"]
        == "closed"
    )
    assess.go(days=200)
    assert assess.read(key)["status"] == "finished"


def test_a_new_round_takes_back_what_nobody_decided(assess: Assessments) -> None:
    key = assess.scored()
    assess.until(key, "notice")
    before = {one["id"] for one in ok(assess.get(OFFICER, f"/cycles/{key}/proposals"))["items"]}
    made = ok(assess.post("head_chen", f"/cycles/{key}/objections", {"subject": "M1", "text": "再看"}), 201)
    body = {"upheld": True, "reason": "补记", "entries": [row("M1", "bonus", "3", kind="commended")]}
    ok(assess.post(OFFICER, f"/objections/{made['id']}/answer", body))
    after = {one["id"] for one in ok(assess.get(OFFICER, f"/cycles/{key}/proposals"))["items"]}
    assert after and not before & after


def test_a_cycle_given_up_stops(assess: Assessments) -> None:
    key = assess.staffed()
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))
    ok(assess.enter(OFFICER, key, scores()), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/cancellation", {"reason": "方案要改"}))
    assert assess.go(days=60) == []
    refused(assess.post(OFFICER, f"/cycles/{key}/opening"), 409, "cycle_over")
