"""A rush on the shop: many more redemptions than there is stock, through two server processes.

200 requests of 20 households for 20 bars of soap; a soak has 10,000 of 200 households for 100 (issue 3).
Exactly the stock is handed out, every other answer is a 409 with its reason, and nothing is lost or left half
done.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import Household
from tests.acceptance.running import Server
from tests.acceptance.size import seed, size
from tests.cast import VILLAGE, build
from tests.counter import ask, give, open_counter, tomorrow, whole

REQUESTS = size(200, 10_000, "JIFEN_RUSH_REQUESTS")
HOUSEHOLDS = size(20, 200, "JIFEN_RUSH_HOUSEHOLDS")
STOCK = size(20, 100, "JIFEN_RUSH_STOCK")
CONNECTIONS = 8  # two processes with four threads each
COPIES = 0.05  # part of the requests that is sent twice


@pytest.fixture
def clock() -> SetClock:
    """The machine's time, which is the server's."""
    return SetClock(datetime.now(UTC))


class Rush:
    """Counters that hand out soap to whoever comes, over connections of their own."""

    def __init__(self, address: str, token: str, bodies: list[dict[str, Any]]) -> None:
        self._address, self._token = address, token
        self._waiting = list(reversed(bodies))
        self._lock = threading.Lock()
        self.answers: list[tuple[str, int, str]] = []
        self.slowest = 0.0

    def work(self, _number: int) -> None:
        """One connection: the next request until none is left."""
        headers = {"Authorization": f"Bearer {self._token}"}
        with httpx.Client(base_url=f"{self._address}/api/v1", headers=headers, timeout=120) as client:
            while (body := self._next()) is not None:
                began = time.monotonic()
                answer = client.post("/mall/redemptions", json=body)
                took = time.monotonic() - began
                code = answer.json().get("code", "")
                with self._lock:
                    self.answers.append((body["id"], answer.status_code, code))
                    self.slowest = max(self.slowest, took)

    def _next(self) -> dict[str, Any] | None:
        with self._lock:
            return self._waiting.pop() if self._waiting else None


def newcomers(count: int, clock: SetClock) -> list[str]:
    """More households of the village, with points enough for anything."""
    codes = [f"{VILLAGE}{number:04d}" for number in range(1000, 1000 + count)]
    with transaction() as session:
        for code in codes:
            session.add(
                Household(
                    code=code, village_code=VILLAGE, head="户主", created_at=clock.now(), label=code[12:]
                )
            )
        session.flush()
        give(session, VILLAGE, codes, "1000.00", clock.now())
    return codes


@pytest.mark.timeout(3600)
def test_a_rush_sells_exactly_the_stock(
    app: Flask, clock: SetClock, tmp_path: Path, database_url: str
) -> None:
    pick = random.Random(seed())
    counter = open_counter(build(app, clock), soap=STOCK)
    day = counter.day(tomorrow(counter.cast, 1), "redeeming")
    codes = newcomers(HOUSEHOLDS, clock)
    bodies = []
    for number in range(REQUESTS):
        body = {
            "id": new_id(),
            "household": codes[number % HOUSEHOLDS],
            "exchange_day": day,
            "lines": [{"goods": counter.goods["soap"], "quantity": 1}],
            "consent": {"method": "statement", "reason": "老人没有手机"},
        }
        bodies += [body, body] if pick.random() < COPIES else [body]
    db.session.remove()
    with Server(tmp_path, database_url) as server:
        began = time.monotonic()
        rush = Rush(server.address, counter.cast.tokens["keeper_jiang"], bodies)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(rush.work, range(CONNECTIONS)))
        took = time.monotonic() - began
    print(
        f"{len(bodies)} requests in {took:.1f} s, {len(bodies) / took:.0f} a second, "
        f"slowest {rush.slowest:.2f} s"
    )
    check(rush, bodies)
    assert counter.stock("soap") == (0, 0)
    with transaction(writes=False) as session:
        whole(session)
        assert ask(session, "SELECT COUNT(*), SUM(points) FROM redemptions") == [(STOCK, STOCK * 300)]
        spent = "SELECT SUM(amount) FROM ledger_postings WHERE account = 'redeemed'"
        assert ask(session, spent) == [(STOCK * 300,)]


def check(rush: Rush, bodies: list[dict[str, Any]]) -> None:
    """Every request has its answer, copies the same one, and no answer is anything but 201, 200 or 409."""
    assert len(rush.answers) == len(bodies)
    kinds = Counter((status, code) for _, status, code in rush.answers)
    assert set(kinds) <= {(201, ""), (200, ""), (409, "insufficient_stock")}, kinds
    assert kinds[(201, "")] == STOCK
    sold = {key for key, status, _ in rush.answers if status < 400}
    assert len(sold) == STOCK
    made = Counter(key for key, status, _ in rush.answers if status == 201)
    assert set(made.values()) == {1}
