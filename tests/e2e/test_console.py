"""A secretary's month at the desk, in a real browser at 1280×800: a roster with a fault comes in, records are
reviewed, the month is voted on and put on notice, it posts, and an exchange day is settled by two people.

Records are logged by telephone (the API), days pass by the demo's clock; everything else is done by hand.
"""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from server.kit.ids import new_id
from tests.bench.console_table import HOUSEHOLDS, open_table
from tests.e2e.conftest import NewVisitor

pytestmark = pytest.mark.browser
BUILT = Path(__file__).resolve().parents[2] / "static" / "dist" / "console"
FIRST_LOAD = 450_000
HEADER = (
    "户编号",
    "门牌",
    "户主",
    "姓名",
    "与户主关系",
    "出生日期",
    "性别",
    "手机号",
    "身份证号",
    "网格",
    "备注",
)


class Desk:
    """One person at the console."""

    def __init__(self, visitor: NewVisitor, demo: str, persona: str) -> None:
        self.persona, self.token = persona, ""
        self.context: BrowserContext = visitor(1280, 800)
        self.page: Page = self.context.new_page()
        self.page.goto(f"{demo}/console/")
        self.page.wait_for_url("**/console/signin*")
        session = self.api("POST", "/auth/demo", {"persona": persona})
        self.token = session["access_token"]
        person = session["person"]["name"]
        self.page.locator(".list button").filter(has_text=person).first.click()
        self.page.wait_for_url("**/console/v/**")
        self.village = self.page.url.split("/v/")[1][:12]

    def api(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """The API as this person's telephone uses it, or somebody else's by `token`."""
        token = token or self.token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.context.request.fetch(f"/api/v1{path}", method=method, data=body, headers=headers)
        assert answer.ok, answer.text()
        return answer.json() if answer.text() else None

    def renew(self) -> None:
        """Sign in again by telephone: the demo's clock ended the session."""
        self.token = ""
        self.token = self.api("POST", "/auth/demo", {"persona": self.persona})["access_token"]

    def open(self, where: str, title: str) -> Page:
        """A page of the console by its address, as from a bookmark."""
        self.page.goto(f"/console/v/{self.village}{where}")
        expect(self.page.locator("h1").filter(has_text=title)).to_be_visible()
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def sure(self, name: str) -> None:
        """The question that comes before something is done."""
        self.page.locator(".el-message-box").get_by_role("button", name=name, exact=True).click()

    def told(self, words: str) -> None:
        expect(self.page.locator(".el-message").filter(has_text=words)).to_be_visible()


def move_clock(desk: Desk, to: str) -> None:
    desk.renew()
    desk.api("POST", "/demo/clock", {"to": f"{to}T09:00:00+08:00"})


def roster(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def upload(page: Page, content: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[type=file]").last.set_input_files(
        {"name": "花名册.xlsx", "mimeType": kind, "buffer": content}
    )


def test_a_month_at_the_desk(visitor: NewVisitor, demo: str, faults: list[str]) -> None:
    head = Desk(visitor, demo, "committee_head")
    worker = next(one for one in head.api("GET", "/auth/demo") if one["persona"] == "grid_worker_1")
    today = head.api("GET", "/demo/clock")["now"][:10]

    # the roster: a fault in place, put right, in
    page = head.open("/import", "先看一遍，再导入")
    for born in ("1980-13-40", "1980-03-04"):
        row = ("", "槐东巷91号", "卫新来", "卫新来", "户主", born, "男", "", "", "", "")
        upload(page, roster(row))
        if born == "1980-13-40":
            expect(page.locator(".fault").first).to_be_visible()
    expect(page.get_by_text("没有要改的地方。")).to_be_visible()
    head.press("导入")
    head.sure("导入")
    expect(page.get_by_text("花名册已经在系统里了。")).to_be_visible()
    page = head.open("/households", "户")
    page.get_by_label("在表里找").fill("卫新来")
    expect(page.locator(".el-table-v2__row")).to_have_count(1)

    # records by telephone; the week ends; the panel agrees in a batch
    of_grid = f"/households?village={head.village}&grid={worker['grid']}&limit=3"
    households = [one["code"] for one in head.api("GET", of_grid)["items"]]
    phone = head.api("POST", "/auth/demo", {"persona": "grid_worker_1"})["access_token"]
    for code in households:
        body = {"id": new_id(), "household": code, "item": "J1", "points": "1.00", "occurred_on": today}
        head.api("POST", "/records", body, phone)
    move_clock(head, "2026-12-03")
    for persona in ("panel_member_1", "panel_member_2"):
        member = Desk(visitor, demo, persona)
        page = member.open("/reviews", "评议")
        page.locator(".el-table-v2__header-row .el-checkbox").click()
        page.get_by_role("button", name="同意").first.click()
        member.sure("同意")
        expect(page.locator(".el-message").first).to_be_visible()
        member.context.close()

    # the month: cut-off, votes, notice, posting
    move_clock(head, "2026-12-16")
    for persona in ("committee_member_1", "committee_member_2", "committee_head"):
        member = Desk(visitor, demo, persona) if persona != "committee_head" else head
        page = member.open("/tallies/2026-12", "2026年12月")
        page.locator(".el-table-v2__row").first.click()
        expect(page.locator(".detail").first).to_be_visible()  # the records behind the line
        member.press("赞成，通过这张表")
        member.sure("投赞成")
        member.told("已记下您的一票")
        if member is not head:
            member.context.close()
    expect(head.page.locator("h1")).to_contain_text("表决通过")
    head.press("张榜公示")
    head.sure("张榜公示")
    expect(head.page.locator("h1").filter(has_text="2026年12月积分公示")).to_be_visible()
    with head.page.expect_download() as got:
        head.page.get_by_role("button", name="A4 榜").click()
    assert Path(got.value.path()).read_bytes().startswith(b"%PDF")
    move_clock(head, "2026-12-26")
    page = head.open("/tallies/2026-12", "2026年12月")
    expect(page.locator("h1")).to_contain_text("已入账")
    code = households[0]
    page = head.open(f"/households/{code}", code[-4:])
    expect(page.get_by_text("月度入账 2026-12").first).to_be_visible()

    # the exchange day of the first, settled by two
    head.renew()
    days = head.api("GET", f"/mall/exchange-days?village={head.village}&from=2026-12-01&to=2026-12-01")[
        "items"
    ]
    keeper = Desk(visitor, demo, "keeper_1")
    for desk in (keeper, head):
        page = desk.open(f"/days/{days[0]['id']}", "2026年12月1日")
        desk.press("核对无误，签字结算")
        desk.sure("签字")
        desk.told("已签字")
    expect(head.page.locator("h1")).to_contain_text("已结算")
    assert not [fault for fault in faults if "401" not in fault], faults


def test_first_load_is_small_and_charts_come_later(visitor: NewVisitor, demo: str) -> None:
    page = visitor(1280, 800).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{demo}/console/signin")
    page.wait_for_load_state("networkidle")
    page.locator(".list button").filter(has_text="村委会主任").click()
    expect(page.locator("h1").filter(has_text="等您")).to_be_visible()
    page.wait_for_load_state("networkidle")
    files = {url.split("/console/")[1] for url in asked if "/console/assets/" in url}
    sent = sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in files)
    assert sent <= FIRST_LOAD, f"{sent} bytes"
    assert not [name for name in files if "Drawing" in name]
    page.get_by_role("link", name="图表").click()
    expect(page.locator("canvas").first).to_be_visible()
    assert [url for url in asked if "Drawing" in url]


def test_ten_thousand_households_are_drawn_a_screen_at_a_time(visitor: NewVisitor, demo: str) -> None:
    page = visitor(1280, 800).new_page()
    open_table(page, demo)
    rows = page.locator(".el-table-v2__row")
    assert 5 < rows.count() < 60
    page.locator(".body").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("9999号").first).to_be_visible()
    assert rows.count() < 60
    page.get_by_label("在表里找").fill("户主7777")
    expect(page.get_by_text(f"{HOUSEHOLDS} 行里的 1 行")).to_be_visible()
    expect(rows).to_have_count(1)
