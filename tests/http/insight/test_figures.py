"""The figures behind the charts: sums by heading and month, who took part, villages side by side."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import Household
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build
from tests.settled import Months, ok


@pytest.fixture
def months(app: Flask, clock: SetClock) -> Months:
    found = Months(build(app, clock))
    found.go(minutes=1)
    return found


def figures(cast: Cast, by: str = "head_chen", **query: object) -> dict:
    return ok(cast.as_(by).get("/insight/figures", village=VILLAGE, **query))


def test_a_month_by_heading(months: Months) -> None:
    months.approved("zhao", "3.00")
    months.approved("zhao", "1.50", item="J1", heading="乡村建设")
    months.approved("qian", "-1.00", item="N1", heading="乡村建设")
    found = figures(months.cast)
    assert [month["month"] for month in found["months"]] == ["2026-10"]
    month = found["months"][0]
    assert (month["households"], month["records"], month["added"], month["deducted"]) == (
        2,
        3,
        "4.50",
        "-1.00",
    )
    assert month["headings"] == [
        {"name": "公益美德", "records": 1, "added": "3.00", "deducted": "0.00"},
        {"name": "乡村建设", "records": 2, "added": "1.50", "deducted": "-1.00"},
    ]


def test_who_took_part_by_kind_of_household(months: Months) -> None:
    cast = months.cast
    with transaction() as session:
        elders = update(Household).where(Household.code == cast.households["qian"])
        session.execute(elders.values(kind="elders_only"))
    months.approved("zhao", "3.00")
    found = figures(cast)
    kinds = {row["kind"]: (row["households"], row["with_records"]) for row in found["kinds"]}
    assert kinds["elders_only"][1] == 0
    assert kinds["general"][1] == 1
    assert sum(count for count, _ in kinds.values()) == found["participants"]


def test_only_as_many_months_as_asked(months: Months) -> None:
    months.approved("zhao", "1.00")
    months.go(days=50)
    months.approved("zhao", "2.00")
    assert [month["month"] for month in figures(months.cast, months=1)["months"]] != ["2026-10"]
    assert len(figures(months.cast)["months"]) == 2


def test_an_empty_village_has_no_months(months: Months) -> None:
    found = figures(months.cast)
    assert found["months"] == []
    assert all(row["with_records"] == 0 for row in found["kinds"])


def test_villages_side_by_side_for_those_above_and_only_theirs(months: Months) -> None:
    cast = months.cast
    months.approved("zhao", "3.00")
    months.go(days=45)
    rows = ok(cast.as_("township_han").get("/insight/villages"))["items"]
    assert [row["village"] for row in rows] == sorted([VILLAGE, OTHER_VILLAGE])
    own = next(row for row in rows if row["village"] == VILLAGE)
    assert own["month"] is not None and own["status"] == "open"
    only = ok(cast.as_("head_chen").get("/insight/villages"))["items"]
    assert [row["village"] for row in only] == [VILLAGE]


def test_records_of_one_month_are_what_stands_behind_a_line(months: Months) -> None:
    cast = months.cast
    first = months.approved("zhao", "1.00")
    months.go(days=50)
    second = months.approved("zhao", "2.00")
    of = {"village": VILLAGE, "household": cast.households["zhao"]}
    found = ok(cast.as_("head_chen").get("/records", month="2026-10", **of))["items"]
    assert [record["id"] for record in found] == [first]
    assert {r["id"] for r in ok(cast.as_("head_chen").get("/records", **of))["items"]} == {first, second}


def test_drafts_are_listed_for_those_who_work_on_them(months: Months) -> None:
    cast = months.cast
    document = cast.rulebook.to_document()
    ok(cast.as_("head_chen").post("/rulebooks", {"village": VILLAGE, "rulebook": document}), 201)
    found = ok(cast.as_("head_chen").get("/rulebooks", village=VILLAGE))["items"]
    assert [book["status"] for book in found] == ["draft", "adopted"]
    assert cast.as_("other_head").get("/rulebooks", village=VILLAGE).status_code == 404
