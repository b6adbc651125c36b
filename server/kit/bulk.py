"""Many rows in one round trip: an `executemany` on SQLite, one array per column on PostgreSQL.

For rows that this program has made itself, with the driver's own types: hundredths as int, instants through
`sql.instant_in`, documents as JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from server.kit.sql import driver_of


def unnest(columns: dict[str, str], prefix: str) -> str:
    """PostgreSQL's `unnest(…) AS prefix(…)` over the arrays that `arrays` makes; `columns` are name and type."""
    arrays = ", ".join(f"%({prefix}{name})s::{kind}[]" for name, kind in columns.items())
    return f"unnest({arrays}) AS {prefix}({', '.join(columns)})"


def insert(table: str, columns: dict[str, str], tail: str = "") -> str:
    """SQLite's INSERT of one row, for `many`."""
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){tail}"


def arrays(columns: dict[str, str], rows: Sequence[tuple[Any, ...]], prefix: str) -> dict[str, str]:
    """One PostgreSQL array literal per column: the driver's own dumping costs more than the insert."""
    by_column = zip(*rows, strict=True)
    return {prefix + name: _literal(values) for name, values in zip(columns, by_column, strict=True)}


def _literal(values: tuple[Any, ...]) -> str:
    """`{1,NULL,"text"}`. A column is all numbers or all texts, so most are one join without a look at each value."""
    try:
        texts = '","'.join(values)
    except TypeError:
        return "{" + ",".join([_element(value) for value in values]) + "}"
    if "\\" in texts or texts.count('"') != 2 * (len(values) - 1):
        return "{" + ",".join([_element(value) for value in values]) + "}"
    return '{"' + texts + '"}'


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = value if isinstance(value, str) else value.isoformat()
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def on_sqlite(session: Session) -> bool:
    """Which of the two databases this is."""
    return driver_of(session).sqlite


def listed(session: Session, values: Iterable[str]) -> Any:
    """A list of texts as one parameter: JSON for SQLite's json_each, an array for PostgreSQL."""
    return json.dumps(list(values)) if on_sqlite(session) else list(values)


def many(session: Session, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Run `sql` once per row (SQLite): rows changed."""
    return driver_of(session).execute_many(sql, rows)


@dataclass(frozen=True)
class Table:
    """A table that takes many new rows at once: its name, and its columns with PostgreSQL's types."""

    name: str
    columns: dict[str, str]

    def insert(self, session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert `rows` (values in the order of `columns`) by one statement; none is fine."""
        if not rows:
            return
        if on_sqlite(session):
            many(session, self._one, rows)
        else:
            driver_of(session).execute(self._all, arrays(self.columns, rows, "r"))

    @cached_property
    def _one(self) -> str:
        return insert(self.name, self.columns)

    @cached_property
    def _all(self) -> str:
        names = ", ".join(self.columns)
        return f"INSERT INTO {self.name} ({names}) SELECT * FROM {unnest(self.columns, 'r')}"
