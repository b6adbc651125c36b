"""What is printed of a cycle: who gets which sheet, and what stands on it."""

from __future__ import annotations

import pypdfium2

from tests.assessed import OFFICER, Assessments
from tests.settled import ok, refused


def printed(assess: Assessments, by: str, path: str, **query: str) -> str:
    """The text of a printout."""
    answer = assess.get(by, path, **query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    with pypdfium2.PdfDocument(answer.get_data()) as pdf:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    return text.replace("\r\n", "").replace("\ufffe", "")


def test_a_provisional_ranking_says_so_and_a_standing_one_since_when(assess: Assessments) -> None:
    key = assess.scored()
    path = f"/cycles/{key}/ranking.pdf"
    assert "暂算：结果还没有定下" in printed(assess, OFFICER, path)
    refused(assess.get(OFFICER, f"/cycles/{key}/filing.pdf"), 409, "results_open")
    refused(assess.get("head_chen", f"/cycles/{key}/subjects/M1/form.pdf"), 409, "results_open")
    assess.until_standing(key)
    text = printed(assess, OFFICER, path)
    for told in ("排名表", "大槐树村两委", "何勇", "最终得分", "定下", "对结果有异议的"):
        assert told in text, told
    assert "暂算" not in text
    assert "不能胜任" not in text or "县委" not in text, "no proposals on the wall"


def test_the_ranking_and_the_file_are_for_those_who_read_the_process(assess: Assessments) -> None:
    key = assess.scored()
    assess.until_standing(key)
    for path in (f"/cycles/{key}/ranking.pdf", f"/cycles/{key}/filing.pdf"):
        refused(assess.get("head_chen", path), 403, "not_allowed")
        refused(assess.get("wang_fang", path), 404, "not_found")
        printed(assess, "auditor_yang", path)


def test_everybody_gets_the_own_form_and_nobody_elses(assess: Assessments) -> None:
    key = assess.scored()
    said = {"verdict": "stated", "text": "都按清单做了"}
    ok(assess.post("head_chen", f"/cycles/{key}/subjects/M1/opinion", said))
    assess.until(key, "notice")
    objection = {"subject": "M1", "text": "少记了一次表彰"}
    ok(assess.post("head_chen", f"/cycles/{key}/objections", objection), 201)
    text = printed(assess, "head_chen", f"/cycles/{key}/subjects/M1/form.pdf")
    for told in (
        "考核登记表",
        "陈立（M1）",
        "都按清单做了",
        "少记了一次表彰",
        "办理中",
        "得分由来",
        "录入：",
    ):
        assert told in text, told
    refused(assess.get("head_chen", f"/cycles/{key}/subjects/M3/form.pdf"), 404, "not_found")
    refused(assess.get("head_chen", f"/cycles/{key}/subjects/X/form.pdf"), 404, "not_found")
    assert "何勇（M3）" in printed(assess, OFFICER, f"/cycles/{key}/subjects/M3/form.pdf")


def test_the_file_has_steps_decisions_and_every_form(assess: Assessments) -> None:
    key = assess.scored()
    assess.until(key, "bulletin")
    ok(assess.complete(key, remark="已通报", document_number="通报〔2026〕7号"))
    first = ok(assess.get(OFFICER, f"/cycles/{key}/proposals"))["items"][0]
    body = {"approved": True, "reason": "会议研究同意。", "decided_on": assess.now.date().isoformat()}
    body |= {"document_number": "纪要〔2026〕9号"}
    ok(assess.post(OFFICER, f"/proposals/{first['id']}/decision", body))
    text = printed(assess, OFFICER, f"/cycles/{key}/filing.pdf")
    for told in ("考核备案表", "通报〔2026〕7号", "已通报", "纪要〔2026〕9号", "考核登记表 5 份，附后"):
        assert told in text, told
    assert text.count("本人确认：") == 5


def test_the_task_list_prints_what_one_may_know(assess: Assessments) -> None:
    key = assess.staffed()
    top = ok(assess.post(OFFICER, f"/cycles/{key}/tasks", {"title": "安全饮水"}), 201)["id"]
    for code, title in (("M1", "换管网"), ("M3", "打新井")):
        body = {"title": title, "parent": top, "subject": code, "due_on": "2026-12-01"}
        ok(assess.post(OFFICER, f"/cycles/{key}/tasks", body), 201)
    text = printed(assess, OFFICER, f"/cycles/{key}/tasks.pdf")
    assert all(
        told in text for told in ("目标任务清单", "安全饮水", "换管网", "打新井", "陈立", "2026-12-01")
    )
    own = printed(assess, "head_chen", f"/cycles/{key}/tasks.pdf")
    assert "换管网" in own and "打新井" not in own


def test_the_blank_form_is_there_for_every_scheme(assess: Assessments) -> None:
    for pack in ok(assess.get("wang_fang", "/packs"))["items"]:
        category = pack["categories"][0]
        text = printed(assess, "wang_fang", f"/packs/{pack['id']}/score-form.pdf", category=category["code"])
        assert f"{pack['title']} 评分表" in text and category["title"] in text
    refused(assess.get("wang_fang", "/packs/hangjin/score-form.pdf", category="A"), 422, "category_unknown")
    refused(assess.get("wang_fang", "/packs/none/score-form.pdf"), 404, "pack_unknown")
