"""Scan, score, gone: the pages behind a code slip, and the slips."""

from __future__ import annotations

import pypdfium2
import zxingcpp
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.assessment.process.appraisal_models import AppraisalSheet
from server.kit.transaction import transaction
from tests.assessed import OFFICER, Assessments
from tests.settled import ok, refused


def opened(assess: Assessments) -> str:
    """An open appraisal of three towns."""
    assess.pack = "dinghai-2018-town"
    key = assess.cycle()
    towns = [{"code": f"T{n}", "name": f"<第{n}镇>", "category": "town"} for n in range(1, 4)]
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": towns}), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))
    body = {"indicator": "democratic_appraisal", "days": 5}
    return str(ok(assess.post(OFFICER, f"/cycles/{key}/appraisals", body), 201)["id"])


def filled(assess: Assessments, **form: str) -> TestResponse:
    return assess.cast.app.test_client().post("/a", data=form)


def sheets() -> list[dict[str, str]]:
    with transaction(writes=False) as session:
        return list(session.scalars(select(AppraisalSheet.scores)))


def test_type_score_gone(assess: Assessments) -> None:
    appraisal = opened(assess)
    (code,) = ok(assess.post(OFFICER, f"/appraisals/{appraisal}/codes", {"count": 1}), 201)["codes"]
    page = assess.cast.app.test_client().get("/a")
    assert (
        page.status_code == 200 and "测评码" in page.text and "/static/public/appraisal-code.js" in page.text
    )
    form = filled(assess, code=code.lower())
    assert form.status_code == 200
    assert "民主测评" in form.text and "0—15" in form.text and "&lt;第1镇&gt;" in form.text
    wrong = filled(assess, code=code, **{"score.T1": "16", "score.T2": "12"})
    assert wrong.status_code == 422 and "码还能用" in wrong.text
    assert 'value="16"' in wrong.text and 'value="12"' in wrong.text, "what was typed is still there"
    empty = filled(assess, code=code, **{"score.T1": "", "score.T2": " "})
    assert empty.status_code == 422 and "至少给一个对象打分" in empty.text
    assert sheets() == []
    done = filled(assess, code=code, **{"score.T1": "13.5", "score.T2": "", "score.T3": "9"})
    assert done.status_code == 200 and "已经作废" in done.text
    assert sheets() == [{"T1": "13.5", "T3": "9"}]
    for again in (filled(assess, code=code), filled(assess, code=code, **{"score.T1": "1"})):
        assert again.status_code == 404 and "不能用" in again.text
    assert len(sheets()) == 1


def test_slips_carry_codes_that_open_the_form(assess: Assessments) -> None:
    appraisal = opened(assess)
    answer = assess.post(OFFICER, f"/appraisals/{appraisal}/slips", {"count": 3})
    assert answer.status_code == 200 and answer.content_type == "application/pdf"
    with pypdfium2.PdfDocument(answer.get_data()) as pdf:
        found = [one.text for one in zxingcpp.read_barcodes(pdf[0].render(scale=200 / 72).to_pil())]
    assert len(found) == 3
    for text in found:
        address, _, code = text.partition("#")
        assert address.endswith("/a") and filled(assess, code=code).status_code == 200
    refused(assess.post("wang_fang", f"/appraisals/{appraisal}/slips", {"count": 3}), 403, "not_allowed")
