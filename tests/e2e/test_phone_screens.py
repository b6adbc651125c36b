"""Every screen of the phone client as a thumb and tired eyes meet it: at 320 px, in large type, at 200 %; and what a
first visit fetches. `tests/shots/judge.js` finds what is cut, pale or too small.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import NewVisitor
from tests.e2e.phone import BUILT
from tests.shots.phone_screens import JUDGE, SCREENS, Desks, pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
# how wide, and what is done to the type; large type is the switch's own class
SIZES = {
    "320 px": (320, "(sheet) => sheet.classList.remove('large')"),
    "320 px, large type": (320, "(sheet) => sheet.classList.add('large')"),
    "375 px at 200 %": (
        375,
        "(sheet) => { sheet.classList.add('large'); sheet.style.setProperty('--k', '2'); }",
    ),
}
FIRST_LOAD = 250_000


@pytest.fixture
def desks(browser: Browser, demo: str, faults: list[str]) -> Iterator[Desks]:
    assert BUILT.is_file(), "the phone client is not built: python hatch_build.py"
    made = Desks(browser, demo, 375, 812, faults)
    yield made
    made.close()


def test_every_page_is_among_the_screens() -> None:
    assert {screen.address.split("?")[0] for screen in SCREENS} == pages()


def test_no_screen_loses_anything_when_narrow_large_or_at_200_percent(
    desks: Desks, faults: list[str]
) -> None:
    empty = []
    for screen in SCREENS:
        page = desks.show(screen, large=False)
        if page is None:
            empty.append(screen.name)
            continue
        for name, (width, change) in SIZES.items():
            faults += [f"{screen.name}, {name}: {fault}" for fault in judged(page, width, change)]
        page.set_viewport_size({"width": 375, "height": 812})
    assert empty == [], "the demo has nothing to put there"
    assert faults == []


def judged(page: Page, width: int, change: str) -> list[str]:
    page.set_viewport_size({"width": width, "height": 812})
    page.locator(".sheet").last.evaluate(change)
    page.wait_for_timeout(60)
    return list(page.evaluate(JUDGE))


def test_the_first_visit_fetches_less_than_its_budget(visitor: NewVisitor, faults: list[str]) -> None:
    page = visitor().new_page()
    page.goto("/m/", wait_until="networkidle")
    fetched = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".filter((one) => one.initiatorType !== 'xmlhttprequest').map((one) => one.encodedBodySize)"
    )
    print(f"first visit: {sum(fetched) / 1000:.0f} kB in {len(fetched)} files")
    assert 50_000 < sum(fetched) <= FIRST_LOAD
    assert faults == []
