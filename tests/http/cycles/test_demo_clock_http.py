"""The demo's clock over HTTP: only where the instance runs as a demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.config import load
from server.cycles import registry
from server.cycles.api import calendar_closer, following_week, start_village
from server.cycles.demo_clock import DemoClock, make_demo
from server.cycles.schedule import WEEK
from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.transaction import transaction
from server.people.api import Village
from server.people.models import Division

MACHINE = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
DEMO = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
VILLAGE = "990101001001"


@pytest.fixture
def demo(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A client of an instance in demo mode, at DEMO, with one village and only the weekly closer."""
    machine = SetClock(MACHINE)
    settings = load({}, data=str(tmp_path), mode="demo", database_url=database_url, scheduler="false")
    app = create_app(settings, DemoClock(machine))
    monkeypatch.setattr(registry, "closers", lambda: [calendar_closer(WEEK, lambda *_: None, following_week)])
    with app.app_context():
        with transaction() as session:
            make_demo(session, DEMO, machine)
            session.add(Division(code=VILLAGE, parent=None, level="village", name="大槐树村"))
            session.flush()
            session.add(Village(code=VILLAGE, name="大槐树村"))
            session.flush()
            start_village(session, VILLAGE, date(2026, 9, 14))
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def test_a_visitor_reads_and_moves_the_clock(demo: FlaskClient) -> None:
    assert demo.get("/api/v1/demo/clock").get_json() == {"now": "2026-09-14T09:00:00.000+08:00"}
    moved = demo.post("/api/v1/demo/clock", json={"to": "2026-09-29T08:00:00+08:00"})
    assert moved.status_code == 200
    assert moved.get_json() == {
        "now": "2026-09-29T08:00:00.000+08:00",
        "closed": [
            {"closer": WEEK, "village": VILLAGE, "period": "2026-W38", "at": "2026-09-21T00:00:00.000+08:00"},
            {"closer": WEEK, "village": VILLAGE, "period": "2026-W39", "at": "2026-09-28T00:00:00.000+08:00"},
        ],
    }
    assert demo.get("/api/v1/demo/clock").get_json() == {"now": "2026-09-29T08:00:00.000+08:00"}


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("2026-09-14T08:59:59+08:00", "clock_backwards"),
        ("2027-09-16T09:00:00+08:00", "clock_too_far"),
        ("2026-09-15T08:00:00", "invalid"),
        ("morgen", "invalid"),
    ],
)
def test_what_cannot_be_moved_to_is_refused_with_its_field(demo: FlaskClient, to: str, code: str) -> None:
    refused = demo.post("/api/v1/demo/clock", json={"to": to})
    assert refused.status_code == 422
    assert (refused.get_json()["code"], refused.get_json()["errors"][0]["field"]) == (code, "to")


def test_elsewhere_there_is_no_such_clock(app: Flask, client: FlaskClient) -> None:
    assert client.get("/api/v1/demo/clock").status_code == 404
    assert client.post("/api/v1/demo/clock", json={"to": "2030-01-01T08:00:00+08:00"}).status_code == 404
