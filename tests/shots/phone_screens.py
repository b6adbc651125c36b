"""Every screen of the phone client: who sees it, under which address, with which of the demo's things in it.

Owns the list and the way to one of each thing. Takes no pictures and judges nothing; `judge.js` beside it does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, expect

PAGES = Path(__file__).parents[2] / "miniapp_stub" / "src" / "pages.json"
JUDGE = Path(__file__).with_name("judge.js").read_text("utf-8")
STRANGER = ""
Things = dict[str, str]
Step = Callable[[Page], None]


def _nothing(page: Page) -> None:
    """As it opens."""


def _tap(words: str) -> Step:
    def click(page: Page) -> None:
        page.locator(".tap, .wd-button").filter(has_text=words).first.click()

    return click


def _first(selector: str) -> Step:
    def click(page: Page) -> None:
        page.locator(selector).first.click()

    return click


@dataclass(frozen=True)
class Screen:
    """One screen as one person sees it; `{names}` in the address are things, without which it is left out."""

    name: str
    persona: str
    address: str
    step: Step = _nothing


SCREENS = (
    Screen("sign-in", STRANGER, "sign-in/sign-in"),
    Screen("sign-in-password", STRANGER, "sign-in/sign-in", _tap("密码")),
    Screen("sign-in-invitation", STRANGER, "sign-in/sign-in?invitation=ABCD-EFGH-JKMN"),
    Screen("notice-list", STRANGER, "notice/list"),
    Screen("notice", STRANGER, "notice/notice?id={notice}"),
    Screen("ranking", STRANGER, "public/ranking?village={village}"),
    Screen("donations", STRANGER, "public/donations?village={village}"),
    Screen("rulebook", STRANGER, "public/rulebook?village={village}"),
    Screen("villager-home", "villager_1", "home/home"),
    Screen("villager-why", "villager_1", "why/why"),
    Screen("villager-records", "villager_1", "record/records"),
    Screen("villager-record", "villager_1", "record/one?id={own_record}"),
    Screen("villager-declare", "villager_1", "record/log?own=yes"),
    Screen("villager-notice", "villager_1", "notice/notice?id={notice}"),
    Screen("villager-object", "villager_1", "notice/object?notice={notice}"),
    Screen("villager-complain", "villager_1", "complaint/make"),
    Screen("villager-said", "villager_1", "me/said"),
    Screen("villager-file", "villager_1", "household/file?code={household}"),
    Screen("villager-looks", "villager_1", "household/looks"),
    Screen("villager-events", "villager_1", "event/list"),
    Screen("villager-event-report", "villager_1", "event/report"),
    Screen("villager-shop", "villager_1", "shop/shop"),
    Screen("villager-orders", "villager_1", "shop/mine"),
    Screen("villager-code", "villager_1", "shop/code"),
    Screen("villager-inbox", "villager_1", "inbox/inbox"),
    Screen("villager-reminders", "villager_1", "inbox/reminders"),
    Screen("villager-me", "villager_1", "me/me"),
    Screen("villager-plate", "villager_1", "plate/plate?token=unknown-plate-token"),
    Screen("worker-home", "grid_worker_1", "home/home"),
    Screen("worker-scan", "grid_worker_1", "scan/scan"),
    Screen("worker-log", "grid_worker_1", "record/log?household={household}"),
    Screen("worker-log-item", "grid_worker_1", "record/log?household={household}", _first(".items > .tap")),
    Screen("worker-records", "grid_worker_1", "record/records"),
    Screen("worker-household", "grid_worker_1", "household/household?code={household}"),
    Screen("worker-file", "grid_worker_1", "household/file?code={household}"),
    Screen("worker-fact", "grid_worker_1", "household/fact?code={household}"),
    Screen("worker-round", "grid_worker_1", "visit/round"),
    Screen("worker-visit", "grid_worker_1", "visit/visit?household={household}"),
    Screen("worker-coverage", "grid_worker_1", "visit/coverage"),
    Screen("worker-events", "grid_worker_1", "event/list"),
    Screen("worker-event", "grid_worker_1", "event/event?id={event}"),
    Screen("worker-event-report", "grid_worker_1", "event/report?household={household}"),
    Screen("leader-home", "grid_leader_1", "home/home"),
    Screen("panel-home", "panel_member_1", "home/home"),
    Screen("panel-batch", "panel_member_1", "panel/batch"),
    Screen("committee-home", "committee_head", "home/home"),
    Screen("committee-tally", "committee_head", "committee/tally?id={tally}"),
    Screen(
        "committee-line",
        "committee_head",
        "committee/line?tally={tally}&household={line}&month={month}&open=yes",
    ),
    Screen("committee-minutes", "committee_head", "committee/minutes?id={tally}"),
    Screen("committee-objections", "committee_head", "committee/objections"),
    Screen("committee-objection", "committee_head", "committee/objection?id={objection}"),
    Screen("keeper-home", "keeper_1", "home/home"),
    Screen("keeper-counter", "keeper_1", "keeper/counter?household={household}"),
    Screen("keeper-receipt", "keeper_1", "keeper/receipt?id={redemption}"),
    Screen("keeper-waiting", "keeper_1", "keeper/waiting"),
    Screen("keeper-stock", "keeper_1", "keeper/stock"),
    Screen("keeper-stock-in", "keeper_1", "keeper/stock-in"),
    Screen("keeper-count", "keeper_1", "keeper/count"),
    Screen("keeper-counts", "keeper_1", "keeper/counts"),
    Screen("onlooker-home", "supervisor", "home/home"),
)


def pages() -> set[str]:
    """The paths of the client's pages, as its own list has them."""
    return set(re.findall(r'"path": "pages/([^"]+)"', PAGES.read_text("utf-8")))


class Desks:
    """The people of the demo, each on a phone of their own, signed in once."""

    def __init__(self, browser: Browser, address: str, width: int, height: int, faults: list[str]) -> None:
        self._browser, self._address, self._faults = browser, address, faults
        self._size = {"width": width, "height": height}
        self._contexts: dict[str, BrowserContext] = {}
        self.things = things_of(self._context(STRANGER).request, address)

    def page(self, persona: str) -> Page:
        """This person's phone."""
        context = self._context(persona)
        return context.pages[0] if context.pages else self._opened(context, persona)

    def _context(self, persona: str) -> BrowserContext:
        if persona not in self._contexts:
            made = self._browser.new_context(viewport=self._size, locale="zh-CN", device_scale_factor=2)
            made.set_default_timeout(30_000)
            made.on("request", lambda asked: self._check(asked.url))
            made.on("weberror", lambda found: self._faults.append(str(found.error)))
            self._contexts[persona] = made
        return self._contexts[persona]

    def _check(self, url: str) -> None:
        if not url.startswith((self._address + "/", "data:", "blob:")):
            self._faults.append(f"asked {url}")

    def _opened(self, context: BrowserContext, persona: str) -> Page:
        page = context.new_page()
        if persona:
            page.goto(f"{self._address}/m/pages/sign-in/sign-in?persona={persona}")
            expect(page).to_have_url(re.compile(r"/m/(pages/home/home)?$"), timeout=30_000)
        return page

    def show(self, screen: Screen, large: bool) -> Page | None:
        """The screen, drawn and still; None where the demo has nothing to put in it."""
        named = re.findall(r"{(\w+)}", screen.address)
        if not all(self.things.get(name) for name in named):
            return None
        page = self.page(screen.persona)
        if page.url == "about:blank":
            page.goto(f"{self._address}/m/pages/notice/list")
        word = json.dumps({"type": "string", "data": "yes" if large else "no"})
        page.evaluate("(word) => localStorage.setItem('jifen.large', word)", word)
        page.goto(f"{self._address}/m/pages/{screen.address.format(**self.things)}")
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("正在取……")).to_have_count(0)
        screen.step(page)
        page.wait_for_timeout(350)
        return page

    def close(self) -> None:
        """Put the phones away."""
        for context in self._contexts.values():
            context.close()


def things_of(asking: APIRequestContext, address: str) -> Things:
    """One of each thing of the demo's first village that a screen shows; "" where there is none."""

    def signed(persona: str) -> Callable[..., Any]:
        answer = asking.post(f"{address}/api/v1/auth/demo", data={"persona": persona}).json()
        headers = {"Authorization": f"Bearer {answer['access_token']}"}

        def get(path: str, **query: Any) -> Any:
            found = asking.get(f"{address}/api/v1{path}", params=query, headers=headers)
            return found.json() if found.ok else {"items": []}

        return get

    family = next(
        one for one in asking.get(f"{address}/api/v1/auth/demo").json() if one["persona"] == "villager_1"
    )
    village, household = family["village"], family["household"]
    villager, worker, head, keeper = map(
        signed, ("villager_1", "grid_worker_1", "committee_head", "keeper_1")
    )
    tally = _first_of(list(reversed(head("/tallies", village=village, limit=200)["items"])))
    lines = head(f"/tallies/{tally['id']}").get("lines", []) if tally else []
    return {
        "village": village,
        "household": household,
        "notice": _id(head("/public/notices", village=village)["items"]),
        "tally": tally.get("id", ""),
        "month": tally.get("month", ""),
        "line": _first_of(lines).get("household", household),
        "own_record": _id(villager("/records", household=household, limit=1)["items"]),
        "objection": _id(head("/objections", limit=100)["items"]),
        "event": _id(worker("/events", limit=1)["items"]),
        "redemption": _id(keeper("/mall/redemptions", village=village, limit=1)["items"]),
    }


def _first_of(items: list[Any]) -> dict[str, Any]:
    return dict(items[0]) if items else {}


def _id(items: list[Any]) -> str:
    return str(_first_of(items).get("id", ""))
