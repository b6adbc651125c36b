"""`jifen cycles` on an instance: what it shows, what it closes, when it refuses the future."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cycles import registry
from server.cycles.api import Due, calendar_closer, following_month, following_week
from server.cycles.cli import cycles
from server.cycles.demo_clock import DemoClock, make_demo
from server.cycles.models import ClosedPeriod
from server.cycles.schedule import MONTH, WEEK
from server.kit.transaction import transaction

pytestmark = pytest.mark.usefixtures("village")


def poisoned(_session: Session, _due: Due, _now: datetime) -> None:
    raise ValueError("台账不平")


@pytest.fixture
def jifen(
    app: Flask, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs `jifen cycles …`; weeks close, months are poisoned."""
    closers = [
        calendar_closer(WEEK, lambda *_: None, following_week),
        calendar_closer(MONTH, poisoned, following_month),
    ]
    monkeypatch.setattr(registry, "closers", lambda: closers)
    environment = {"JIFEN_DATABASE_URL": database_url, "JIFEN_DATA": str(tmp_path), "COLUMNS": "120"}
    return lambda *arguments: CliRunner().invoke(cycles, list(arguments), env=environment)


def weeks() -> list[str]:
    with transaction(writes=False) as session:
        return list(session.scalars(select(ClosedPeriod.period).order_by(ClosedPeriod.due_at)))


def test_listing_reaches_into_the_future_and_closes_nothing(jifen: Callable[..., Result]) -> None:
    shown = jifen("--as-of", "2099-01-01")
    assert shown.exit_code == 0
    assert "周报送" in shown.output and "2026-W38" in shown.output and "大槐树村 990101001001" in shown.output
    assert "还没有关过周期" in shown.output
    assert weeks() == []


def test_running_closes_up_to_a_past_instant_and_says_so(jifen: Callable[..., Result]) -> None:
    run = jifen("run", "--as-of", "2026-09-28")
    assert run.exit_code == 0, run.output
    assert "2026-09-21 00:00  周报送  990101001001  2026-W38" in run.output
    assert "关了 2 个周期。" in run.output
    assert weeks() == ["2026-W38", "2026-W39"]
    assert "没有到期的周期。" in jifen("run", "--as-of", "2026-09-28").output


def test_what_could_not_be_closed_is_shown_with_its_reason(jifen: Callable[..., Result]) -> None:
    run = jifen("run", "--as-of", "2026-10-14")
    assert run.exit_code == 1
    assert "没关成的" in run.output and "台账不平" in run.output and "月度截止" in run.output
    assert "2026-10-14 00:01" in jifen("--as-of", "2026-10-14").output  # when it is tried again


def test_the_future_is_refused_outside_a_demo(jifen: Callable[..., Result]) -> None:
    refused = jifen("run", "--as-of", "2099-01-01")
    assert refused.exit_code == 2
    assert "只有演示数据" in refused.output
    assert weeks() == []


def test_on_a_demo_running_moves_its_clock(jifen: Callable[..., Result], app: Flask) -> None:
    with transaction() as session:
        make_demo(session, datetime(2026, 9, 14, 1, 0, tzinfo=UTC))
    run = jifen("run", "--as-of", "2026-09-22T08:00")
    assert run.exit_code == 0, run.output
    assert "演示时钟拨到 2026-09-22 08:00。" in run.output
    assert weeks() == ["2026-W38"]
    now = DemoClock().now()
    assert datetime(2026, 9, 22, 0, 0, tzinfo=UTC) <= now < datetime(2026, 9, 22, 0, 5, tzinfo=UTC)


def test_a_time_that_is_none_is_refused(jifen: Callable[..., Result]) -> None:
    assert jifen("run", "--as-of", "morgen").exit_code == 2
