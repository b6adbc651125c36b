"""Whether a rulebook may be adopted: one faulty change at a time to a rulebook that is fine."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from server.rulebook.findings import Finding, Level, has_errors
from server.rulebook.items import Cap, CapPeriod, ItemKind, Rulebook, Unit
from server.rulebook.validation import validate
from tests.rulebooks import COMMITTEE, item

D = Decimal
MONTHLY = Cap(4, CapPeriod.MONTH)


def book(*items: Any, **more: Any) -> Rulebook:
    fine = item("J1", "门前整洁", "1.00", cap=MONTHLY), item("F1", "乱倒垃圾", "-1.00")
    return Rulebook("细则", "测试", True, items or fine, **more)


def found(rulebook: Rulebook) -> list[tuple[str, str, str]]:
    return [(one.level.value, one.code, one.field) for one in validate(rulebook)]


def test_a_sound_rulebook_is_silent() -> None:
    assert validate(book()) == []


@pytest.mark.parametrize(
    ("changes", "level", "code", "field"),
    [
        ({"code": "J 1"}, "error", "code_bad", "code"),
        ({"code": ""}, "error", "code_bad", "code"),
        ({"code": "条1"}, "error", "code_bad", "code"),
        ({"name": " "}, "error", "name_missing", "name"),
        ({"name": "长" * 41}, "error", "name_long", "name"),
        ({"heading": ""}, "error", "heading_missing", "heading"),
        ({"evidence": ""}, "warning", "evidence_missing", "evidence"),
        ({"explanation": ""}, "warning", "explanation_missing", "explanation"),
        ({"points_min": D("1.005"), "points_max": D("1.005")}, "error", "points_not_exact", "points_min"),
        ({"points_min": D(5), "points_max": D(1)}, "error", "range_reversed", "points_min"),
        ({"points_min": D(0)}, "error", "sign_wrong", "points_min"),
        ({"points_min": D(-1)}, "error", "sign_wrong", "points_min"),
        ({"step": D(0)}, "error", "step_bad", "step"),
        ({"step": D("-0.5")}, "error", "step_bad", "step"),
        ({"points_max": D("1.75")}, "error", "step_misses_range", "step"),
        ({"step": D("0.25")}, "warning", "step_unusual", "step"),
        ({"cap": None}, "warning", "cap_missing", "cap"),
        ({"cap": Cap(0, CapPeriod.MONTH)}, "error", "cap_bad", "cap"),
        ({"unit": Unit.MONTH, "cap": Cap(2, CapPeriod.MONTH)}, "error", "cap_against_unit", "cap"),
        ({"unit": Unit.MONTH, "cap": Cap(1, CapPeriod.WEEK)}, "error", "cap_against_unit", "cap"),
        ({"loggers": frozenset()}, "error", "logger_missing", "loggers"),
        ({"loggers": frozenset({"villager"})}, "error", "logger_unknown", "loggers"),
    ],
)
def test_faults_of_a_positive_item(changes: dict[str, Any], level: str, code: str, field: str) -> None:
    faulty = replace(item("J1", "门前整洁", "1.00", cap=MONTHLY), **changes)
    assert (level, code, f"items.0.{field}") in found(book(faulty))


@pytest.mark.parametrize(
    ("kind", "points", "changes", "code"),
    [
        ("negative", "1.00", {}, "sign_wrong"),
        ("negative", "0.00", {}, "sign_wrong"),
        ("veto", "1.00", {"loggers": COMMITTEE}, "sign_wrong"),
        ("veto", "0.00", {}, "veto_needs_committee"),
        ("veto", "0.00", {"loggers": COMMITTEE | {"grid_leader"}}, "veto_needs_committee"),
        ("negative", "-1.00", {"declarable": True}, "not_to_declare"),
        ("veto", "0.00", {"loggers": COMMITTEE, "declarable": True}, "not_to_declare"),
    ],
)
def test_faults_of_other_kinds(kind: str, points: str, changes: dict[str, Any], code: str) -> None:
    faulty = item("F1", "乱倒垃圾", points, kind=ItemKind(kind), **changes)
    assert [one.code for one in validate(book(faulty)) if one.level is Level.ERROR] == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": Unit.DAY, "cap": Cap(10, CapPeriod.MONTH)},
        {"unit": Unit.MONTH, "cap": Cap(1, CapPeriod.MONTH)},
        {"unit": Unit.YEAR, "cap": None},
        {"loggers": frozenset(), "declarable": True},
        {"points_min": D("0.5"), "points_max": D(20)},
    ],
)
def test_what_is_allowed(changes: dict[str, Any]) -> None:
    assert found(book(replace(item("J1", "门前整洁", "1.00", cap=MONTHLY), **changes))) == []


@pytest.mark.parametrize(
    ("changes", "level", "code", "field"),
    [
        ({"title": ""}, "error", "title_missing", "title"),
        ({"items": ()}, "error", "items_missing", "items"),
        ({"base_points": D(-1)}, "error", "base_points_bad", "base_points"),
        ({"base_points": D("0.001")}, "error", "base_points_bad", "base_points"),
        ({"exemption_classes": {"elders_only": frozenset({"J9"})}}, "error", "exemption_unknown",
         "exemption_classes.elders_only"),
        ({"exemption_classes": {"fishers": frozenset({"J1"})}}, "warning", "class_unknown",
         "exemption_classes.fishers"),
        ({"exemption_classes": {"disabled": frozenset({"J1", "F1"})}}, "warning", "class_without_items",
         "exemption_classes.disabled"),
    ],
)  # fmt: skip
def test_faults_of_the_whole(changes: dict[str, Any], level: str, code: str, field: str) -> None:
    assert found(replace(book(), **changes)) == [(level, code, field)]


def test_a_code_is_used_once_whatever_its_case() -> None:
    one = item("J1", "门前整洁", "1.00", cap=MONTHLY)
    twice = book(one, replace(one, code="j1"), replace(one, code="J2"))
    assert found(twice) == [("error", "code_twice", "items.1.code")]


@pytest.mark.parametrize(("photos", "warned"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_most_items_asking_for_photos_is_formalism(photos: int, warned: bool) -> None:
    items = [item(f"J{n}", "门前整洁", "1.00", cap=MONTHLY, photo_required=n < photos) for n in range(4)]
    assert (("warning", "photos_mostly", "items") in found(book(*items))) is warned


def test_more_deductions_than_gains_is_pointed_out() -> None:
    one, two = item("F1", "乱倒垃圾", "-1.00"), item("F2", "占道", "-1.00")
    assert found(book(*book().items, two)) == [("warning", "mostly_negative", "items")]
    assert found(book(one, two)) == [("warning", "mostly_negative", "items")]


def test_the_guard_is_part_of_validation() -> None:
    faults = validate(book(*book().items, consequences=("取消低保",)))
    assert [(one.level, one.code) for one in faults] == [(Level.ERROR, "guard_withholding")]
    assert has_errors(faults) and not has_errors([])


def test_every_finding_names_its_item_and_what_to_do() -> None:
    faulty = replace(item("J7", "门前整洁", "1.00"), heading="", step=D(0), loggers=frozenset())
    findings: list[Finding] = validate(book(faulty))
    assert len(findings) == 4
    for one in findings:
        assert one.item == "J7" and one.message.startswith("J7 门前整洁：") and one.remedy.endswith("。")
        assert set(one.to_document()) == {"level", "code", "item", "field", "message", "remedy", "place"}
