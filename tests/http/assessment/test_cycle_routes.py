"""Cycles, subjects, duties, entries and results by the API."""

from __future__ import annotations

import io
from typing import Any

from werkzeug.test import TestResponse

from tests.assessed import OFFICER, Assessments, row, scores
from tests.cast import TOWNSHIP
from tests.settled import ok, refused


def test_from_a_scheme_to_results_that_stand(assess: Assessments) -> None:
    key = assess.scored()
    found = assess.results(key)
    assert (found["status"], found["pack"]) == ("provisional", "gaoyang-thousand")
    assert [(one["subject"], one["final"], one["rank"]) for one in found["results"]] == [
        ("T1", "1012.50", 1),
        ("T2", "840.00", 2),
        ("M1", "1000.00", 1),
        ("M2", "924.00", 2),
        ("M3", "336.00", 3),
    ]
    assess.until(key, "notice")
    standing = assess.results(key)
    assert standing["status"] == "standing"
    for before, after in zip(found["results"], standing["results"], strict=True):
        assert before == after, "what stands is what was computed, explanations included"


def test_the_explanation_names_the_entry_and_its_author(assess: Assessments) -> None:
    key = assess.scored()
    assess.until(key, "notice")
    tree = ok(assess.get("head_chen", f"/cycles/{key}/subjects/M1/explanation"))["explanation"]
    leaf = tree["from"][0]["from"][0]
    assert (leaf["author"], leaf["value"], leaf["indicator"]) == ("韩雪", "39", "quant.party.1")
    assert "row" not in leaf
    entries = ok(assess.get("head_chen", f"/cycles/{key}/entries", subject="M1"))["items"]
    assert leaf["entry"] in {one["id"] for one in entries}


def test_a_person_sees_the_own_result_and_of_others_what_the_scheme_shows(assess: Assessments) -> None:
    key = assess.scored()
    pending = assess.results(key, "member_feng")
    assert (pending["status"], pending["results"]) == ("pending", [])
    assess.until(key, "notice")
    found = assess.results(key, "member_feng")["results"]
    assert [one["subject"] for one in found] == ["M1", "M2", "M3"], "the own category, not the teams"
    own = next(one for one in found if one["subject"] == "M2")
    other = next(one for one in found if one["subject"] == "M1")
    assert own["explanation"] and own["components"]
    assert other["explanation"] is None and other["components"] == {} and other["consequences"] == []
    refused(assess.get("member_feng", f"/cycles/{key}/subjects/M1/explanation"), 404, "not_found")
    refused(assess.get("wang_fang", f"/cycles/{key}/results"), 404, "not_found")


def test_every_fault_of_a_sheet_at_once(assess: Assessments) -> None:
    key = assess.staffed()
    rows = [
        row("T1", "quant.party.1", "41"),
        row("T1", "quant.party.99", "1"),
        row("T1", "qual.1", "六十"),
        row("NOBODY", "qual.1", "60"),
        row("T1", "qual.2", "60", name="别的名字"),
        row("T2", "bonus", "5", kind="nonsense"),
        row("T2", "qual.3", "60", rater="甲"),
        row("M1", "bonus", "5", kind="commended", date="2026-02-30"),
    ]
    problem = refused(assess.enter(OFFICER, key, rows), 422, "sheet_faulty")
    told = {(one["row"], one["column"], one["code"]) for one in problem["errors"]}
    assert told == {
        (2, "value", "above_maximum"),
        (3, "indicator", "indicator_unknown"),
        (4, "value", "chinese_number"),
        (5, "subject", "subject_unknown"),
        (6, "name", "name_differs"),
        (7, "kind", "kind_unknown"),
        (8, "rater", "rater_not_asked"),
        (9, "date", "date_unreadable"),
    }
    assert all(one["remedy"] and one["field"].startswith("entries.") for one in problem["errors"])
    assert ok(assess.get(OFFICER, f"/cycles/{key}/entries"))["items"] == []


def test_the_same_entry_twice_is_refused_until_the_first_is_withdrawn(assess: Assessments) -> None:
    key = assess.staffed()
    (first,) = ok(assess.enter(OFFICER, key, [row("T1", "qual.1", "60")]), 201)["entries"]
    refused(assess.enter(OFFICER, key, [row("T1", "qual.1", "61")]), 422, "sheet_faulty")
    refused(
        assess.enter(OFFICER, key, [row("T2", "qual.1", "61"), row("T2", "qual.1", "62")]),
        422,
        "sheet_faulty",
    )
    ok(assess.post(OFFICER, f"/entries/{first}/withdrawal", {"reason": "写错了"}))
    refused(assess.post(OFFICER, f"/entries/{first}/withdrawal", {"reason": "再撤"}), 409, "entry_withdrawn")
    ok(assess.enter(OFFICER, key, [row("T1", "qual.1", "61")]), 201)
    kept = ok(assess.get(OFFICER, f"/cycles/{key}/entries"))["items"]
    assert [(one["value"], one["withdrawn_reason"]) for one in kept] == [("60", "写错了"), ("61", "")]


def test_rows_may_bring_their_subjects(assess: Assessments) -> None:
    """As the command line takes them: the township's sheet is the roster."""
    assess.pack = "dinghai-2018-town"
    key = assess.cycle()
    rows = []
    for number in range(1, 12):
        own = {"name": f"第{number}镇", "category": "town"}
        for party in ("party_discipline", "party_organisation", "party_publicity", "party_united_front"):
            rows.append(row(f"T{number:02}", party, str(100 - number), **own))
        for base, value in (("economic", 27), ("social", 22), ("other_work", 13), ("leader_appraisal", 14)):
            rows.append(row(f"T{number:02}", base, str(value), **own))
        rows.append(row(f"T{number:02}", "democratic_appraisal", "13", **own))
    ok(assess.enter(OFFICER, key, rows), 201)
    found = assess.results(key)["results"]
    coefficients = [one["components"]["coefficient"] for one in found]
    assert coefficients == [
        "1.025", "1.02", "1.015", "1.01", "1.005", "1", "0.995", "0.99", "0.985", "0.98", "0.975",
    ]  # fmt: skip
    assert found[0]["final"] == "91.23"  # 89 × 1.025 = 91.225, half up


def test_an_assessor_enters_what_is_assigned_and_sees_no_more(assess: Assessments) -> None:
    key = assess.staffed()
    by = "auditor_yang"  # somebody of the county, who reads the process anyway
    rater = "panel_zhou"
    refused(assess.get(rater, f"/cycles/{key}"), 404, "not_found")
    assess.duty(key, rater, indicators=["qual.*"], unit="T1")
    assert assess.read(key, rater)["mine"]["duties"] == ["rater"]
    known = ok(assess.get(rater, f"/cycles/{key}/subjects"))["items"]
    assert [one["code"] for one in known] == ["M1", "M2", "T1"]
    ok(assess.enter(rater, key, [row("M1", "qual.1", "70"), row("T1", "qual.2", "70")]), 201)
    for wrong in (row("T2", "qual.1", "70"), row("M1", "quant.party.1", "30"), row("NOBODY", "qual.1", "1")):
        problem = refused(assess.enter(rater, key, [wrong]), 422, "sheet_faulty")
        assert {one["code"] for one in problem["errors"]} == {"not_assigned"}
    ok(assess.enter(OFFICER, key, [row("T2", "qual.1", "70")]), 201)
    mine = ok(assess.get(rater, f"/cycles/{key}/entries"))["items"]
    assert {one["subject"] for one in mine} == {"M1", "T1"}, "entries of others stay with them"
    assert len(ok(assess.get(by, f"/cycles/{key}/entries"))["items"]) == 3
    refused(
        assess.post(rater, f"/cycles/{key}/what-if", {"changes": {"quant_most": "500"}}), 403, "not_allowed"
    )
    refused(assess.enter("head_chen", key, [row("M1", "qual.2", "80")]), 422, "sheet_faulty")


def test_who_is_assessed_scores_only_where_the_scheme_asks_for_it(assess: Assessments) -> None:
    assess.pack = "nanjiang-rating"
    key = assess.cycle(period="2026Q3")
    person = assess.cast.persons["head_chen"]
    body = {
        "subjects": [{"code": "C1", "name": "陈立", "category": "general", "unit": "U1", "person": person}]
    }
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", body), 201)
    ok(assess.enter("head_chen", key, [row("C1", "de", "90")]), 201)  # as `self`, without a word
    problem = refused(
        assess.enter("head_chen", key, [row("C1", "de", "90", rater="superior")]), 422, "sheet_faulty"
    )
    assert problem["errors"][0]["code"] == "own_score"
    assess.duty(key, "member_feng", rater="superior:1", unit="U1")
    ok(assess.enter("member_feng", key, [row("C1", "de", "60")]), 201)
    entered = ok(assess.get(OFFICER, f"/cycles/{key}/entries"))["items"]
    assert [(one["rater"], one["author"]) for one in entered] == [("self", "陈立"), ("superior:1", "冯静")]


def test_what_if_and_sensitivity(assess: Assessments) -> None:
    key = assess.scored()
    body = {"changes": {"quant_most": "100"}}
    found = ok(assess.post(OFFICER, f"/cycles/{key}/what-if", body))
    assert found["changes"] == body["changes"] and found["moves"]
    move = next(one for one in found["moves"] if one["subject"] == "T1")
    assert move["final"][0] == "1012.50" and move["reasons"]
    refused(
        assess.post(OFFICER, f"/cycles/{key}/what-if", {"changes": {"nonsense": "1"}}), 422, "pack_unusable"
    )
    refused(assess.post(OFFICER, f"/cycles/{key}/what-if", {}), 422, "nothing_changed")
    assert "ranges" in ok(assess.get(OFFICER, f"/cycles/{key}/sensitivity"))
    assert assess.results(key)["results"][0]["final"] == "1012.50", "nothing moved"


def test_a_cycle_keeps_the_scheme_it_was_begun_with(assess: Assessments) -> None:
    key = assess.cycle(parameters={"quant_most": "500"})
    refused(assess.post(OFFICER, "/cycles", {"pack": "gaoyang-thousand", "division": TOWNSHIP,
                                             "parameters": {"x": "1"}}), 422, "pack_unusable")  # fmt: skip
    refused(
        assess.post(OFFICER, "/cycles", {"pack": "../../etc/passwd", "division": TOWNSHIP}),
        422,
        "pack_unusable",
    )
    found = assess.read(key)
    assert len(found["pack_digest"]) == 64 and found["parameters"] == {"quant_most": "500"}
    assert [one["status"] for one in found["steps"]] == ["waiting"] * len(found["steps"])


def test_results_that_lack_scores_say_which(assess: Assessments) -> None:
    assess.pack = "dinghai-2018-town"
    key = assess.cycle()
    ok(assess.enter(OFFICER, key, [row("T01", "economic", "20", name="一镇", category="town")]), 201)
    problem = refused(assess.get(OFFICER, f"/cycles/{key}/results"), 409, "results_incomplete")
    assert {one["code"] for one in problem["errors"]} == {"indicator_missing"}
    assert len(problem["errors"]) == 8


def test_scores_after_the_results_stand_are_refused(assess: Assessments) -> None:
    key = assess.scored()
    assess.until(key, "notice")
    refused(assess.enter(OFFICER, key, [row("T1", "penalty", "1", kind="notice")]), 409, "results_stand")


def test_the_register_knows_who_belonged_where_on_a_day(assess: Assessments) -> None:
    head = "编号,姓名,类别,所属单位,用户名,开始日期,结束日期\n"
    january = head + "T1,一村,team,,,2026-01-01,\nM1,陈立,member,T1,head_chen,2026-01-01,\n"
    july = head + "M1,陈立,member,T2,head_chen,2026-07-01,\n"
    query = f"division={TOWNSHIP}&pack=gaoyang-thousand"

    def load(text: str) -> TestResponse:
        data: dict[str, Any] = {"file": (io.BytesIO(text.encode()), "名册.csv")}
        client = assess.cast.app.test_client()
        headers = assess.cast.as_(OFFICER).headers
        return client.post(f"/api/v1/assessments/register?{query}", data=data, headers=headers)

    assert ok(load(january)) == {"added": 2, "ended": 0, "unchanged": 0}
    assert ok(load(july)) == {"added": 1, "ended": 1, "unchanged": 0}
    assert ok(load(july)) == {"added": 0, "ended": 0, "unchanged": 1}
    for day, unit in (("2026-06-30", "T1"), ("2026-07-01", "T2")):
        listed = ok(assess.get(OFFICER, "/register", division=TOWNSHIP, pack="gaoyang-thousand", on=day))
        assert {one["code"]: one["unit"] for one in listed["items"]} == {"T1": "", "M1": unit}
    key = assess.cycle()
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"register_on": "2026-06-30"}), 201)
    known = ok(assess.get(OFFICER, f"/cycles/{key}/subjects"))["items"]
    assert [(one["code"], one["unit"], bool(one["person"])) for one in known] == [
        ("M1", "T1", True), ("T1", "", False),
    ]  # fmt: skip
    problem = refused(load(head + "X,,member,,nobody,2026-13-01,\n"), 422, "register_faulty")
    assert len(problem["errors"]) >= 2 and all(one["row"] == 2 for one in problem["errors"])


def test_a_sheet_as_a_file(assess: Assessments) -> None:
    key = assess.staffed()
    columns = ("subject", "name", "category", "unit", "indicator", "rater", "value", "kind", "note")
    lines = [",".join(columns)]
    lines += [",".join(one.get(column, "") for column in columns) for one in scores()]
    path = f"/api/v1/assessments/cycles/{key}/entries/file"

    def send(text: str) -> TestResponse:
        data: dict[str, Any] = {"file": (io.BytesIO(text.encode("utf-8-sig")), "录入.csv")}
        return assess.cast.app.test_client().post(path, data=data, headers=assess.cast.as_(OFFICER).headers)

    faulty = [*lines, "T1,,,,qual.1,,６０,,", "T1,,,,qual.9,,1,,"]
    problem = refused(send("\n".join(faulty)), 422, "sheet_faulty")
    count = len(lines)
    assert [(one["row"], one["column"]) for one in problem["errors"]] == [
        (count + 1, "value"),
        (count + 2, "indicator"),
    ]
    assert len(ok(send("\n".join(lines)), 201)["entries"]) == len(scores())
    refused(send("PK\x03\x04 not a workbook"), 422, "sheet_faulty")
    refused(send(""), 422, "sheet_faulty")
    book = assess.get(OFFICER, f"/cycles/{key}/results/file", format="xlsx")
    assert book.status_code == 200 and book.data[:2] == b"PK"
    table = assess.get(OFFICER, f"/cycles/{key}/results/file", format="csv")
    assert table.data.startswith("\ufeff".encode()) and "1012.50" in table.get_data(as_text=True)


def test_packs_are_listed_and_read(assess: Assessments) -> None:
    found = ok(assess.get("zhao_min", "/packs"))["items"]
    assert len(found) == 10
    dongguan = next(one for one in found if one["id"] == "dongguan")
    assert {4, 32, 77, 202} <= set(dongguan["counts"].values())
    whole = ok(assess.get("zhao_min", "/packs/dongguan"))
    assert whole["process"]["workflow"][2]["step"] == "meeting_vote"
    refused(assess.get("zhao_min", "/packs/nothing"), 404, "pack_unknown")
    assert assess.get("zhao_min", "/packs/hangjin/template").data[:2] == b"PK"
