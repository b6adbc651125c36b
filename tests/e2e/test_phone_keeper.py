"""The counter on the keeper's phone: the line goes while goods are handed out, and comes back. A villager reserves,
shows a code, and collects from a keeper whose camera reads it without a line.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NewCamera, NewVisitor
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


def test_the_general_scanner_leads_a_keeper_to_the_counter(
    camera: NewCamera, visitor: NewVisitor, faults: list[str]
) -> None:
    context = visitor()
    people = {one["persona"]: one for one in context.request.get("/api/v1/auth/demo").json()}
    family = people["villager_1"]
    page = visitor(through=camera(f"https://jifen.example/h/{family['plate']}")).new_page()
    enter(page, "keeper_1")
    page.goto("/m/pages/scan/scan")
    expect(page).to_have_url(re.compile(r"/pages/keeper/counter\?plate="))
    expect(page.locator(".plate", has_text=family["household"][-4:])).to_be_visible()
    assert faults == []


def test_reserved_collected_by_a_code_without_a_line_and_synced(
    camera: NewCamera, visitor: NewVisitor, faults: list[str]
) -> None:
    context = visitor()
    people = {one["persona"]: one for one in context.request.get("/api/v1/auth/demo").json()}
    code = people["villager_2"]["household"]
    family = context.new_page()
    enter(family, "villager_2")
    family.goto("/m/pages/shop/shop")
    name = "洗衣皂"
    family.get_by_label(f"{name}放进篮子").click()
    button(family, "预约这 1 件")
    expect(family.get_by_text("我的预约和兑换")).to_be_visible()
    reserved = family.locator(".card", has_text=f"{name} ×1").filter(has_text="出取货码").first
    expect(reserved).to_be_visible()
    day = exchange_day(context, code)
    move_to(context, f"{day}T08:35:00+08:00")

    family.reload()
    reserved.get_by_text("出取货码").click()
    digits = family.locator(".digits")
    expect(digits).to_have_text(re.compile(r"^\d\d( \d\d){3}$"))
    symbol = f"{code} {digits.inner_text().replace(' ', '')}"
    before = len(receipts(context, code))

    counter = visitor(through=camera(symbol))
    page = counter.new_page()
    enter(page, "keeper_1")
    expect(page.get_by_role("link").filter(has_text=f"{name}×1").filter(has_text=code[-4:])).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    counter.set_offline(True)
    button(page, "扫门牌或积分卡")
    expect(page.get_by_text("断网了，照常发").last).to_be_visible()
    expect(page.locator(".goods", has_text=name)).to_be_visible()
    expect(
        page.get_by_label("取货码").locator("input").or_(page.locator("input.uni-input-input")).first
    ).to_have_value(symbol.split()[1])
    button(page, "先记下，来网再送")
    expect(page.locator(".item", has_text=code[-4:])).to_contain_text("待送出")
    counter.set_offline(False)
    expect(page.locator(".item", has_text=code[-4:])).to_contain_text("已送达")
    taken = receipts(context, code)
    assert len(taken) == before + 1
    family.goto("/m/pages/shop/mine")
    expect(family.locator(".item", has_text=f"{name} ×1").first).to_be_visible()
    assert [fault for fault in offline_faults(faults) if "(UNAUTHORIZED)" not in fault] == []


def exchange_day(context: BrowserContext, household: str) -> str:
    """The day for which the household reserved last."""
    asked = f"/api/v1/mall/reservations?household={household}&status=open"
    items = context.request.get(asked, headers=as_persona(context, "villager_2")).json()["items"]
    return str(max(one["day"] for one in items))


def move_to(context: BrowserContext, instant: str) -> None:
    admin = as_persona(context, "admin")
    moved = context.request.post("/api/v1/demo/clock", headers=admin, data={"to": instant}, timeout=120_000)
    assert moved.status == 200, moved.text()


def button(page: Page, words: str) -> None:
    page.locator(".wd-button", has_text=words).click()
