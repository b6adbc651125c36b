"""Printouts of assessments with a county's worth of data: made for `printouts`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from server.assessment.exact import fixed
from server.assessment.explain import Explainer, below
from server.assessment.outcome import Outcome
from server.assessment.pack_reader import load_pack
from server.assessment.paper.filing import filing_pdf
from server.assessment.paper.head import Head
from server.assessment.paper.ranking import ranking_pdf
from server.assessment.paper.registration import Dossier, registration_pdf
from server.assessment.paper.score_form import score_form_pdf
from server.assessment.paper.task_sheet import task_sheet_pdf
from tests.unit.assessment.sheets import Row, row
from tests.unit.assessment.sheets import outcome as computed

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)
PACK = "gaoyang-thousand"
TITLE, SCHEME = "青禾县“两委”班子和成员千分制考核 2026H1", "高阳县千分制（第 1 版）"
HEAD = Head(TITLE, "2026H1", "青禾县", SCHEME, NOW, "周海燕", date(2026, 11, 18))
STEPS = ("班子和成员自评", "县考核组和责任部门评分", "实地核查", "公示", "异议", "通报")
OBJECTED = {
    **{"text": "五月县里的表彰没有算进去，请核对。", "made_at": NOW, "status": "upheld", "answered_at": NOW},
    "reason": "核对了表彰决定，确实漏记，已补上。",
}
PROPOSED = {
    **{"title": "给予表彰奖励", "decided_by": "县委", "status": "approved", "reason": "会议研究同意。"},
    **{"document_number": "会议纪要〔2026〕9号", "decided_on": date(2026, 9, 18)},
}
RECTIFIED = {
    **{"demand": "公开栏按月更新", "due_at": NOW, "status": "closed", "report": "已更新", "remark": "属实"},
    "closed_at": NOW,
}


def _rows(number: int) -> list[Row]:
    """The entries of one subject: every fourth is a team, the others its members."""
    team = f"CW{(number - 1) // 4 + 1:02}"
    member = number % 4 != 1
    code, category = (f"{team}-{number % 4}", "member") if member else (team, "team")
    name = ("孟春生", "欧阳淑兰", "司马繁")[number % 3] if member else f"第{number}村党支部村委会班子"
    more = {"name": name} | ({"unit": team} if member else {})
    scored = [one.code for one in load_pack(PACK).indicators.values() if one.level in ("task", "item")]
    rows = [row(code, category, what, str(20 + number), note="考核组台账", **more) for what in scored]
    return [*rows, row(code, category, "bonus", "5.5", kind="commended", note="县委〔2026〕8 号", **more)]


def _outcome() -> Outcome:
    return computed(PACK, [one for number in range(1, 12) for one in _rows(number)])


def _said() -> list[dict[str, Any]]:
    votes = {"votes_for": 26, "votes_against": 1, "votes_abstained": 0}
    shared = {"text": "台账齐全，公开还不够及时" * 2, "by": "陈立", "at": NOW}
    own = dict.fromkeys(votes) | {"step": "班子和成员自评", "verdict": "stated"}
    return [shared | own, shared | votes | {"step": "逐一评议", "verdict": "agreed"}]


def _signed(node: dict[str, Any]) -> dict[str, Any]:
    """As a cycle has it: entries name who entered them instead of a row of a file."""
    if node.pop("row", None):
        node["author"] = "周海燕"
    for child in below(node):
        _signed(child)
    return node


def _forms(outcome: Outcome) -> list[Dossier]:
    """Everything that can be in a file, for each subject."""
    explainer = Explainer(outcome.pack)
    return [
        Dossier(
            *(one.subject.id, one.subject.name, one.subject.category, one.subject.unit),
            *(fixed(one.final), one.rank, 8, one.grade, {}, one.flags, _signed(explainer.tree(one))),
            *(_said(), [OBJECTED], [PROPOSED], [RECTIFIED]),
        )
        for one in outcome.results
    ]


def ranking() -> bytes:
    return ranking_pdf(_outcome(), HEAD, NOW)


def registration() -> bytes:
    return registration_pdf(load_pack(PACK), _forms(_outcome())[3], HEAD, NOW)


def filing() -> bytes:
    outcome = _outcome()
    step = {"status": "done", "opened_at": NOW, "ended_at": NOW, "remark": ""}
    steps = [
        step | {"position": place, "title": title, "document_number": "青组〔2026〕7号" if place == 6 else ""}
        for place, title in enumerate(STEPS, 1)
    ]
    proposals = [PROPOSED | {"name": one.subject.name} for one in outcome.results]
    return filing_pdf(outcome, steps, proposals, _forms(outcome)[:2], HEAD, NOW)


def task_list() -> bytes:
    top: dict[str, Any] = {"id": "1", "parent_id": None, "level": 0, "subject": "", "status": "open"}
    top |= {"title": "党建工作任务目标", "goal": "支部规范化达标", "due_on": date(2026, 12, 31), "remark": ""}
    tasks: list[Any] = [(top, [])]
    for number in range(2, 24):
        own = {"id": str(number), "parent_id": "1", "level": 1, "subject": f"ZJ{number:02}"}
        own |= {"title": f"第 {number} 份目标书", "goal": "规范化支部九成以上，换届后培训全覆盖"}
        told = {
            "period": "2026-07",
            "percent": 40 + number,
            "text": "年中检查进度，两个村的公开栏没有按月更新",
        }
        tasks.append((top | own, [told]))
    names = {f"ZJ{number:02}": "麦岭镇" for number in range(2, 24)}
    return task_sheet_pdf(tasks, ("区", "镇（街道）和机关单位", "责任人"), names, HEAD, NOW)


def score_form() -> bytes:
    return score_form_pdf(load_pack(PACK), None, NOW)
