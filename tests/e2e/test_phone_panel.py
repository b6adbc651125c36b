"""The panel's stack on the phone: one record agreed to, then the simple ones together."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewVisitor
from tests.e2e.phone import enter

pytestmark = pytest.mark.browser


def waiting(page: Page) -> int:
    figure = page.locator(".n28", has_text="条等您评")
    expect(figure).to_be_visible()
    return int(figure.inner_text().split("条")[0])


def test_a_member_agrees_to_one_and_then_to_the_simple_ones(visitor: NewVisitor, faults: list[str]) -> None:
    page = visitor().new_page()
    enter(page, "panel_member_1")
    agree = page.locator(".wd-button", has_text="同意").last
    expect(agree).to_be_visible()
    before = waiting(page)
    with page.expect_response(lambda answer: answer.url.endswith("/reviews")) as reviewed:
        agree.click()
    story = reviewed.value.json()
    assert [one["verdict"] for one in story["reviews"] if one["round"] == story["round"]] == ["approve"]
    expect(page.locator(".n28", has_text="条等您评")).to_contain_text(str(before - 1))

    page.get_by_text("条简单的一起评").click()
    ticks = page.get_by_role("checkbox")
    expect(ticks.first).to_be_visible()
    ticks.first.click()
    with page.expect_response(lambda answer: answer.url.endswith("/reviews/batch")) as together:
        page.locator(".wd-button", has_text="同意这").click()
    results = together.value.json()["results"]
    agreed = sum(one["status"] < 400 for one in results)
    assert agreed > 0
    expect(ticks).to_have_count(1)  # the one without a tick is left

    page.reload()
    expect(ticks).to_have_count(1)
    page.goto("/m/pages/home/home")
    expect(page.locator(".n28", has_text="条等您评")).to_contain_text(str(before - 1 - len(results)))
    assert faults == []
