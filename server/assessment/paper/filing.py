"""The file of a cycle 考核备案: the steps with their days and documents, the rankings, what was proposed and
decided, then the registration form of each subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.assessment.outcome import Outcome
from server.assessment.paper.head import Head, moment_day
from server.assessment.paper.ranking import add_rankings
from server.assessment.paper.registration import PROPOSALS, Dossier, add_registration
from server.paper.api import Column, Flow

MOST_FORMS = 200
"""A file with more subjects leaves the forms out; they are printed one by one."""
STEPS = {"waiting": "未开始", "open": "进行中", "held": "有错待改", "done": "已办结"}
_STEPS = (
    *(Column("序", 10, "right"), Column("步骤", 56), Column("办理", 20), Column("开始", 24)),
    *(Column("办结", 24), Column("文号", 34), Column("备注", 40)),
)
_DECIDED = (
    *(Column("对象", 34), Column("建议（系统提出）", 56), Column("由谁决定", 30), Column("决定", 18)),
    Column("理由、文号", 50),
)


def filing_pdf(
    outcome: Outcome,
    steps: Sequence[Mapping[str, Any]],
    proposals: Sequence[Mapping[str, Any]],
    forms: Sequence[Dossier],
    head: Head,
    now: datetime,
) -> bytes:
    """The whole file; `forms` is empty where there are more subjects than MOST_FORMS."""
    flow = Flow(f"{head.title} 备案", foot=head.foot)
    flow.masthead("考核备案表", head.title, *head.lines())
    flow.form(
        (("考核对象", _counted(outcome)), ("记录", f"{outcome.sheet.rows} 条"), ("附件", _enclosed(forms)))
    )
    flow.heading("办理过程")
    flow.table(_STEPS, _step_rows(steps), size=9)
    add_rankings(flow, outcome)
    flow.heading("建议措施和决定")
    flow.table(_DECIDED, (_decided(row) for row in proposals), "没有建议措施。", size=9)
    flow.signatures(("经办人：", "审核人：", "负责人（盖章）："))
    for one in forms:
        flow.new_page()
        add_registration(flow, outcome.pack, one, head)
    return flow.pdf(now)


def _counted(outcome: Outcome) -> str:
    counts: dict[str, int] = {}
    for one in outcome.results:
        title = outcome.pack.categories[one.subject.category].title
        counts[title] = counts.get(title, 0) + 1
    return "；".join(f"{title} {count} 个" for title, count in counts.items())


def _enclosed(forms: Sequence[Dossier]) -> str:
    if forms:
        return f"考核登记表 {len(forms)} 份，附后"
    return f"对象超过 {MOST_FORMS} 个，考核登记表按人另印"


def _step_rows(steps: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for step in steps:
        days = (moment_day(step["opened_at"]), moment_day(step["ended_at"]))
        words = (step["document_number"], step["remark"])
        yield str(step["position"]), step["title"], STEPS[step["status"]], *days, *words


def _decided(row: Mapping[str, Any]) -> tuple[str, ...]:
    words = f"{row['reason']} {row['document_number']}".strip()
    return row["name"], row["title"], row["decided_by"], PROPOSALS[row["status"]], words
