"""An event through two tiers on the phones of those it concerns, then what a household may know of its own file."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NewVisitor
from tests.e2e.phone import as_persona, enter, offline_faults

pytestmark = pytest.mark.browser
SAID = "巷口的井盖松了，老人走路怕绊着"


def button(page: Page, words: str) -> None:
    page.locator(".wd-button", has_text=words).click()


def opened(context: BrowserContext, persona: str, path: str = "/pages/event/list") -> Page:
    """A fresh page of somebody's phone at one of its screens."""
    page = context.new_page()
    enter(page, persona)
    page.goto(f"/m{path}")
    return page


def lid() -> bytes:
    """A photo of a manhole lid."""
    made = io.BytesIO()
    Image.effect_noise((1200, 900), 40).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def at_event(page: Page) -> None:
    page.get_by_role("link").filter(has_text=SAID).click()
    expect(page.locator(".what", has_text=SAID)).to_be_visible()


def test_an_event_through_two_tiers(visitor: NewVisitor, faults: list[str]) -> None:
    phones = {name: visitor() for name in ("villager_1", "grid_worker_1", "chief_grid_leader")}
    villager = opened(phones["villager_1"], "villager_1", "/pages/me/me")
    villager.get_by_role("link").filter(has_text="有事要办").click()
    button(villager, "报一件事")
    villager.get_by_role("radio", name="隐患").click()
    villager.locator("textarea").first.fill(SAID)
    villager.get_by_role("radio", name="马上").click()
    with villager.expect_file_chooser() as chooser:
        villager.get_by_label("拍照", exact=True).click()
    chooser.value.set_files({"name": "lid.jpg", "mimeType": "image/jpeg", "buffer": lid()})
    expect(villager.locator(".thumb-picture")).to_be_visible()
    villager.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phones["villager_1"].set_offline(True)
    button(villager, "报上去")
    expect(villager.locator(".tap", has_text=SAID[:12])).to_contain_text("待送出")
    phones["villager_1"].set_offline(False)
    mine = villager.get_by_role("link").filter(has_text=SAID[:12])
    expect(mine).to_contain_text("等人去办")
    villager.reload()
    expect(mine).to_have_count(1)

    # the worker takes it, cannot settle it, and asks the tier above
    worker = opened(phones["grid_worker_1"], "grid_worker_1")
    at_event(worker)
    expect(worker.locator(".note")).to_contain_text("现在由村网格员办")
    expect(worker.locator(".book .pic .fill")).to_be_visible()
    button(worker, "我来办")
    expect(worker.locator(".note")).to_contain_text("您接了")
    worker.get_by_role("button", name="请上一级").click()
    worker.locator("textarea").first.fill("井座裂了，要请施工队")
    button(worker, "请上一级来办")
    expect(worker.locator(".note")).to_contain_text("现在由村网格长办")

    # nobody does anything in the leader's time: it goes on to the chief
    admin = as_persona(phones["grid_worker_1"], "admin")
    clock = phones["grid_worker_1"].request
    now = clock.get("/api/v1/demo/clock", headers=admin).json()["now"]
    later = (datetime.fromisoformat(now) + timedelta(hours=25)).isoformat()
    moved = clock.post("/api/v1/demo/clock", headers=admin, data={"to": later})
    assert moved.status == 200, moved.text()
    chief = opened(phones["chief_grid_leader"], "chief_grid_leader", "/pages/home/home")
    chief.get_by_role("link").filter(has_text="件事等着办").click()
    at_event(chief)
    expect(chief.locator(".steps")).to_contain_text("过了时限，转到上一级")
    expect(chief.locator(".note")).to_contain_text("现在由村总网格长办")
    button(chief, "我来办")
    button(chief, "办好了")
    chief.locator("textarea").first.fill("施工队换了井座和井盖")
    button(chief, "办好了")
    expect(chief.locator(".note")).to_contain_text("等报的人来看")

    # who reported it looks, and marks the handling
    villager.goto("/m/pages/inbox/inbox")
    villager.get_by_role("link").filter(has_text="“隐患”已经处理").first.click()
    expect(villager.locator(".steps")).to_contain_text("施工队换了井座和井盖")
    button(villager, "看过了，办结")
    villager.get_by_role("radio", name=re.compile("^5")).click()
    button(villager, "就这样办结")
    expect(villager.locator(".note")).to_contain_text("5 分")
    # the day that the clock jumped ended the sessions: each phone asks for a new one, once
    assert [fault for fault in offline_faults(faults) if "(UNAUTHORIZED)" not in fault] == []


def test_a_household_reads_its_file_and_who_looked(visitor: NewVisitor, faults: list[str]) -> None:
    family = visitor()
    people = {one["persona"]: one for one in family.request.get("/api/v1/auth/demo").json()}
    code = people["villager_1"]["household"]
    worker = opened(visitor(), "grid_worker_1", f"/pages/household/file?code={code}")
    worker.get_by_text("看电话").click()
    worker.get_by_role("button", name="上门走访前约时间").click()
    expect(worker.locator(".member", has_text=re.compile(r"1\d{10}")).first).to_be_visible()
    button(worker, "记一条变化")
    worker.get_by_role("radio", name="房屋有隐患").click()
    worker.get_by_role("radio", name="屋顶").click()
    button(worker, "记下")
    expect(worker.get_by_text("房屋有隐患：屋顶")).to_be_visible()
    worker.get_by_role("button", name="30 天前").click()
    expect(worker.get_by_text("后来知道的不在里面")).to_be_visible()
    expect(worker.get_by_text("房屋有隐患：屋顶")).to_have_count(0)

    page = opened(family, "villager_1", "/pages/household/file")
    expect(page.get_by_text("房屋有隐患：屋顶")).to_be_visible()
    page.get_by_role("link").filter(has_text="谁看过我家的户册").click()
    expect(page.locator(".item", has_text="看了电话号码").first).to_contain_text("上门走访前约时间")

    page.goto("/m/pages/complaint/make")
    page.get_by_role("radio", name="网格员", exact=True).click()
    page.locator("textarea").first.fill("上门没有敲门就拍照")
    button(page, "送出")
    page.goto("/m/pages/me/said")
    expect(page.locator(".card", has_text="上门没有敲门就拍照")).to_contain_text("等答复")
    assert faults == []
