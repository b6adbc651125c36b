"""Tables out of and into a database, many rows at a time. Knows no table by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Table, select, text
from sqlalchemy.orm import Session

from server.archive.columns import from_archive, selected
from server.archive.container import Row
from server.archive.manifest import Kind

_CHUNK = 2000


def dialect_of(session: Session) -> str:
    """`sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def read(
    session: Session,
    table: Table,
    where: ColumnElement[bool] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Iterator[Row]:
    """The rows of a table as an archive holds them, streamed; `parameters` are those that `where` names."""
    query = select(*selected(table, dialect_of(session))).select_from(table)
    if where is not None:
        query = query.where(where)
    for block in session.execute(
        query, dict(parameters or {}), execution_options={"yield_per": _CHUNK}
    ).partitions():
        for row in block:
            yield tuple(row)


def defer_references(session: Session) -> None:
    """Let rows come before those they refer to, until the transaction ends."""
    if dialect_of(session) == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys = ON"))


def write(
    session: Session,
    table: str,
    columns: Sequence[tuple[str, Kind]],
    rows: Iterable[Sequence[Any]],
    or_ignore: bool = False,
) -> int:
    """Insert rows of an archive; gives how many were given. With `or_ignore` those that are there stay as they
    are.
    """
    names = ", ".join(f'"{name}"' for name, _ in columns)
    if dialect_of(session) == "sqlite":
        sql = f"INSERT {'OR IGNORE ' * or_ignore}INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
        return _in_chunks(session, sql, iter(rows))
    convert = from_archive(columns)
    if or_ignore:
        marks = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"
        return _in_chunks(session, sql, map(convert, rows))
    return _copy(session, f"COPY {table} ({names}) FROM STDIN", map(convert, rows))


def _in_chunks(session: Session, sql: str, rows: Iterator[Sequence[Any]]) -> int:
    count = 0
    raw: Any = session.connection().connection.dbapi_connection
    cursor = raw.cursor()
    while chunk := list(islice(rows, _CHUNK)):
        cursor.executemany(sql, chunk)
        count += len(chunk)
    cursor.close()
    return count


def _copy(session: Session, sql: str, rows: Iterator[tuple[Any, ...]]) -> int:
    count = 0
    raw: Any = session.connection().connection.dbapi_connection
    with raw.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
