"""A village changes its cut-off day: the running month and week move with it, no day is lost or counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.cycles.models import Schedule
from server.kit.clock import SetClock, local_date
from server.kit.transaction import transaction
from server.settlement.months import borders
from tests.cast import VILLAGE, Cast, build
from tests.settled import Months, ok, refused


@pytest.fixture
def months(app: Flask, clock: SetClock) -> Months:
    found = Months(build(app, clock))
    found.go(minutes=1)
    return found


def day(text: str) -> datetime:
    """02:00 UTC of a day: 10:00 in the village."""
    return datetime.fromisoformat(text).replace(hour=2, tzinfo=UTC)


def change(cast: Cast, cutoff: int) -> TestResponse:
    caller = cast.as_("head_chen")
    return caller.app.test_client().patch(
        f"/api/v1/villages/{VILLAGE}/settings", json={"cutoff_day": cutoff}, headers=caller.headers
    )


def planned() -> dict[str, tuple[str, date]]:
    """closer → (period, the first day after it)."""
    with transaction(writes=False) as session:
        rows: list[Any] = [
            session.get_one(Schedule, (name, VILLAGE))
            for name in ("conduct.week_report", "settlement.month_cutoff")
        ]
        return {row.closer.partition(".")[2]: (row.period, local_date(row.due_at)) for row in rows}


def month_of(text: str) -> str:
    with transaction(writes=False) as session:
        return str(borders(session, VILLAGE).month_of(date.fromisoformat(text)))


def test_a_later_day_lengthens_the_running_month(months: Months) -> None:
    months.go_to(day("2026-10-08"))
    assert planned() == {
        "week_report": ("2026-W41", date(2026, 10, 12)),
        "month_cutoff": ("2026-10", date(2026, 10, 13)),
    }
    ok(change(months.cast, 20))
    assert planned()["month_cutoff"] == ("2026-10", date(2026, 10, 21))
    months.go_to(day("2026-10-19"))
    assert planned()["week_report"] == ("2026-W43/2026-10", date(2026, 10, 21)), (
        "the week ends with the month"
    )
    months.go_to(day("2026-10-22"))
    assert planned() == {
        "week_report": ("2026-W43", date(2026, 10, 26)),
        "month_cutoff": ("2026-11", date(2026, 11, 21)),
    }
    assert [month_of(text) for text in ("2026-10-20", "2026-10-21", "2026-11-21")] == [
        "2026-10",
        "2026-11",
        "2026-12",
    ]


def test_an_earlier_day_shortens_it_and_moves_the_running_week(months: Months) -> None:
    months.go_to(day("2026-10-06"))
    ok(change(months.cast, 8))
    assert planned() == {
        "week_report": ("2026-W41/2026-10", date(2026, 10, 9)),
        "month_cutoff": ("2026-10", date(2026, 10, 9)),
    }
    months.go_to(day("2026-10-10"))
    assert planned() == {
        "week_report": ("2026-W41", date(2026, 10, 12)),
        "month_cutoff": ("2026-11", date(2026, 11, 9)),
    }


def test_a_day_that_is_over_waits_for_the_next_month(months: Months) -> None:
    months.go_to(day("2026-10-08"))
    before = planned()
    said = refused(change(months.cast, 5), 409, "cutoff_passed")
    assert "10月12日" in said["detail"] and planned() == before
    assert ok(months.cast.as_("head_chen").get(f"/villages/{VILLAGE}/settings"))["cutoff_day"] == 12
    months.go_to(day("2026-10-14"))
    ok(change(months.cast, 5))
    assert planned()["month_cutoff"] == ("2026-11", date(2026, 11, 6))
    # what happened before the old cut-off stays in the month that really held it
    assert [month_of(text) for text in ("2026-10-08", "2026-10-12", "2026-10-13", "2026-11-05")] == [
        *("2026-10", "2026-10", "2026-11", "2026-11")
    ]


def test_a_later_day_just_after_a_cut_off_does_not_cut_twice(months: Months) -> None:
    months.go_to(day("2026-10-14"))
    ok(change(months.cast, 20))
    assert planned() == {
        "week_report": ("2026-W42", date(2026, 10, 19)),
        "month_cutoff": ("2026-11", date(2026, 11, 21)),
    }
    assert month_of("2026-10-14") == "2026-11"
    months.go_to(day("2026-10-20"))
    assert planned()["week_report"] == ("2026-W43", date(2026, 10, 26))


def test_a_record_joins_the_month_that_holds_its_day(months: Months) -> None:
    cast = months.cast
    months.go_to(day("2026-10-14"))
    ok(change(cast, 20))
    record = cast.log("wang_fang", "zhao", "J6", "1.00")
    months.go_to(day("2026-10-19"))
    ok(cast.as_("ma_ling").get("/weekly-reports"))
    months.go_to(day("2026-10-22"))
    for member in ("panel_zhou", "panel_wu"):
        ok(cast.as_(member).post(f"/records/{record['id']}/reviews", {"verdict": "approve"}))
    assert ok(cast.as_("head_chen").get(f"/records/{record['id']}"))["month"] == "2026-11"
