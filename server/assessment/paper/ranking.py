"""The ranking on A4 across, a table per category: places, components, final, grade. No proposals: those concern
the persons and the bodies that decide, not who reads the wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from server.assessment.exact import fixed
from server.assessment.outcome import Assessed, Outcome
from server.assessment.output import flag_titles, grade_title
from server.assessment.paper.head import Head
from server.paper.api import A4_ACROSS, Column, Flow, Weight

HOW_TO_OBJECT = "对结果有异议的，在公示期内向经办单位提出，或在系统里对这一项结果写明理由；答复前不作处理。"


def ranking_pdf(outcome: Outcome, head: Head, now: datetime) -> bytes:
    """Every category by itself, units by their members' mean where the scheme looks at units."""
    flow = Flow(f"{head.title} 排名表", A4_ACROSS, head.foot)
    flow.masthead(f"{head.title} 排名表", *head.lines())
    add_rankings(flow, outcome)
    flow.signatures(("填表人：", "审核人：", "负责人（盖章）：", "日期："), HOW_TO_OBJECT)
    return flow.pdf(now)


def add_rankings(flow: Flow, outcome: Outcome) -> None:
    """The tables of all categories that have anybody in them, and the units."""
    pack = outcome.pack
    for category in pack.categories.values():
        members = [one for one in outcome.results if one.subject.category == category.code]
        if members:
            flow.heading(f"{category.title}（{len(members)} 个）")
            flow.table(_columns(outcome, members), _rows(outcome, members), size=9)
    if outcome.units:
        flow.heading("单位平均")
        units = (Column("名次", 14, "right"), Column("单位", 60), Column("人数", 20, "right"))
        rows = ((str(one.rank), one.unit, str(one.members), fixed(one.mean)) for one in outcome.units)
        flow.table((*units, Column("平均分", 26, "right", Weight.BOLD)), rows, size=9)


def _components(outcome: Outcome, members: list[Assessed]) -> dict[str, str]:
    """Name → title of the components that somebody of the category has."""
    titles = outcome.pack.component_titles
    return {name: title for name, title in titles.items() if any(name in one.values for one in members)}


def _side_gradings(outcome: Outcome, members: list[Assessed]) -> list[str]:
    """The gradings beside the result's own that say something here."""
    return [
        grading.name
        for grading in outcome.pack.gradings
        if grading.name != "grade" and any(one.grades.get(grading.name) for one in members)
    ]


def _columns(outcome: Outcome, members: list[Assessed]) -> tuple[Column, ...]:
    titles = {grading.name: grading.title for grading in outcome.pack.gradings}
    head = [Column("名次", 16, "right", Weight.BOLD), Column("编号", 21), Column("名称", 34)]
    if any(one.subject.unit for one in members):
        head.append(Column("单位", 20))
    numbers = [Column(title, 24, "right") for title in _components(outcome, members).values()]
    result = [Column("最终得分", 24, "right", Weight.BOLD), Column("等次", 24)]
    others = [Column(titles[name], 22) for name in _side_gradings(outcome, members)]
    return (*head, *numbers, *result, *others, Column("说明", 26))


def _rows(outcome: Outcome, members: list[Assessed]) -> Iterator[tuple[str, ...]]:
    pack = outcome.pack
    names, sides = _components(outcome, members), _side_gradings(outcome, members)
    with_units = any(one.subject.unit for one in members)
    for one in members:
        subject = one.subject
        head = [str(one.rank), subject.id, subject.name, *([subject.unit] if with_units else [])]
        numbers = [shortened(one.values[name]) if name in one.values else "" for name in names]
        result = [fixed(one.final), grade_title(pack, "grade", one.grade)]
        others = [grade_title(pack, name, one.grades.get(name)) for name in sides]
        yield (*head, *numbers, *result, *others, flag_titles(pack, one.flags))


def shortened(value: Fraction) -> str:
    """A component for the eye: at most four places; the exact value is in the explanation."""
    return fixed(value, 4).rstrip("0").rstrip(".")
