"""The database: one Flask-SQLAlchemy instance, column types that are exact on both engines, SQLite made safe.

SQLite: every transaction begins explicitly, a writing one with BEGIN IMMEDIATE (a deferred one fails with
BUSY whatever the timeout), WAL and full synchronisation, foreign keys on.
"""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Date, DateTime, Engine, MetaData, String, event, types
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from server.kit.exact import from_hundredths, to_hundredths

READING = "reading"
"""The PostgreSQL engine of requests that only read (see `transaction.reading`); SQLite has none."""
REST_SECONDS = 5
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
    if url.startswith("sqlite"):
        connect = {"timeout": 30, "check_same_thread": False}
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": connect}
    else:
        options: dict[str, Any] = {
            "pool_size": 8,
            "max_overflow": 8,
            "connect_args": {"connect_timeout": 5},  # a host that does not answer is gone, not slow
        }
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
        app.config["SQLALCHEMY_BINDS"] = {READING: {"url": url, "isolation_level": "AUTOCOMMIT", **options}}
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            make_sqlite_safe(db.engine)
            return
        for engine in db.engines.values():
            ping_after_rest(engine)
        refuse_writes(db.engines[READING])


def ping_after_rest(engine: Engine) -> None:
    """A connection that rested is tried before it is used, since the database may have been restarted; one
    that was just used is not, which saves a round trip a request.
    """

    @event.listens_for(engine, "checkin")
    def _checkin(connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _checkout(connection: Any, record: Any, proxy: Any) -> None:
        if time.monotonic() - record.info.get("used", 0) < REST_SECONDS:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            raise DisconnectionError  # the pool drops it and gives another


def refuse_writes(engine: Engine) -> None:
    """An engine that commits each statement by itself must not be used for writing."""

    @event.listens_for(engine, "before_cursor_execute")
    def _check(_c: Any, _cursor: Any, sql: str, _p: Any, _context: Any, _many: bool) -> None:
        refuse_write(sql)


def refuse_write(sql: str) -> None:
    """Raises RuntimeError unless the statement reads."""
    if not sql.startswith(("SELECT", "WITH")):
        raise RuntimeError(f"a request that reads tried to write: {sql[:80]}")


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
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
        try:
            connection.connection.dbapi_connection.execute(begin).close()
        except sqlite3.Error as error:
            raise DBAPIError.instance(begin, None, error, sqlite3.Error, dialect=engine.dialect) from error
