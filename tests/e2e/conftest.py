"""A small demo county on a free port, and a browser that notes what a page must not do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect, sync_playwright

from tests.acceptance.demo_county import demo_copy
from tests.e2e.camera import film

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
NewVisitor = Callable[..., BrowserContext]
NewCamera = Callable[[str], Browser]
PATIENCE = 15_000  # ms: beside other work two cores serve a page late; what never comes is still noticed
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo that these tests have for themselves: they move its clock."""
    folder = demo_copy(tmp_path_factory, small=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder.parent / "log").open("wb") as log:
        server = subprocess.Popen(
            [*_command(folder), "--port", str(port)], env=_environment(), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", server, folder.parent / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "server", "demo", "--data", str(folder)]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("JIFEN_")}


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with opener.open(url, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the demo did not start: {log.read_text('utf-8')}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def camera(browser: Browser, tmp_path: Path) -> Iterator[NewCamera]:
    """Starts a browser whose camera sees the QR symbol of a text; ask for it before `visitor`."""
    started: list[Browser] = []

    def look(text: str) -> Browser:
        seen = film(text, tmp_path / f"seen-{len(started)}.y4m")
        fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
        eyes = [*QUIET, *fake, f"--use-file-for-fake-video-capture={seen}"]
        started.append(browser.browser_type.launch(executable_path=shutil.which("chromium"), args=eyes))
        return started[-1]

    yield look
    for one in started:
        one.close()


@pytest.fixture
def faults() -> list[str]:
    """What pages did wrong: requests to other hosts, errors on the console, uncaught exceptions."""
    return []


@pytest.fixture
def visitor(browser: Browser, demo: str, faults: list[str]) -> Iterator[NewVisitor]:
    """Makes somebody with a fresh browser profile, `width` pixels wide; closed at the end of the test. `through`:
    another browser than the usual one.
    """
    made: list[BrowserContext] = []

    def new(width: int = 375, height: int = 812, through: Browser | None = None) -> BrowserContext:
        context = (through or browser).new_context(
            viewport={"width": width, "height": height}, base_url=demo, locale="zh-CN"
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: _check_host(request.url, demo, faults))
        context.on("console", lambda said: _note(said, faults))
        context.on("weberror", lambda found: faults.append(str(found.error)))
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()


def _note(said: ConsoleMessage, faults: list[str]) -> None:
    if said.type == "error":
        faults.append(f"{said.text} {said.location.get('url', '')}")


def _check_host(url: str, demo: str, faults: list[str]) -> None:
    if not url.startswith((demo + "/", "data:", "blob:")):
        faults.append(f"asked {url}")
