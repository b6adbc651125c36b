"""The calendar of the programme, as functions of plain dates (Asia/Shanghai). No database, no clock.

A month runs from the day after one cut-off day to the next and is named after its last day; the twelve
months so named make a score year (spec 01). Weeks are ISO weeks, Monday 00:00 to Monday 00:00.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, order=True)
class Month:
    """A settlement month, such as 2026-11."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """From `YYYY-MM`; raises ValueError."""
        found = _MONTH.fullmatch(text)
        if not found:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(found[1]), int(found[2]))

    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> Month:
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def last_day(self, cutoff_day: int) -> date:
        """The cut-off day of this month (1–28 always exists; 29–31 fall on the month's end)."""
        return date(self.year, self.number, min(cutoff_day, calendar.monthrange(self.year, self.number)[1]))

    def first_day(self, cutoff_day: int) -> date:
        """The day after the cut-off before."""
        return self.previous().last_day(cutoff_day) + timedelta(days=1)


def month_of(day: date, cutoff_day: int) -> Month:
    """The settlement month that `day` belongs to."""
    named = Month(day.year, day.month)
    return named if day <= named.last_day(cutoff_day) else named.next()


def score_year_of(day: date, cutoff_day: int) -> int:
    """The score year that `day` belongs to: that of its settlement month."""
    return month_of(day, cutoff_day).year


def week_of(day: date) -> str:
    """The ISO week of `day`, such as `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def monday_of(day: date) -> date:
    """The Monday on or before `day`."""
    return day - timedelta(days=day.weekday())


def next_monday(day: date) -> date:
    """The first Monday after `day`."""
    return monday_of(day) + timedelta(days=7)


def parse_week(text: str) -> date:
    """The Monday of `YYYY-Www`; raises ValueError."""
    found = _WEEK.fullmatch(text)
    if not found:
        raise ValueError(f"not a week: {text!r}")
    return date.fromisocalendar(int(found[1]), int(found[2]), 1)
