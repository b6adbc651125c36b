"""Shared fixtures: a migrated database, emptied for each test, on SQLite or PostgreSQL; a clock that
stands still.

PostgreSQL is used where JIFEN_TEST_DATABASE_URL names a server and a role that may create databases; each
worker of a parallel run makes its own database there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, make_url, text

from server.app import create_app
from server.config import load
from server.kit.clock import SetClock
from server.kit.database import Base, db
from server.migrations.run import upgrade
from server.people import passwords
from server.people.sealing import Seal

# speed is measured in benchmarks, never in tests: a busy machine must not fail a property
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")

START = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Asia/Shanghai
SERVER = os.environ.get("JIFEN_TEST_DATABASE_URL", "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `soak` runs in a soak only, what is of one kind of database on that one only."""
    kind = "postgresql" if SERVER else "sqlite"
    left_out = [
        item for item in items if item.get_closest_marker("soak") and os.environ.get("JIFEN_SOAK") != "1"
    ]
    left_out += [item for item in items for mark in item.iter_markers("database") if mark.args != (kind,)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def clock() -> SetClock:
    """Monday 2026-09-14, 09:00 Asia/Shanghai."""
    return SetClock(START)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Flask:
    """One application for all tests of this worker, on a migrated database: making one costs more than most
    tests, and its compiled statements are worth keeping.
    """
    folder = tmp_path_factory.mktemp("shared")
    url = _own_database(worker_id) if SERVER else f"sqlite:///{folder / 'jifen.db'}"
    app = create_app(load({}, data=str(folder), mode="test", database_url=url, scheduler="false"))
    with app.app_context():
        upgrade(app)
        let_go()
    if not SERVER:
        shutil.copy(folder / "jifen.db", folder / "empty.db")
    return app


def let_go() -> None:
    """Close every connection, those of applications that commands made as well; the last one to close writes
    the log of a SQLite file back.
    """
    db.session.remove()
    dispose()


def dispose() -> None:
    """Close the idle connections of every application of this process."""
    for engines in list(db._app_engines.values()):
        for engine in engines.values():
            engine.dispose()


def _own_database(worker_id: str) -> str:
    name = f"jifen_test_{worker_id}"
    admin = create_engine(make_url(SERVER).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    url = make_url(SERVER).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def database_url(shared: Flask) -> str:
    """An empty migrated database for one test."""
    return emptied(shared)


def emptied(shared: Flask) -> str:
    """The worker's database, empty again: another file under its name, or its tables emptied.

    A new file, never the old one written over: SQLite knows a file by its inode, and a connection that a test
    forgot would go on holding the old file's lock and log for everybody ("disk I/O error").
    """
    url: str = shared.extensions["jifen_settings"].url
    dispose()
    if not SERVER:
        file = Path(make_url(url).database or "")
        fresh = shutil.copy(file.with_name("empty.db"), file.with_name("fresh.db"))
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        Path(fresh).replace(file)
        return url
    engine = create_engine(url)
    with engine.begin() as connection:
        # a replica's session fires no triggers: neither those of foreign keys nor the append-only ones;
        # deleting from small tables is far quicker than TRUNCATE, which makes each file anew
        connection.execute(text("SET session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            connection.execute(text(f"DELETE FROM {table.name}"))
    engine.dispose()
    return url


@pytest.fixture
def app(shared: Flask, tmp_path: Path, clock: SetClock, database_url: str) -> Iterator[Flask]:
    """The application on an empty database, with a data folder of its own and the test's clock."""
    settings = load({}, data=str(tmp_path), mode="test", database_url=database_url, scheduler="false")
    shared.extensions["jifen_settings"] = settings
    shared.extensions["jifen_clock"] = clock
    shared.extensions["jifen_seal"] = Seal.from_file(settings.secret_key_path)
    passwords.limit(settings.hashes_at_once)
    with shared.app_context():
        yield shared
        let_go()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An HTTP client without a session."""
    return app.test_client()
