"""Files that are meant to hurt, sent to the running program: each is refused, no worker dies or keeps the memory."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.acceptance.running import Server
from tests.cast import Cast, build, picture
from tests.unit.transfer.books import bombs, book

NEW = "990101101203"
MOST_MEGABYTES = 200
GOOD = book([["户编号", "户主", "姓名"], ["", "张三", "张三"]])


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    clock.move_to(datetime.now(UTC))  # the server's own clock is the machine's
    made = build(app, clock, adopted=False)
    assert made.as_("admin_zhu").post("/villages", {"code": NEW, "name": "新村"}).status_code == 201
    return made


@pytest.fixture
def server(cast: Cast, tmp_path: Path, database_url: str) -> Iterator[Server]:
    with Server(tmp_path, database_url) as server:
        yield server


def hurtful() -> Iterator[tuple[str, str, bytes]]:
    """What, where it is sent, the file."""
    for name, content in bombs().items():
        yield name, "roster", content
    yield "polyglot", "roster", GOOD + b"<script>alert(1)</script>"
    yield "picture as a roster", "roster", picture()
    yield "roster as a picture", "photo", GOOD
    yield "page as a picture", "photo", b"<html><script>alert(1)</script></html>"


def post(server: Server, cast: Cast, where: str, content: bytes) -> httpx.Response:
    """Send it as whoever may; the proxies of this machine have no part in it."""
    who = "admin_zhu" if where == "roster" else "wang_fang"
    path = f"/api/v1/villages/{NEW}/roster" if where == "roster" else "/api/v1/photos"
    data = {} if where == "roster" else {"id": new_id()}
    with httpx.Client(base_url=server.address, timeout=60, trust_env=False) as client:
        files = {"file": ("file.xlsx" if where == "roster" else "file.jpg", content)}
        return client.post(path, headers=cast.as_(who).headers, files=files, data=data)


def peaks(server: Server) -> dict[int, int]:
    """The most memory that each worker ever had, in megabytes."""
    found = {}
    for worker in server.workers():
        status = Path(f"/proc/{worker}/status").read_text("ascii")
        found[worker] = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024  # type: ignore[index]
    return found


def test_what_is_meant_to_hurt_is_refused(cast: Cast, server: Server) -> None:
    for _ in range(8):  # both workers have read a good file before
        assert post(server, cast, "photo", picture()).status_code == 201
    before = peaks(server)
    told = []
    for name, where, content in hurtful():
        began = time.perf_counter()
        answer = post(server, cast, where, content)
        told.append(f"{name} {answer.json().get('code')} {time.perf_counter() - began:.1f} s")
        assert answer.status_code in (413, 422), (name, answer.text[:300])
        assert answer.json()["detail"]
    after = peaks(server)
    assert after.keys() == before.keys(), "the same processes as before"
    grown = max(after[worker] - before[worker] for worker in after)
    print(f"bombs: {'; '.join(told)}; at most {grown} MB more")
    assert grown < MOST_MEGABYTES
