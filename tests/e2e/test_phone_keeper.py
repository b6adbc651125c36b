"""The counter on the keeper's phone: the line goes while goods are handed out, and comes back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NewVisitor
from tests.e2e.phone import as_persona, enter, offline_faults

pytestmark = pytest.mark.browser


def receipts(context: BrowserContext, household: str) -> list[dict[str, Any]]:
    asked = f"/api/v1/mall/redemptions?household={household}&limit=50"
    answer = context.request.get(asked, headers=as_persona(context, "keeper_1"))
    return list(answer.json()["items"])


def state_consent(page: Page) -> None:
    page.get_by_role("button", name="我来说明").click()
    page.get_by_role("button", name="老人没有手机").click()


def test_the_line_goes_while_handing_out_and_each_is_booked_once(
    visitor: NewVisitor, faults: list[str]
) -> None:
    context = visitor()
    page = context.new_page()
    enter(page, "keeper_1")
    rows = page.get_by_role("link").filter(has_text=re.compile(r"×\d"))
    expect(rows.first).to_be_visible()
    number, second = (row[:4] for row in rows.all_inner_texts()[:2])
    village = re.search(r'"village": ?"(\d{12})"', context.request.get("/api/v1/auth/demo").text())[1]
    before = len(receipts(context, village + number))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    rows.first.click()
    expect(page.get_by_text("预约的东西")).to_be_visible()
    state_consent(page)
    context.set_offline(True)
    page.locator(".wd-button", has_text="交到手了").click()
    expect(page.get_by_text("排着队")).to_be_visible()
    expect(page.locator(".item", has_text=number)).to_contain_text("待送出")

    page.goto("/m/pages/home/home")  # the page itself opens without a line
    page.get_by_label("门牌号").locator("input").or_(page.locator("input")).first.fill(second)
    page.locator(".wd-button", has_text="打开").click()
    expect(page.get_by_text("断网了，照常发").last).to_be_visible()
    expect(page.get_by_text("离线还能换")).to_be_visible()
    state_consent(page)
    page.locator(".wd-button", has_text="先记下，来网再送").click()
    expect(page.locator(".item", has_text="待送出")).to_have_count(2)

    context.set_offline(False)
    expect(page.locator(".item", has_text="已送达")).to_have_count(2)
    assert len(receipts(context, village + number)) == before + 1
    page.reload()
    expect(page.locator(".item", has_text="已送达")).to_have_count(2)
    assert len(receipts(context, village + number)) == before + 1
    assert offline_faults(faults) == []
