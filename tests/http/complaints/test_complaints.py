"""The complaint box: one tier above the person, a clock, and nobody reads what is said about oneself."""

from __future__ import annotations

from typing import Any

import pytest

from server.complaints.rules import TRANSITIONS, About, ComplaintStatus, Tier, first_tier, tier_above
from server.people.access import Role
from tests.cast import VILLAGE
from tests.settled import Months, ok, refused


def complain(months: Months, by: str = "zhao_min", **more: Any) -> dict[str, Any]:
    body = {"about": "person", "text": "说话太难听"} | more
    return ok(months.cast.as_(by).post("/complaints", body), 201)


def seen(months: Months, by: str) -> list[str]:
    return [one["id"] for one in ok(months.cast.as_(by).get("/complaints", status="open"))["items"]]


@pytest.mark.parametrize(
    ("about", "role", "tier"),
    [
        ("person", "grid_worker", "village"),
        ("person", "panel_member", "village"),
        ("person", "keeper", "village"),
        ("person", "committee_member", "township"),
        ("person", "committee_head", "township"),
        ("person", "supervisor", "township"),
        ("person", "township_officer", "county"),
        ("person", "admin", "county"),
        ("rule", None, "village"),
        ("program", None, "county"),
    ],
)
def test_one_tier_above(about: str, role: str | None, tier: str) -> None:
    assert first_tier(About(about), [Role(role)] if role else []) is Tier(tier)


def test_the_highest_role_of_a_person_counts(months: Months) -> None:
    months.cast.grant("wang_fang", "committee_member", VILLAGE)
    made = complain(months, person=months.cast.persons["wang_fang"])
    assert made["tier"] == "township"
    assert seen(months, "township_han") == [made["id"]]
    assert seen(months, "head_chen") == seen(months, "supervisor_shen") == seen(months, "wang_fang") == []


def test_by_a_record_of_the_own_household(months: Months) -> None:
    record = months.cast.log("wang_fang", "zhao")
    made = complain(months, record=record["id"])
    assert (made["against"], made["tier"]) == (months.cast.persons["wang_fang"], "village")
    answer = months.cast.as_("qian_yun").post(
        "/complaints", {"about": "person", "text": "x", "record": record["id"]}
    )
    refused(answer, 404, "not_found")


def test_answered_by_its_tier_and_told(months: Months) -> None:
    made = complain(months, role="grid_worker")
    path = f"/complaints/{made['id']}/answer"
    (shown,) = ok(months.cast.as_("head_chen").get("/complaints"))["items"]
    assert shown["person"] == months.cast.persons["zhao_min"]
    (shown,) = ok(months.cast.as_("supervisor_shen").get("/complaints"))["items"]
    assert shown["person"] is None
    refused(months.cast.as_("township_han").post(path, {"text": "好"}), 409, "complaint_tier")
    refused(months.cast.as_("wang_fang").post(path, {"text": "好"}), 403, "not_allowed")
    refused(months.cast.as_("other_head").post(path, {"text": "好"}), 404, "not_found")
    done = ok(months.cast.as_("member_feng").post(path, {"text": "已经谈过话"}))
    assert (done["status"], done["answer"]) == ("answered", "已经谈过话")
    refused(months.cast.as_("head_chen").post(path, {"text": "好"}), 409, "complaint_answered")
    texts = [one["text"] for one in ok(months.cast.as_("zhao_min").get("/inbox"))["items"]]
    assert any("已经谈过话" in text for text in texts)


def test_nobody_reads_or_answers_what_is_about_oneself(months: Months) -> None:
    officer = months.cast.persons["township_han"]
    months.cast.grant("township_han", "county_officer", "990101000000")
    made = complain(months, person=officer)
    assert made["tier"] == "county" and seen(months, "township_han") == []
    path = f"/complaints/{made['id']}/answer"
    refused(months.cast.as_("township_han").post(path, {"text": "好"}), 404, "not_found")


def test_the_clock_takes_it_up_to_the_county_and_no_further(months: Months) -> None:
    made = complain(months, role="grid_worker")
    tiers = []
    for _ in range(4):
        (shown,) = ok(months.cast.as_("zhao_min").get("/complaints"))["items"]
        tiers.append((shown["tier"], shown["overdue"]))
        months.go(days=7, minutes=1)
    assert tiers == [("village", False), ("township", False), ("county", False), ("county", True)]
    refused(
        months.cast.as_("head_chen").post(f"/complaints/{made['id']}/answer", {"text": "x"}), 404, "not_found"
    )
    months.cast.grant("admin_zhu", "county_officer", "990101000000")
    ok(months.cast.as_("admin_zhu").post(f"/complaints/{made['id']}/answer", {"text": "查清了"}))


def test_on_behalf_needs_the_household_and_the_slip(months: Months) -> None:
    sun, slip = months.cast.households["sun"], months.cast.as_("member_feng").photo()
    body = {"about": "rule", "text": "分太少", "on_behalf": True}
    post = months.cast.as_("member_feng").post
    refused(months.cast.as_("zhao_min").post("/complaints", body), 422, "on_behalf_only_by_committee")
    refused(post("/complaints", body), 422, "whom")
    refused(post("/complaints", body | {"household": sun}), 422, "slip_missing")
    ok(post("/complaints", body | {"household": sun, "photos": [slip]}), 201)
    refused(post("/complaints", {"about": "person", "text": "x"}), 422, "whom")


def test_every_state_and_tier_is_reached() -> None:
    assert set(TRANSITIONS) == set(ComplaintStatus)
    assert [tier_above(tier) for tier in Tier] == [Tier.TOWNSHIP, Tier.COUNTY, None]
