"""Anonymous sheets: with the whole database in hand nothing leads from a sheet to a code, a person or a time."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from server.assessment.process.appraisal_models import AppraisalCode, AppraisalSheet
from server.kit.database import db
from server.kit.transaction import transaction
from tests.assessed import OFFICER, Assessments, row
from tests.settled import ok, refused

SHEET_COLUMNS = {"id", "appraisal_id", "scores"}


def opened(assess: Assessments, codes: int) -> tuple[str, str, list[str]]:
    """(cycle, appraisal, codes) of the twelve towns' democratic appraisal."""
    assess.pack = "dinghai-2018-town"
    key = assess.cycle()
    towns = [{"code": f"T{n:02}", "name": f"第{n}镇", "category": "town"} for n in range(1, 4)]
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": towns}), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))
    body = {"indicator": "democratic_appraisal", "days": 5}
    appraisal = ok(assess.post(OFFICER, f"/cycles/{key}/appraisals", body), 201)["id"]
    given = ok(assess.post(OFFICER, f"/appraisals/{appraisal}/codes", {"count": codes}), 201)["codes"]
    return key, appraisal, given


def hand_in(assess: Assessments, code: str, by: str | None = None, **scores: str):  # type: ignore[no-untyped-def]
    return assess.post(by, "/appraisal-sheets", {"code": code, "scores": scores})


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with transaction(writes=False) as session:
        connection = session.connection()
        names = inspect(connection).get_table_names()
        return {
            name: [dict(one) for one in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()]
            for name in names
        }


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in after if before[name] != after[name]}


def test_a_sheet_touches_two_tables_and_carries_nothing_but_scores(assess: Assessments) -> None:
    _, _, codes = opened(assess, 8)
    before = dump()
    # somebody hands it in who is signed in on the same phone, with an Idempotency-Key
    headers = assess.cast.as_("head_chen").headers | {"Idempotency-Key": "a-key-of-a-phone"}
    body = {"code": codes[0], "scores": {"T01": "13", "T02": "12.5"}}
    client = assess.cast.app.test_client()
    assert client.post("/api/v1/assessments/appraisal-sheets", json=body, headers=headers).status_code == 204
    after = dump()
    assert changed(before, after) == {"assessment_appraisal_codes", "assessment_appraisal_sheets"}
    (sheet,) = after["assessment_appraisal_sheets"]
    assert set(sheet) == SHEET_COLUMNS
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", sheet["id"])
    scores = sheet["scores"] if isinstance(sheet["scores"], dict) else json.loads(sheet["scores"])
    assert scores == {"T01": "13", "T02": "12.5"}
    plain = json.dumps(after, default=str, ensure_ascii=False)
    for code in codes:
        assert code not in plain and code.replace("-", "") not in plain, "codes are nowhere in the clear"


def test_the_order_in_which_sheets_came_in_is_not_kept(assess: Assessments) -> None:
    _, appraisal, codes = opened(assess, 40)
    for number, code in enumerate(codes):
        assert hand_in(assess, code, T01=str(number % 16), T02=f"{number / 10:.1f}").status_code == 204
    with transaction(writes=False) as session:
        kept = list(
            session.scalars(select(AppraisalSheet.scores).where(AppraisalSheet.appraisal_id == appraisal))
        )
        codes_left = session.scalars(select(AppraisalCode.code_hash)).all()
    assert codes_left == []
    order = [float(one["T02"]) for one in kept]
    assert sorted(order) == [number / 10 for number in range(40)]
    if db.engine.dialect.name == "sqlite":
        assert order != sorted(order), "read as it lies in the file, it lies in random order"


@pytest.mark.usefixtures("app")
def test_the_tables_have_no_hidden_order() -> None:
    """SQLite would number rows as they come in; these two tables have no such number."""
    if db.engine.dialect.name != "sqlite":
        return
    path = Path(db.engine.url.database or "")
    with sqlite3.connect(path) as file:
        for table in ("assessment_appraisal_sheets", "assessment_appraisal_codes"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                file.execute(f"SELECT rowid FROM {table}")
    file.close()


def test_a_code_is_good_for_one_sheet(assess: Assessments) -> None:
    _, _, codes = opened(assess, 2)
    refused(hand_in(assess, codes[0], T01="99"), 422, "sheet_faulty")
    refused(hand_in(assess, codes[0], T99="9"), 422, "sheet_faulty")
    refused(assess.post(None, "/appraisal-sheets", {"code": codes[0], "scores": {}}), 422, "sheet_faulty")
    typed = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    form = ok(assess.post(None, "/appraisal-form", {"code": typed}))
    assert [one["code"] for one in form["subjects"]] == ["T01", "T02", "T03"] and form["bounds"] == "0—15"
    assert hand_in(assess, typed, T01="9").status_code == 204
    for wrong in (codes[0], "7Q2MX-0KF3Z-9TGH4-C1DWE"):
        refused(hand_in(assess, wrong, T01="9"), 404, "code_unknown")
        refused(assess.post(None, "/appraisal-form", {"code": wrong}), 404, "code_unknown")


def test_means_are_told_from_five_answers_on_and_never_while_it_is_open(assess: Assessments) -> None:
    key, appraisal, codes = opened(assess, 20)
    chosen = random.Random(3).sample(codes, 6)
    for number, code in enumerate(chosen):
        scores = {"T01": str(10 + number % 2)} | ({"T02": "12"} if number < 4 else {})
        assert hand_in(assess, code, **scores).status_code == 204
    (shown,) = ok(assess.get(OFFICER, f"/cycles/{key}/appraisals"))["items"]
    assert (shown["sheets"], shown["means"]) == (6, {}), "the difference of two looks would be a sheet"
    closed = ok(assess.post(OFFICER, f"/appraisals/{appraisal}/closure"))
    assert closed["means"] == {"T01": {"answers": 6, "mean": "10.5"}, "T02": {"answers": 4, "mean": None}}
    entered = ok(assess.get(OFFICER, f"/cycles/{key}/entries"))["items"]
    assert [(e["subject"], e["value"], e["author"], e["source"]) for e in entered] == [
        ("T01", "10.5", None, "appraisal")
    ]
    refused(hand_in(assess, next(one for one in codes if one not in chosen), T01="1"), 404, "code_unknown")
    refused(assess.post(OFFICER, f"/appraisals/{appraisal}/codes", {"count": 1}), 409, "appraisal_closed")


def test_an_appraisal_closes_by_itself_and_feeds_the_result(assess: Assessments) -> None:
    key, _, codes = opened(assess, 6)
    for code in codes:
        assert hand_in(assess, code, T01="10", T02="11", T03="12").status_code == 204
    parties = ("party_discipline", "party_organisation", "party_publicity", "party_united_front")
    base = (("economic", "25"), ("social", "20"), ("other_work", "12"), ("leader_appraisal", "13"))
    rows = [row(f"T{n:02}", one, str(80 + n)) for n in range(1, 4) for one in parties]
    rows += [row(f"T{n:02}", one, value) for n in range(1, 4) for one, value in base]
    ok(assess.enter(OFFICER, key, rows), 201)
    assess.go(days=7)
    found = assess.results(key)["results"]
    # base 25 + 20 + 12 + 13 + the mean; three towns: 1.005, 1, 0.995
    assert [(one["subject"], one["final"]) for one in found] == [
        ("T03", "82.41"),
        ("T02", "81.00"),
        ("T01", "79.60"),
    ]
    leaf = str(ok(assess.get(OFFICER, f"/cycles/{key}/subjects/T01/explanation"))["explanation"])
    assert "匿名测评 6 份的平均" in leaf
    logged = assess.cast.as_("auditor_yang").get("/audit", limit=200).get_data(as_text=True)
    assert "appraisal.codes" in logged and "sheet" not in logged


def test_no_route_reads_a_sheet(assess: Assessments) -> None:
    """Whoever asks whatever: only sums over at least five."""
    key, _, codes = opened(assess, 1)
    assert hand_in(assess, codes[0], T01="7.7777").status_code == 204
    rules = [
        r
        for r in assess.cast.app.url_map.iter_rules()
        if "assessments" in r.rule and "GET" in (r.methods or ())
    ]
    for by in ("admin_zhu", "auditor_yang", OFFICER):
        for rule in rules:
            path = rule.rule.removeprefix("/api/v1")
            for part, value in (("<cycle_id>", key), ("<code>", "T01"), ("<pack>", "dinghai-2018-town")):
                path = path.replace(part, value)
            answer = assess.cast.as_(by).get(path)
            assert b"7.7777" not in answer.data, (by, path)
