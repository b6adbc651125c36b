"""The database: one Flask-SQLAlchemy instance, column types that are exact on both engines, SQLite made safe.

SQLite: every transaction begins explicitly, a writing one with BEGIN IMMEDIATE (a deferred one fails with
BUSY whatever the timeout), WAL and full synchronisation, foreign keys on.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Date, DateTime, Engine, MetaData, String, event, types
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from server.kit.exact import from_hundredths, to_hundredths

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Hundredths(types.TypeDecorator[Decimal]):
    """Points or yuan: a Decimal to 0.01 in Python, integer hundredths in the database, so that sums are
    exact.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else to_hundredths(value)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else from_hundredths(int(value))


class Instant(types.TypeDecorator[datetime]):
    """A UTC instant: timestamptz on PostgreSQL, integer microseconds since 1970 on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Any) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return micros(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return from_micros(value) if dialect.name == "sqlite" else value.astimezone(UTC)


def micros(instant: datetime) -> int:
    """Integer microseconds since 1970, as SQLite keeps instants."""
    delta = instant - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_micros(value: int) -> datetime:
    """The inverse of `micros`."""
    seconds, rest = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


Document = JSON().with_variant(JSONB(), "postgresql")

# Annotated column kinds, so that every slice spells the same thing the same way.
Id = Annotated[str, mapped_column(String(36))]
Code = Annotated[str, mapped_column(String(16))]
Points = Annotated[Decimal, mapped_column(Hundredths())]
Time = Annotated[datetime, mapped_column(Instant())]


class Base(DeclarativeBase):
    """Base of all models: named constraints, exact types."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={
            datetime: Instant(),
            date: Date(),
            Decimal: Hundredths(),
            dict[str, Any]: Document,
            list[Any]: Document,
        },
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": True},
)


def install(app: Flask, url: str) -> None:
    """Bind the database at `url` to `app`."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    options: dict[str, Any] = {"pool_pre_ping": False}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 30, "check_same_thread": False}
    else:
        options |= {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            make_sqlite_safe(db.engine)


def make_sqlite_safe(engine: Engine) -> None:
    """Explicit BEGIN for each transaction, and the pragmas a ledger needs."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-32000",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
