"""Results linked to persons (定海, 直接挂钩和间接挂钩) and the contest of communities, by the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.assessed import OFFICER, Assessments, linkable
from tests.settled import ok, refused


@pytest.fixture
def key(assess: Assessments) -> str:
    return linkable(assess.cast)


def put(assess: Assessments, by: str, key: str, unit: str, people: list[dict[str, Any]]):  # type: ignore[no-untyped-def]
    path = f"/api/v1/assessments/cycles/{key}/subjects/{unit}/linked"
    return assess.cast.app.test_client().put(
        path, json={"people": people}, headers=assess.cast.as_(by).headers
    )


def people(count: int, *grades: str) -> list[dict[str, Any]]:
    """So many people, the first with these grades and the rest with C."""
    given = [*grades, *["C"] * (count - len(grades))]
    return [{"code": f"P{n:02}", "name": f"职工{n}", "grade": grade} for n, grade in enumerate(given)]


def test_direct_the_units_coefficient_times_the_own_one(assess: Assessments, key: str) -> None:
    own = {"code": "P1", "name": "冯静", "person": assess.cast.persons["member_feng"], "coefficient": "1.05"}
    for unit, grade, coefficient, performance in (("ZJ1", "A", "1.1", "1.155"), ("ZJ5", "C", "0.9", "0.945")):
        found = ok(put(assess, OFFICER, key, unit, [own]))
        assert (found["unit_grade"], found["unit_coefficient"]) == (grade, coefficient)
        assert found["people"][0]["performance"] == performance
    mine = ok(assess.get("member_feng", "/linked"))["items"]
    assert [(one["unit_name"], one["performance"]) for one in mine] == [
        ("第1镇", "1.155"),
        ("第5镇", "0.945"),
    ]
    assert mine[0]["words"] == "个人实发绩效系数＝单位绩效系数×个人绩效系数"
    assert ok(assess.get("wang_fang", "/linked"))["items"] == []


def test_indirect_the_units_grade_fixes_how_many_may_hold_each(assess: Assessments, key: str) -> None:
    """A: 30, 60, 10, 0 per cent of 20; what a better grade leaves free the next may use."""
    found = ok(put(assess, OFFICER, key, "ZJ1", people(20, *["A"] * 6, *["B"] * 12)))
    assert (found["places"], found["over"]) == ({"A": 6, "B": 12, "C": 2, "D": 0}, {})
    ok(put(assess, OFFICER, key, "ZJ1", people(20, *["A"] * 4, *["B"] * 14)))
    answer = put(assess, OFFICER, key, "ZJ1", people(20, *["A"] * 7))
    refused(answer, 422, "places_exceeded")
    assert "A 等最多 6 人，现有 7 人" in answer.get_data(as_text=True)
    # the last unit is C: one in ten may be excellent; and a list that was refused changed nothing
    last = ok(put(assess, OFFICER, key, "ZJ5", people(20, "A", "A", "B", "D")))
    assert last["places"] == {"A": 2, "B": 12, "C": 5, "D": 1}
    units = {one["unit"]: one for one in ok(assess.get(OFFICER, f"/cycles/{key}/linked"))["units"]}
    assert sum(one["grade"] == "B" for one in units["ZJ1"]["people"]) == 14
    assert [units[f"ZJ{n}"]["unit_grade"] for n in range(1, 6)] == ["A", "B", "B", "B", "C"]


def test_a_list_that_is_wrong_is_told_whole(assess: Assessments, key: str) -> None:
    wrong = [
        {"code": "P1", "name": "甲", "coefficient": "1"},
        {"code": "P1", "name": "乙", "grade": "E"},
        {"code": "P2", "name": "丙"},
    ]
    answer = put(assess, OFFICER, key, "ZJ1", wrong)
    refused(answer, 422, "linked_wrong")
    fields = [one["field"] for one in answer.get_json()["errors"]]
    assert fields == ["people.1.code", "people.1.grade", "people.2.coefficient"]
    for bad in ("1.0001", "-1", "１", "1\n", "10"):
        one = [{"code": "P1", "name": "甲", "coefficient": bad}]
        assert put(assess, OFFICER, key, "ZJ1", one).status_code == 422, bad
    assert ok(put(assess, OFFICER, key, "ZJ1", []))["people"] == []


def test_who_may(assess: Assessments, key: str) -> None:
    """Those who run the cycle, and who speaks for the unit, but not on oneself."""
    own = {"code": "P1", "name": "冯静", "person": assess.cast.persons["member_feng"], "coefficient": "1.05"}
    ok(put(assess, "head_chen", key, "ZJ1", [own]))
    refused(put(assess, "head_chen", key, "ZJ2", [own]), 404, "not_found")
    myself = own | {"person": assess.cast.persons["head_chen"]}
    refused(put(assess, "head_chen", key, "ZJ1", [myself]), 403, "own_case")
    refused(put(assess, "auditor_yang", key, "ZJ1", [own]), 403, "not_allowed")
    refused(put(assess, "wang_fang", key, "ZJ1", [own]), 404, "not_found")
    assert [one["unit"] for one in ok(assess.get("head_chen", f"/cycles/{key}/linked"))["units"]] == ["ZJ1"]
    assert len(ok(assess.get("auditor_yang", f"/cycles/{key}/linked"))["units"]) == 5


def test_before_results_stand_and_in_other_schemes_there_is_nothing_to_link(assess: Assessments) -> None:
    other = assess.scored()
    refused(assess.get(OFFICER, f"/cycles/{other}/linked"), 422, "not_in_scheme")
    assess.pack = "dinghai-2018-town"
    early = assess.cycle(period="2024")
    town = {"code": "ZJ1", "name": "第1镇", "category": "town"}
    ok(assess.post(OFFICER, f"/cycles/{early}/subjects", {"subjects": [town]}), 201)
    person = {"code": "P1", "name": "甲", "coefficient": "1"}
    refused(put(assess, OFFICER, early, "ZJ1", [person]), 409, "results_open")
    assert ok(assess.get(OFFICER, f"/cycles/{early}/linked"))["units"] == []


def test_the_contest_adds_up_the_year(assess: Assessments, key: str) -> None:
    """001: the first two by cumulated points get an extra, the last is out of collective honours."""

    def told(period: str, **points: str):  # type: ignore[no-untyped-def]
        body = {"communities": [{"code": c, "name": f"{c}社区", "points": p} for c, p in points.items()]}
        path = f"/api/v1/assessments/cycles/{key}/contest/{period}"
        return assess.cast.app.test_client().put(path, json=body, headers=assess.cast.as_(OFFICER).headers)

    ok(told("2025H1", a="9", b="8.5", c="3", d="1"))
    ok(told("2025H2", a="1", b="8.5", c="20", d="1"))
    ok(told("2025H2", a="1", b="8.5", c="2", d="1"))  # again replaces
    found = ok(assess.get("head_chen", f"/cycles/{key}/contest"))
    assert [
        (one["code"], one["points"], one["rank"], one["extra"], one["out_of_honours"])
        for one in found["communities"]
    ] == [
        ("b", "17", 1, "1", False),
        ("a", "10", 2, "1", False),
        ("c", "5", 3, "0", False),
        ("d", "2", 4, "0", True),
    ]
    assert found["communities"][0]["periods"] == {"2025H1": "8.5", "2025H2": "8.5"}
    refused(told("第一季度", a="1"), 422, "contest_wrong")
    refused(assess.get("wang_fang", f"/cycles/{key}/contest"), 404, "not_found")
