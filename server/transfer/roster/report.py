"""A roster reading and its plan on a terminal: what was understood, what is wrong, what would change.

Owns the words and tables on screen; decides nothing. Phone numbers are masked, id numbers never appear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from server.transfer.fault_table import print_faults
from server.transfer.faults import Skip, mask_number
from server.transfer.roster.model import (
    Departure,
    FieldChange,
    HouseholdFlag,
    HouseholdKind,
    MatchedHousehold,
    MemberFlag,
    ReadColumn,
    RosterHousehold,
    RosterPlan,
    RosterReading,
    Sex,
    Understood,
)
from server.transfer.roster.words import KIND_TITLES

SHOWN = 20  # lines of a plan listed before "and so many more"; faults are always listed in full

FLAG_TITLES: dict[object, str] = {
    MemberFlag.AWAY_FOR_WORK: "外出务工",
    MemberFlag.STUDYING_AWAY: "在外上学",
    MemberFlag.IN_SERVICE: "服役",
    MemberFlag.REGISTERED_ONLY: "空挂",
    MemberFlag.LOW_INCOME: "低保",
    MemberFlag.DESTITUTE: "五保",
    MemberFlag.DISABLED: "残疾",
    MemberFlag.LIVING_ALONE: "独居",
    MemberFlag.LEFT_BEHIND_CHILD: "留守儿童",
    HouseholdFlag.REGISTERED_ONLY: "空挂户",
    HouseholdFlag.NOBODY_LEFT: "无在世成员",
    HouseholdFlag.HEAD_DEPARTED: "户主已去世或迁出",
}


def print_reading(console: Console, reading: RosterReading, plan: RosterPlan | None = None) -> None:
    """Print everything a person must see before an import."""
    _print_understood(console, reading.understood)
    print_faults(console, reading.faults)
    _print_counts(console, reading)
    if plan is not None:
        print_plan(console, plan)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold cyan"))


def _line(console: Console, text: str | Text, style: str = "") -> None:
    console.print(Padding(Text(text, style=style) if isinstance(text, str) else text, (0, 0, 0, 2)))


def _print_understood(console: Console, understood: Understood) -> None:
    _heading(console, "读到了什么")
    if understood.title:
        village = f"（村名：{understood.village_name}）" if understood.village_name else ""
        _line(console, f"标题　{understood.title}{village}")
    where = "、".join(
        f"{f'工作表 {name} ' if name else ''}第 {row} 行"
        for name, row in zip(understood.sheets, understood.header_rows, strict=True)
    )
    if where:
        _line(console, f"表头　{where}")
    if understood.columns:
        console.print(Padding(_columns_table(understood.columns), (0, 0, 0, 2)))
    if understood.ignored:
        _line(console, "没用到的列　" + "、".join(f"{c.letter} {c.title}" for c in understood.ignored), "dim")
    for text in _row_notes(understood):
        _line(console, text, "dim")
    for observation in understood.observations:
        style = "yellow" if observation.code in _TO_CHECK else ""
        rows = f"（第 {_numbers(observation.rows)} 行）" if 0 < len(observation.rows) <= 12 else ""
        _line(console, f"· {observation.text}{rows}", style)
    if understood.remarks:
        console.print(Padding(_remarks_table(understood), (1, 0, 0, 2)))


_TO_CHECK = frozenset(
    ("totals_differ", "other_village_name", "nobody_left", "head_departed", "foreign_number")
)


def _columns_table(columns: Sequence[ReadColumn]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("列", "标题", "认作"):
        table.add_column(title, overflow="fold")
    for column in columns:
        table.add_row(column.letter, Text(column.title), column.meaning)
    return table


def _row_notes(understood: Understood) -> list[str]:
    notes = []
    if understood.merged_households:
        notes.append(f"合并单元格　{understood.merged_households} 户共用的格子是合并的，已补到每一行")
    if understood.blank_rows:
        notes.append(
            f"空行　　　　跳过 {len(understood.blank_rows)} 行（第 {_numbers(understood.blank_rows)} 行）"
        )
    if understood.totals:
        notes.append(f"合计行　　　跳过第 {_numbers(t.row for t in understood.totals)} 行")
    if understood.other_rows:
        notes.append(f"重复表头、附注　跳过第 {_numbers(understood.other_rows)} 行")
    if understood.example_rows:
        notes.append(f"示例行　　　跳过第 {_numbers(understood.example_rows)} 行")
    return notes


def _numbers(rows: Iterable[int]) -> str:
    listed = list(rows)
    shown = "、".join(map(str, listed[:12]))
    return f"{shown} 等 {len(listed)}" if len(listed) > 12 else shown


def _remarks_table(understood: Understood) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("备注", overflow="fold")
    table.add_column("行数", justify="right", no_wrap=True)
    table.add_column("认作", overflow="fold")
    for use in understood.remarks[:20]:
        meaning = use.meaning or Text("没有专门的含义，照原样保留", style="dim")
        table.add_row(Text(use.text), str(len(use.rows)), meaning)
    if len(understood.remarks) > 20:
        table.add_row(f"… 另有 {len(understood.remarks) - 20} 种", "", "")
    return table


def _print_counts(console: Console, reading: RosterReading) -> None:
    console.print()
    counts = f"读到 {len(reading.households)} 户 {reading.people} 人"
    if reading.departed:
        gone = Counter(person.departure for house in reading.households for person in house.departed)
        parts = [f"{gone[kind]} 人{title}" for kind, title in _DEPARTED.items() if gone[kind]]
        counts += f"，另有 {'、'.join(parts)}"
    console.print(Text(counts + "。", style="bold"))
    if reading.must_fix:
        console.print(Text("有必须改正的问题，改正后再导入。", style="red"))
    elif reading.faults:
        effects = Counter(fault.skip for fault in reading.faults)
        said = "；".join(f"{skip.meaning} {effects[skip]} 处" for skip in Skip if effects[skip])
        console.print(
            Text(f"请改正后再导入，或明确跳过这 {len(reading.faults)} 处（跳过时：{said}）。", style="yellow")
        )
    else:
        console.print(Text("没有问题，可以导入。", style="green"))


_DEPARTED = {Departure.DECEASED: "已去世", Departure.MOVED_OUT: "已迁出"}


def print_plan(console: Console, plan: RosterPlan) -> None:
    """What the import would do: additions, changes field by field, missing and doubtful households."""
    _heading(console, "导入后会怎样")
    _line(
        console,
        f"新增 {len(plan.additions)} 户，改动 {len(plan.changed)} 户，不变 {len(plan.unchanged)} 户，"
        f"名册里没有 {len(plan.missing)} 户，要人确认 {len(plan.ambiguous)} 户",
    )
    if plan.to_confirm:
        _line(
            console, f"其中 {len(plan.to_confirm)} 户没有户编号，是按门牌和户主认的，请看过再确认", "yellow"
        )
    _list(console, "新增", "green", [_describe(house) for house in plan.additions])
    _list(console, "改动", "cyan", [line for match in plan.changed for line in describe_changes(match)])
    _list(
        console,
        "名册里没有（不会删除，请核对是漏了还是要销户）",
        "yellow",
        [f"{house.code}　{house.door or ''}　{house.head_name or ''}" for house in plan.missing],
    )
    doubts = [
        f"第 {doubt.roster.row} 行　{_describe(doubt.roster)}：{doubt.reason}？"
        + "可能是 "
        + "、".join(
            f"{house.code} {house.door or ''} {house.head_name or ''}" for house in doubt.candidates[:5]
        )
        for doubt in plan.ambiguous
    ]
    _list(console, "要人确认", "magenta", doubts)


def _list(console: Console, title: str, style: str, lines: Sequence[str], shown: int = SHOWN) -> None:
    if not lines:
        return
    _line(console, Text(title, style=f"bold {style}"))
    for text in lines[:shown]:
        console.print(Padding(Text(text), (0, 0, 0, 4)))
    if len(lines) > shown:
        console.print(Padding(Text(f"… 另有 {len(lines) - shown} 条", style="dim"), (0, 0, 0, 4)))


def _describe(house: RosterHousehold) -> str:
    code = f"{house.code}　" if house.code else ""
    return f"{code}{house.label}　{house.head_name}　{len(house.members)} 人"


def describe_changes(match: MatchedHousehold) -> list[str]:
    """One line per difference of a household: `…0012 东街12号　张三：户类型 一般户 → 残疾人家庭`."""
    house = match.existing
    name = f"{house.code}　{house.door or ''}　{house.head_name or ''}："
    lines = [name + _change(change) for change in match.changes]
    lines += [
        f"{name}新增成员 {person.name}（{person.kinship or '关系不详'}）" for person in match.members_added
    ]
    for member in match.members_changed:
        lines += [f"{name}{member.existing.name} {_change(change)}" for change in member.changes]
    lines += [
        f"{name}{old.name} {_DEPARTED[new.departure]}" for old, new in match.members_departed if new.departure
    ]
    lines += [f"{name}名册里没有成员 {old.name}（不会删除）" for old in match.members_missing]
    return lines


def _change(change: FieldChange) -> str:
    mask = change.field == "phone"
    old, new = (show_value(value) for value in (change.old, change.new))
    return f"{change.title} {mask_number(old) if mask else old} → {mask_number(new) if mask else new}"


def show_value(value: object) -> str:
    """A field's value in Chinese, for people."""
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, HouseholdKind):
        return KIND_TITLES[value]
    if isinstance(value, Sex):
        return "男" if value is Sex.MALE else "女"
    if isinstance(value, frozenset):
        return "、".join(sorted(FLAG_TITLES.get(flag, str(flag)) for flag in value)) or "（空）"
    return value.isoformat() if isinstance(value, date) else str(value)
