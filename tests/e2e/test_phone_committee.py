"""The committee on the phone: a villager objects, a member answers, and the family reads the reason."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewVisitor
from tests.e2e.phone import as_persona, enter

pytestmark = pytest.mark.browser
SAID = "参加清洁日的那次好像没有算进去"


def test_a_member_answers_an_objection(visitor: NewVisitor, faults: list[str]) -> None:
    context = visitor()
    people = {one["persona"]: one for one in context.request.get("/api/v1/auth/demo").json()}
    family, village = people["villager_1"]["household"], people["villager_1"]["village"]
    notice = context.request.get(f"/api/v1/public/notices?village={village}").json()["items"][0]["id"]
    villager = as_persona(context, "villager_1")
    objected = context.request.post(
        f"/api/v1/notices/{notice}/objections",
        headers=villager,
        data={"household": family, "text": SAID},
    )
    assert objected.status == 201

    page = context.new_page()
    enter(page, "committee_member_1")
    page.get_by_text("异议等答复").click()
    page.get_by_role("link").filter(has_text=SAID).click()
    expect(page.locator(".plate", has_text=family[-4:])).to_be_visible()
    page.get_by_role("button", name="不成立", exact=True).click()
    page.get_by_role("button", name="对照记录逐条核对过，没有记错").click()
    page.locator(".wd-button", has_text="答复").click()
    expect(page.get_by_text("答复了，这一户会收到。")).to_be_visible()
    expect(page.get_by_role("link").filter(has_text=SAID)).to_contain_text("不成立")

    mine = context.request.get("/api/v1/objections", headers=villager).json()["items"]
    answered = next(one for one in mine if one["id"] == objected.json()["id"])
    assert (answered["status"], answered["reason"]) == ("dismissed", "对照记录逐条核对过，没有记错")
    assert faults == []


def test_anybody_reads_the_notice_and_the_rulebook(visitor: NewVisitor, faults: list[str]) -> None:
    page = visitor(320).new_page()
    page.goto("/m/pages/notice/list")
    page.get_by_role("link").filter(has_text="积分").filter(has_text="公示中").first.click()
    expect(page.get_by_text("账本封印")).to_be_visible()
    number = page.locator(".line-of .num").first.inner_text()
    page.locator("input").first.fill(number.lstrip("0"))
    expect(page.locator(".line-of")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/m/pages/public/rulebook")
    page.locator("input").first.fill("庭院")
    expect(page.locator(".list .tap").first).to_contain_text("庭院")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert faults == []
