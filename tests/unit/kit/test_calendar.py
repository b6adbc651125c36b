"""The calendar of the programme: months from cut-off to cut-off, named after their last day."""

from datetime import date

import pytest

from server.cycles.calendar import Month, month_of, next_monday, parse_week, score_year_of, week_of


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 6, 12), "2026-06"),
        (date(2026, 6, 13), "2026-07"),
        (date(2026, 12, 13), "2027-01"),
        (date(2027, 1, 12), "2027-01"),
    ],
)
def test_a_month_is_named_after_its_last_day(day: date, month: str) -> None:
    assert str(month_of(day, 12)) == month


def test_months_follow_each_other_without_gap() -> None:
    month = Month(2026, 11)
    assert month.first_day(12) == date(2026, 10, 13)
    assert month.last_day(12) == date(2026, 11, 12)
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2027, 1).previous() == Month(2026, 12)


def test_the_score_year_is_that_of_the_month() -> None:
    assert score_year_of(date(2026, 12, 12), 12) == 2026
    assert score_year_of(date(2026, 12, 13), 12) == 2027


def test_weeks_are_iso_weeks() -> None:
    assert week_of(date(2026, 11, 22)) == "2026-W47"
    assert parse_week("2026-W47") == date(2026, 11, 16)
    assert next_monday(date(2026, 11, 16)) == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["2026-13", "26-01", "2026-1", "2026-11-01"])
def test_nonsense_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)
