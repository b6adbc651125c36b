"""A household and its committee on the phone: it objects on the notice, a member answers, the month is posted, and
the family reads the new balance down to the record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NewVisitor
from tests.e2e.phone import as_persona, enter

pytestmark = pytest.mark.browser
SAID, ANSWER = "分数记少了", "对照记录逐条核对过，没有记错"
APPEALED = "这一天我家还扫了水渠"


def button(page: Page, words: str) -> None:
    page.locator(".wd-button", has_text=words).click()


def asked(context: BrowserContext, persona: str, path: str) -> Any:
    return context.request.get(f"/api/v1{path}", headers=as_persona(context, persona)).json()


def balance(page: Page) -> Decimal:
    page.goto("/m/pages/home/home")
    figure = page.get_by_label("可兑换积分，看怎么来的").locator(".n40")
    expect(figure).to_be_visible()
    return Decimal(figure.inner_text())


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


def test_objected_answered_posted_and_opened_down_to_the_record(
    visitor: NewVisitor, faults: list[str]
) -> None:
    context = visitor()
    people = {one["persona"]: one for one in context.request.get("/api/v1/auth/demo").json()}
    code = people["villager_1"]["household"]
    family = context.new_page()
    enter(family, "villager_1")
    before = balance(family)

    # from home over the notice to the objection
    family.get_by_role("link").filter(has_text="公示到").click()
    notice = family.url.partition("id=")[2]
    button(family, "我有异议")
    family.locator(".picks .tap").first.click()
    family.get_by_role("button", name=SAID).click()
    button(family, "送出异议")
    expect(family.locator(".mine")).to_contain_text("答复之前先不入账")

    member = visitor().new_page()
    enter(member, "committee_member_1")
    member.get_by_text("异议等答复").click()
    member.get_by_role("link").filter(has_text=SAID).click()
    expect(member.locator(".plate", has_text=code[-4:])).to_be_visible()
    member.get_by_role("button", name="不成立", exact=True).click()
    member.get_by_role("button", name=ANSWER).click()
    button(member, "答复")
    expect(member.get_by_text("答复了，这一户会收到。")).to_be_visible()
    expect(member.get_by_role("link").filter(has_text=SAID)).to_contain_text("不成立")

    family.goto("/m/pages/me/me")
    family.get_by_role("link").filter(has_text="我提过的").click()
    expect(family.locator(".card", has_text=SAID)).to_contain_text(ANSWER)

    # the notice ends: the month is in the ledger, and the balance is a new one
    ends = datetime.fromisoformat(asked(context, "villager_1", f"/public/notices/{notice}")["ends_at"])
    to = (ends + timedelta(minutes=5)).isoformat()
    moved = context.request.post(
        "/api/v1/demo/clock", headers=as_persona(context, "admin"), data={"to": to}, timeout=120_000
    )
    assert moved.status == 200, moved.text()
    posted = asked(context, "villager_1", f"/households/{code}/explanation?limit=1")["items"][0]
    record = posted["line"]["records"][0]
    now = before + Decimal(posted["amount"])
    assert now != before
    family.goto("/m/pages/home/home")  # what the phone has kept is shown first, then what is so now
    expect(family.get_by_label("可兑换积分，看怎么来的").locator(".n40")).to_have_text(f"{now:.2f}")

    family.get_by_text("为什么是这些分，一笔一笔看").click()
    expect(family.locator(".node.open")).to_contain_text("条记录合成")
    family.get_by_role("button", name=f"{record['name']}，展开").first.click()
    expect(family.locator(".steps")).to_contain_text(record["logged_by_name"])
    for review in record["reviewed_by"]:
        expect(family.locator(".steps")).to_contain_text(f"评议组 {review['name']}")

    # what is posted can still be appealed against, and the appeal stands with the rest
    family.get_by_text("这一条不对，我要申诉").click()
    family.locator("textarea").first.fill(APPEALED)
    button(family, "送出申诉")
    expect(family.locator(".node.open")).to_be_visible()
    family.goto("/m/pages/me/said")
    expect(family.locator(".card", has_text=APPEALED)).to_contain_text("等答复")
    # the day that the clock jumped ended the session: a new one is asked for, once
    assert [fault for fault in faults if "(UNAUTHORIZED)" not in fault] == []
