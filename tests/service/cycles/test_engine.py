"""Closing by state: exactly once, in order, parked when it fails; the calendar rows move on by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, NotDue, calendar_closer, list_due, run_due, schedule, start_village
from server.cycles.engine import retry_after
from server.cycles.models import ClosedPeriod, ParkedPeriod, Schedule
from server.cycles.schedule import MONTH, WEEK, following_month, following_week
from server.kit.transaction import transaction

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
VILLAGE = "990101001001"
pytestmark = pytest.mark.usefixtures("village")


def nothing(_session: Session, _due: Due, _now: datetime) -> None:
    """An effect that is not looked at."""


def test_starting_a_village_schedules_its_week_and_its_month_once(app: Flask) -> None:
    with transaction() as session:
        start_village(session, VILLAGE, date(2026, 12, 1))  # a second adoption changes nothing
    with transaction(writes=False) as session:
        rows = {r.closer: (r.period, r.due_at) for r in session.scalars(select(Schedule))}
    assert rows == {
        WEEK: ("2026-W38", datetime(2026, 9, 20, 16, tzinfo=UTC)),
        MONTH: ("2026-10", datetime(2026, 10, 12, 16, tzinfo=UTC)),
    }


def test_three_weeks_of_downtime_are_caught_up_in_order(app: Flask) -> None:
    seen: list[tuple[str, str]] = []

    def note(name: str):  # type: ignore[no-untyped-def]
        return lambda _session, due, _now: seen.append((name, due.period))

    closers = [
        calendar_closer(WEEK, note("week"), following_week),
        calendar_closer(MONTH, note("month"), following_month),
    ]
    done = run_due(datetime(2026, 10, 20, 0, 0, tzinfo=UTC), closers=closers)
    assert seen == [
        ("week", "2026-W38"),
        ("week", "2026-W39"),
        ("week", "2026-W40"),
        ("week", "2026-W41"),
        ("week", "2026-W42/2026-10"),  # Monday and the cut-off day itself
        ("month", "2026-10"),
        ("week", "2026-W42"),
    ]
    assert [closed.at for closed in done] == sorted(closed.at for closed in done)
    assert run_due(datetime(2026, 10, 20, 0, 0, tzinfo=UTC), closers=closers) == []


def test_a_failing_period_is_parked_and_does_not_block_the_others(app: Flask) -> None:
    attempts: list[datetime] = []

    def poisoned(_session: Session, due: Due, now: datetime) -> None:
        attempts.append(now)
        raise ValueError("台账不平")

    months = calendar_closer(MONTH, nothing, following_month)
    closers = [calendar_closer(WEEK, poisoned, following_week), months]
    late = datetime(2026, 10, 20, tzinfo=UTC)
    assert [closed.closer for closed in run_due(late, closers=closers)] == [MONTH]
    assert [closed.closer for closed in run_due(late + timedelta(seconds=59), closers=closers)] == []
    assert len(attempts) == 1
    run_due(late + timedelta(seconds=60), closers=closers)
    assert len(attempts) == 2
    with transaction(writes=False) as session:
        parked = session.scalars(select(ParkedPeriod)).one()
        query = select(func.count()).select_from(ClosedPeriod).where(ClosedPeriod.closer == WEEK)
        closed = session.scalar(query)
    assert (parked.period, parked.error, parked.attempts) == ("2026-W38", "ValueError: 台账不平", 2)
    assert parked.next_try_at == late + timedelta(seconds=60) + timedelta(minutes=4)
    assert closed == 0  # claim and effects are one transaction

    repaired = [calendar_closer(WEEK, nothing, following_week)]
    assert len(run_due(late + timedelta(hours=1), closers=repaired)) == 6
    with transaction(writes=False) as session:
        assert session.scalars(select(ParkedPeriod)).all() == []


def test_a_period_that_moved_on_is_neither_closed_nor_parked(app: Flask) -> None:
    def gone(_session: Session, _due: Due, _now: datetime) -> None:
        raise NotDue

    closer = Closer("test.gone", lambda _s, now, skip: None if skip else Due(VILLAGE, "a", NOW), gone)
    assert run_due(NOW, closers=[closer]) == []
    with transaction(writes=False) as session:
        assert session.scalars(select(ParkedPeriod)).all() == []
        assert session.scalars(select(ClosedPeriod)).all() == []


def test_a_closer_that_does_not_move_on_is_parked_instead_of_running_forever(app: Flask) -> None:
    def always(_session: Session, _now: datetime, skip: frozenset[tuple[str, str]]) -> Due | None:
        return None if (VILLAGE, "a") in skip else Due(VILLAGE, "a", NOW)

    closer = Closer("test.always", always, nothing)
    assert len(run_due(NOW, closers=[closer])) == 1
    assert run_due(NOW, closers=[closer]) == []
    with transaction(writes=False) as session:
        assert "does not move on" in session.scalars(select(ParkedPeriod)).one().error


def test_the_earliest_due_goes_first_and_a_tie_goes_to_the_first_registered(app: Flask) -> None:
    order: list[str] = []

    def once(name: str, at: datetime) -> Closer:
        done: list[bool] = []

        def close(_session: Session, _due: Due, _now: datetime) -> None:
            done.append(True)
            order.append(name)

        return Closer(name, lambda _s, now, _skip: None if done or at > now else Due(VILLAGE, "p", at), close)

    run_due(NOW, closers=[once("late", NOW), once("tie", NOW), once("early", NOW - timedelta(hours=1))])
    assert order == ["early", "late", "tie"]


def test_listing_shows_what_is_due_without_closing(app: Flask) -> None:
    weeks = calendar_closer(WEEK, nothing, following_week)
    closers = [weeks, calendar_closer(MONTH, nothing, following_month)]
    with transaction(writes=False) as session:
        due = list_due(session, datetime(2027, 1, 1, tzinfo=UTC), closers)
        assert [(name, period.period) for name, period in due] == [(WEEK, "2026-W38"), (MONTH, "2026-10")]
        assert session.scalar(select(func.count()).select_from(ClosedPeriod)) == 0


def test_a_closer_of_another_slice_schedules_its_own_periods(app: Flask) -> None:
    with transaction() as session:
        schedule(session, "mall.exchange_day", Due(VILLAGE, "1", NOW))
    closer = calendar_closer(
        "mall.exchange_day",
        nothing,
        lambda village, due: Due(village.code, str(int(due.period) + 1), due.at + timedelta(days=1)),
    )
    assert [c.period for c in run_due(NOW + timedelta(days=2), closers=[closer])] == ["1", "2", "3"]


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 4), (3, 16), (4, 64), (7, 1440), (60, 1440)])
def test_retries_rest_longer_each_time_but_at_most_a_day(attempts: int, minutes: int) -> None:
    assert retry_after(attempts) == timedelta(minutes=minutes)
