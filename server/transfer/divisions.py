"""Files of divisions as they are published: a code and a name a line, provinces to townships. No database.

Only counties (6 digits) and townships (9 digits) are kept; provinces and cities are recognised and passed
over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

from server.transfer.columns import Column, read_columns, read_text, require_rows
from server.transfer.faults import BadValue, Fault, Skip
from server.transfer.table import CellValue, Table, UnreadableFile, column_letter
from server.transfer.workbook import open_table

_NAME = re.compile(r"[^\x00-\x1f]{1,100}")


def read_division_code(value: CellValue) -> str:
    """A division code of 2, 4, 6, 9 or 12 digits; BadValue `bad_division_code`."""
    text = read_text(value)
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", text):
        raise BadValue(
            "bad_division_code",
            "区划代码应是 6 位（县）、9 位（乡镇）或 12 位数字",
            "核对代码",
            Skip.IMPOSSIBLE,
        )
    return text


def _read_name(value: CellValue) -> str:
    text = read_text(value)
    if not _NAME.fullmatch(text):
        raise BadValue("bad_name", "名称应是 1–100 个字", "改正名称", Skip.IMPOSSIBLE)
    return text


COLUMNS: tuple[Column, ...] = (
    Column("code", "区划代码", ("code", "代码", "统计用区划代码"), True, True, read_division_code),
    Column("name", "名称", ("name", "区划名称", "单位名称"), True, True, _read_name),
)


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A county or township: `code` has 12 digits."""

    row: int
    code: str
    name: str


@dataclass
class DivisionReading:
    """A file, read: counties and townships, what was passed over, and everything that is wrong."""

    counties: list[DivisionRow] = field(default_factory=list)
    townships: list[DivisionRow] = field(default_factory=list)
    passed_over: int = 0
    outside: int = 0
    placeholders: list[DivisionRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    code_column: str = "A"
    sheet: str = ""

    def add(self, other: DivisionReading, name: str) -> None:
        """Put another file beside this one; faults are named by their file."""
        self.counties += other.counties
        self.townships += other.townships
        self.passed_over += other.passed_over
        self.outside += other.outside
        self.placeholders += other.placeholders
        self.faults += [replace(fault, sheet=name) for fault in other.faults]
        self.code_column, self.sheet = other.code_column, name


def read_divisions(
    source: str | PathLike[str] | bytes,
    under: str | None = None,
    filename: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DivisionReading:
    """Read a file of divisions; `under` (2 to 9 digits) keeps only what lies in that place, itself included.

    Raises UnreadableFile. A township whose code is its county's own (`350527000`, a county without townships)
    is a
    placeholder: it would be the same node twice.
    """
    files = _files(source)
    if files is None:
        return understand(open_table(source, filename, progress), under)
    reading = DivisionReading()
    for file in files:
        reading.add(understand(open_table(file, None, progress), under), file.name)
    return reading


def _files(source: str | PathLike[str] | bytes) -> list[Path] | None:
    """The tables in a folder, or None when `source` is a file."""
    if isinstance(source, bytes) or not Path(source).is_dir():
        return None
    found = sorted(file for file in Path(source).iterdir() if file.suffix.lower() in (".csv", ".xlsx"))
    if not found:
        raise UnreadableFile("no_file", "这个目录里没有 .csv 或 .xlsx 文件。")
    return found


def understand(table: Table, under: str | None = None) -> DivisionReading:
    """As `read_divisions`, for a table already open."""
    columns = require_rows(read_columns(table, COLUMNS))
    reading = DivisionReading(faults=list(columns.faults))
    for sheet, header in columns.headers.items():
        reading.sheet = sheet
        reading.code_column = column_letter(header.index("code") or 0)
    first: dict[str, int] = {}
    prefix = _significant(under) if under else ""
    for record in columns.records:
        digits, name = _shortest(record["code"]), record["name"]
        if len(digits) not in (6, 9):
            reading.passed_over += 1
        elif not digits.startswith(prefix) and not prefix.startswith(digits):
            reading.outside += 1
        else:
            _place(reading, first, DivisionRow(record.row, digits.ljust(12, "0"), name), len(digits))
    return reading


def _shortest(code: str) -> str:
    """A 12-digit code cut to the digits of its level."""
    if len(code) < 12:
        return code
    return code[:6] if code.endswith("000000") else code[:9] if code.endswith("000") else code


def _significant(code: str) -> str:
    return _shortest(code) if len(code) == 12 else code


def _place(reading: DivisionReading, first: dict[str, int], row: DivisionRow, digits: int) -> None:
    if digits == 9 and row.code.endswith("000000"):
        reading.placeholders.append(row)
        return
    earlier = first.setdefault(row.code, row.row)
    if earlier != row.row:
        text = f"代码和第 {earlier} 行重复"
        reading.faults.append(_fault(reading, row, "duplicate_code", text, "删去其中一行"))
        return
    (reading.counties if digits == 6 else reading.townships).append(row)


def check_parents(reading: DivisionReading, known: Mapping[str, Any]) -> None:
    """Add a fault for every county that townships need and that is neither in the file nor among the codes
    `known`.
    """
    counties = {row.code for row in reading.counties} | set(known)
    orphans: dict[str, list[DivisionRow]] = {}
    for row in reading.townships:
        if row.code[:6] + "000000" not in counties:
            orphans.setdefault(row.code[:6], []).append(row)
    for county, rows in orphans.items():
        upto = f"（到第 {rows[-1].row} 行，共 {len(rows)} 个乡镇）" if len(rows) > 1 else ""
        said = f"上级县 {county} 还没有{upto}"
        reading.faults.append(_fault(reading, rows[0], "no_county", said, "先导入县级文件（areas.csv）"))


def _fault(reading: DivisionReading, row: DivisionRow, code: str, reason: str, remedy: str) -> Fault:
    shown = row.code[:9] if row.code[6:9] != "000" else row.code[:6]
    where = (reading.sheet, row.row, reading.code_column, "区划代码", shown)
    return Fault(*where, code, reason, remedy, Skip.IMPOSSIBLE)
