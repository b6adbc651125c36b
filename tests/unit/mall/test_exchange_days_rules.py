"""On which dates exchange days fall, and what time does to them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mall.exchange_days.rules import (
    TRANSITIONS,
    DayState,
    Step,
    dates,
    horizon,
    hours_fit,
    next_step,
    pickup_ends,
)

S = DayState
MONTHLY = {"kind": "monthly", "day": 1}


@pytest.mark.parametrize(
    ("rule", "after", "until", "expected"),
    [
        (MONTHLY, "2026-11-22", "2027-02-01", ["2026-12-01", "2027-01-01", "2027-02-01"]),
        (MONTHLY, "2026-12-01", "2027-01-01", ["2027-01-01"]),
        (MONTHLY, "2026-12-01", "2026-12-31", []),
        ({"kind": "monthly", "day": 28}, "2027-02-01", "2027-03-28", ["2027-02-28", "2027-03-28"]),
        (
            {"kind": "quarterly", "day": 1},
            "2026-11-22",
            "2027-07-01",
            ["2027-01-01", "2027-04-01", "2027-07-01"],
        ),
        ({"kind": "quarterly", "day": 15}, "2026-10-15", "2027-01-15", ["2027-01-15"]),
        ({"kind": "weekday", "weekday": 5}, "2026-11-22", "2026-12-05", ["2026-11-27", "2026-12-04"]),
        ({"kind": "weekday", "weekday": 7}, "2026-11-22", "2026-11-29", ["2026-11-29"]),
    ],
)
def test_the_dates_of_a_rule(rule: dict[str, object], after: str, until: str, expected: list[str]) -> None:
    found = dates(rule, date.fromisoformat(after), date.fromisoformat(until))
    assert [day.isoformat() for day in found] == expected


def test_a_monthly_rule_gives_twelve_days_a_year() -> None:
    today = date(2026, 11, 22)
    assert len(dates(MONTHLY, today, horizon(today))) == 12


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="not a rule"):
        dates({"kind": "moon"}, date(2026, 1, 1), date(2026, 1, 2))


@pytest.mark.parametrize(("today", "last"), [("2026-11-22", "2027-11-22"), ("2028-02-29", "2029-02-28")])
def test_twelve_months_ahead(today: str, last: str) -> None:
    assert horizon(date.fromisoformat(today)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (S.PLANNED, Step(S.OPEN, datetime(2026, 11, 16, 16, tzinfo=UTC))),  # two weeks before, midnight
        (S.OPEN, Step(S.CLOSED, datetime(2026, 11, 30, 10, tzinfo=UTC))),  # six the evening before
        (S.CLOSED, Step(S.REDEEMING, datetime(2026, 11, 30, 16, tzinfo=UTC))),  # the day itself
        (S.REDEEMING, None),
        (S.SETTLED, None),
        (S.CANCELLED, None),
    ],
)
def test_what_time_does(status: DayState, step: Step | None) -> None:
    assert next_step(status, date(2026, 12, 1)) == step


def test_a_day_is_cancelled_from_the_first_four_states_only() -> None:
    assert {state for state, targets in TRANSITIONS.items() if S.CANCELLED in targets} == {
        S.PLANNED, S.OPEN, S.CLOSED, S.REDEEMING,
    }  # fmt: skip


def test_goods_are_kept_through_the_last_day_for_picking_up() -> None:
    assert pickup_ends(date(2026, 12, 1), 3) == datetime(2026, 12, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(("opens", "closes", "fit"), [("08:30", "16:30", True), ("16:30", "16:30", False)])
def test_hours(opens: str, closes: str, fit: bool) -> None:
    assert hours_fit(opens, closes) is fit
