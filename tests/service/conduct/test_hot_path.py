"""POST /records stays cheap: at most six statements, none of them a full scan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from server.kit.clock import SetClock
from server.kit.database import db
from tests.cast import Cast, build

Sent = list[tuple[str, Any]]


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


@contextmanager
def statements() -> Iterator[Sent]:
    """What goes to the database meanwhile, without BEGIN."""
    sent: Sent = []

    def note(_conn: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not sql.startswith("BEGIN"):
            sent.append((sql, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("item", "points", "most"),
    [
        ("J6", "1.00", 4),  # who, household, insert, audit
        ("J1", "2.00", 5),  # and the cap
        ("J2", "1.00", 5),  # two caps in one
        ("F1", "-1.00", 5),  # and word to the household
    ],
)
def test_few_statements(cast: Cast, item: str, points: str, most: int) -> None:
    cast.log("wang_fang", "qian", "J6", "1.00")  # the first one fills the caches
    with statements() as sent:
        cast.log("wang_fang", "zhao", item, points)
    assert len(sent) == most, [sql for sql, _ in sent]


def test_a_photo_costs_one_more(cast: Cast) -> None:
    cast.log("wang_fang", "qian", "J6", "1.00")
    photo = cast.as_("wang_fang").photo()
    with statements() as sent:
        cast.log("wang_fang", "zhao", "J3", "10.00", photos=[photo])
    assert len(sent) == 6


def test_no_full_scan(cast: Cast) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's planner does not look at table sizes; PostgreSQL scans small tables")
    scanned = cast.record("zhao", plate=cast.plates["zhao"], member=cast.members["zhao"])
    del scanned["household"]
    with statements() as sent:
        cast.log("wang_fang", "zhao", "F1", "-1.00", photos=[cast.as_("wang_fang").photo()])
        assert cast.as_("wang_fang").post("/records", scanned).status_code == 201
        cast.as_("wang_fang").post("/records", scanned)
        cast.as_("wang_fang").get("/records", household=cast.households["zhao"])
        cast.as_("zhao_min").get("/records")
    with db.engine.connect() as connection:
        for sql, parameters in sent:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            scans = [row[3] for row in plan if row[3].startswith("SCAN") and "CONSTANT" not in row[3]]
            assert scans == [], (sql, scans)
