"""The rules of a rulebook: whether it may be adopted, and what one item allows.

Pure. The lawful-rights guard is part of `validate` and cannot be left out; it lives in `guard`. Whether a single
record is acceptable is judged in `server/conduct/rules.py` with the functions at the end of this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from server.rulebook import guard
from server.rulebook.findings import Finding, Level
from server.rulebook.items import (
    HOUSEHOLD_CLASSES,
    LOGGER_ROLES,
    Cap,
    CapPeriod,
    Item,
    ItemKind,
    Rulebook,
    Unit,
)

CHANGEABLE_STEP = Decimal("0.5")
KINDS = {ItemKind.POSITIVE: "正面", ItemKind.NEGATIVE: "负面", ItemKind.VETO: "一票否决"}
UNITS = {Unit.TIME: "次", Unit.DAY: "天", Unit.MONTH: "月", Unit.YEAR: "年"}
PERIODS = {
    CapPeriod.DAY: "每天",
    CapPeriod.WEEK: "每周",
    CapPeriod.MONTH: "每月",
    CapPeriod.QUARTER: "每季度",
    CapPeriod.YEAR: "每年",
}
_UNIT_PERIODS = {Unit.DAY: CapPeriod.DAY, Unit.MONTH: CapPeriod.MONTH, Unit.YEAR: CapPeriod.YEAR}
_LONGEST_DAYS = {
    CapPeriod.DAY: 1,
    CapPeriod.WEEK: 7,
    CapPeriod.MONTH: 31,
    CapPeriod.QUARTER: 92,
    CapPeriod.YEAR: 366,
}


def validate(rulebook: Rulebook) -> list[Finding]:
    """Everything that is wrong or doubtful, the lawful-rights guard included, in the order of the document."""
    findings = [*_rulebook_findings(rulebook)]
    for index, item in enumerate(rulebook.items):
        findings += _item_findings(index, item)
    return findings + guard.inspect(rulebook)


def check_points(item: Item, points: Decimal) -> str | None:
    """`points_out_of_range`, `points_off_step`, or None when `points` is one of the item's values."""
    if not item.points_min <= points <= item.points_max:
        return "points_out_of_range"
    if (points - item.points_min) % item.step:
        return "points_off_step"
    return None


def caps_of(item: Item) -> tuple[Cap, ...]:
    """Every cap that a record of this item must keep: the one stated, and once per unit where the unit is a period.

    "1 point a day, at most 10 times a month" is unit `day` with a cap of 10 per `month`: both count.
    """
    implied = (Cap(1, _UNIT_PERIODS[item.unit]),) if item.unit in _UNIT_PERIODS else ()
    stated = (item.cap,) if item.cap and item.cap not in implied else ()
    return implied + stated


def cap_window(per: CapPeriod, on: date) -> tuple[date, date]:
    """First and last day (both counted) of the calendar period that holds `on`, the date of conduct.

    Calendar periods, not settlement months: "four times a month" is what a villager reads off the wall calendar, and
    it must not change when a village moves its cut-off day. Weeks begin on Monday.
    """
    if per is CapPeriod.DAY:
        return on, on
    if per is CapPeriod.WEEK:
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    months = {CapPeriod.MONTH: 1, CapPeriod.QUARTER: 3, CapPeriod.YEAR: 12}[per]
    first = (on.month - 1) // months * months + 1
    return date(on.year, first, 1), _last_of_month(on.year, first + months - 1)


def applies_to(rulebook: Rulebook, item: Item, household_class: str | None) -> bool:
    """Whether the item applies to a household of this class (None: no class, everything applies)."""
    return item.code not in rulebook.exemption_classes.get(household_class or "", frozenset())


def needs_resolution(item: Item) -> bool:
    """Whether a record of the item takes a resolution of the committee instead of a panel's verdict (veto items)."""
    return item.kind is ItemKind.VETO


def describe_cap(cap: Cap) -> str:
    """Such as `每月 4 次`."""
    return f"{PERIODS[cap.per]} {cap.times} 次"


def counts(rulebook: Rulebook) -> dict[str, int]:
    """Number of items per kind, and of those that need a photo."""
    kinds = Counter(item.kind.value for item in rulebook.items)
    photos = sum(item.photo_required for item in rulebook.items)
    return {**{kind.value: kinds[kind.value] for kind in ItemKind}, "photo_required": photos}
