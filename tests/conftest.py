"""Shared fixtures: a migrated database per test session, emptied between tests; a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.config import load
from server.kit.clock import SetClock
from server.kit.database import db

START = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Asia/Shanghai


@pytest.fixture
def clock() -> SetClock:
    """Monday 2026-09-14, 09:00 Asia/Shanghai."""
    return SetClock(START)


@pytest.fixture
def app(tmp_path: Path, clock: SetClock) -> Iterator[Flask]:
    """An application on an empty database: SQLite, or PostgreSQL where JIFEN_TEST_DATABASE_URL is set."""
    settings = load(
        {}, data=str(tmp_path), mode="test", database_url=os.environ.get("JIFEN_TEST_DATABASE_URL"), scheduler="false"
    )
    app = create_app(settings, clock)
    with app.app_context():
        db.drop_all()
        db.create_all()
        yield app
        db.session.remove()
        db.drop_all()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An HTTP client without a session."""
    return app.test_client()
