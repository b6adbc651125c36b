"""No statement of a hot path reads a whole table that grows: its plans are read on a county of some thousand rows.

The statements are those of real requests and of a real month close, caught on their way to the database.
"""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from flask import Flask

from server.bench import county, month
from server.bench.plan import Plan, village_code
from server.bench.works import WORKS
from server.kit.clock import SetClock
from tests.plans import scans
from tests.watching import sent

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


@pytest.fixture
def built(app: Flask, clock: SetClock) -> Flask:
    """A measured county, at the machine's present day."""
    clock.move_to(datetime.now(UTC))
    county.build(PLAN, lambda done, total: None)
    return app


def test_a_scan_would_be_seen(built: Flask) -> None:
    """The test itself: statements that must scan are found out."""
    assert scans([("SELECT count(*) FROM records r WHERE r.note || '' = 'x'", ())], GROWING)
    assert scans([("UPDATE persons SET name = 'x' WHERE name || '' = 'y'", ())], GROWING)
    assert not scans([("SELECT note FROM records WHERE id = 'x'", ())], GROWING)


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
    assert scans(statements, GROWING) == []


def test_a_month_close(built: Flask) -> None:
    """Cut-off, freezing, notice end with posting; a village's own rows are read by its code."""
    villages = [village_code(number) for number in range(PLAN.villages)]
    name = month.prepare(villages)
    with sent() as statements:
        month.close(villages, name)
    own = [pair for pair in statements if not staged(pair[0])]
    assert len(own) > 20
    assert scans(own, GROWING) == []


def staged(sql: str) -> bool:
    """What the measurement itself does between the closers, in place of the committee."""
    return "INSERT INTO notices" in sql or "UPDATE tallies SET status" in sql or "JOIN ledger_heads" in sql
