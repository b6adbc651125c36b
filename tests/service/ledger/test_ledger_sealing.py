"""The hash chain, its closer, and triggers that refuse every change of what was posted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.cycles.api import run_due
from server.kit.transaction import transaction
from server.ledger import api
from server.ledger.canonical import genesis
from tests.service.ledger.books import NOW, OTHER, VILLAGE, busy, code, found_villages, month


def _posted(number: int, at: datetime, village: str = VILLAGE) -> None:
    with transaction() as session:
        month(session, {code(1, village): "1.00"}, f"2026-{number:02d}", now=at)


def _chain(session: Session, village: str = VILLAGE) -> list[tuple[int, str, str]]:
    sql = text("SELECT number, previous, hash FROM ledger_seals WHERE village_code = :v ORDER BY number")
    return [tuple(row) for row in session.execute(sql, {"v": village})]


def test_each_village_has_a_chain_from_its_own_start(app: Flask) -> None:
    with transaction() as session:
        found_villages(session)
        assert api.head(session, VILLAGE) == genesis(VILLAGE) != genesis(OTHER)
        assert api.seal_village(session, VILLAGE, NOW) == genesis(VILLAGE)
        month(session, {code(n): "1.00" for n in (1, 2, 3)})
        head = api.seal_village(session, VILLAGE, NOW)
        chain = _chain(session)
        assert [number for number, _, _ in chain] == [1, 2, 3]
        assert [previous for _, previous, _ in chain] == [genesis(VILLAGE), chain[0][2], chain[1][2]]
        assert head == chain[2][2] == api.head(session, VILLAGE) == api.seal_village(session, VILLAGE, NOW)
        assert api.head(session, OTHER) == genesis(OTHER) and api.verify(session) == []


def test_a_closer_seals_a_minute_after_the_posting(app: Flask) -> None:
    closers = api.closers()
    with transaction() as session:
        found_villages(session)
    _posted(1, NOW)
    _posted(2, NOW + timedelta(seconds=30))
    _posted(3, NOW + timedelta(seconds=40), OTHER)
    assert run_due(NOW + timedelta(seconds=59), closers=closers) == []
    closed = run_due(NOW + timedelta(seconds=60), closers=closers)
    assert [(c.closer, c.village, c.period) for c in closed] == [("ledger.seal", VILLAGE, "from-1")]
    assert closed[0].at == NOW + timedelta(seconds=60)
    _posted(4, NOW + timedelta(seconds=20))  # a slow transaction, with an instant before the last sealing
    later = run_due(NOW + timedelta(days=21), closers=closers)
    assert [(c.village, c.period) for c in later] == [(VILLAGE, "from-3"), (OTHER, "from-1")]
    assert run_due(NOW + timedelta(days=22), closers=closers) == []
    with transaction(writes=False) as session:
        assert len(_chain(session)) == 3 and api.verify(session) == []


def test_a_notice_that_seals_first_leaves_the_closer_nothing(app: Flask) -> None:
    with transaction() as session:
        found_villages(session)
    _posted(1, NOW)
    with transaction() as session:
        api.seal_village(session, VILLAGE, NOW)
    assert run_due(NOW + timedelta(hours=1), closers=api.closers()) == []


@pytest.mark.parametrize("table", ["ledger_entries", "ledger_postings", "ledger_seals"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {0} SET village_code = village_code",
        "DELETE FROM {0}",
        pytest.param("TRUNCATE {0} CASCADE", marks=pytest.mark.database("postgresql")),
    ],
)
def test_what_was_posted_is_never_changed(app: Flask, table: str, change: str) -> None:
    with transaction() as session:
        busy(session)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(change.format(table)))
    with transaction(writes=False) as session:
        assert api.verify(session) == []
