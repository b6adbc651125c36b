"""`jifen ledger verify`, as somebody in a village office runs it."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from server.kit.sql import watchers
from server.kit.transaction import transaction
from server.ledger import queries, reading, seal_queries
from server.ledger.cli import ledger
from tests.service.ledger.books import OTHER, VILLAGE, Told, busy, code


@pytest.fixture
def told(app: Flask) -> Told:
    with transaction() as session:
        return busy(session)


@pytest.fixture
def instance(app: Flask, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("JIFEN_DATABASE_URL", database_url)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(ledger, ["verify", *arguments])


def test_clean_books(told: Told, instance: None) -> None:
    found = _run()
    assert found.exit_code == 0, found.output
    assert "核对了 2 个村、8 户、" in found.stdout and "全部吻合" in found.stdout
    found = _run("--village", OTHER)
    assert found.exit_code == 0 and "核对了 1 个村、4 户、" in found.stdout


def test_the_head_of_a_notice(told: Told, instance: None) -> None:
    found = _run("--head", f" {told.published.upper()} ")
    assert found.exit_code == 0, found.output
    assert f"村 {VILLAGE} 的第 10 号封签" in found.stdout
    found = _run("--head", told.published[:-1] + ("0" if told.published[-1] != "0" else "1"))
    assert found.exit_code == 1 and "给出的链头不在链上" in found.stdout
    assert _run("--village", OTHER, "--head", told.published).exit_code == 1


def test_a_changed_figure_is_shown_with_what_it_should_be(told: Told, instance: None) -> None:
    with transaction() as session:
        session.execute(
            text(f"UPDATE ledger_accounts SET balance = 999999 WHERE household_code = '{code(3)}'")
        )
    found = _run()
    assert found.exit_code == 1 and "有 1 处出入" in found.stdout and "户的余额对不上分录" in found.stdout
    row = next(line for line in found.stdout.splitlines() if f"{code(3)} 余额" in line)
    assert "19.50" in row and "9999.99" in row and VILLAGE in row
    assert _run("--village", OTHER).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--village", "12"), "12 位村代码"),
        (("--head", "abc"), "64 位链头"),
        (("--village", "110101001001"), "没有村 110101001001 的台账"),
    ],
)
def test_a_wrong_argument_is_told(
    told: Told, instance: None, arguments: tuple[str, ...], sentence: str
) -> None:
    found = _run(*arguments)
    assert found.exit_code == 2 and sentence in found.stderr and not found.stdout


def test_no_statement_of_the_hot_paths_scans_a_table(app: Flask, told: Told) -> None:
    """The plans of account, statement, entry, a move, and the sealing that waits beside them."""
    with transaction() as session:
        if session.get_bind().dialect.name != "sqlite":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        plans: list[str] = []

        def explain(sql: str, parameters: Any) -> None:
            verb = "EXPLAIN QUERY PLAN " if session.get_bind().dialect.name == "sqlite" else "EXPLAIN "
            plans.extend(str(row) for row in session.connection().exec_driver_sql(verb + sql, parameters))

        watchers.append(explain)
        queries.state_of(session, code(1))
        reading.statement(session, code(1), None, 20)
        reading.entry(session, told.entries["waiting"])
        queries.move(session, code(1), 1, 0)
        queries.first_entries(session, ["r"])
        seal_queries.unsealed(session, VILLAGE)
        queries.locked(session, [code(1)])
        watchers.remove(explain)
    scans = [plan for plan in plans if "SCAN " in plan or "Seq Scan" in plan]
    assert plans and [scan for scan in scans if "json_each" not in scan] == []
