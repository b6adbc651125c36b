"""Several schedulers, and one killed in the middle: every period is closed once, nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.app import create_app
from server.audit import api as audit
from server.audit.models import AuditRow
from server.config import load
from server.cycles import registry, scheduler
from server.cycles.api import Closed, Closer, Due, calendar_closer, following_week, run_due
from server.cycles.lease import LASTS, one_at_a_time
from server.cycles.models import ClosedPeriod, SchedulerLease
from server.cycles.schedule import WEEK
from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.transaction import transaction

LATE = datetime(2026, 12, 1, tzinfo=UTC)
WEEKS = 11 + 2  # Mondays from 21 September to 30 November, and two cut-offs inside a week
pytestmark = pytest.mark.usefixtures("village")


def effect(session: Session, due: Due, now: datetime) -> None:
    """One row per closing, so that a second or half a closing shows."""
    audit.record(session, None, "week.close", "week", due.period, now, village=due.village)


CLOSERS = [calendar_closer(WEEK, effect, following_week)]


def closed_and_effects() -> tuple[list[str], int]:
    with transaction(writes=False) as session:
        periods = list(session.scalars(select(ClosedPeriod.period).order_by(ClosedPeriod.due_at)))
        return periods, session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_two_schedulers_at_once_close_each_period_once(app: Flask) -> None:
    done: dict[int, list[Closed]] = {}
    ready = threading.Barrier(2)

    def work(number: int) -> None:
        with app.app_context():
            ready.wait()
            done[number] = run_due(LATE, closers=CLOSERS)
            db.session.remove()

    threads = [threading.Thread(target=work, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    by_both = [closed.period for closings in done.values() for closed in closings]
    periods, effects = closed_and_effects()
    assert sorted(by_both) == sorted(periods)
    assert len(periods) == len(set(periods)) == effects == WEEKS


def test_one_scheduler_works_while_the_other_waits(app: Flask) -> None:
    held = threading.Event()
    release = threading.Event()

    def hold() -> None:
        with app.app_context(), one_at_a_time() as renew:
            assert renew is not None
            held.set()
            release.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(30)
        with one_at_a_time() as second:
            assert second is None
    finally:
        release.set()
        thread.join(30)
    with one_at_a_time() as third:
        assert third is not None


@pytest.mark.database("sqlite")
def test_a_dead_schedulers_lease_is_taken_over(app: Flask) -> None:
    """PostgreSQL frees the lock of a dead session itself."""
    machine = SetClock(datetime(2026, 9, 14, tzinfo=UTC))
    with transaction() as session:
        session.add(SchedulerLease(name="cycles", holder="dead", expires_at=machine.now() + LASTS))
    with one_at_a_time(machine) as renew:
        assert renew is None
    machine.move_to(machine.now() + LASTS)
    with one_at_a_time(machine) as renew:
        assert renew is not None
        machine.advance(seconds=100)
        renew()
        machine.advance(seconds=100)
        with one_at_a_time(machine) as second:
            assert second is None


def test_the_bell_closes_what_is_due_and_survives_a_failure(
    app: Flask, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "closers", lambda: CLOSERS)
    assert scheduler.ring(app) == []
    clock.advance(days=7)
    assert [closed.period for closed in scheduler.ring(app)] == ["2026-W38"]

    def broken() -> list[Closer]:
        raise OSError("database is away")

    monkeypatch.setattr(registry, "closers", broken)
    scheduler.ring_and_go_on(app)  # logged, not raised


def test_an_embedded_scheduler_rings_by_itself(
    app: Flask, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "closers", lambda: CLOSERS)
    clock.advance(days=14)
    running = scheduler.start_embedded(app, every_seconds=1)
    try:
        deadline = time.monotonic() + 20
        while closed_and_effects()[1] < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        running.shutdown()
    assert closed_and_effects() == (["2026-W38", "2026-W39"], 2)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from server.app import create_app
from server.audit import api as audit
from server.audit.models import AuditRow
from server.config import load
from server.cycles.api import calendar_closer, following_week, run_due
from tests.service.cycles.test_schedulers import LATE, WEEK, effect

def close(session, due, now):
    effect(session, due, now)
    if due.period == "2026-W41":
        os.kill(os.getpid(), signal.SIGKILL)

app = create_app(load({}, data=sys.argv[1], mode="test", database_url=sys.argv[2], scheduler="false"))
with app.app_context():
    run_due(LATE, closers=[calendar_closer(WEEK, close, following_week)])
"""


def test_a_kill_in_the_middle_leaves_nothing_half_done(app: Flask, tmp_path: Path, database_url: str) -> None:
    root = Path(__file__).parents[3]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), database_url],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=60,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert closed_and_effects() == (["2026-W38", "2026-W39", "2026-W40"], 3)
    settings = load({}, data=str(tmp_path), mode="test", database_url=database_url, scheduler="false")
    again = create_app(settings)
    with again.app_context():
        assert run_due(LATE, closers=CLOSERS)[0].period == "2026-W41"
        db.session.remove()
        db.engine.dispose()
    periods, effects = closed_and_effects()
    assert len(periods) == effects == WEEKS
    assert run_due(LATE + timedelta(hours=1), closers=CLOSERS) == []
