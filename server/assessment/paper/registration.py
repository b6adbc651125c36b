"""The registration form 考核登记表 of one subject: result, where each number comes from, what was said in each
step, objections with answers, proposals with decisions, rectification, room to sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.assessment.explain import amount, below, label, remark
from server.assessment.output import flag_titles, grade_title
from server.assessment.paper.head import Head, moment_day
from server.assessment.scheme import Pack
from server.paper.api import Column, Flow, Weight

VERDICTS = {"stated": "已自评", "agreed": "同意", "returned": "退回", "confirmed": "本人确认"}
OBJECTIONS = {"open": "办理中", "escalated": "已报监督员", "upheld": "成立，已更正", "dismissed": "不成立"}
PROPOSALS = {"proposed": "待研究", "approved": "同意", "declined": "不采取"}
RECTIFICATIONS = {"issued": "整改中", "overdue": "已逾期", "reported": "已报整改", "closed": "已销号"}
_WHY = (Column("项目", 62), Column("分值", 20, "right", Weight.BOLD), Column("怎么来的", 95))
_SAID = (
    Column("步骤", 34),
    Column("意见", 20),
    Column("说明", 62),
    Column("同意/反对/弃权", 30),
    Column("谁、何时", 34),
)
_OBJECTED = (Column("提出的事", 70), Column("办理", 26), Column("答复", 74))
_PROPOSED = (
    Column("建议（系统提出）", 62),
    Column("由谁决定", 32),
    Column("决定", 18),
    Column("理由、文号", 60),
)
_RECTIFIED = (Column("要求", 66), Column("期限", 24), Column("办理", 20), Column("报告、核查", 66))


ADVICE = "系统只提建议，不对任何人作决定；对结果有异议的，可在公示期内提出。"


@dataclass(frozen=True)
class Dossier:
    """One subject's standing result with everything that belongs in the file; rows as dicts of plain values."""

    code: str
    name: str
    category: str
    unit: str
    final: str
    rank: int
    of: int
    grade: str | None
    grades: Mapping[str, str | None]
    flags: Sequence[str]
    tree: Mapping[str, Any]
    opinions: Sequence[Mapping[str, Any]]
    objections: Sequence[Mapping[str, Any]]
    proposals: Sequence[Mapping[str, Any]]
    rectifications: Sequence[Mapping[str, Any]]


def registration_pdf(pack: Pack, one: Dossier, head: Head, now: datetime) -> bytes:
    """The form of one subject."""
    flow = Flow(f"{head.title} 考核登记表 {one.name}", foot=head.foot)
    add_registration(flow, pack, one, head)
    return flow.pdf(now)


def add_registration(flow: Flow, pack: Pack, one: Dossier, head: Head) -> None:
    """The form, from where the page is now."""
    flow.masthead("考核登记表", head.title, *head.lines())
    flow.form(tuple(_result(pack, one)))
    flow.heading("得分由来")
    flow.table(_WHY, _why(one.tree, 0), size=9)
    _part(flow, "各步意见", _SAID, (_said(row) for row in one.opinions))
    _part(flow, "异议和答复", _OBJECTED, (_objected(row) for row in one.objections))
    _part(flow, "建议措施和决定", _PROPOSED, (_proposed(row) for row in one.proposals))
    _part(flow, "整改", _RECTIFIED, (_rectified(row) for row in one.rectifications))
    flow.signatures(("本人确认：", "审核人：", "负责人（盖章）："), ADVICE)


def _part(flow: Flow, title: str, columns: Sequence[Column], rows: Iterator[tuple[str, ...]]) -> None:
    """A table under its heading; nothing at all where there are no rows."""
    found = list(rows)
    if found:
        flow.heading(title)
        flow.table(columns, found, size=9)


def _result(pack: Pack, one: Dossier) -> Iterator[tuple[str, str]]:
    category = pack.categories[one.category].title
    yield "对象", f"{one.name}（{one.code}）　{category}" + (f"　所属单位 {one.unit}" if one.unit else "")
    yield "最终得分", f"{one.final} 分，{category}第 {one.rank} 名（共 {one.of} 个）"
    titles = {grading.name: grading.title for grading in pack.gradings}
    words = [grade_title(pack, "grade", one.grade)]
    words += [f"{titles[name]} {grade_title(pack, name, code)}" for name, code in one.grades.items() if code]
    yield "等次", "；".join(word for word in words if word) or "本方案不分等次，或未入等次"
    if one.flags:
        yield "说明", flag_titles(pack, list(one.flags))


_ALSO = {"basis": "依据：", "assessor": "考核单位：", "author": "录入："}


def _why(
    node: Mapping[str, Any], depth: int, told: frozenset[str] = frozenset()
) -> Iterator[tuple[str, ...]]:
    """The tree as rows, deeper ones further in. What all entries below a number share (basis, who assesses, who
    entered them) stands beside the number, and not again beside each.
    """
    found = dict(node)
    children = list(below(found))
    shared = _shared(children) if len(children) > 1 else {}
    own = {key: found[key] for key in _ALSO if found.get(key) and key not in told} | shared
    words = [remark(found), *(f"{_ALSO[key]}{text}" for key, text in own.items())]
    yield "　" * depth + label(found), amount(found), "；".join(word for word in words if word)
    for child in children:
        yield from _why(child, depth + 1, frozenset(shared))


def _shared(children: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What every child says alike."""
    values = {key: {str(child.get(key) or "") for child in children} for key in _ALSO}
    return {key: texts.pop() for key, texts in values.items() if len(texts) == 1 and "" not in texts}


def _said(row: Mapping[str, Any]) -> tuple[str, ...]:
    votes = [row["votes_for"], row["votes_against"], row["votes_abstained"]]
    told = "／".join(str(vote or 0) for vote in votes) if votes[0] is not None else ""
    who = f"{row['by']} {moment_day(row['at'])}"
    return row["step"], VERDICTS[row["verdict"]], row["text"], told, who


def _objected(row: Mapping[str, Any]) -> tuple[str, ...]:
    answer = f"{row['reason']} {moment_day(row['answered_at'])}".strip()
    return f"{row['text']} {moment_day(row['made_at'])}", OBJECTIONS[row["status"]], answer


def _proposed(row: Mapping[str, Any]) -> tuple[str, ...]:
    decided = row["decided_on"].isoformat() if row["decided_on"] else ""
    words = (row["reason"], row["document_number"], decided)
    return row["title"], row["decided_by"], PROPOSALS[row["status"]], " ".join(word for word in words if word)


def _rectified(row: Mapping[str, Any]) -> tuple[str, ...]:
    words = (row["report"], row["remark"], moment_day(row["closed_at"]))
    told = " ".join(word for word in words if word)
    return row["demand"], moment_day(row["due_at"]), RECTIFICATIONS[row["status"]], told
