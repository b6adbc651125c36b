"""Tables and trees of assessments on a terminal. Chinese is two columns wide there; rich counts that
right."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from .cell_faults import bounds
from .exact import fixed, trimmed
from .explain import below, label, remark
from .faults import Fault
from .outcome import Assessed, Outcome
from .output import flag_titles, grade_title, unit_dicts
from .scheme import Pack
from .sensitivity import Range
from .what_if import Move

MOST_COLUMNS = 6


def _table(title: str, *columns: str, right: Iterable[str] = ()) -> Table:
    table = Table(
        title=title, box=box.SIMPLE_HEAD, title_style="bold", title_justify="left", header_style="bold cyan"
    )
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=column in right)
    return table


def print_packs(console: Console, packs: Iterable[Pack]) -> None:
    """The shipped packs."""
    table = _table("自带考核方案", "编号", "名称", "类别", "各级条数", "来源")
    for pack in packs:
        counts = "、".join(f"{pack.levels[level]} {count}" for level, count in pack.counts().items())
        titles = "、".join(one.title for one in pack.categories.values())
        table.add_row(f"[bold]{pack.id}[/]", pack.title, titles, counts, str(pack.source["document"]))
    console.print(table)


def print_pack(console: Console, pack: Pack) -> None:
    """One pack: what it computes, its parameters, its tree."""
    counts = "  ".join(f"{pack.levels[level]} {count}" for level, count in pack.counts().items())
    console.print(f"[bold]{pack.title}[/]（{pack.id}，第 {pack.version} 版）", highlight=False)
    console.print(f"{counts}\n出处：{escape(str(pack.source['name']))}", highlight=False)
    if "illustrative" in pack.source:
        console.print(f"示意：{escape(str(pack.source['illustrative']))}", style="yellow", highlight=False)
    if pack.parameters:
        table = _table("\n参数", "参数", "含义", "取值", "示意", right=("取值",))
        for one in pack.parameters.values():
            value = one.value if isinstance(one.value, str) else trimmed(one.value)
            table.add_row(one.name, one.title, value, "是" if one.illustrative else "")
        console.print(table)
    steps = _table("计算步骤", "步骤", "名称", "方法", "由")
    for step in pack.steps:
        minus = "".join(f" − {term.of}" for term in step.minus)
        steps.add_row(step.name, step.title, step.method, " + ".join(term.of for term in step.terms) + minus)
    console.print(steps)
    console.print(_indicator_tree(pack))


def _indicator_tree(pack: Pack) -> Tree:
    root = Tree("[bold]指标[/]", guide_style="dim")
    nodes: dict[str | None, Tree] = {None: root}
    for one in pack.indicators.values():
        text = f"[cyan]{one.code}[/] {escape(one.title)}"
        if one.entry:
            text += f" [dim]{bounds(one)}{' 必填' if one.required else ''}[/]"
        if len(one.categories) < len(pack.categories) and one.entry:
            text += f" [magenta]{'、'.join(code for code in pack.categories if code in one.categories)}[/]"
        nodes[one.code] = nodes[one.parent].add(text)
        for kind in one.kinds.values():
            points = f" [dim]{trimmed(kind.points)}[/]" if kind.points is not None else ""
            nodes[one.code].add(f"[green]{kind.code}[/] {escape(kind.title)}{points}")
    return root


def print_outcome(console: Console, outcome: Outcome) -> None:
    """The ranking of every category."""
    pack = outcome.pack
    for code, category in pack.categories.items():
        results = [one for one in outcome.results if one.subject.category == code]
        if results:
            console.print(_ranking(pack, category.title, results))
    if outcome.units:
        table = _table("单位", "名次", "单位", "人数", "平均分", "建议措施", right=("名次", "人数", "平均分"))
        for unit in unit_dicts(outcome):
            told = "；".join(one["title"] for one in unit["consequences"])
            table.add_row(str(unit["rank"]), escape(unit["unit"]), str(unit["members"]), unit["mean"], told)
        console.print(table)
    console.print("[dim]建议措施须由相应机关决定，系统不作决定。[/]")


def _ranking(pack: Pack, title: str, results: list[Assessed]) -> Table:
    shown = [name for name in pack.component_titles if any(name in one.values for one in results)][
        :MOST_COLUMNS
    ]
    graded = any(one.grade for one in results)
    columns = [
        "名次",
        "编号",
        "名称",
        "得分",
        *(["等次"] if graded else []),
        *(pack.component_titles[n] for n in shown),
    ]
    table = _table(
        f"{pack.title} · {title}", *columns, "标记", right=("名次", "得分", *columns[4 + graded :])
    )
    for one in results:
        parts = [_short(one.values[name]) if name in one.values else "" for name in shown]
        grade = [grade_title(pack, "grade", one.grade)] if graded else []
        score = f"[bold]{fixed(one.final)}[/]"
        flags = f"[yellow]{flag_titles(pack, one.flags)}[/]" if one.flags else ""
        table.add_row(
            str(one.rank), escape(one.subject.id), escape(one.subject.name), score, *grade, *parts, flags
        )
    return table


def _short(value: Fraction) -> str:
    return fixed(value, 4).rstrip("0").rstrip(".")


def print_explanation(console: Console, assessed: Assessed, node: dict[str, Any]) -> None:
    """One subject's explanation as a tree."""
    subject = assessed.subject
    head = f"[bold]{escape(subject.name)}[/]（{escape(subject.id)}）"
    head += f"第 {assessed.rank} 名，{fixed(assessed.final)} 分"
    root = Tree(head, guide_style="dim")
    _branch(root, node)
    for note in node.get("notes", ()):
        root.add(f"[yellow]{escape(note)}[/]")
    console.print(root, highlight=False)


def _branch(tree: Tree, node: dict[str, Any]) -> None:
    value = str(node.get("value", ""))
    shown = _short(Fraction(value)) if value else ""
    sign = "−" if node.get("sign") == "-" and shown != "0" else ""
    said = remark(node)
    branch = tree.add(
        f"{escape(label(node))} [bold]{sign}{shown}[/]" + (f" [dim]{escape(said)}[/]" if said else "")
    )
    for child in below(node):
        _branch(branch, child)


def print_moves(console: Console, moves: list[Move], pack: Pack) -> None:
    """Who moves, and which numbers moved them."""
    if not moves:
        console.print("没有人的得分、名次或等次变化。")
        return
    table = _table(
        "名次变化",
        "类别",
        "编号",
        "名称",
        "名次",
        "升降",
        "得分",
        "等次",
        "原因",
        right=("名次", "升降", "得分"),
    )
    for move in moves:
        climbed = (
            f"[green]↑{move.climbed}[/]"
            if move.climbed > 0
            else f"[red]↓{-move.climbed}[/]"
            if move.climbed
            else "—"
        )
        reasons = "；".join(f"{title} {_short(old)}→{_short(new)}" for title, old, new in move.reasons)
        old, new = (
            grade_title(pack, "grade", grade) if grade in _codes(pack) else (grade or "")
            for grade in move.grade
        )
        grade = old if old == new else f"{old or '无'}→{new or '无'}"
        score = f"{fixed(move.final[0])}→{fixed(move.final[1])}"
        table.add_row(pack.categories[move.category].title, escape(move.subject), escape(move.name),
                      f"{move.rank[0]}→{move.rank[1]}", climbed, score, grade, reasons)  # fmt: skip
    console.print(table)


def _codes(pack: Pack) -> set[str]:
    return {code for grading in pack.gradings if grading.name == "grade" for code in grading.titles}


def print_ranges(console: Console, ranges: list[Range], pack: Pack) -> None:
    """How far each weight can move."""
    if not ranges:
        console.print("本方案没有可调的权重，或每个类别不足两个考核对象。")
        return
    table = _table(
        "前三名名次不变时，各权重可变动的范围",
        "权重",
        "类别",
        "现值",
        "下限",
        "上限",
        "在边界处相遇",
        right=("现值", "下限", "上限"),
    )
    for one in ranges:
        low = "可到 0" if one.lowest is None else _six(one.lowest)
        high = "不限" if one.highest is None else _six(one.highest)
        met = "；".join(
            f"{word} {'、'.join(pair)}" for word, pair in zip(("下", "上"), one.rivals, strict=True) if pair
        )
        category = pack.categories[one.category].title
        table.add_row(
            one.title,
            category,
            trimmed(one.value),
            low,
            high,
            escape(met) + ("" if one.exact else "（近似）"),
        )
    console.print(table)


def _six(value: Fraction) -> str:
    return fixed(value, 6).rstrip("0").rstrip(".")


def fault_lines(faults: Iterable[Fault], more: int) -> Iterable[str]:
    """Every fault on a line of its own, and how many more there are."""
    for fault in faults:
        yield fault.sentence()
    if more:
        yield f"另有 {more} 处错误没有列出，请先改正以上各处。"
