"""The task list on paper: the target sheet at the start, the progress sheet in the middle, the result sheet at
the end of a cycle (目标书、进度表、成绩单) are the same list with what is known by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.assessment.paper.head import Head
from server.paper.api import A4_ACROSS, Band, Column, Flow, Weight

STATES = {"open": "进行中", "done": "完成", "missed": "未完成", "dropped": "取消"}
_TASKS = (
    *(Column("层级", 22), Column("任务", 58, weight=Weight.BOLD), Column("目标", 62), Column("谁负责", 34)),
    *(Column("期限", 24), Column("进度", 16, "right"), Column("最近一次进展", 50), Column("结果", 34)),
)


def task_sheet_pdf(
    tasks: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]],
    levels: Sequence[str],
    names: Mapping[str, str],
    head: Head,
    now: datetime,
) -> bytes:
    """`tasks` with their progress, the oldest first; `names`: subject → name."""
    flow = Flow(f"{head.title} 目标任务清单", A4_ACROSS, head.foot)
    flow.masthead(f"{head.title} 目标任务清单", f"{head.place}　周期 {head.period}　方案 {head.scheme}")
    flow.table(_TASKS, _rows(tasks, levels, names), "清单里还没有任务。", size=9)
    flow.signatures(("下达单位（盖章）：", "责任单位（盖章）：", "责任人：", "日期："))
    return flow.pdf(now)


def _rows(
    tasks: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]],
    levels: Sequence[str],
    names: Mapping[str, str],
) -> Iterator[tuple[str, ...] | Band]:
    """Every task below the one it comes from."""
    below: dict[str | None, list[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]]] = {}
    there = {task["id"] for task, _ in tasks}
    for task, told in tasks:
        parent = task["parent_id"] if task["parent_id"] in there else None
        below.setdefault(parent, []).append((task, told))
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        task, told = waiting.pop()
        yield _row(task, told, levels, names)
        waiting += reversed(below.get(task["id"], []))


def _row(
    task: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    levels: Sequence[str],
    names: Mapping[str, str],
) -> tuple[str, ...]:
    last = told[-1] if told else None
    due = task["due_on"].isoformat() if task["due_on"] else ""
    progress = f"{last['percent']}%" if last else ""
    news = f"{last['period']} {last['text']}" if last else ""
    result = f"{STATES[task['status']]} {task['remark']}".strip()
    who = names.get(task["subject"], task["subject"])
    return levels[task["level"]], task["title"], task["goal"], who, due, progress, news, result
