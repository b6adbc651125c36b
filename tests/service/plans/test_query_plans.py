"""No statement of a hot path reads a whole table that grows: its plans are read on a county of some thousand rows.

The statements are those of real requests and of a real month close, caught on their way to the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from server.bench import county, month
from server.bench.plan import Plan, village_code
from server.bench.works import WORKS
from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.transaction import transaction
from tests.watching import Sent, sent

PLAN = Plan(600, 3_000)
GROWING = frozenset(
    {
        *(
            "records",
            "households",
            "members",
            "plates",
            "persons",
        ),
        *(
            "grants",
            "sessions",
            "ledger_accounts",
            "ledger_entries",
            "ledger_postings",
        ),
        *(
            "ledger_seals",
            "ledger_unsealed",
            "tally_lines",
            "tallies",
            "notices",
        ),
        *(
            "messages",
            "audit_log",
            "decisions",
            "closed_periods",
            "rulebooks",
        ),
        *("idempotency_keys", "audit_unsealed"),
        *("redemptions", "redemption_lines", "stock_movements", "stock_batches", "goods", "goods_prices"),
        *("goods_stock", "exchange_days"),
    }
)
VERBS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO|,)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)


@pytest.fixture
def built(app: Flask, clock: SetClock) -> Flask:
    """A measured county, at the machine's present day."""
    clock.move_to(datetime.now(UTC))
    county.build(PLAN, lambda done, total: None)
    return app


@contextmanager
def planner() -> Iterator[Connection]:
    """A connection whose planner takes an index wherever there is one: test tables are small."""
    with transaction(writes=False) as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        yield session.connection()


def scans(statements: Sent) -> list[str]:
    """Which growing tables are read whole, with the statement that does it."""
    found = []
    with planner() as connection:
        for sql, parameters in statements:
            if sql.lstrip().startswith(VERBS):
                rows = explained(connection, sql, parameters)
                found += [f"{line}: {sql[:300]}" for line in rows if scanned(line, sql) in GROWING]
    return found


def explained(connection: Connection, sql: str, parameters: Any) -> list[str]:
    """The plan's lines; of many sets of parameters the first is taken."""
    one = parameters[0] if isinstance(parameters, list) else parameters
    sqlite = db.engine.dialect.name == "sqlite"
    rows = connection.exec_driver_sql(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + sql, one).all()
    return [str(row[-1]).strip() for row in rows]


def scanned(line: str, sql: str) -> str | None:
    """The table that this line of a plan reads whole; an index made for the one statement counts as well."""
    sqlite = re.match(r"SCAN (\w+)", line) or re.match(r"SEARCH (\w+) USING AUTOMATIC", line)
    postgresql = re.search(r"Seq Scan on (\w+)", line)
    if postgresql:
        return postgresql[1]
    return aliases(sql).get(sqlite[1].lower(), sqlite[1].lower()) if sqlite else None


def aliases(sql: str) -> dict[str, str]:
    """Table by the name that the statement gives it."""
    return {(alias or table).lower(): table.lower() for table, alias in _NAMED.findall(sql)}


def test_a_scan_would_be_seen(built: Flask) -> None:
    """The test itself: statements that must scan are found out."""
    assert scans([("SELECT count(*) FROM records r WHERE r.note || '' = 'x'", ())])
    assert scans([("UPDATE persons SET name = 'x' WHERE name || '' = 'y'", ())])
    assert not scans([("SELECT note FROM records WHERE id = 'x'", ())])


@pytest.mark.parametrize("name", [name for name in WORKS if name != "hello"])
def test_a_request(built: Flask, name: str) -> None:
    """Authentication and the work itself, with cold caches and with warm ones."""
    requests = WORKS[name].requests(PLAN, Random(3))
    with sent() as statements:
        for _ in range(5):
            ask = next(requests)
            headers = {"Authorization": f"Bearer {ask.token}"} if ask.token else {}
            kind = "application/json" if ask.body else None
            answer = built.test_client().open(
                ask.path, method=ask.method, data=ask.body or None, headers=headers, content_type=kind
            )
            assert answer.status_code == ask.expects, answer.get_data(as_text=True)
    assert len(statements) >= 5
    assert scans(statements) == []


def test_a_month_close(built: Flask) -> None:
    """Cut-off, freezing, notice end with posting; a village's own rows are read by its code."""
    villages = [village_code(number) for number in range(PLAN.villages)]
    name = month.prepare(villages)
    with sent() as statements:
        month.close(villages, name)
    own = [pair for pair in statements if not staged(pair[0])]
    assert len(own) > 20
    assert scans(own) == []


def staged(sql: str) -> bool:
    """What the measurement itself does between the closers, in place of the committee."""
    return "INSERT INTO notices" in sql or "UPDATE tallies SET status" in sql or "JOIN ledger_heads" in sql
