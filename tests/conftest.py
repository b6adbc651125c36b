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
from sqlalchemy import create_engine, make_url, text

from server.app import create_app
from server.config import load
from server.kit.clock import SetClock
from server.kit.database import Base, db
from server.migrations.run import upgrade

START = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Asia/Shanghai
SERVER = os.environ.get("JIFEN_TEST_DATABASE_URL", "")


@pytest.fixture
def clock() -> SetClock:
    """Monday 2026-09-14, 09:00 Asia/Shanghai."""
    return SetClock(START)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The URL of a migrated, empty database of this worker; on SQLite a file to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    url = _own_database(worker_id) if SERVER else f"sqlite:///{folder / 'jifen.db'}"
    app = create_app(load({}, data=str(folder), mode="test", database_url=url, scheduler="false"))
    with app.app_context():
        upgrade(app)
        db.session.remove()
        db.engine.dispose()  # the last connection to close writes the log of a SQLite file back
    return url


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
def database_url(migrated: str, tmp_path: Path) -> str:
    """An empty migrated database for one test: a copied file, or the worker's database emptied."""
    if not SERVER:
        copy = tmp_path / "jifen.db"
        shutil.copy(make_url(migrated).database or "", copy)
        return f"sqlite:///{copy}"
    engine = create_engine(migrated)
    with engine.begin() as connection:
        # a replica's session fires no triggers: neither those of foreign keys nor the append-only ones;
        # deleting from small tables is far quicker than TRUNCATE, which makes each file anew
        connection.execute(text("SET session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            connection.execute(text(f"DELETE FROM {table.name}"))
    engine.dispose()
    return migrated


@pytest.fixture
def app(tmp_path: Path, clock: SetClock, database_url: str) -> Iterator[Flask]:
    """An application on an empty database."""
    settings = load({}, data=str(tmp_path), mode="test", database_url=database_url, scheduler="false")
    app = create_app(settings, clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An HTTP client without a session."""
    return app.test_client()
