"""`/readyz` when something breaks: a clear state, nothing lost, and well again by itself."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from werkzeug.test import TestResponse

from server.app import create_app
from server.conduct.models import Record
from server.config import load
from server.cycles.api import run_due
from server.cycles.jumps import JumpGuard
from server.evidence import api as evidence
from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.messages.models import Message, OutboxRow
from server.upkeep import readiness
from tests.cast import VILLAGE, Cast, build, picture
from tests.settled import refused

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def ready(cast: Cast, status: int = 200) -> dict[str, Any]:
    answer: TestResponse = cast.app.test_client().get("/readyz")
    assert answer.status_code == status, answer.get_data(as_text=True)
    return dict(answer.get_json())


def records() -> int:
    with transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(Record)) or 0


def test_ready(cast: Cast) -> None:
    found = ready(cast)
    assert found["status"] == "ready"
    assert {one["code"] for one in found["checks"].values()} == {"ok"}


def test_a_full_disk_is_told_and_over_when_there_is_room(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - 1, 1))
        found = ready(cast, 503)
        assert found["status"] == "disk_full" and "磁盘" in found["checks"]["disk"]["detail"]
    assert ready(cast)["status"] == "ready"


@pytest.mark.database("sqlite")
def test_a_write_that_finds_the_disk_full_is_refused_whole(cast: Cast) -> None:
    """SQLite's own word for a full disk, by a limit on its pages."""
    cast.log("wang_fang", "zhao", "J6")
    before = records()
    with db.engine.connect().execution_options(writes=False) as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    db.session.remove()
    db.engine.dispose()
    limits = []

    def limit(raw: Any, _record: Any) -> None:
        if limits:
            raw.execute(f"PRAGMA max_page_count = {limits[0]}").close()

    event.listen(db.engine, "connect", limit)
    limits.append(pages)
    statuses = []
    body: dict[str, Any] = {}
    while 503 not in statuses and len(statuses) < 400:
        body = cast.record("zhao", "J6", note="字" * 200)
        statuses.append(cast.as_("wang_fang").post("/records", body).status_code)
    assert statuses[-1] == 503 and set(statuses) <= {201, 503}
    assert records() == before + statuses.count(201), (
        "what was acknowledged is there, what was refused is not"
    )
    refused(cast.as_("wang_fang").post("/records", body), 503, "database_unavailable")
    limits.clear()
    db.session.remove()
    db.engine.dispose()
    assert cast.as_("wang_fang").post("/records", body).status_code == 201, "the same request, sent again"
    event.remove(db.engine, "connect", limit)


@pytest.fixture
def full_tablespace(app: Flask) -> Iterator[None]:
    """What PostgreSQL says when a table cannot grow, said by a trigger on the last row that a write adds."""
    make = (
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER no_room BEFORE INSERT ON audit_log EXECUTE FUNCTION no_room()",
        "ALTER TABLE audit_log DISABLE TRIGGER no_room",
    )
    with transaction() as session:
        for sql in make:
            session.execute(text(sql))
    yield
    with transaction() as session:
        session.execute(text("DROP TRIGGER no_room ON audit_log"))
        session.execute(text("DROP FUNCTION no_room"))


@pytest.mark.database("postgresql")
def test_a_write_without_room_in_postgresql_is_refused_whole(cast: Cast, full_tablespace: None) -> None:
    def disk(full: bool) -> None:
        with transaction() as session:
            state = "ENABLE" if full else "DISABLE"
            session.execute(text(f"ALTER TABLE audit_log {state} TRIGGER no_room"))

    cast.log("wang_fang", "zhao", "J6")
    before = records()
    body = cast.record("zhao", "J6")
    disk(full=True)
    for _ in range(3):
        refused(cast.as_("wang_fang").post("/records", body), 503, "database_unavailable")
    assert records() == before, "what was written before the disk was full is gone as well"
    assert cast.as_("zhao_min").get("/records").status_code == 200, "reading goes on"
    disk(full=False)
    assert cast.as_("wang_fang").post("/records", body).status_code == 201, "the same request, sent again"
    assert records() == before + 1


def test_a_photo_that_finds_the_disk_full(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as now:
        now.setattr("server.evidence.store._write", full)
        key = new_id()
        refused(cast.as_("wang_fang").upload(picture(), key), 503, "photo_not_stored")
    assert cast.as_("wang_fang").upload(picture(), key).status_code == 201


def test_a_database_that_is_gone(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/gone"
    app = create_app(load({}, data=str(tmp_path), mode="test", scheduler="false", database_url=url))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "database_gone")
    refused(app.test_client().get("/api/v1/public/notices?village=" + VILLAGE), 503, "database_unavailable")
    assert app.test_client().get("/healthz").status_code == 200


def test_a_database_that_is_slow(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LONGEST_ANSWER", -1.0)
    found = ready(cast)
    assert found["status"] == "ready" and found["checks"]["database"]["code"] == "database_slow"


def test_a_clock_that_goes_back(cast: Cast) -> None:
    cast.clock.advance(days=8)
    assert run_due(cast.clock.now())
    cast.clock._at -= timedelta(days=3)
    assert ready(cast)["checks"]["clock"]["code"] == "clock_behind"
    assert run_due(cast.clock.now()) == []
    cast.clock.advance(days=3)
    assert ready(cast)["checks"]["clock"]["code"] == "ok"


def test_a_clock_that_jumps_closes_nothing_for_a_while(clock: SetClock) -> None:
    ran = [0.0]
    guard = JumpGuard(lambda: ran[0])

    def after(seconds: float, jump: timedelta = timedelta(0)) -> bool:
        ran[0] += seconds
        clock._at += timedelta(seconds=seconds) + jump
        return guard.steady(clock.now())

    assert after(0) and after(30) and after(30)
    assert not after(30, timedelta(days=400)), "a wrong year"
    assert not after(600)
    assert not after(30, timedelta(days=-400)), "put right: the wait begins anew"
    assert not after(600)
    assert after(301)


def test_a_queue_that_is_full(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        message = Message(
            id=new_id(),
            person_id=cast.persons["zhao_min"],
            kind="x",
            text="x",
            refs={},
            sent_at=cast.clock.now(),
        )
        session.add(message)
        session.flush()
        row = OutboxRow(
            id=new_id(), key="k", message_id=message.id, person_id=cast.persons["zhao_min"], template="t",
            status="waiting", attempts=0, next_try_at=cast.clock.now(), created_at=cast.clock.now(),
        )  # fmt: skip
        session.add(row)
    assert ready(cast)["checks"]["queue"]["code"] == "ok"
    cast.clock.advance(hours=7)
    assert ready(cast)["checks"]["queue"]["code"] == "queue_full"
    with transaction() as session:
        session.execute(text("UPDATE outbox SET status = 'sent'"))
    assert ready(cast)["checks"]["queue"]["code"] == "ok"


def test_a_damaged_photo(cast: Cast) -> None:
    photo = cast.as_("wang_fang").photo()
    folder = evidence.folder_in(cast.app.extensions["jifen_settings"].data)
    (path,) = (one for one in folder.rglob("*.jpg") if not one.name.endswith(".small.jpg"))
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\0" + whole[101:])
    assert ready(cast)["checks"]["photos"]["code"] == "photo_damaged"
    refused(cast.as_("wang_fang").get(f"/photos/{photo}"), 503, "photo_lost")
    path.write_bytes(whole)
    assert ready(cast)["checks"]["photos"]["code"] == "ok"
    assert cast.as_("wang_fang").get(f"/photos/{photo}").status_code == 200
