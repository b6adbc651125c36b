"""Time: instants are UTC, the calendar is Asia/Shanghai, and both come from an injected clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is moved: for tests and for building the demo county."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Move to `at`, which must not be earlier than now."""
        if at < self._at:
            raise ValueError("a clock moves forward only")
        self._at = at.astimezone(UTC)

    def advance(self, **delta: float) -> None:
        """Move forward by a timedelta's keywords, such as `days=7`."""
        self.move_to(self._at + timedelta(**delta))


def local_date(instant: datetime) -> date:
    """The calendar day in Asia/Shanghai of an instant."""
    return instant.astimezone(SHANGHAI).date()


def local_midnight(day: date) -> datetime:
    """The instant (UTC) at which `day` begins in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def iso(instant: datetime) -> str:
    """ISO 8601 with the offset of Asia/Shanghai, to the millisecond."""
    return instant.astimezone(SHANGHAI).isoformat(timespec="milliseconds")
