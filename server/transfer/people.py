"""A file of people with their accounts and roles, read into rows.

No database: places are looked up by the importer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from os import PathLike

from server.transfer.columns import Column, ColumnReading, Record, read_columns, read_text, require_rows
from server.transfer.faults import BadValue, Fault, Skip
from server.transfer.row_faults import at_field
from server.transfer.table import CellValue, Table
from server.transfer.workbook import open_table

ROLE_TITLES: dict[str, str] = {
    "villager": "村民",
    "grid_worker": "网格员",
    "grid_leader": "网格长",
    "chief_grid_leader": "总网格长",
    "panel_member": "评议小组成员",
    "committee_member": "村委会委员",
    "committee_head": "村委会主任",
    "keeper": "超市管理员",
    "supervisor": "监督小组成员",
    "township_officer": "乡镇工作人员",
    "county_officer": "县级工作人员",
    "assessor": "考核员",
    "auditor": "审计员",
    "admin": "管理员",
}
_ROLES = {title: role for role, title in ROLE_TITLES.items()} | {role: role for role in ROLE_TITLES}
_ROLES |= {
    "评议员": "panel_member",
    "评议小组": "panel_member",
    "村主任": "committee_head",
    "保管员": "keeper",
}


def _bad(code: str, reason: str, remedy: str) -> BadValue:
    return BadValue(code, reason, remedy, Skip.IMPOSSIBLE)


def _name(value: CellValue) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[^\x00-\x1f]{1,60}", text):
        raise _bad("bad_name", "姓名应是 1–60 个字", "改正姓名")
    return text


def _place(value: CellValue) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", text):
        raise _bad("bad_place", "区划代码应是 12 位数字", "填村（或乡镇、县）的代码，这一列设成文本")
    return text.ljust(12, "0")


def _household(value: CellValue) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[0-9]{16}", text):
        raise _bad("bad_household", "户编号应是 16 位数字", "核对户编号，这一列设成文本；不是村民就留空")
    return text


def _username(value: CellValue) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[A-Za-z0-9_.\-一-鿿]{2,50}", text):
        raise _bad("bad_username", "用户名应是 2–50 个字母、数字或汉字", "换一个用户名，或留空由本人取")
    return text


def _role(value: CellValue) -> str:
    text = read_text(value).replace(" ", "")
    if text not in _ROLES:
        raise _bad("bad_role", "没有这个角色", "从这些里选：" + "、".join(ROLE_TITLES.values()))
    return _ROLES[text]


def _day(value: CellValue) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", read_text(value))
    try:
        return date(*map(int, found.groups())) if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise _bad("bad_date", "看不懂这个日期", "写成 2026-11-22")


COLUMNS: tuple[Column, ...] = (
    Column("name", "姓名", required=True, filled=True, read=_name),
    Column("place", "区划代码", ("村代码", "所在地代码", "单位代码"), True, True, _place),
    Column("household", "户编号", read=_household),
    Column("username", "用户名", ("账号", "登录名"), read=_username),
    Column("role", "角色", ("职务", "身份"), read=_role),
    Column("grid", "网格", ("网格名称", "所属网格")),
    Column("since", "开始日期", ("任职日期",), read=_day),
    Column("until", "结束日期", ("卸任日期",), read=_day),
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One role of one person.

    `role` None is a person without one (a villager, where there is a household).
    """

    sheet: str
    row: int
    name: str
    place: str
    household: str | None
    username: str | None
    role: str | None
    grid: str | None
    since: date | None
    until: date | None


@dataclass
class PeopleReading:
    """A file, read."""

    rows: list[PersonRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    columns: ColumnReading = field(default_factory=ColumnReading)

    def fault(self, row: PersonRow, name: str, code: str, reason: str, remedy: str) -> None:
        """Add a fault of the column `name` of a row."""
        value = str(getattr(row, name) or "")
        at = (row.sheet, row.row)
        self.faults.append(at_field(self.columns, at, name, value, (code, reason, remedy)))


def read_people(source: str | PathLike[str] | bytes, filename: str | None = None) -> PeopleReading:
    """Read a file of people. Raises UnreadableFile; whatever is wrong inside is in `faults`."""
    return understand(open_table(source, filename))


def understand(table: Table) -> PeopleReading:
    """As `read_people`, for a table already open."""
    columns = require_rows(read_columns(table, COLUMNS))
    return PeopleReading([_row(record) for record in columns.records], list(columns.faults), columns)


def _row(record: Record) -> PersonRow:
    return PersonRow(record.sheet, record.row, **record.values)
