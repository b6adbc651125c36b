"""Query plans as tests read them, on both databases: which tables a statement reads whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from server.kit.database import db
from server.kit.transaction import transaction
from tests.watching import Sent

VERBS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO|,)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)


@contextmanager
def planner() -> Iterator[Connection]:
    """A connection whose planner takes an index wherever there is one: test tables are small."""
    with transaction(writes=False) as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        yield session.connection()


def scans(statements: Sent, growing: frozenset[str]) -> list[str]:
    """Which of these tables are read whole, with the statement that does it."""
    found = []
    with planner() as connection:
        for sql, parameters in statements:
            if sql.lstrip().startswith(VERBS):
                rows = explained(connection, sql, parameters)
                found += [f"{line}: {sql[:300]}" for line in rows if scanned(line, sql) in growing]
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
