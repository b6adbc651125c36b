"""The demo's start page in a real browser, by clicks alone: a month of one household, wrong turns, narrow
screens.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewVisitor

pytestmark = pytest.mark.browser
ITEM, POINTS = "上门照看独居老人", Decimal("4.50")
DESKS = {
    "villager_1": "村民",
    "grid_worker_1": "网格员",
    "grid_leader_1": "网格长",
    "panel_member_1": "评议小组",
    "committee_head": "村委会主任",
    "keeper_1": "超市管理员",
}


def home(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="带一户人家走完一个月")).to_be_visible()


def be(page: Page, persona: str) -> None:
    """From wherever one is back to the start page, and in as somebody else, as the walk offers it."""
    home(page)
    page.locator(f"ol.steps a[href='#/{persona}']").first.click()
    expect(page.get_by_role("link", name="换个人")).to_be_visible()


def said(page: Page, words: str) -> None:
    expect(page.locator("#toast")).to_contain_text(words)


def move_clock(page: Page, stop: str) -> None:
    home(page)
    before = page.locator(".day").inner_text()
    page.get_by_role("button", name=f"拨到{stop}").click()
    expect(page.locator(".day")).not_to_have_text(before)


def signed(text: str) -> Decimal:
    return Decimal(text.strip().replace("−", "-").replace("+", ""))


def account(page: Page) -> tuple[Decimal, Decimal]:
    """Score and balance on the villager's desk."""
    figures = page.locator(".figure")
    expect(figures).to_have_count(2)
    shown = {
        figure.locator("small").inner_text(): figure.locator("b").inner_text() for figure in figures.all()
    }
    return signed(shown["考核分"]), signed(shown["可兑换积分"])


def approved_already(page: Page) -> Decimal:
    """What the panel agreed to before and this month's notice will hold as well."""
    rows = page.locator("section", has=page.get_by_role("heading", name="我家的记录")).locator("li")
    mine = rows.filter(has_text="评议通过").locator(".plus, .minus")
    return sum((signed(text) for text in mine.all_inner_texts()), Decimal(0))


def log(page: Page, number: str) -> None:
    page.get_by_label("哪一户").select_option(label=re_option(page, "哪一户", number))
    page.get_by_label("条目").select_option(label=re_option(page, "条目", ITEM))
    page.get_by_label("分数").fill(str(POINTS))
    page.get_by_role("button", name="记下", exact=True).click()


def re_option(page: Page, select: str, begins: str) -> str:
    """The option of a select that begins so, as a person finds it by eye."""
    expect(page.get_by_label(select)).to_be_visible()
    texts = page.get_by_label(select).locator("option").all_inner_texts()
    return next(text for text in texts if text.startswith(begins))


def review(page: Page, persona: str, number: str) -> None:
    be(page, persona)
    row = page.locator("li", has_text=ITEM).filter(has_text=number).filter(has_text=f"+{POINTS}")
    row.get_by_role("button", name="同意", exact=True).click()


def test_one_household_through_a_month(visitor: NewVisitor, faults: list[str]) -> None:
    page = visitor().new_page()
    be(page, "villager_1")
    number = re.search(r"户号 (\d{4})", page.locator(".top").inner_text())[1]
    expected = POINTS + approved_already(page)

    be(page, "grid_worker_1")
    log(page, number)
    said(page, f"记下了：{number} {ITEM} {POINTS} 分")
    expect(page.locator("li", has_text=ITEM).filter(has_text=number)).to_have_count(1)

    move_clock(page, "下周一")
    page.get_by_role("button", name="拨到下周一").click()  # once more would be a week too far: it asks
    expect(page.get_by_role("button", name="还要再往后拨，确定")).to_be_visible()
    be(page, "grid_leader_1")
    page.get_by_role("button", name="报送评议小组").first.click()
    said(page, "已报送")

    review(page, "panel_member_1", number)
    said(page, "已记下您的意见")
    expect(page.locator("li", has_text=ITEM).filter(has_text=number)).to_contain_text("您已同意")
    review(page, "panel_member_2", number)
    said(page, "评议有结果了")

    move_clock(page, "截止次日")
    for count, persona in enumerate(("committee_head", "committee_member_1", "committee_member_2"), 1):
        be(page, persona)
        page.get_by_role("button", name="同意", exact=True).click()
        said(page, "已记下您的一票" if count < 3 else "表决通过")

    be(page, "committee_head")
    page.get_by_role("button", name="张榜公示").click()
    said(page, "已公示")

    stranger = visitor(1280, 800).new_page()
    home(stranger)
    with stranger.context.expect_page() as opened:
        stranger.get_by_role("link", name="2026年12月公示").click()
    notice = opened.value
    expect(notice.locator("body")).to_contain_text("2026年12月村民积分")
    notice.get_by_role("textbox").fill(number)
    notice.get_by_role("button", name="查找").click()
    line = notice.locator("tr, li, dl, p", has_text=number).filter(has_text=f"+{expected}").first
    expect(line).to_be_visible()

    be(page, "villager_1")  # only now: on the way November's line was posted and the shop's month settled
    score, balance = account(page)
    move_clock(page, "12月公示期满")
    be(page, "villager_1")
    assert account(page) == (score + expected, balance + expected)
    entry = page.locator("li", has_text="2026年12月积分").filter(has_text="余额").first
    entry.locator("summary").click()
    expect(entry.locator("li", has_text=ITEM)).to_be_visible()
    expect(entry.locator("li", has_text=ITEM)).to_contain_text(f"+{POINTS}")
    assert "NaN" not in page.locator("body").inner_text()
    assert faults == []


def test_the_page_in_english_and_back(visitor: NewVisitor, faults: list[str]) -> None:
    page = visitor().new_page()
    home(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Take one household through a month")).to_be_visible()
    expect(page.get_by_role("link", name="Phone client")).to_have_attribute("href", "/m/")
    expect(page.get_by_role("link", name="Desktop console")).to_have_attribute("href", "/console/")
    page.reload()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="带一户人家走完一个月")).to_be_visible()
    assert faults == []


def test_wrong_turns_change_nothing(visitor: NewVisitor, faults: list[str]) -> None:
    page = visitor().new_page()
    home(page)
    today = page.locator(".day").inner_text()
    for day, answer in (
        ("", "请先选一个日子"),
        ("2026-01-01", "只能往后拨"),
        ("2036-01-01", "最多往后拨一年"),
    ):
        page.get_by_label("拨到哪一天").fill(day)
        page.get_by_role("button", name="拨到这天").click()
        said(page, answer)
    expect(page.locator(".day")).to_have_text(today)

    be(page, "grid_worker_1")
    rows = page.locator("section", has_text="还没报送的").locator("li")
    page.get_by_role("button", name="记下", exact=True).click()
    said(page, "请先选是哪一户")
    before = rows.count()
    page.get_by_label("哪一户").select_option(index=1)
    page.get_by_label("分数").fill("99")
    page.get_by_role("button", name="记下", exact=True).click()
    said(page, "请按细则填")
    page.get_by_label("分数").fill("1")
    page.get_by_role("button", name="记下", exact=True).dblclick()
    said(page, "记下了")
    expect(rows).to_have_count(before + 1)
    rows.first.get_by_role("button", name="撤回").click()
    rows.first.get_by_role("button", name="不", exact=True).click()
    expect(rows).to_have_count(before + 1)
    rows.first.get_by_role("button", name="撤回").click()
    page.get_by_role("button", name="确定撤回").click()
    expect(rows).to_have_count(before)

    page.go_back()
    expect(page.locator(".day")).to_have_text(today)
    page.goto("/#/nobody")
    expect(page.locator("body")).to_contain_text("没有这个人")
    assert [fault for fault in faults if "422" not in fault] == []


def test_a_session_that_the_clock_ended_is_renewed(visitor: NewVisitor) -> None:
    context = visitor()
    left, right = context.new_page(), context.new_page()
    right.goto("/#/panel_member_3")
    expect(right.get_by_role("heading", name="等评议的记录")).to_be_visible()
    home(left)
    day = left.get_by_label("拨到哪一天")
    left.get_by_role("button", name="拨到这天").click()
    said(left, f"到了 {day.get_attribute('min')}"[:9])
    right.goto("/#/committee_head")
    right.goto("/#/panel_member_3")
    expect(right.get_by_role("heading", name="等评议的记录")).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_page_is_wider_than_the_screen(visitor: NewVisitor, faults: list[str], width: int) -> None:
    page = visitor(width, 800).new_page()
    home(page)
    wide = [] if fits(page) else ["start"]
    for persona, role in DESKS.items():
        page.goto(f"/#/{persona}")
        expect(page.locator(".top h1")).to_contain_text(role)
        wide += [] if fits(page) else [persona]
    page.goto("/notices")
    wide += [] if fits(page) else ["notices"]
    page.get_by_role("link", name=re.compile("积分")).first.click()
    expect(page.locator("body")).to_contain_text("账本封印")
    wide += [] if fits(page) else ["notice"]
    assert wide == []
    assert faults == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
