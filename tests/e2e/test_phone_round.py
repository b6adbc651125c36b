"""The grid worker's round without signal: a plate before the camera, a record with its photo, visits; then the line
comes back and each is there once. The phone's clock is a day off all the while, and the app is killed in between.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import NewCamera, NewVisitor
from tests.e2e.phone import as_persona, enter, offline_faults

pytestmark = pytest.mark.browser
A_DAY_OFF = "{ const real = Date.now.bind(Date); Date.now = () => real() + 26 * 3600 * 1000; }"
MOST_TAPS = 4
API = "**/api/v1/"


class Thumb:
    """Taps as a person does, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def button(self, words: str) -> None:
        self._tap(self.page.locator(".wd-button", has_text=words))

    def row(self, words: str | re.Pattern[str]) -> None:
        self._tap(self.page.locator(".tap", has_text=words).first)

    def photo(self, picture: bytes) -> None:
        with self.page.expect_file_chooser() as chooser:
            self._tap(self.page.get_by_label("拍照", exact=True))
        chooser.value.set_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture})
        expect(self.page.locator(".thumb-picture")).to_be_visible()

    def _tap(self, what: Any) -> None:
        what.click()
        self.taps += 1


@pytest.fixture
def yard() -> bytes:
    """A photo of a swept yard, larger than what is sent."""
    made = io.BytesIO()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def packed(page: Page) -> None:
    """The page, the round, the rulebook and today's households lie on the phone."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("Object.keys(localStorage).some((key) => key.includes('/rulebooks/current'))")


def killed(page: Page) -> Page:
    """The app is killed and opened again."""
    context = page.context
    page.close()
    again = context.new_page()
    again.goto("/m/pages/home/home")
    return again


def lose_answers(route: Route) -> None:
    """The server hears it, its answer is lost on the way."""
    route.fetch()
    route.abort("internetdisconnected")


def items(context: BrowserContext, persona: str, path: str) -> list[dict[str, Any]]:
    return list(context.request.get(f"/api/v1{path}", headers=as_persona(context, persona)).json()["items"])


def test_a_round_without_signal(
    camera: NewCamera, visitor: NewVisitor, faults: list[str], yard: bytes
) -> None:
    desk = visitor()
    people = {one["persona"]: one for one in desk.request.get("/api/v1/auth/demo").json()}
    plate = people["grid_worker_1"]["plate"]
    worker = as_persona(desk, "grid_worker_1")
    round_ = desk.request.get("/api/v1/round", headers=worker).json()
    today, first = round_["day"], round_["items"][0]["household"]
    at_plate = desk.request.get(f"/api/v1/plates/{plate}", headers=worker).json()["household"]["code"]
    other = next(one["household"] for one in round_["doors"] if one["household"] not in (first, at_plate))

    phone = visitor(through=camera(f"https://jifen.example/h/{plate}"))
    phone.add_init_script(A_DAY_OFF)
    page = phone.new_page()
    enter(page, "grid_worker_1")
    expect(page.get_by_text("接着走，按路顺")).to_be_visible()
    packed(page)
    phone.set_offline(True)

    # scan, item, photo, done
    thumb = Thumb(page)
    thumb.button("扫门牌")
    expect(page.get_by_text("刚刚扫码")).to_be_visible()
    expect(page.locator(".plate", has_text=at_plate[-4:])).to_be_visible()
    item = page.locator(".items .tap .t1").first.inner_text()
    thumb.row(item)
    thumb.photo(yard)
    thumb.button("记下")
    expect(page.get_by_text(f"记下了：{at_plate[-4:]} {item}")).to_be_visible()
    expect(page.get_by_text("1 条待送出")).to_be_visible()
    assert thumb.taps <= MOST_TAPS

    # the app is killed, the page is loaded again: nothing is lost, and the round goes on
    page = killed(page)
    expect(page.get_by_text("1 条待送出")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 条待送出")).to_be_visible()
    page.get_by_text(re.compile("今天的走访|全部 .* 户")).click()
    page.locator(".list .tap", has_text=first[-4:]).click()
    page.locator(".wd-button", has_text="走访过了").click()
    expect(page.locator(".tap", has_text=first[-4:])).to_contain_text("待送出")
    expect(page.locator(".book")).to_contain_text(f"1/ {len(round_['items'])} 户")
    page.get_by_label("门牌号或户主名字").locator("input").or_(page.locator("input")).first.fill(other[-4:])
    page.locator(".list .tap", has_text=other[-4:]).click()
    page.get_by_text("打了电话").click()
    page.get_by_text("家里有变化，记一条").click()
    page.get_by_role("radio", name="用气用电检查").click()
    page.get_by_role("radio", name="已当面提醒").click()
    page.locator(".wd-button", has_text="加上").click()
    page.locator(".wd-button", has_text="走访过了").click()
    expect(page.locator(".tap", has_text=other[-4:])).to_contain_text("待送出")

    # meanwhile the village gives the scanned door a new plate: a visit by the old one comes back
    anew = desk.request.post(f"/api/v1/plates/{at_plate}/reissue", headers=as_persona(desk, "committee_head"))
    assert anew.status == 201
    page = killed(page)
    page.get_by_text(re.compile("今天的走访|全部 .* 户")).click()
    page.locator(".wd-button", has_text="扫门牌走访").click()
    expect(page.get_by_text("刚刚扫码")).to_be_visible()
    page.locator(".wd-button", has_text="走访过了").click()
    expect(page.get_by_text("走访记下了，有信号了会自己送")).to_be_visible()

    # the line comes back; of the first answers none arrives
    phone.route(f"{API}records/batch", lose_answers, times=1)
    phone.route(f"{API}visits/batch", lose_answers, times=1)
    with page.expect_event("requestfailed", lambda asked: asked.url.endswith("/records/batch")):
        phone.set_offline(False)
    with page.expect_event("requestfailed", lambda asked: asked.url.endswith("/visits/batch")):
        page.goto("/m/pages/record/records")
    page.locator(".wd-button", has_text="再送一次").click()
    expect(page.get_by_text("要改的 1 条")).to_be_visible()
    expect(page.locator(".item", has_text="已送达")).to_have_count(3)
    page.get_by_text("改一改再送").click()
    expect(page.get_by_role("alert")).to_contain_text("退回的原因")
    page.locator(".wd-button", has_text="走访过了").click()
    expect(page.get_by_text("要改的")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("等着送出")).to_have_count(0)

    mine = [
        one for one in items(desk, "grid_worker_1", f"/records?household={at_plate}") if one["name"] == item
    ]
    assert [(one["occurred_on"], len(one["photos"])) for one in mine if one["photos"]] == [(today, 1)]
    for household, way in ((first, "door"), (other, "phone"), (at_plate, "door")):
        visits = items(desk, "grid_worker_1", f"/visits?household={household}")
        assert [one["way"] for one in visits if one["visited_on"] == today] == [way]
    file = desk.request.get(f"/api/v1/households/{other}/file", headers=worker).json()
    learnt = [one for one in file["facts"] if one["since"] == today]
    assert [(one["kind"], one["value"]) for one in learnt] == [("safety_checked", "已当面提醒")]
    assert offline_faults(faults) == []
