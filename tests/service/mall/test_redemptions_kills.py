"""`kill -9` between any two statements at phone and counter: whole ledgers, and the first answer on retry."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.sql import watchers
from server.kit.transaction import transaction
from tests.cast import build
from tests.counter import Counter, open_counter, tomorrow, whole

MOST = 80  # steps; no request has that many


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    counter = open_counter(build(app, clock), rice=50, soap=50)
    counter.day(tomorrow(counter.cast, 1))
    return counter


def killed_before(app: Flask, call: Callable[[], TestResponse], step: int) -> bool:
    """Run the call in a process that is killed before its n-th statement or commit; False: it had fewer."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            seen = [0]

            def count(*_: Any) -> None:
                seen[0] += 1
                if seen[0] == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            watchers.append(count)
            event.listen(db.engine, "before_cursor_execute", count)
            event.listen(db.engine, "commit", count)
            call()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def check(counter: Counter, call: Callable[[], TestResponse], untouched: Callable[[], Any]) -> int:
    """Kill the same request before each of its statements in turn, then send it again twice."""
    before = untouched()
    step = 0
    while killed_before(counter.cast.app, call, step + 1):
        step += 1
        assert step < MOST
        with transaction(writes=False) as session:
            whole(session)
        assert untouched() == before, f"killed before step {step}"
    # the last child was not killed: its effect is there, and its answer was lost
    first, again = call(), call()
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.get_json() == again.get_json()
    assert untouched() != before
    with transaction(writes=False) as session:
        whole(session)
    return step


def test_reserving_picking_up_and_returning(counter: Counter) -> None:
    def state() -> Any:
        return counter.points(), counter.stock("rice"), counter.stock("soap")

    basket = counter.basket(rice=2, soap=3)
    phone = counter.cast.as_("zhao_min")
    assert check(counter, lambda: phone.post("/mall/reservations", basket), state) >= 12
    assert state() == (("31.00", "69.00"), (50, 2), (50, 3))

    counter.cast.clock.advance(days=1)
    counter.step("day", "closed")
    counter.step("day", "redeeming")
    pick = counter.handed(rice=1, soap=4) | {"reservation": basket["id"]}
    assert check(counter, lambda: counter.redeem(body=pick), state) >= 20
    assert state() == (("58.00", "0.00"), (49, 0), (46, 0))

    path = f"/mall/redemptions/{pick['id']}/return"
    body = {"id": new_id(), "lines": [{"goods": counter.goods["soap"], "quantity": 4}], "reason": "拿错了"}
    keeper = counter.cast.as_("keeper_jiang")
    assert check(counter, lambda: keeper.post(path, body), state) >= 10
    assert state() == (("70.00", "0.00"), (49, 0), (50, 0))
