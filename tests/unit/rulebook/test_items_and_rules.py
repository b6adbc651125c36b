"""Items as documents, and what one item allows: points, caps, windows, exemptions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from server.rulebook.document import shipped
from server.rulebook.items import Cap, CapPeriod, ItemKind, Rulebook, Unit
from server.rulebook.rules import (
    applies_to,
    cap_window,
    caps_of,
    check_points,
    counts,
    describe_cap,
    nearest_points,
    needs_resolution,
)
from tests.rulebooks import item, small_rulebook

D = Decimal


def test_a_rulebook_survives_its_document() -> None:
    for book in (small_rulebook(), shipped()):
        assert Rulebook.from_document(book.to_document()) == book


def test_an_item_has_the_names_of_the_contract() -> None:
    document = small_rulebook().items[0].to_document()
    contract = {"code", "name", "heading", "kind", "points_min", "points_max", "step", "unit", "cap"}
    contract |= {"photo_required", "declarable"}
    assert contract <= set(document)
    assert (document["points_min"], document["points_max"], document["step"]) == ("2.00", "5.00", "0.50")
    assert document["cap"] == {"times": 4, "per": "month"}
    assert small_rulebook().items[4].to_document()["cap"] is None


@pytest.mark.parametrize(
    ("low", "high", "step", "points", "fault", "nearest"),
    [
        ("2", "5", "0.5", "2", None, "2"),
        ("2", "5", "0.5", "5", None, "5"),
        ("2", "5", "0.5", "3.5", None, "3.5"),
        ("2", "5", "0.5", "1.5", "points_out_of_range", "2"),
        ("2", "5", "0.5", "5.01", "points_out_of_range", "5"),
        ("2", "5", "0.5", "3.25", "points_off_step", "3"),
        ("2", "5", "0.5", "3.4", "points_off_step", "3.5"),
        ("-5", "-1", "0.5", "-1", None, "-1"),
        ("-5", "-1", "0.5", "-4.5", None, "-4.5"),
        ("-5", "-1", "0.5", "1", "points_out_of_range", "-1"),
        ("-5", "-1", "0.5", "-0.5", "points_out_of_range", "-1"),
        ("-5", "-1", "0.5", "-2.25", "points_off_step", "-2"),
        ("-5", "-1", "1", "-1.5", "points_off_step", "-1"),
        ("0.5", "20", "0.5", "19.75", "points_off_step", "19.5"),
        ("1.25", "2.75", "0.25", "2", None, "2"),
        ("1", "1", "0.5", "1", None, "1"),
        ("1", "1", "0.5", "1.5", "points_out_of_range", "1"),
    ],
)
def test_points(low: str, high: str, step: str, points: str, fault: str | None, nearest: str) -> None:
    one = item("X", "试", low, high, step=D(step))
    assert check_points(one, D(points)) == fault
    assert nearest_points(one, D(points)) == D(nearest)
    assert check_points(one, nearest_points(one, D(points))) is None


@pytest.mark.parametrize(
    ("per", "on", "first", "last"),
    [
        ("day", "2026-11-22", "2026-11-22", "2026-11-22"),
        ("week", "2026-11-22", "2026-11-16", "2026-11-22"),
        ("week", "2026-11-16", "2026-11-16", "2026-11-22"),
        ("week", "2027-01-01", "2026-12-28", "2027-01-03"),
        ("month", "2026-11-30", "2026-11-01", "2026-11-30"),
        ("month", "2028-02-01", "2028-02-01", "2028-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-05-17", "2026-04-01", "2026-06-30"),
        ("quarter", "2026-12-31", "2026-10-01", "2026-12-31"),
        ("year", "2026-01-01", "2026-01-01", "2026-12-31"),
        ("year", "2028-12-31", "2028-01-01", "2028-12-31"),
    ],
)
def test_cap_windows_are_calendar_periods(per: str, on: str, first: str, last: str) -> None:
    window = cap_window(CapPeriod(per), date.fromisoformat(on))
    assert window == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_unit_that_is_a_period_is_a_cap_of_its_own() -> None:
    by_day = item("X", "试", "1", unit=Unit.DAY, cap=Cap(10, CapPeriod.MONTH))
    assert caps_of(by_day) == (Cap(1, CapPeriod.DAY), Cap(10, CapPeriod.MONTH))
    assert caps_of(item("X", "试", "1", unit=Unit.YEAR)) == (Cap(1, CapPeriod.YEAR),)
    same = item("X", "试", "1", unit=Unit.MONTH, cap=Cap(1, CapPeriod.MONTH))
    assert caps_of(same) == (Cap(1, CapPeriod.MONTH),)
    assert caps_of(item("X", "试", "1")) == ()
    assert describe_cap(Cap(4, CapPeriod.MONTH)) == "每月 4 次"


def test_exemptions_go_by_household_class() -> None:
    book = small_rulebook()
    j1, j2 = book.items[:2]
    assert not applies_to(book, j2, "elders_only")
    assert applies_to(book, j1, "elders_only")
    assert applies_to(book, j2, "disabled")
    assert applies_to(book, j2, None)


def test_only_a_veto_needs_a_resolution() -> None:
    assert [one.code for one in small_rulebook().items if needs_resolution(one)] == ["V1"]


def test_counts_by_kind() -> None:
    assert counts(small_rulebook()) == {"positive": 6, "negative": 2, "veto": 1, "photo_required": 1}
    assert item("N", "试", "-1").kind is ItemKind.NEGATIVE
