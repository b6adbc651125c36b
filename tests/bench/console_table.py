"""How a table of ten thousand households feels: `make table`, or `python -m tests.bench.console_table ADDRESS`.

Against a running demo, in headless Chromium at 1280×800. The roster is made up in the browser's own network layer: the
server's households stay what they are. Reports what a frame costs while the table scrolls from end to end, each key
typed into its filter, and a sort: processor time of the page's main thread, which neighbours on the machine do not
change, and the time that passed, which they do. Figures, no verdict: docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import CDPSession, Page, Route, expect, sync_playwright

from tests.e2e.conftest import QUIET

HOUSEHOLDS = 10_000
STEPS = 240
WORDS = "户主7777"
_SCROLL = """async (steps) => {
  const table = document.querySelector('.el-table-v2__body [class*=el-vl__window], .el-table-v2__body > div');
  const body = [...document.querySelectorAll('.el-table-v2__main *')]
    .find((one) => one.scrollHeight > 100000 && getComputedStyle(one).overflowY !== 'visible') ?? table;
  const far = body.scrollHeight - body.clientHeight, frames = [];
  let last = await new Promise(requestAnimationFrame), drawn = 0;
  for (let step = 1; step <= steps; step += 1) {
    body.scrollTop = far * step / steps;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
    drawn = Math.max(drawn, document.querySelectorAll('.el-table-v2__row').length);
  }
  return {frames, drawn, end: document.querySelector('.el-table-v2__main').innerText.includes('9999号')};
}"""
_TYPED = """async (words) => {
  const field = document.querySelector('.words input'), waits = [];
  for (let end = 0; end <= words.length; end += 1) {
    const start = performance.now();
    field.value = words.slice(0, end);
    field.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise(requestAnimationFrame);
    await new Promise((done) => setTimeout(done));
    waits.push(performance.now() - start);
  }
  return waits;
}"""


def _roster(route: Route) -> None:
    """One page of the made-up roster, as the API pages it."""
    query = parse_qs(urlparse(route.request.url).query)
    village = query["village"][0]
    start, size = int(query.get("cursor", ["0"])[0]), int(query.get("limit", ["50"])[0])
    end = min(start + size, HOUSEHOLDS)
    items = [
        {
            "code": f"{village}{number:04d}",
            "village": village,
            "head": f"户主{number}",
            "label": f"第{number % 40}组 {number}号",
            "grid": {"id": f"g{number // 40}", "name": f"第{number // 40}网格"},
            "status": "active",
        }
        for number in range(start, end)
    ]
    body: dict[str, Any] = {"items": items, "next_cursor": str(end) if end < HOUSEHOLDS else None}
    route.fulfill(status=200, content_type="application/json", body=json.dumps(body))


def open_table(page: Page, address: str) -> None:
    """The households' page of the committee head, with ten thousand of them."""
    page.route("**/api/v1/households?**", _roster)
    page.goto(f"{address}/console/signin")
    page.locator(".list button").filter(has_text="村委会主任").click()
    page.wait_for_url("**/console/v/**")
    village = page.url.split("/v/")[1][:12]
    page.goto(f"{address}/console/v/{village}/households")
    expect(page.get_by_text(f"共 {HOUSEHOLDS} 行")).to_be_visible(timeout=60_000)
    page.wait_for_load_state("networkidle")


def measure(page: Page) -> dict[str, Any]:
    """Milliseconds: `frames` while scrolling, `typed` for each key, `sorted` for a click on a title; `busy` is the
    processor time of the main thread, for one frame and for one key.
    """
    watch = page.context.new_cdp_session(page)
    watch.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _busy(watch)
    scrolled = page.evaluate(_SCROLL, STEPS)
    after = _busy(watch)
    typed = page.evaluate(_TYPED, WORDS)
    busy = ((after - before) / STEPS, (_busy(watch) - after) / len(typed))
    expect(page.get_by_text(f"{HOUSEHOLDS} 行里的 1 行")).to_be_visible()
    page.evaluate(_TYPED, "")
    sorted_ = page.evaluate(
        """async () => { const start = performance.now();
        [...document.querySelectorAll('.sorter')].find((one) => one.innerText.startsWith('户主')).click();
        await new Promise(requestAnimationFrame); await new Promise((done) => setTimeout(done));
        return performance.now() - start; }"""
    )
    return scrolled | {"typed": typed, "sorted": sorted_, "busy": busy}


def _busy(watch: CDPSession) -> float:
    """Milliseconds of processor that the page's main thread has had."""
    found = watch.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(one["value"] for one in found if one["name"] == "TaskDuration"))


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
        open_table(page, given.address)
        found = measure(page)
        browser.close()
    frames, (frame, key) = sorted(found["frames"]), found["busy"]
    typed = ", ".join(f"{one:.0f}" for one in found["typed"])
    late = frames[int(len(frames) * 0.95)]
    print(f"{HOUSEHOLDS} households, at most {found['drawn']} rows drawn; to the end in {STEPS} frames")
    print(f"a frame: {frame:.1f} ms of processor")
    print(
        f"passed: median {statistics.median(frames):.1f} ms, 95 % {late:.1f} ms, longest {frames[-1]:.1f} ms"
    )
    print(f"a key in the filter: {key:.1f} ms of processor; passed: {typed} ms")
    print(f"a sort by name: {found['sorted']:.0f} ms passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
