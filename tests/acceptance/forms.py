"""The forms of a village kept on paper: the rulebook on the wall, the calendar, records, tallies, booklets.

Written from spec 01 without a look at the program's rules. What is done with the forms is in `paper`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZERO = Decimal(0)
HOME = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
CUTOFF = 12


class Item(NamedTuple):
    """One item of the test's rulebook, as it would hang on the wall."""

    least: str
    most: str
    caps: tuple[tuple[str, int], ...] = ()
    needs: str = ""  # photo or place
    declarable: bool = False
    not_for: frozenset[str] = frozenset()  # households
    veto: bool = False
    step: str = "0.5"


ITEMS = {
    "J1": Item("2", "5", (("month", 4),), declarable=True),
    "J2": Item("1", "1", (("day", 1), ("month", 10)), not_for=frozenset({"sun"})),
    "J3": Item("10", "10", (("year", 1),), needs="photo"),
    "J4": Item("3", "3", (("week", 2),), needs="place"),
    "J5": Item("5", "5", (("year", 1),)),
    "J6": Item("0.5", "20"),
    "F1": Item("-5", "-1"),
    "F2": Item("-2", "-2"),
    "V1": Item("-20", "0", veto=True, step="5"),
}


# the list is adjusted as the work changes: what a later version has otherwise
CHANGES: dict[str, dict[str, Item]] = {
    "as adopted": {},
    "less": {
        "J6": Item("0.5", "10"),
        "F1": Item("-3", "-1"),
        "J1": Item("2", "5", (("month", 2),), declarable=True),
    },
    "more": {"J6": Item("0.5", "30"), "F2": Item("-3", "-3"), "J5": Item("6", "6", (("year", 2),))},
}


def same_period(per: str, one: date, other: date) -> bool:
    """Whether two days lie in one calendar day, week, month or year."""
    if per == "week":
        return one.isocalendar()[:2] == other.isocalendar()[:2]
    parts = {"day": 3, "month": 2, "year": 1}[per]
    return one.timetuple()[:parts] == other.timetuple()[:parts]


def month_of_day(day: date) -> int:
    """The month, yyyymm, that a day belongs to: up to the cut-off the calendar's, then the next."""
    if day.day <= CUTOFF:
        return day.year * 100 + day.month
    return after(day.year * 100 + day.month)


def after(month: int) -> int:
    """The month after."""
    return month + 1 if month % 100 < 12 else (month // 100 + 1) * 100 + 1


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=HOME)


def cutoff_of(month: int) -> datetime:
    """The end of a month's last day."""
    return midnight(date(month // 100, month % 100, CUTOFF + 1))


@dataclass
class Slip:
    """One record."""

    id: str
    household: str
    grid: str
    item: str
    points: Decimal
    day: date
    by: str
    at: datetime
    status: str = "recorded"
    report: tuple[str, datetime] | None = None
    month: int | None = None
    votes: dict[str, tuple[str, Decimal | None]] = field(default_factory=dict)  # of the present round
    rounds: int = 1  # since the panel began
    to_meeting: bool = False
    replied: bool = False
    rule: Item | None = None  # the item as it was in force on its day

    @property
    def told(self) -> bool:
        """Whether the household may reply first."""
        return ITEMS[self.item].veto or self.item.startswith("F")

    def waits(self, now: datetime) -> bool:
        """Whether the household still has time to reply."""
        return self.told and not self.replied and now < self.at + 3 * DAY

    def allows(self, points: Decimal) -> bool:
        """Whether the item has this value."""
        item = self.rule or ITEMS[self.item]
        least, most = Decimal(item.least), Decimal(item.most)
        return least <= points <= most and (points - least) % Decimal(item.step) == 0


@dataclass
class Line:
    """One household's month."""

    records: int = 0
    net: Decimal = ZERO
    status: str = "pending"
    to_balance: Decimal = ZERO  # what was posted


@dataclass
class Challenge:
    """One objection."""

    household: str
    slip: Slip | None
    by: str
    due: datetime
    status: str = "open"

    @property
    def waiting(self) -> bool:
        return self.status in ("open", "escalated")


@dataclass
class Appeal:
    """One appeal against the entry that stands for a line, on one record behind it."""

    place: tuple[int, str]  # month and household
    slip: Slip
    entry: str
    by: str
    due: datetime
    status: str = "open"

    @property
    def waiting(self) -> bool:
        return self.status in ("open", "escalated")


@dataclass
class Sheet:
    """One month's tally."""

    month: int
    freeze_due: datetime
    status: str = "open"
    frozen: bool = False
    votes: dict[str, str] = field(default_factory=dict)
    minutes_by: str | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    ends: datetime | None = None
    posted_at: datetime | None = None
    challenges: dict[str, Challenge] = field(default_factory=dict)  # of the standing notice
    lapsed: dict[str, Challenge] = field(default_factory=dict)


@dataclass
class Booklet:
    """One household's points."""

    balance: Decimal = ZERO
    scores: dict[int, Decimal] = field(default_factory=dict)

    def add(self, balance: Decimal, score: Decimal, year: int) -> Decimal:
        """What the balance lacks is not taken; the score has it all. Gives the change of the balance."""
        change = balance if balance >= 0 else -min(-balance, max(self.balance, ZERO))
        self.balance += change
        self.scores[year] = self.scores.get(year, ZERO) + score
        return change
