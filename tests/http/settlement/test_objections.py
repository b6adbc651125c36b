"""Objections over HTTP: who may make and answer them, what they hold, what an upheld one changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cast import TOWNSHIP, VILLAGE, Cast
from tests.settled import Months, ok, refused

AFTER_CUTOFF = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)


@pytest.fixture
def notice(months: Months) -> dict[str, Any]:
    """October on notice: 赵 +4.00 and −2.00, 钱 +3.00."""
    months.records = {  # type: ignore[attr-defined]
        "good": months.approved("zhao", "4.00"),
        "bad": months.approved("zhao", "-2.00", "F1", "社会治安"),
        "other": months.approved("qian", "3.00"),
    }
    months.go_to(AFTER_CUTOFF)
    return months.on_notice()


def shown(months: Months, notice: dict[str, Any], number: str) -> tuple[str, str]:
    line = next(line for line in months.public(notice)["lines"] if line["number"] == number)
    return line["score_change"], line["status"]


def test_an_objection_holds_its_line_and_only_its_line(months: Months, notice: dict[str, Any]) -> None:
    objection = ok(months.object(notice, "zhao_min", "zhao"), 201)
    assert objection["status"] == "open"
    assert shown(months, notice, "0001") == ("2.00", "held")
    assert shown(months, notice, "0002") == ("3.00", "pending")
    months.go(days=6, hours=23, minutes=59)
    assert months.account("qian") == ("100.00", "0.00")
    months.go(minutes=2)
    assert months.tally()["status"] == "posted"
    assert months.account("qian") == ("103.00", "3.00")
    assert months.account("zhao") == ("100.00", "0.00")
    record = months.records["good"]  # type: ignore[attr-defined]
    assert ok(months.cast.as_("zhao_min").get(f"/records/{record}"))["status"] == "on_notice"


def test_a_dismissed_objection_lets_the_line_post_with_its_answer(
    months: Months, notice: dict[str, Any]
) -> None:
    objection = ok(months.object(notice, "zhao_min", "zhao"), 201)
    months.go(days=6, hours=23, minutes=59)
    answered = ok(months.answer(objection, "member_chu", upheld=False))
    assert (answered["status"], answered["reason"]) == ("dismissed", "核实过了")
    assert shown(months, notice, "0001") == ("2.00", "pending")  # before the end: it posts with the others
    months.go(minutes=2)
    assert months.account("zhao") == ("102.00", "2.00")
    assert months.public(notice)["corrections"] == []


def test_a_held_line_posts_after_the_month_with_its_answer(months: Months, notice: dict[str, Any]) -> None:
    first = ok(months.object(notice, "zhao_min", "zhao"), 201)
    months.go(days=6, hours=12)
    second = ok(months.object(notice, "qian_yun", "zhao"), 201)  # any villager of the village
    months.go(hours=11)
    ok(months.answer(first, "head_chen", upheld=False))
    months.go(days=1)
    assert months.tally()["status"] == "posted"
    assert months.line("zhao")["status"] == "held"  # the second one still holds it
    assert months.account("zhao") == ("100.00", "0.00")
    ok(months.answer(second, "head_chen", upheld=False))
    assert months.line("zhao")["status"] == "posted"
    assert months.account("zhao") == ("102.00", "2.00")
    refused(months.answer(second, "head_chen", upheld=False), 409, "objection_answered")


@pytest.mark.parametrize(
    ("answer", "net", "status"),
    [({}, "4.00", "rejected"), ({"points": "-1.00"}, "3.00", "approved")],
    ids=["rejected", "amended"],
)
def test_an_upheld_objection_corrects_record_line_and_notice(
    months: Months, notice: dict[str, Any], answer: dict[str, str], net: str, status: str
) -> None:
    record = months.records["bad"]  # type: ignore[attr-defined]
    before = months.public(notice)
    objection = ok(months.object(notice, "zhao_min", "zhao", record=record), 201)
    ok(months.answer(objection, "head_chen", upheld=True, **answer))
    assert shown(months, notice, "0001") == (net, "pending")
    after = months.public(notice)
    assert [(c["number"], c["before"], c["after"]) for c in after["corrections"]] == [("0001", "2.00", net)]
    assert after["totals"]["score_change"] == f"{float(net) + 3:.2f}"
    assert after["ledger_head"] == before["ledger_head"]
    stored = ok(months.cast.as_("head_chen").get(f"/records/{record}"))["status"]
    assert stored == ("on_notice" if status == "approved" else "rejected")
    months.go(days=8)
    assert months.account("zhao") == (f"{100 + float(net):.2f}", net)


def test_an_upheld_objection_on_a_line_names_no_record_and_changes_no_points(
    months: Months, notice: dict[str, Any]
) -> None:
    objection = ok(months.object(notice, "zhao_min", "zhao"), 201)
    refused(months.answer(objection, "head_chen", upheld=True, points="1.00"), 422, "points_without_record")
    ok(months.answer(objection, "head_chen", upheld=True))
    assert [(c["before"], c["after"]) for c in months.public(notice)["corrections"]] == [("2.00", "2.00")]


def test_points_come_only_with_an_upheld_objection(months: Months, notice: dict[str, Any]) -> None:
    record = months.records["bad"]  # type: ignore[attr-defined]
    objection = ok(months.object(notice, "zhao_min", "zhao", record=record), 201)
    refused(months.answer(objection, "head_chen", upheld=False, points="1.00"), 422, "points_without_record")
    assert shown(months, notice, "0001")[1] == "held"


def test_rejecting_every_record_leaves_a_line_of_zero(months: Months, notice: dict[str, Any]) -> None:
    record = months.records["other"]  # type: ignore[attr-defined]
    objection = ok(months.object(notice, "zhao_min", "qian", record=record), 201)
    ok(months.answer(objection, "head_chen", upheld=True))
    assert shown(months, notice, "0002") == ("0.00", "pending")
    months.go(days=8)
    assert months.account("qian") == ("100.00", "0.00")
    assert months.line("qian")["status"] == "posted"


def test_unanswered_for_seven_days_it_is_the_townships(months: Months, notice: dict[str, Any]) -> None:
    objection = ok(months.object(notice, "zhao_min", "zhao"), 201)
    refused(months.answer(objection, "township_han", upheld=False), 409, "objection_with_committee")
    closed = [one.closer for one in months.go(days=7)]
    assert "settlement.objection_escalation" in closed
    refused(months.answer(objection, "head_chen", upheld=False), 409, "objection_with_township")
    told = ok(months.cast.as_("township_han").get("/inbox"))["items"]
    assert "objection_escalated" in [message["kind"] for message in told]
    record = months.records["bad"]  # type: ignore[attr-defined]
    assert ok(months.answer(objection, "township_han", upheld=False))["status"] == "dismissed"
    assert record


def test_nobody_answers_in_the_own_matter(months: Months, notice: dict[str, Any], cast: Cast) -> None:
    cast.grant("zhao_min", "committee_member", VILLAGE)
    own = ok(months.object(notice, "zhao_min", "qian"), 201)
    refused(months.answer(own, "zhao_min", upheld=True), 409, "own_matter")  # made it
    about = ok(months.object(notice, "qian_yun", "zhao"), 201)
    refused(months.answer(about, "zhao_min", upheld=False), 409, "own_matter")  # of that household
    cast.grant("wang_fang", "committee_member", VILLAGE)
    record = months.records["good"]  # type: ignore[attr-defined]
    logged = ok(months.object(notice, "zhao_min", "zhao", record=record), 201)
    refused(months.answer(logged, "wang_fang", upheld=False), 409, "own_matter")  # logged it


def test_a_committee_member_enters_it_on_behalf(months: Months, notice: dict[str, Any]) -> None:
    refused(months.object(notice, "member_feng", "sun"), 422, "on_behalf_needed")
    refused(months.object(notice, "zhao_min", "sun", on_behalf=True), 422, "on_behalf_only_by_committee")
    refused(months.object(notice, "member_feng", "zhao", on_behalf=True), 422, "slip_missing")
    slip = months.cast.as_("member_feng").photo()
    made = ok(months.object(notice, "member_feng", "zhao", on_behalf=True, photos=[slip]), 201)
    assert made["on_behalf"] is True
    ok(months.answer(made, "member_feng", upheld=False))  # it is not the own objection


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"household": "9901011012020001"}, "household_unknown"),
        ({"household": "9901011012019999"}, "household_unknown"),
        ({"record": "other"}, "record_not_on_line"),
        ({"text": ""}, "invalid"),
    ],
)
def test_what_is_not_on_the_notice_cannot_be_objected_to(
    months: Months, notice: dict[str, Any], change: dict[str, str], code: str
) -> None:
    known = months.records  # type: ignore[attr-defined]
    if change.get("record") in known:
        change = change | {"record": known[change["record"]]}
    refused(months.object(notice, "zhao_min", "zhao", **change), 422, code)


def test_the_same_person_objects_once_until_answered(months: Months, notice: dict[str, Any]) -> None:
    first = ok(months.object(notice, "zhao_min", "zhao"), 201)
    refused(months.object(notice, "zhao_min", "zhao"), 409, "already_objected")
    ok(months.object(notice, "zhao_min", "qian"), 201)
    ok(months.answer(first, "head_chen", upheld=False))
    ok(months.object(notice, "zhao_min", "zhao"), 201)


def test_the_time_to_object_ends_to_the_second(months: Months, notice: dict[str, Any]) -> None:
    end = datetime.fromisoformat(notice["ends_at"])
    months.cast.clock.move_to(end)  # the closer has not run: the time is over nevertheless
    refused(months.object(notice, "zhao_min", "zhao"), 409, "notice_over")
    months.go(minutes=1)
    refused(months.object(notice, "zhao_min", "zhao"), 409, "notice_over")


def test_others_do_not_learn_who_objected(months: Months, notice: dict[str, Any], cast: Cast) -> None:
    made = ok(months.object(notice, "qian_yun", "zhao"), 201)
    assert made["person"] == cast.persons["qian_yun"]

    def seen(by: str) -> list[Any]:
        return [one["person"] for one in ok(cast.as_(by).get("/objections", village=VILLAGE))["items"]]

    assert seen("zhao_min") == [None]  # the household concerned
    assert seen("head_chen") == seen("supervisor_shen") == [cast.persons["qian_yun"]]
    assert seen("li_mei") == []
    assert seen("other_head") == []
    assert made["text"] not in str(months.public(notice))


def test_strangers_to_the_village_find_nothing(months: Months, notice: dict[str, Any], cast: Cast) -> None:
    refused(months.object(notice, "other_villager", "zhao"), 404, "not_found")
    refused(months.object(notice, "wang_fang", "zhao"), 403, "not_allowed")
    made = ok(months.object(notice, "zhao_min", "zhao"), 201)
    refused(months.answer(made, "other_head", upheld=False), 404, "not_found")
    refused(months.answer(made, "zhao_min", upheld=False), 403, "not_allowed")
    refused(cast.as_("other_head").get(f"/notices/{notice['id']}"), 404, "not_found")
    refused(cast.as_("other_villager").get(f"/notices/{notice['id']}"), 404, "not_found")
    tally = f"/tallies/{months.tally()['id']}"
    for path, body in ((f"{tally}/votes", {"vote": "for"}), (f"{tally}/notice", {})):
        refused(cast.as_("other_head").post(path, body), 404, "not_found")
    refused(cast.as_("other_head").get(tally), 404, "not_found")
    refused(cast.as_("zhao_min").get(tally), 403, "not_allowed")
    assert ok(cast.as_("other_head").get("/tallies", village=VILLAGE))["items"] == []
    assert len(ok(cast.as_("township_han").get("/tallies", village=VILLAGE))["items"]) == 1
    assert TOWNSHIP.startswith(VILLAGE[:9])


def test_everybody_concerned_is_told(months: Months, notice: dict[str, Any]) -> None:
    made = ok(months.object(notice, "qian_yun", "zhao"), 201)
    ok(months.answer(made, "head_chen", upheld=False))
    months.go(days=8)

    def kinds(by: str) -> set[str]:
        return {message["kind"] for message in ok(months.cast.as_(by).get("/inbox"))["items"]}

    assert {"notice_published", "objection_made", "objection_answered", "month_posted"} <= kinds("zhao_min")
    assert {"notice_published", "objection_answered", "month_posted"} <= kinds("qian_yun")
    assert "objection_made" in kinds("member_wei")
    assert "notice_published" not in kinds("li_mei")  # no line


def test_photos_belong_to_the_objection(months: Months, notice: dict[str, Any]) -> None:
    photo = months.cast.as_("zhao_min").photo()
    ok(months.object(notice, "zhao_min", "zhao", photos=[photo]), 201)
    refused(months.object(notice, "zhao_min", "qian", photos=[photo]), 422, "photo_not_usable")
