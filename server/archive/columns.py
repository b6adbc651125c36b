"""Between a database's own values and the plain ones of an archive. Decides nothing about what is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Table
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.expression import literal_column

from server.archive.manifest import Kind
from server.kit.database import Instant, from_micros

_TO_ARCHIVE = {
    Kind.INSTANT: "CAST(extract(epoch FROM {0}) * 1000000 AS bigint)",
    Kind.FLAG: "CAST({0} AS int)",
    Kind.DAY: "CAST({0} AS text)",
    Kind.DOCUMENT: "CAST({0} AS text)",
}


def kinds(table: Table) -> tuple[tuple[str, Kind], ...]:
    """The columns of a table as an archive holds them."""
    return tuple((column.name, _kind(column.type)) for column in table.columns)


def _kind(type_: Any) -> Kind:
    found = {Instant: Kind.INSTANT, Boolean: Kind.FLAG, Date: Kind.DAY, JSON: Kind.DOCUMENT}
    return next((kind for type__, kind in found.items() if isinstance(type_, type__)), Kind.PLAIN)


def selected(table: Table, dialect: str) -> list[ColumnClause[Any]]:
    """What to select so that the rows come as an archive holds them."""
    return [
        literal_column(_TO_ARCHIVE[kind].format(f"{table.name}.{name}"))
        if dialect == "postgresql" and kind in _TO_ARCHIVE
        else literal_column(f"{table.name}.{name}")
        for name, kind in kinds(table)
    ]


def from_archive(columns: Sequence[tuple[str, Kind]]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Turns a row of an archive into what PostgreSQL takes (SQLite takes it as it is)."""
    instants = [n for n, (_, kind) in enumerate(columns) if kind is Kind.INSTANT]
    flags = [n for n, (_, kind) in enumerate(columns) if kind is Kind.FLAG]

    def convert(row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for n in instants:
            values[n] = None if values[n] is None else from_micros(values[n])
        for n in flags:
            values[n] = None if values[n] is None else bool(values[n])
        return tuple(values)

    return convert
