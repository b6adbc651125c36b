"""The hot statements of the shop find their rows by an index: no full scan, on either database."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from mall.goods.api import offers
from mall.goods.listing import goods_json
from mall.stock.api import hold, release, take
from server.kit.clock import SetClock, local_date
from server.kit.database import db
from server.kit.sql import watchers
from server.kit.transaction import transaction
from tests.cast import VILLAGE, Cast, build
from tests.shop import open_shop


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def statements(cast: Cast, clock: SetClock) -> list[tuple[str, Any]]:
    """What the list, an offer, a reservation and a redemption send to the driver."""
    ids = open_shop(cast, rice=10, oil=10)
    seen: list[tuple[str, Any]] = []

    def note(statement: str, parameters: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "WITH")):
            seen.append((statement, parameters))

    with transaction() as session:
        watchers.append(note)
        try:
            goods_json(session, VILLAGE, local_date(clock.now()))
            offers(session, [ids["rice"], ids["oil"]], local_date(clock.now()))
            hold(session, ids["rice"], 2)
            release(session, ids["rice"], 1)
            take(session, ids["rice"], 1, held=True, reference="r", now=clock.now())
        finally:
            watchers.remove(note)
    return seen


def test_no_full_scan(cast: Cast, clock: SetClock) -> None:
    found = statements(cast, clock)
    sqlite = db.engine.dialect.name == "sqlite"
    # list, offers, hold, release, take: counters, batches, one batch; these three at once on PostgreSQL
    assert len(found) == (7 if sqlite else 5)
    with transaction(writes=False) as session:
        connection = session.connection()
        if not sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # the tables of a test are tiny
        for statement, parameters in found:
            explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
            assert not re.search(r"SCAN \w|Seq Scan", plan), f"{statement}\n{plan}"
