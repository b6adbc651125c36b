"""Replay.

Worked examples, and random histories against a slow model that recounts everything for every record.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from server.rulebook.items import Cap, CapPeriod, Item, ItemKind, Rulebook, Unit
from server.rulebook.replay import Difference, ReplayRecord, points_under, replay
from tests.rulebooks import item

D = Decimal
START = date(2026, 8, 13)


def book(*items: Item, **exempt: set[str]) -> Rulebook:
    return Rulebook("试", "试", True, items, exemption_classes={k: frozenset(v) for k, v in exempt.items()})


def records(
    code: str, points: str, *days: str, household: str = "H1", kind: str | None = None
) -> list[ReplayRecord]:
    return [
        ReplayRecord(f"{household}-{code}-{n}", household, kind, code, D(points), date.fromisoformat(day))
        for n, day in enumerate(days)
    ]


J1 = item("J1", "门前三包达标", "1.00", cap=Cap(4, CapPeriod.MONTH))
DEARER = item("J1", "门前三包达标", "1.50", cap=Cap(2, CapPeriod.MONTH))


def test_more_points_less_often() -> None:
    """The change of the design: 1.00 four times a month becomes 1.50 twice a month."""
    four = records("J1", "1.00", "2026-08-13", "2026-08-20", "2026-08-27", "2026-08-31")
    one = records("J1", "1.00", "2026-08-13", household="H2")
    assert replay(book(J1), book(DEARER), four + one) == [
        Difference("H1", "J1", D("4.00"), D("3.00"), 4, 2),
        Difference("H2", "J1", D("1.00"), D("1.50"), 1, 1),
    ]
    assert [line.change for line in replay(book(J1), book(DEARER), four + one)] == [D("-1.00"), D("0.50")]


def test_no_change_no_difference() -> None:
    assert replay(book(J1), book(J1), records("J1", "1.00", "2026-08-13", "2026-08-20")) == []


def test_an_item_dropped_or_not_for_this_kind_of_household_counts_nothing() -> None:
    some = records("J1", "1.00", "2026-08-13", kind="away_for_work")
    lost = [Difference("H1", "J1", D("1.00"), D("0.00"), 1, 0)]
    assert replay(book(J1), book(), some) == lost
    assert replay(book(J1), book(J1, away_for_work={"J1"}), some) == lost
    assert replay(book(J1), book(J1, elders_only={"J1"}), some) == []


def test_given_points_stay_where_they_are_allowed_and_move_to_the_nearest_where_not() -> None:
    wide, narrow = item("J2", "庭院整洁", "2.00", "5.00"), item("J2", "庭院整洁", "3.00", "4.00", step=D("1"))
    some = [
        *records("J2", "2.00", "2026-08-13", household="H1"),
        *records("J2", "3.00", "2026-08-13", household="H2"),
        *records("J2", "5.00", "2026-08-13", household="H3"),
    ]
    assert [(line.household, line.new_points) for line in replay(book(wide), book(narrow), some)] == [
        ("H1", D("3.00")),
        ("H3", D("4.00")),
    ]


def test_a_deduction_is_negative_on_both_sides() -> None:
    old, new = item("F1", "乱倒垃圾", "-5.00", "-1.00"), item("F1", "乱倒垃圾", "-2.00", "-0.50")
    (line,) = replay(book(old), book(new), records("F1", "-5.00", "2026-08-13"))
    assert (line.old_points, line.new_points, line.change) == (D("-5.00"), D("-2.00"), D("3.00"))


def test_caps_reach_back_across_the_day_of_the_change() -> None:
    """A yearly cap of one that was used up in spring stays used up when a new version comes in August."""
    yearly = item("J3", "改造厕所", "10.00", cap=Cap(1, CapPeriod.YEAR))
    twice = item("J3", "改造厕所", "10.00", cap=Cap(2, CapPeriod.YEAR))
    some = records("J3", "10.00", "2026-03-01", "2026-09-01")
    (line,) = replay(book(twice), book(yearly), some, since=date(2026, 8, 1))
    assert (line.old_records, line.new_records, line.change) == (1, 0, D("-10.00"))
    assert replay(book(twice), book(yearly), some[1:], since=date(2026, 8, 1)) == []


def test_without_an_old_rulebook_it_is_compared_with_what_was_posted() -> None:
    amended = records("J1", "0.50", "2026-08-13")
    (line,) = replay(None, book(J1), amended)
    assert (line.old_points, line.new_points) == (D("0.50"), D("1.00"))


def test_a_unit_of_a_day_counts_once_a_day() -> None:
    daily = item("J4", "义务劳动", "2.00", unit=Unit.DAY)
    some = records("J4", "2.00", "2026-08-13", "2026-08-13", "2026-08-14")
    assert list(points_under(book(daily), some).values()) == [D("2.00"), None, D("2.00")]


CODES = ["J1", "J2", "F1"]
CLASSES = [None, "elders_only", "away_for_work"]
amounts = st.integers(1, 12).map(lambda halves: D(halves) / 2)


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    items = []
    for code in draw(st.lists(st.sampled_from(CODES), unique=True)):
        low, width = draw(amounts), draw(st.integers(0, 4))
        high = low + D(width) / 2
        kind = ItemKind.NEGATIVE if code == "F1" else ItemKind.POSITIVE
        ends = (-high, -low) if kind is ItemKind.NEGATIVE else (low, high)
        cap = draw(st.none() | st.builds(Cap, st.integers(1, 3), st.sampled_from(CapPeriod)))
        unit = draw(st.sampled_from(Unit))
        items.append(Item(code, code, "试", kind, *ends, unit=unit, cap=cap))
    exempt = draw(st.dictionaries(st.sampled_from(CLASSES[1:]), st.frozensets(st.sampled_from(CODES))))
    return Rulebook("试", "试", True, tuple(items), exemption_classes=exempt)


@st.composite
def histories(draw: st.DrawFn) -> list[ReplayRecord]:
    kinds = {household: draw(st.sampled_from(CLASSES)) for household in ("H1", "H2")}
    row = st.tuples(st.sampled_from(["H1", "H2"]), st.sampled_from(CODES), amounts, st.integers(0, 190))
    rows = draw(st.lists(row, max_size=40))
    return [
        ReplayRecord(
            str(n), home, kinds[home], code, -given if code == "F1" else given, START + timedelta(days=day)
        )
        for n, (home, code, given, day) in enumerate(rows)
    ]


def same_period(per: CapPeriod, one: date, other: date) -> bool:
    """Said independently of `cap_window`."""
    return {
        CapPeriod.DAY: one == other,
        CapPeriod.WEEK: one.isocalendar()[:2] == other.isocalendar()[:2],
        CapPeriod.MONTH: (one.year, one.month) == (other.year, other.month),
        CapPeriod.QUARTER: (one.year, (one.month + 2) // 3) == (other.year, (other.month + 2) // 3),
        CapPeriod.YEAR: one.year == other.year,
    }[per]


def slowly(rulebook: Rulebook, history: list[ReplayRecord], since: date | None) -> dict[str, Decimal | None]:
    """The model: every record looks back over all that counted before it, value by value."""
    result: dict[str, Decimal | None] = {}
    for n, record in enumerate(history):
        if since and record.occurred_on < since:
            result[record.id] = record.points
            continue
        found = [one for one in rulebook.items if one.code == record.item]
        result[record.id] = None
        if not found or record.item in rulebook.exemption_classes.get(record.household_class or "", ()):
            continue
        limits = [(found[0].cap.times, found[0].cap.per)] if found[0].cap else []
        if found[0].unit is not Unit.TIME:
            limits.append((1, CapPeriod(found[0].unit.value)))
        earlier = [
            one
            for one in history[:n]
            if (one.household, one.item) == (record.household, record.item) and result[one.id] is not None
        ]
        full = any(
            sum(same_period(per, one.occurred_on, record.occurred_on) for one in earlier) >= times
            for times, per in limits
        )
        if not full:
            values, value = [], found[0].points_min
            while value <= found[0].points_max:
                values.append(value)
                value += found[0].step
            result[record.id] = min(values, key=lambda one: (abs(one - record.points), abs(one)))
    return result


@settings(max_examples=300, deadline=None)
@given(rulebooks(), rulebooks(), histories(), st.none() | st.integers(0, 190))
def test_replay_is_what_a_run_from_scratch_gives(
    old: Rulebook, new: Rulebook, history: list[ReplayRecord], start: int | None
) -> None:
    since = None if start is None else START + timedelta(days=start)
    before, after = slowly(old, history, since), slowly(new, history, since)
    assert points_under(old, history, since) == before
    lines = {(line.household, line.item): line for line in replay(old, new, history, since)}
    for household in ("H1", "H2"):
        for code in CODES:
            mine = [
                one
                for one in history
                if (one.household, one.item) == (household, code)
                and (since is None or one.occurred_on >= since)
            ]
            gone = sum((before[one.id] or D(0) for one in mine), D(0))
            come = sum((after[one.id] or D(0) for one in mine), D(0))
            line = lines.get((household, code))
            counted = [sum(side[one.id] is not None for one in mine) for side in (before, after)]
            if line is None:
                assert gone == come and counted[0] == counted[1]
            else:
                assert (line.old_points, line.new_points) == (gone, come)
                assert [line.old_records, line.new_records] == counted


@settings(max_examples=100, deadline=None)
@given(rulebooks(), histories())
def test_a_replay_against_itself_finds_nothing(rulebook: Rulebook, history: list[ReplayRecord]) -> None:
    assert replay(rulebook, rulebook, history) == []
