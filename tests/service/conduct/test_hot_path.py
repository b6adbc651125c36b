"""POST /records stays cheap: at most six statements, none of them a full scan."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.database import Base, db
from tests.cast import Cast, build
from tests.plans import scans
from tests.watching import sent


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


@pytest.mark.parametrize(
    ("item", "points", "most"),
    [
        ("J6", "1.00", 4),  # who, household, insert, audit (with its place in the queue for sealing)
        ("J1", "2.00", 5),  # and the cap
        ("J2", "1.00", 5),  # two caps in one
        ("F1", "-1.00", 5),  # and word to the household
    ],
)
def test_few_statements(cast: Cast, item: str, points: str, most: int) -> None:
    cast.log("wang_fang", "qian", "J6", "1.00")  # the first one fills the caches
    with sent() as statements:
        cast.log("wang_fang", "zhao", item, points)
    assert len(statements) == most + queue(), [sql for sql, _ in statements]


def test_a_photo_costs_one_more(cast: Cast) -> None:
    cast.log("wang_fang", "qian", "J6", "1.00")
    photo = cast.as_("wang_fang").photo()
    with sent() as statements:
        cast.log("wang_fang", "zhao", "J3", "10.00", photos=[photo])
    assert len(statements) == 6 + queue()


def queue() -> int:
    """SQLite has no INSERT within a WITH: there the audit row's place in the queue is a statement of its own."""
    return 1 if db.engine.dialect.name == "sqlite" else 0


def test_no_full_scan(cast: Cast) -> None:
    scanned = cast.record("zhao", plate=cast.plates["zhao"], member=cast.members["zhao"])
    del scanned["household"]
    with sent() as statements:
        cast.log("wang_fang", "zhao", "F1", "-1.00", photos=[cast.as_("wang_fang").photo()])
        assert cast.as_("wang_fang").post("/records", scanned).status_code == 201
        cast.as_("wang_fang").post("/records", scanned)
        cast.as_("wang_fang").get("/records", household=cast.households["zhao"])
        cast.as_("zhao_min").get("/records")
    assert len(statements) > 10
    assert scans(statements, frozenset(Base.metadata.tables)) == []
