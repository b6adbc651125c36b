"""Hand-written statements for the hot paths: written once with `:name`, sent straight to the driver.

`Statement` skips SQLAlchemy's compilation, result typing and cursor bookkeeping, which cost more than the
statements themselves; errors still come as SQLAlchemy's. Values come back as the driver gives them:
hundredths as int, instants through `instant_in`/`instant_out`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session

from server.kit.database import from_micros, micros, refuse_write

_NAME = re.compile(r"(?<![:\w]):([a-z_]\w*)")
_KEY = "driver"
watchers: list[Callable[[str, Any], None]] = []
"""Called with each hand-written statement and its parameters before it is sent: for tests and measurements that
count statements or read their plans. SQLAlchemy's own events hear only of its own statements.
"""


class Rows:
    """A statement's rows, all fetched, as plain tuples; `rowcount` as the driver counts."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)

    def all(self) -> Sequence[tuple[Any, ...]]:
        """Every row."""
        return self._rows

    def first(self) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one(self) -> tuple[Any, ...]:
        """The only row; raises where there is none or more."""
        if not self._rows:
            raise NoResultFound("No row was found when one was required")
        if len(self._rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when exactly one was required")
        return self._rows[0]


@dataclass(frozen=True, slots=True)
class Driver:
    """The driver's own connection behind a session's transaction."""

    connection: Connection
    raw: Any
    sqlite: bool
    reads: bool = False

    @classmethod
    def of(cls, connection: Connection, reads: bool = False) -> Driver:
        """The driver behind an open connection; with `reads` one that must not write."""
        raw = connection.connection.dbapi_connection
        return cls(connection, raw, connection.dialect.name == "sqlite", reads)

    def execute(self, sql: str, parameters: Any) -> Rows:
        """Send one statement; errors as SQLAlchemy raises them, a lost connection leaves the pool."""
        for watch in watchers:
            watch(sql, parameters)
        if self.reads:
            refuse_write(sql)
        dbapi = self.connection.dialect.loaded_dbapi
        try:
            cursor = self.raw.execute(sql, parameters)
            rows = Rows(cursor.fetchall() if cursor.description else (), cursor.rowcount)
            cursor.close()
        except dbapi.Error as error:
            raise self._translated(sql, error) from error
        return rows

    def execute_many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Send one statement once per row (SQLite's `executemany`): rows changed."""
        if len(rows) == 1:
            return self.execute(sql, rows[0]).rowcount
        for watch in watchers:
            watch(sql, list(rows))
        if self.reads:
            refuse_write(sql)
        try:
            cursor = self.raw.executemany(sql, rows)
            changed: int = cursor.rowcount
            cursor.close()
        except self.connection.dialect.loaded_dbapi.Error as error:
            raise self._translated(sql, error) from error
        return changed

    def _translated(self, sql: str, error: Any) -> Any:
        dialect = self.connection.dialect
        lost = dialect.is_disconnect(error, self.raw, None)
        if lost:
            self.connection.invalidate(error)
        base = dialect.loaded_dbapi.Error
        return DBAPIError.instance(sql, None, error, base, True, lost, dialect)


def keep_driver(session: Session, connection: Connection, reads: bool = False) -> None:
    """Remember the driver of the session's transaction, so that no statement has to look for it."""
    session.info[_KEY] = Driver.of(connection, reads)


def forget_driver(session: Session) -> None:
    """The transaction is over."""
    session.info.pop(_KEY, None)


def driver_of(session: Session) -> Driver:
    """The driver of the session's transaction."""
    return session.info.get(_KEY) or Driver.of(session.connection())


class Statement:
    """SQL with `:name` parameters that runs on SQLite as it is and on PostgreSQL with psycopg's
    parameters.
    """

    def __init__(self, sql: str, *, postgresql: str | None = None) -> None:
        self._sqlite = sql
        self._postgresql = _NAME.sub(r"%(\1)s", (postgresql or sql).replace("%", "%%"))

    def run(self, session: Session, parameters: Mapping[str, Any]) -> Rows:
        """Execute in the session's transaction."""
        driver = session.info.get(_KEY) or driver_of(session)
        return driver.execute(self._sqlite if driver.sqlite else self._postgresql, parameters)


def instant_in(session: Session, instant: datetime) -> Any:
    """An instant as the driver of this session takes it."""
    return micros(instant) if driver_of(session).sqlite else instant


def instant_out(value: Any) -> datetime:
    """An instant as either driver gives it."""
    return from_micros(value) if isinstance(value, int) else value
