"""Draws that anyone can repeat, and how results are linked to persons."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from server.assessment.faults import Faulty
from server.assessment.inspection import contest, direct_performance, draw, indirect_places
from server.assessment.linking import linking_of
from server.assessment.pack_reader import load_pack, pack_text, read_pack, shipped_packs


def test_a_draw_is_repeated_from_its_seed_whatever_the_order() -> None:
    groups = {"window": [f"U{n}" for n in range(20)], "township": ["T1", "T2"]}
    first = draw("2026Q3-17", groups, F("0.1"))
    assert draw("2026Q3-17", {key: reversed(ids) for key, ids in groups.items()}, F("0.1")) == first
    assert [len(ids) for ids in first.values()] == [2, 1]
    assert len({tuple(draw(f"seed {n}", groups, F("0.1"))["window"]) for n in range(30)}) > 20


def test_every_unit_is_drawn_about_equally_often() -> None:
    units = [f"U{n}" for n in range(10)]
    drawn = [one for n in range(1000) for one in draw(str(n), {"all": units}, F("0.2"))["all"]]
    assert all(140 < drawn.count(unit) < 260 for unit in units)


def test_an_empty_group_draws_nobody() -> None:
    assert draw("x", {"none": []}, F("0.5")) == {"none": []}


def test_direct_link() -> None:
    assert direct_performance(F("1.1"), F("0.95")) == F("1.045")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (10, {"A": 3, "B": 6, "C": 1, "D": 0}),
        (7, {"A": 2, "B": 4, "C": 1, "D": 0}),
        (1, {"A": 0, "B": 0, "C": 1, "D": 0}),
    ],
)
def test_indirect_link(members: int, expected: dict[str, int]) -> None:
    assert indirect_places(members, {"A": F("0.3"), "B": F("0.6"), "C": F("0.1"), "D": F(0)}) == expected


def test_contest_of_communities() -> None:
    found = contest({"a": F(9), "b": F(8), "c": F(8), "d": F(1)}, first=2, extra=F(1))
    assert found == {"a": (1, False), "b": (1, False), "c": (1, False), "d": (0, True)}
    assert contest({"a": F(1)}, 2, F(1)) == {"a": (1, False)}


@pytest.mark.parametrize(
    ("unit", "members", "grades", "over"),
    [
        ("A", 20, "AAAAAABBBBBBBBBBBBCC", {}),
        ("A", 20, "AAAAAAABBBBBBBBBBBCC", {"A": (6, 7)}),
        ("A", 20, "AAAABBBBBBBBBBBBBBCC", {}),  # two places of A are left to B
        ("A", 3, "AAA", {"A": (0, 3)}),  # floor(3 × 0.3) = 0
        ("D", 20, "BBBBBBBBBBB", {"B": (10, 11)}),
        ("D", 20, "A", {"A": (0, 1)}),
        ("C", 0, "", {}),
    ],
)
def test_more_of_a_grade_than_the_unit_allows(
    unit: str, members: int, grades: str, over: dict[str, tuple[int, int]]
) -> None:
    found = linking_of(load_pack("dinghai-2018-organ"))
    assert found is not None
    assert found.too_many(unit, members, grades) == over


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("grading: unit_grade", "grading: grade_of_unit", "linking_grading"),
        ("      - {grade: C}\n", "", "linking_grading"),
        ("{A: 1.1, B: 1, C: 0.9, D: 0.7}", "{A: 1.1, B: 1, C: 0.9}", "linking_grades"),
        ("A: {A: 0.3, B: 0.6, C: 0.1, D: 0}", "A: {A: 0.4, B: 0.6, C: 0.1, D: 0}", "linking_shares"),
    ],
)
def test_a_scheme_whose_linking_does_not_fit_is_refused(wrong: str, right: str, code: str) -> None:
    text = pack_text("dinghai-2018-town")
    assert wrong in text
    with pytest.raises(Faulty) as caught:
        read_pack(text.replace(wrong, right))
    found = [one for one in caught.value.faults if one.code == code]
    assert found and found[0].line and found[0].remedy


def test_schemes_without_linking_have_none() -> None:
    linked = {name for name in shipped_packs() if linking_of(load_pack(name))}
    assert linked == {"dinghai-2017", "dinghai-2018-town", "dinghai-2018-organ"}
