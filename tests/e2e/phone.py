"""Ways that the tests of the phone client share: who one is there, and which faults are the cut line's own."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

BUILT = Path(__file__).resolve().parents[2] / "static" / "m" / "index.html"


def enter(page: Page, persona: str) -> None:
    """Open the client and be somebody of the demo."""
    assert BUILT.is_file(), "the phone client is not built: python hatch_build.py"
    page.goto(f"/m/pages/sign-in/sign-in?persona={persona}")
    expect(page).to_have_url(re.compile(r"/m/(pages/home/home)?$"), timeout=15_000)


def as_persona(context: BrowserContext, persona: str) -> dict[str, str]:
    """The header with which the API takes requests as somebody of the demo."""
    answer = context.request.post("/api/v1/auth/demo", data={"persona": persona})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def offline_faults(faults: list[str]) -> list[str]:
    """What is left of the faults without those that a cut line makes."""
    return [fault for fault in faults if "ERR_INTERNET_DISCONNECTED" not in fault]
