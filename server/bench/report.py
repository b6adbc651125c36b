"""The result: a table that a person can read, and the same as JSON. Beside each figure its target of spec 08."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from server.bench.closing import Closed
from server.bench.measures import Spread, ratios, spread
from server.bench.rounds import Measured
from server.bench.works import WORKS, Work

CLOSE_OF_FLOOR = 1.5
READS_SLOWER = 2.0
WRITES_OF_POSTGRESQL = 0.7
WRITE_P99_OF_POSTGRESQL = 3.0


@dataclass(frozen=True)
class Line:
    """One work's figures; `floor_rps` and `of_floor` are None where there is no floor."""

    work: str
    rps: Spread
    p50: float
    p99: Spread
    of_hello: Spread
    floor_rps: Spread | None
    of_floor: Spread | None
    statements: int
    target_of_hello: float | None
    target_of_floor: float | None

    @property
    def met(self) -> bool:
        """Whether the medians reach the targets."""
        floor_met = self.of_floor is None or _reaches(self.of_floor, self.target_of_floor)
        return floor_met and _reaches(self.of_hello, self.target_of_hello)


def _reaches(found: Spread, target: float | None) -> bool:
    return target is None or found.median >= target


def lines(measured: Measured, statements: dict[str, int]) -> list[Line]:
    """A line for each work that was measured."""
    return [_line(WORKS[name], measured, statements[name]) for name in measured.ours]


def _line(work: Work, measured: Measured, statements: int) -> Line:
    ours, floor = measured.ours[work.name], measured.floors.get(work.name)
    return Line(
        work.name,
        spread([one.rps for one in ours]),
        spread([one.p50 for one in ours]).median,
        spread([one.p99 for one in ours], max),
        ratios(ours, measured.ours["hello"]),
        spread([one.rps for one in floor]) if floor else None,
        ratios(ours, floor) if floor else None,
        statements,
        work.of_hello,
        work.of_floor,
    )


def as_json(facts: dict[str, Any], found: list[Line], closed: Closed | None) -> dict[str, Any]:
    """Everything, JSON-able: `facts` say what was measured where."""
    works = {line.work: {**asdict(line), "met": line.met} for line in found}
    month = None
    if closed is not None:
        month = {
            "seconds": closed.seconds,
            "whole": closed.whole,
            "floor": closed.floor,
            "of_floor": closed.of_floor,
            "target_of_floor": CLOSE_OF_FLOOR,
            "met": closed.of_floor <= CLOSE_OF_FLOOR,
            "reads": {
                "alone": asdict(closed.alone),
                "beside": asdict(closed.beside),
                "slower": closed.slower,
                "target_slower": READS_SLOWER,
                "met": closed.slower <= READS_SLOWER,
            },
        }
    return {**facts, "works": works, "month_close": month}


def show(console: Console, result: dict[str, Any]) -> None:
    """The tables, from the JSON's content."""
    console.print(_heading(result), style="bold")
    console.print(_works(result["works"]))
    if result["month_close"] is not None:
        console.print(_month(result["month_close"]))
    console.print("中位数，括号里是最差的一轮；比例在同一轮之内算。“下限”是同样的事用手写 SQL 直接做。")


def _heading(result: dict[str, Any]) -> str:
    return (
        f"{result['database']}，{result['households']:,} 户、{result['records']:,} 条待结记录，"
        f"{result['rounds']} 轮 × {result['seconds']:g} 秒，{result['connections']} 个连接，"
        f"{result['cores']} 个核"
    )


def _works(works: dict[str, Any]) -> Table:
    table = Table(title=None)
    table.add_column("工作", no_wrap=True)
    for name in ("次/秒", "p50 毫秒", "p99 毫秒", "对 hello", "目标", "对下限", "目标", "语句"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("达标", no_wrap=True)
    for name, one in works.items():
        table.add_row(
            WORKS[name].title,
            _pair(one["rps"], "{:,.0f}"),
            f"{one['p50']:.1f}",
            _pair(one["p99"], "{:.1f}"),
            _pair(one["of_hello"], "{:.2f}"),
            _target(one["target_of_hello"], "≥"),
            _pair(one["of_floor"], "{:.2f}"),
            _target(one["target_of_floor"], "≥"),
            str(one["statements"]),
            _verdict(one["met"]) if one["target_of_hello"] else "",
        )
    return table


def _month(month: dict[str, Any]) -> Table:
    table = Table(title="月结", title_justify="left")
    for name in ("", "程序", "对照", "比例", "目标", "达标"):
        table.add_column(name, justify="left" if name in ("", "达标") else "right", no_wrap=True)
    table.add_row(
        "截止、冻结、公示期满入账（对照：纯 SQL）", f"{month['whole']:.1f} 秒", f"{month['floor']:.1f} 秒",
        f"{month['of_floor']:.2f}", _target(month["target_of_floor"], "≤"), _verdict(month["met"]),
    )  # fmt: skip
    for name, seconds in month["seconds"].items():
        table.add_row(f"  其中 {name}", f"{seconds:.1f} 秒")
    reads = month["reads"]
    table.add_row(
        "月结时看账户的 p99（对照：不月结）", f"{reads['beside']['p99']:.1f} 毫秒",
        f"{reads['alone']['p99']:.1f} 毫秒", f"{reads['slower']:.2f}",
        _target(reads["target_slower"], "≤"), _verdict(reads["met"]),
    )  # fmt: skip
    return table


def _pair(value: dict[str, float] | None, form: str) -> str:
    return "–" if value is None else f"{form.format(value['median'])}（{form.format(value['worst'])}）"


def _target(value: float | None, sign: str) -> str:
    return "–" if value is None else f"{sign} {value:.2f}"


def _verdict(met: bool) -> str:
    return "[green]达标[/]" if met else "[red]不足[/]"


def beside(console: Console, ours: dict[str, Any], other: dict[str, Any]) -> None:
    """SQLite against PostgreSQL: two results of the same machine, each rate held against its own hello."""
    pair = {result["database"].split()[0]: result for result in (ours, other)}
    if set(pair) != {"SQLite", "PostgreSQL"}:
        console.print("--against 要给另一种数据库的结果（一个 SQLite，一个 PostgreSQL）。")
        return
    sqlite, postgresql = pair["SQLite"]["works"], pair["PostgreSQL"]["works"]
    table = Table(title="SQLite 对 PostgreSQL", title_justify="left")
    for name in ("工作", "次/秒", "按 hello 折算", "p99"):
        table.add_column(name, justify="left" if name == "工作" else "right")
    for name in (name for name in sqlite if name in postgresql):
        a, b = sqlite[name], postgresql[name]
        figures: list[Callable[[dict[str, Any]], float]] = [
            lambda one: float(one["rps"]["median"]),
            lambda one: float(one["of_hello"]["median"]),
            lambda one: float(one["p99"]["median"]),
        ]
        table.add_row(WORKS[name].title, *(f"{figure(a) / figure(b):.2f}" for figure in figures))
    console.print(table)
    console.print(
        f"目标：写（记一条记录）≥ {WRITES_OF_POSTGRESQL}，写的 p99 ≤ {WRITE_P99_OF_POSTGRESQL:g} 倍。"
    )
