"""Many subjects: results, explanations and entries cost as many statements for a thousand as for ten; the lists
read no table whole.
"""

from __future__ import annotations

import pytest

from server.kit.database import db
from tests.assessed import OFFICER, Assessments, row
from tests.settled import ok
from tests.watching import sent


def filled(assess: Assessments, count: int) -> str:
    """A cycle of so many members with two scores each, results standing."""
    key = assess.cycle()
    people = [
        {"code": f"M{n:05}", "name": f"某{n}", "category": "member", "unit": f"T{n % 40:02}"}
        for n in range(count)
    ]
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": people}), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))
    rows = [row(f"M{n:05}", one, str(n % 41)) for n in range(count) for one in ("quant.party.1", "qual.1")]
    ok(assess.enter(OFFICER, key, rows), 201)
    assess.until(key, "notice")
    return key


@pytest.mark.parametrize(
    "path", ["results", "entries", "subjects", "proposals", "objections", "rectifications"]
)
def test_a_thousand_cost_as_many_statements_as_ten(assess: Assessments, path: str) -> None:
    few, many = filled(assess, 10), filled(assess, 1000)
    counts = []
    for key in (few, many):
        limit = 1000 if path == "results" else 200
        ok(assess.get(OFFICER, f"/cycles/{key}/{path}", limit=limit))  # fills the caches
        with sent() as statements:
            found = ok(assess.get(OFFICER, f"/cycles/{key}/{path}", limit=limit))
        counts.append(len(statements))
    if path == "results":
        assert len(found["results"]) == 1000 and all(one["explanation"] for one in found["results"])
        counts[1] -= 1  # the entries of a thousand are asked for in two portions
    assert counts[0] == counts[1] <= 12, counts


def test_entering_costs_few_statements(assess: Assessments) -> None:
    key = filled(assess, 50)
    fresh = assess.staffed()
    assert key != fresh
    rows = [row(code, f"qual.{n}", "60") for code in ("T1", "T2", "M1", "M2", "M3") for n in range(1, 7)]
    with sent() as statements:
        ok(assess.enter(OFFICER, fresh, rows), 201)
    assert len(statements) <= 18, [sql for sql, _ in statements]


def test_no_list_reads_a_table_whole(assess: Assessments) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL scans small tables, rightly
    key = filled(assess, 10)
    paths = (
        "results",
        "entries",
        "subjects",
        "proposals",
        "objections",
        "rectifications",
        "reports",
        "opinions",
    )
    with sent() as statements:
        for path in paths:
            ok(assess.get(OFFICER, f"/cycles/{key}/{path}"))
        ok(assess.get("head_chen", "/cycles"))
    with db.engine.connect() as connection:
        for sql, parameters in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            scans = [line[3] for line in plan if line[3].startswith("SCAN") and "CONSTANT" not in line[3]]
            assert [one for one in scans if "subquery" not in one.lower()] == [], (sql, scans)
