"""Pictures of every screen of the phone client at 375 px, in both type sizes, whole length: `make shots`, or
`python -m tests.shots.phone http://127.0.0.1:8000 shots`, against a running demo.

Judges what `judge.js` can see; whether a screen is good to look at is for whoever looks.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import QUIET
from tests.shots.phone_screens import JUDGE, SCREENS, Desks

HEIGHT = "document.documentElement.scrollHeight"


def main() -> int:
    """Takes the pictures into a folder; 1 when a screen has something that it must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="screens whose name begins so")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        desks = Desks(browser, given.address, 375, 812, faults)
        for number, screen in enumerate(SCREENS):
            if not screen.name.startswith(given.only):
                continue
            for size, large in (("", False), ("-large", True)):
                page = desks.show(screen, large)
                if page is None:
                    faults.append(f"{screen.name}: the demo has nothing to show there")
                    break
                faults += [f"{screen.name}{size}: {fault}" for fault in page.evaluate(JUDGE)]
                page.set_viewport_size({"width": 375, "height": max(812, page.evaluate(HEIGHT))})
                page.screenshot(path=given.folder / f"m-{number:02d}-{screen.name}{size}.png", full_page=True)
                page.set_viewport_size({"width": 375, "height": 812})
        desks.close()
        browser.close()
    for fault in dict.fromkeys(faults):
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
