"""The rules of a rulebook: what one item allows, and how often.

Pure. Whether a rulebook may be adopted is judged in `validation`, by these functions and the lawful-rights
guard; whether a single record is acceptable, in `server/conduct/rules.py`.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from server.rulebook.items import Cap, CapPeriod, Item, ItemKind, Rulebook, Unit

PERIODS = {
    CapPeriod.DAY: "每天",
    CapPeriod.WEEK: "每周",
    CapPeriod.MONTH: "每月",
    CapPeriod.QUARTER: "每季度",
    CapPeriod.YEAR: "每年",
}
_UNIT_PERIODS = {Unit.DAY: CapPeriod.DAY, Unit.MONTH: CapPeriod.MONTH, Unit.YEAR: CapPeriod.YEAR}


def check_points(item: Item, points: Decimal) -> str | None:
    """`points_out_of_range`, `points_off_step`, or None when `points` is one of the item's values."""
    if not item.points_min <= points <= item.points_max:
        return "points_out_of_range"
    if (points - item.points_min) % item.step:
        return "points_off_step"
    return None


def nearest_points(item: Item, points: Decimal) -> Decimal:
    """The item's allowed value nearest to `points`; of two equally near, the smaller amount."""
    low, high = item.points_min, item.points_max
    if points <= low or points >= high:
        return min(max(points, low), high)
    below = low + (points - low) // item.step * item.step
    above = min(below + item.step, high)
    return min(below, above, key=lambda value: (abs(value - points), abs(value)))


def caps_of(item: Item) -> tuple[Cap, ...]:
    """Every cap that a record of this item must keep.

    The one stated, and once per unit where the unit is a period.

    "1 point a day, at most 10 times a month" is unit `day` with a cap of 10 per `month`: both count.
    """
    implied = (Cap(1, _UNIT_PERIODS[item.unit]),) if item.unit in _UNIT_PERIODS else ()
    stated = (item.cap,) if item.cap and item.cap not in implied else ()
    return implied + stated


def cap_window(per: CapPeriod, on: date) -> tuple[date, date]:
    """First and last day (both counted) of the calendar period that holds `on`, the date of conduct.

    Calendar periods, not settlement months: "four times a month" is what a villager reads off the wall
    calendar, and it must not change when a village moves its cut-off day. Weeks begin on Monday.
    """
    if per is CapPeriod.DAY:
        return on, on
    if per is CapPeriod.WEEK:
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    months = {CapPeriod.MONTH: 1, CapPeriod.QUARTER: 3, CapPeriod.YEAR: 12}[per]
    first = date(on.year, (on.month - 1) // months * months + 1, 1)
    last_month = date(on.year, first.month + months - 1, 28)
    next_month = (last_month + timedelta(days=4)).replace(day=1)
    return first, next_month - timedelta(days=1)


def applies_to(rulebook: Rulebook, item: Item, household_class: str | None) -> bool:
    """Whether the item applies to a household of this class (None: no class, everything applies)."""
    return item.code not in rulebook.exemption_classes.get(household_class or "", frozenset())


def needs_resolution(item: Item) -> bool:
    """Whether a record of the item takes a resolution of the committee, never one person.

    Veto items (spec 01).
    """
    return item.kind is ItemKind.VETO


def describe_cap(cap: Cap) -> str:
    """Such as `每月 4 次`."""
    return f"{PERIODS[cap.per]} {cap.times} 次"


def counts(rulebook: Rulebook) -> dict[str, int]:
    """Number of items per kind, and under `photo_required` of those that need a photo."""
    kinds = Counter(item.kind for item in rulebook.items)
    photos = sum(item.photo_required for item in rulebook.items)
    return {**{kind.value: kinds[kind] for kind in ItemKind}, "photo_required": photos}
