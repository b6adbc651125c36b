"""What somebody with the database's password could do to the books, and that `verify` finds each of it.

Every change is planted in a transaction that is rolled back, with triggers, foreign keys and checks out of
the way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.kit.append_only import TABLES as APPEND_ONLY
from server.kit.append_only import statements
from server.kit.database import Base, db
from server.kit.transaction import transaction
from server.ledger import api
from server.ledger.canonical import genesis, link
from server.ledger.invariants import Kind
from tests.service.ledger.books import OTHER, VILLAGE, Told, busy, code
from tests.service.ledger.plants import PLANTED

K = Kind
TABLES = (
    "ledger_accounts",
    "ledger_entries",
    "ledger_postings",
    "ledger_seals",
    "ledger_heads",
    "ledger_unsealed",
)
ONE, TWO, FOUR = code(1), code(2), code(4)


@pytest.fixture
def told(app: Flask) -> Told:
    """A busy ledger whose verification is clean."""
    with transaction() as session:
        told = busy(session)
    with transaction(writes=False) as session:
        assert api.verify(session) == api.verify(session, VILLAGE, told.published) == []
    return told


@contextmanager
def unguarded() -> Iterator[Session]:
    """A transaction without triggers, foreign keys and checks, thrown away at the end."""
    session = db.session()
    session.connection(execution_options={"writes": True})
    try:
        if session.get_bind().dialect.name == "sqlite":
            for table in set(APPEND_ONLY) & set(TABLES):
                for sql in statements(table, "sqlite"):
                    session.execute(text("DROP TRIGGER " + sql.split()[2]))
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
            session.execute(text("PRAGMA ignore_check_constraints = ON"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            for table in TABLES:
                for check in Base.metadata.tables[table].constraints:
                    if type(check).__name__ == "CheckConstraint":
                        session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {check.name}"))
        yield session
    finally:
        session.rollback()
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("PRAGMA ignore_check_constraints = OFF"))
            session.rollback()
        db.session.remove()


def _names(session: Session, told: Told) -> dict[str, str]:
    sqlite = session.get_bind().dialect.name == "sqlite"
    return {
        "one": ONE,
        "two": TWO,
        "four": FOUR,
        "rich": code(88),
        "village": VILLAGE,
        "other": OTHER,
        "zeros": "0" * 64,
        "instant": "1800000000000000" if sqlite else "'2027-01-15T08:00:00Z'",
        "month": told.entries[f"month {ONE}"],
        "waiting": told.entries["waiting"],
        "reversal": told.entries["reversal"],
    }


def test_every_planted_change_is_found(told: Told) -> None:
    assert len(PLANTED) >= 30
    missed: list[str] = []
    for what, changes, kind in PLANTED:
        with unguarded() as session:
            names = _names(session, told)
            for sql in changes.format(**names).split(";"):
                done: Any = session.execute(text(sql))
                assert done.rowcount, what
            if kind not in {found.kind for found in api.verify(session)}:
                missed.append(what)
    assert missed == []


def test_nothing_planted_nothing_found(told: Told) -> None:
    with unguarded() as session:
        assert api.verify(session) == []


# ---- any column of any row ----------------------------------------------------------------------


def _mutated(value: Any, rng: random.Random) -> Any:
    if value is None:
        return 7
    if isinstance(value, int):
        return value + rng.choice([-100, -1, 1, 100, 10**6])
    if isinstance(value, str):
        at = rng.randrange(len(value))
        return value[:at] + ("1" if value[at] == "0" else "0") + value[at + 1 :]
    return value.replace(year=value.year + 1)


def _plant(session: Session, rng: random.Random) -> str:
    """Change, remove or copy one random row; says what it did, or nothing when the database refused."""
    table = rng.choice(TABLES)
    columns = [column.name for column in Base.metadata.tables[table].columns]
    every = [tuple(row) for row in session.execute(text(f"SELECT {', '.join(columns)} FROM {table}"))]
    row = dict(zip(columns, rng.choice(sorted(every, key=repr)), strict=True))
    where = " AND ".join(f"{c} = :old_{c}" if row[c] is not None else f"{c} IS NULL" for c in columns)
    old = {f"old_{c}": value for c, value in row.items() if value is not None}
    deed = rng.choice(["change", "change", "remove", "copy"])
    if deed == "remove":
        session.execute(text(f"DELETE FROM {table} WHERE {where}"), old)
        return f"removed {row} of {table}"
    column = rng.choice(columns)
    new = row | {column: _mutated(row[column], rng)}
    if deed == "change":
        sql = f"UPDATE {table} SET {column} = :new WHERE {where}"
        session.execute(text(sql), old | {"new": new[column]})
    else:
        keys = [key.name for key in Base.metadata.tables[table].primary_key if isinstance(row[key.name], str)]
        new |= {key: _mutated(new[key], rng) for key in keys}
        unique = {"ledger_entries": "reference", "ledger_seals": "entry_id"}.get(table)
        new |= {unique: _mutated(new[unique], rng)} if unique else {}
        marks = ", ".join(f":{c}" for c in columns)
        session.execute(text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"), new)
    return f"{deed} {column} of {row} in {table} to {new[column]}"


def _find_planted(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    missed: list[str] = []
    planted = 0
    while planted < count:
        with unguarded() as session:
            try:
                what = _plant(session, rng)
            except Exception as refused:
                assert "unique" in str(refused).lower() or "duplicate" in str(refused).lower(), refused
                continue
            planted += 1
            if not api.verify(session):
                missed.append(what)
    return missed


def test_any_change_of_any_column_is_found(told: Told) -> None:
    assert _find_planted(150, seed=2) == []


@pytest.mark.soak
def test_a_thousand_changes_are_found(told: Told) -> None:
    assert _find_planted(1000, seed=3) == []


# ---- what only the printed head can show --------------------------------------------------------


def test_a_forger_who_recomputes_everything_is_found_by_the_published_head(told: Told) -> None:
    with unguarded() as session:
        id_ = told.entries[f"month {TWO}"]
        change: Callable[..., Any] = lambda sql: session.execute(text(sql.format(id_, TWO)))  # noqa: E731
        change(
            "UPDATE ledger_postings SET amount = amount + 900 WHERE entry_id = '{0}' AND account = 'balance'"
        )
        change(
            "UPDATE ledger_postings SET amount = amount - 900 WHERE entry_id = '{0}' AND account = 'issued'"
        )
        change(
            "UPDATE ledger_postings SET balance_after = balance_after + 900 WHERE household_code = '{1}' AND "
            "account = 'balance' AND seq >= 2"
        )
        change("UPDATE ledger_accounts SET balance = balance + 900 WHERE household_code = '{1}'")
        _reseal(session)
        assert api.verify(session) == []
        found = api.verify(session, head=told.published)
        assert [f.kind for f in found] == [K.HEAD_UNKNOWN]
        now = api.head(session, VILLAGE)
        assert now != told.published and api.verify(session, VILLAGE, now) == []
        assert [f.kind for f in api.verify(session, OTHER, now)] == [K.HEAD_UNKNOWN]


def test_a_head_before_the_fault_is_still_good(told: Told) -> None:
    with unguarded() as session:
        session.execute(
            text(f"UPDATE ledger_entries SET refs = '[]' WHERE id = '{told.entries['reversal']}'")
        )
        assert K.HEAD_UNKNOWN not in {f.kind for f in api.verify(session, VILLAGE, told.published)}
        assert K.HEAD_UNKNOWN in {f.kind for f in api.verify(session, VILLAGE, api.head(session, VILLAGE))}


def _reseal(session: Session) -> None:
    """What a forger with the source code would do: fingerprints and the whole chain anew."""
    from server.ledger import verification  # noqa: PLC0415

    books = verification._books(session, VILLAGE, [])
    for id_, fingerprint in books.fingerprints.items():
        session.execute(
            text("UPDATE ledger_entries SET digest = :d WHERE id = :id"), {"d": fingerprint, "id": id_}
        )
    previous = genesis(VILLAGE)
    for seal in books.seals:
        fields = (VILLAGE, seal.number, seal.entry, books.fingerprints[seal.entry], seal.sealed_at)
        after = link(previous, fields)
        session.execute(
            text("UPDATE ledger_seals SET hash = :h, previous = :p WHERE village_code = :v AND number = :n"),
            {"h": after, "p": previous, "v": VILLAGE, "n": seal.number},
        )
        previous = after
    session.execute(
        text("UPDATE ledger_heads SET hash = :h WHERE village_code = :v"), {"h": previous, "v": VILLAGE}
    )
