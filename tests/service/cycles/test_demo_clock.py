"""The demo's clock: stored offset, forward only, closing on the way; no other database has one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.cycles.api import Due, calendar_closer, following_week
from server.cycles.demo_clock import DemoClock, is_demo, make_demo, move_to
from server.cycles.schedule import WEEK
from server.kit.clock import SetClock
from server.kit.errors import Conflict, Invalid
from server.kit.transaction import transaction

MACHINE = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
DEMO = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("village")


@pytest.fixture
def machine() -> SetClock:
    return SetClock(MACHINE)


@pytest.fixture
def demo(app: Flask, machine: SetClock) -> DemoClock:
    with transaction() as session:
        make_demo(session, DEMO, machine)
    return DemoClock(machine)


def test_the_demo_shows_its_own_time_and_runs_with_the_machine(demo: DemoClock, machine: SetClock) -> None:
    assert demo.now() == DEMO
    machine.advance(minutes=5)
    assert demo.now() == DEMO + timedelta(minutes=5)
    assert DemoClock(machine).now() == demo.now()  # another process reads the same offset


def test_without_the_row_it_is_the_machines_clock_and_cannot_be_moved(app: Flask, machine: SetClock) -> None:
    clock = DemoClock(machine)
    assert clock.now() == MACHINE
    with transaction(writes=False) as session:
        assert not is_demo(session)
    with pytest.raises(Conflict) as refused:
        move_to(clock, MACHINE + timedelta(days=1))
    assert refused.value.code == "not_a_demo"
    assert clock.now() == MACHINE


def test_moving_closes_each_period_at_its_own_instant(demo: DemoClock) -> None:
    at: list[tuple[str, datetime, datetime]] = []

    def note(_session: Session, due: Due, now: datetime) -> None:
        at.append((due.period, now, due.at))

    target = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
    closed = move_to(demo, target, closers=[calendar_closer(WEEK, note, following_week)])
    assert [row.period for row in closed] == ["2026-W38", "2026-W39"]
    assert [now for _, now, _ in at] == [due for _, _, due in at]
    assert demo.now() == target


def test_after_a_crash_on_the_way_the_clock_stands_at_the_last_step(demo: DemoClock) -> None:
    def dies(_session: Session, due: Due, _now: datetime) -> None:
        if due.period == "2026-W39":
            raise KeyboardInterrupt  # as a killed process: nothing is parked

    closers = [calendar_closer(WEEK, dies, following_week)]
    with pytest.raises(KeyboardInterrupt):
        move_to(demo, datetime(2026, 11, 1, tzinfo=UTC), closers=closers)
    assert demo.now() == datetime(2026, 9, 27, 16, 0, tzinfo=UTC)
    closers = [calendar_closer(WEEK, lambda *_: None, following_week)]
    assert move_to(demo, datetime(2026, 10, 2, tzinfo=UTC), closers=closers)[0].period == "2026-W39"


@pytest.mark.parametrize(
    ("delta", "code"), [(timedelta(seconds=-1), "clock_backwards"), (timedelta(days=367), "clock_too_far")]
)
def test_backwards_and_too_far_are_refused(demo: DemoClock, delta: timedelta, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        move_to(demo, DEMO + delta, closers=[])
    assert refused.value.code == code
    assert demo.now() == DEMO
