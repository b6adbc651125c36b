"""Pictures of every page of the console at 1280 and 1920 px: `make shots`, or
`python -m tests.shots.console http://127.0.0.1:8000 shots`, against a running demo.

Owns which pages there are to look at. Judges nothing but what a person cannot see: foreign hosts, errors on the
console, and text wider than the page.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.conftest import QUIET

SIZES = ((1280, 800), (1920, 1080))
Step = Callable[[Page], None]


def _nothing(page: Page) -> None:
    """As it opens."""


def _first_line(page: Page) -> None:
    page.locator(".el-table-v2__row").first.click()
    page.wait_for_timeout(500)


def _tab(name: str) -> Step:
    def click(page: Page) -> None:
        page.locator(".el-radio-button").filter(has_text=name).first.click()
        page.wait_for_timeout(500)

    return click


def _press(name: str) -> Step:
    def press(page: Page) -> None:
        page.get_by_role("button", name=name).first.click()
        page.wait_for_timeout(500)

    return press


# who looks, the page's name, its address below the village, what is clicked first
PAGES: tuple[tuple[str, str, str, Step], ...] = (
    ("committee_head", "01-home", "", _nothing),
    ("panel_member_1", "02-reviews", "/reviews", _nothing),
    ("panel_member_1", "02-reviews-open", "/reviews", _first_line),
    ("committee_head", "03-reviews-meeting", "/reviews?part=meeting", _nothing),
    ("committee_head", "04-records", "/records", _nothing),
    ("committee_head", "04-record-open", "/records", _first_line),
    ("grid_leader_1", "05-weeks", "/weeks", _nothing),
    ("committee_head", "06-tallies", "/tallies", _nothing),
    ("committee_head", "07-tally", "/tallies/{month}", _nothing),
    ("committee_head", "07-tally-open", "/tallies/{month}", _first_line),
    ("committee_head", "08-notices", "/notices", _nothing),
    ("committee_head", "08-objections", "/notices", _tab("异议")),
    ("committee_head", "08-appeals", "/notices?part=appeals", _nothing),
    ("committee_head", "09-notice", "/notices/{notice}", _nothing),
    ("committee_head", "10-households", "/households", _nothing),
    ("committee_head", "11-household", "/households/{household}", _nothing),
    ("committee_head", "11-household-file", "/households/{household}/file", _nothing),
    ("supervisor", "11-household-looks", "/households/{household}/file", _nothing),
    ("committee_head", "12-import", "/import", _nothing),
    ("committee_head", "13-grids", "/grids", _nothing),
    ("committee_head", "14-rulebook", "/rulebook", _nothing),
    ("committee_head", "15-draft", "/rulebook/draft", _nothing),
    ("keeper_1", "16-goods", "/goods", _nothing),
    ("keeper_1", "16-goods-moves", "/goods?part=moves", _nothing),
    ("keeper_1", "16-goods-counts", "/goods?part=counts", _nothing),
    ("keeper_1", "16-goods-suggested", "/goods?part=suggested", _nothing),
    ("keeper_1", "17-days", "/days", _nothing),
    ("keeper_1", "18-day", "/days/{day}", _nothing),
    ("keeper_1", "18-day-reservations", "/days/{day}", _tab("预约")),
    ("keeper_1", "18-day-receipts", "/days/{day}", _tab("兑换 ")),
    ("keeper_1", "19-funds", "/funds", _nothing),
    ("committee_head", "20-figures", "/figures", _nothing),
    ("committee_head", "21-people", "/people", _nothing),
    ("committee_head", "21-person", "/people", _first_line),
    ("committee_head", "22-settings", "/settings", _nothing),
    ("auditor", "23-audit", "/audit", _nothing),
    ("keeper_1", "24-home-keeper", "", _nothing),
    ("panel_member_1", "25-home-panel", "", _nothing),
    ("township_officer", "26-home-township", "", _nothing),
    ("committee_head", "31-coverage", "/coverage", _nothing),
    ("grid_leader_1", "31-coverage-grid", "/coverage", _first_line),
    ("committee_head", "32-events", "/events", _nothing),
    ("committee_head", "32-event-open", "/events", _first_line),
    ("committee_head", "33-complaints", "/complaints", _nothing),
    ("committee_head", "34-changes", "/changes", _nothing),
    ("committee_head", "34-change-new", "/changes", _press("登记协议")),
    ("supervisor", "35-fairness", "/fairness", _nothing),
    ("grid_leader_1", "36-home-leader", "", _nothing),
    ("supervisor", "37-home-supervisor", "", _nothing),
    ("committee_head", "45-summaries", "/summaries", _nothing),
    ("committee_head", "46-honours", "/honours", _nothing),
    ("committee_head", "47-recommendations", "/recommendations", _nothing),
)

COUNTY_PAGES = (
    ("27-county", ""),
    ("28-assessments", "/assessments"),
    ("29-assessment", "/assessments/{assessment}"),
    ("30-assessment-sheet", "/assessments/{assessment}?part=sheet"),
    ("30-assessment-process", "/assessments/{assessment}?part=process"),
    ("30-assessment-cases", "/assessments/{assessment}?part=cases"),
    ("30-assessment-tasks", "/assessments/{assessment}?part=tasks"),
    ("30-assessment-checks", "/assessments/{assessment}?part=checks"),
    ("30-assessment-subjects", "/assessments/{assessment}?part=subjects"),
)


def main() -> int:
    """Takes the pictures into a folder; 1 when a page did something that it must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="pages whose name begins so")
    parser.add_argument("--width", type=int, default=0)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        for width, height in SIZES:
            if given.width in (0, width):
                faults += list(_all(browser, given, width, height))
        browser.close()
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _all(browser: Browser, given: argparse.Namespace, width: int, height: int) -> Iterator[str]:
    desks: dict[str, tuple[BrowserContext, Page, dict[str, str]]] = {}
    faults: list[str] = []
    if "00-signin".startswith(given.only[:2] or "00"):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        page.goto(f"{given.address}/console/signin")
        expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
        page.wait_for_timeout(400)
        page.screenshot(path=given.folder / f"00-signin-{width}.png")
        context.close()
    for persona, name, path, step in PAGES:
        if not name.startswith(given.only):
            continue
        if persona not in desks:
            desks[persona] = _desk(browser, given.address, persona, width, height, faults)
        _, page, things = desks[persona]
        where = path.format(**things)
        page.goto(f"{given.address}/console/v/{things['village']}{where}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(900)  # charts come after their figures
        try:
            step(page)
        except Exception as error:  # the picture still says what the page shows
            faults.append(f"{name} at {width}: {error}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{name} is {wide} px wide at {width}")
        page.screenshot(path=given.folder / f"{name}-{width}.png")
    for name, path in COUNTY_PAGES:
        if name.startswith(given.only):
            if "county_officer" not in desks:
                desks["county_officer"] = _desk(
                    browser, given.address, "county_officer", width, height, faults
                )
            _, page, things = desks["county_officer"]
            if "{assessment}" in path and not things["assessment"]:
                continue
            page.goto(f"{given.address}/console/county{path.format(**things)}")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(900)
            page.screenshot(path=given.folder / f"{name}-{width}.png")
    for context, _, _ in desks.values():
        context.close()
    yield from faults


def _desk(
    browser: Browser, address: str, persona: str, width: int, height: int, faults: list[str]
) -> tuple[BrowserContext, Page, dict[str, str]]:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"{persona}: {error}"))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((address, "data:", "blob:")) else faults.append(f"asked {asked.url}")
        ),
    )
    page.goto(f"{address}/console/signin")
    session = page.evaluate(
        "async (persona) => { const a = await (await fetch('/api/v1/auth/demo', {method: 'POST',"
        " headers: {'Content-Type': 'application/json'}, body: JSON.stringify({persona})})).json();"
        " const kept = {access: a.access_token, refresh: a.refresh_token, persona, person: a.person};"
        " sessionStorage.setItem('jifen.session', JSON.stringify(kept)); return kept; }",
        persona,
    )
    things = _things(page, session["access"])  # asks for what not everybody may see
    page.on(
        "response",
        lambda got: faults.append(f"{persona}: {got.status} {got.url}") if got.status >= 400 else None,
    )
    return context, page, things


def _things(page: Page, token: str) -> dict[str, str]:
    """The village on the desk, and one of each thing that a page shows."""
    return dict(
        page.evaluate(
            """async (token) => {
      const get = async (path) => {
        const answer = await fetch('/api/v1' + path, {headers: {Authorization: 'Bearer ' + token}});
        return answer.ok ? answer.json() : {items: []};
      };
      const village = (await get('/villages?limit=1')).items[0].code;
      const tallies = (await get(`/tallies?village=${village}&limit=200`)).items;
      const households = (await get(`/households?village=${village}&limit=9`)).items;
      const days = (await get(`/mall/exchange-days?village=${village}&from=2026-01-01&to=2027-12-31`)).items;
      const day = days.filter((one) => one.status === 'redeeming').at(-1)
        ?? days.filter((one) => one.status === 'settled').at(-1) ?? days[0];
      return {
        village, month: tallies.at(-1)?.month ?? '', notice: tallies.filter((one) => one.notice).at(-1)?.notice ?? '',
        household: households.at(-1)?.code ?? '', day: day?.id ?? '',
        assessment: (({items}) => (items.find((one) => one.pack === 'dinghai-2018-town') ?? items.at(0))?.id ?? '')
          (await get('/assessments/cycles?limit=50')),
      };
    }""",
            token,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
