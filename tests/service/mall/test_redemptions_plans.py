"""Reserving and redeeming are hot: few statements, and every row is found by an index on either database."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.sql import watchers
from server.kit.transaction import transaction
from tests.cast import build
from tests.counter import Counter, open_counter, tomorrow
from tests.shop import patch

Seen = list[tuple[str, Any]]


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    counter = open_counter(build(app, clock), rice=10, soap=50)
    assert (
        patch(counter.cast, "keeper_jiang", f"/mall/goods/{counter.goods['soap']}", {"limit": 9}).status_code
        == 200
    )
    counter.day(tomorrow(counter.cast, 1))
    return counter


def watched(call: Callable[[], Any]) -> tuple[Any, Seen]:
    """The answer of a call, and the hand-written statements it sent to the driver."""
    seen: Seen = []

    def note(statement: str, parameters: Any) -> None:
        seen.append((statement, parameters))

    watchers.append(note)
    try:
        return call(), seen
    finally:
        watchers.remove(note)


def scans(found: Seen) -> list[str]:
    """The statements of which a plan reads a whole table."""
    sqlite = db.engine.dialect.name == "sqlite"
    bad = []
    with transaction(writes=False) as session:
        connection = session.connection()
        if not sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # the tables of a test are tiny
        for statement, parameters in found:
            if not statement.startswith(("SELECT", "UPDATE", "WITH")):
                continue
            explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
            # the sum over the few lines of one household and day is a scan of that result
            if re.search(r"SCAN (?!t\b|\(subquery)\w|Seq Scan", plan):
                bad.append(f"{statement}\n{plan}")
    return bad


def test_reserving_and_redeeming_read_by_index(counter: Counter) -> None:
    phone = counter.cast.as_("zhao_min")
    own = {"household": counter.cast.households["zhao"]}
    basket = counter.basket(soap=1)
    answer, reserving = watched(lambda: phone.post("/mall/reservations", basket))
    assert answer.status_code == 201
    counter.cast.clock.advance(days=1)
    counter.step("day", "closed")
    counter.step("day", "redeeming")
    code = phone.post("/mall/pickup-codes", own).get_json()["code"]
    walk_in = counter.basket(soap=1) | {"consent": {"method": "code", "value": code}}
    answer, redeeming = watched(lambda: counter.redeem(body=walk_in))
    assert answer.status_code == 201
    pick = counter.handed(soap=1) | {"reservation": basket["id"]}
    answer, picking = watched(lambda: counter.redeem(body=pick))
    assert answer.status_code == 201
    assert scans([*reserving, *redeeming, *picking]) == []
    # sign-in, day, offer, code, claim, stock (4 on SQLite), points (4), lines, receipt, limit, message, audit (2)
    sqlite = db.engine.dialect.name == "sqlite"
    assert len(reserving) <= (13 if sqlite else 10), len(reserving)
    assert len(redeeming) <= (19 if sqlite else 12), len(redeeming)


def test_a_refusal_is_cheap(counter: Counter) -> None:
    counter.cast.clock.advance(days=1)
    counter.step("day", "closed")
    counter.step("day", "redeeming")
    assert counter.redeem(rice=3).status_code == 201
    body = counter.handed("qian", rice=8)
    answer, seen = watched(lambda: counter.redeem(body=body))
    assert answer.get_json()["code"] == "insufficient_stock"
    assert len(seen) <= 5, "sign-in, day, offer, claim, stock"
