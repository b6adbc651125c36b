"""On which days something happens in a demo village's shop. Pure functions of dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

OPENS_AFTER = 28  # days after the adoption: the first points are about to be posted
RESTOCKED_BEFORE = 3
RESERVED_BEFORE = 2
RETURNED_AFTER = 2
SETTLED_AFTER = 4  # what is not picked up within three days goes back; then two people sign
COUNTED_AFTER = 10
EXTRA_ADDED_BEFORE = 10
GIFT_BEFORE = 12


@dataclass(frozen=True)
class ShopDays:
    """The shop's calendar between the adoption on `first` and the day the demo opens, `as_of`."""

    first: date
    as_of: date

    @cached_property
    def opening(self) -> date:
        return self.first + timedelta(days=OPENS_AFTER)

    @property
    def has_extra(self) -> bool:
        """Whether an exchange day is added for `as_of`: not where the rule has one anyway."""
        return self.as_of.day != 1

    @cached_property
    def exchange_days(self) -> list[date]:
        """The 1st of each month (source 004) since the opening, and `as_of`, in order."""
        days = (self.opening + timedelta(days=n) for n in range(1, (self.as_of - self.opening).days + 1))
        return [day for day in days if day.day == 1 or day == self.as_of]

    def exchange_day_around(self, day: date, offset: int) -> date | None:
        """The exchange day that is `offset` days before `day` (negative: ahead of it), if there is one."""
        wanted = day - timedelta(days=offset)
        return wanted if wanted in self.exchange_days else None

    def morning_look(self, day: date) -> bool:
        """Whether the cycles must be looked at on this morning, beside their usual days."""
        steps = (0, SETTLED_AFTER)
        added = day == self.as_of - timedelta(days=EXTRA_ADDED_BEFORE - 1)
        return added or any(self.exchange_day_around(day, offset) for offset in steps)

    def evening_look(self, day: date) -> bool:
        """Whether reservations end this evening and the pick list is printed."""
        return self.exchange_day_around(day, -1) is not None
