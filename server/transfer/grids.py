"""A file of grids with the household numbers of each, read into rows. No database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from os import PathLike

from server.transfer.columns import Column, ColumnReading, Record, read_columns, read_text, require_rows
from server.transfer.faults import BadValue, Fault, Skip
from server.transfer.row_faults import at_field
from server.transfer.table import CellValue, Table
from server.transfer.workbook import open_table


def _bad(code: str, reason: str, remedy: str) -> BadValue:
    return BadValue(code, reason, remedy, Skip.IMPOSSIBLE)


def _village(value: CellValue) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[0-9]{12}", text) or text.endswith("000"):
        raise _bad("bad_village", "村代码应是 12 位数字", "核对村代码，这一列设成文本")
    return text


def _name(value: CellValue) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[^\x00-\x1f]{1,50}", text):
        raise _bad("bad_name", "名称应是 1–50 个字", "改短一些")
    return text


def _number(value: CellValue) -> int:
    text = read_text(value)
    digits = text[12:] if re.fullmatch(r"[0-9]{16}", text) else text
    if not re.fullmatch(r"[0-9]{1,4}", digits) or int(digits) == 0:
        raise _bad("bad_number", "户号应是 1–9999 的数字", "填户编号的后 4 位，如 0031")
    return int(digits)


COLUMNS: tuple[Column, ...] = (
    Column("village", "村代码", ("村编码", "区划代码"), True, True, _village),
    Column("village_name", "村名", ("村", "行政村"), read=_name),
    Column("township_name", "乡镇", ("乡镇名称", "街道"), read=_name),
    Column("grid", "网格", ("网格名称",), True, True, _name),
    Column("area", "责任片区", ("片区",), read=_name),
    Column("first", "户号从", ("起始户号", "户号起"), read=_number),
    Column("last", "户号到", ("截止户号", "户号止"), read=_number),
)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A grid, or one more stretch of its households; numbers are the last four digits of household codes."""

    sheet: str
    row: int
    village: str
    village_name: str | None
    township_name: str | None
    grid: str
    area: str | None
    first: int | None
    last: int | None

    @property
    def codes(self) -> list[str]:
        """The household codes of this stretch; none when the row gives no number."""
        if self.first is None:
            return []
        last = self.first if self.last is None else self.last
        return [f"{self.village}{number:04d}" for number in range(self.first, last + 1)]


@dataclass
class GridReading:
    """A file, read."""

    rows: list[GridRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    columns: ColumnReading = field(default_factory=ColumnReading)

    def fault(self, row: GridRow, name: str, code: str, reason: str, remedy: str) -> None:
        """Add a fault of the column `name` of a row."""
        value = getattr(row, name)
        shown = "" if value is None else str(value)
        self.faults.append(at_field(self.columns, (row.sheet, row.row), name, shown, (code, reason, remedy)))


def read_grids(source: str | PathLike[str] | bytes, filename: str | None = None) -> GridReading:
    """Read a file of grids. Raises UnreadableFile; whatever is wrong inside is in `faults`."""
    return understand(open_table(source, filename))


def understand(table: Table) -> GridReading:
    """As `read_grids`, for a table already open."""
    columns = require_rows(read_columns(table, COLUMNS))
    reading = GridReading([_row(record) for record in columns.records], list(columns.faults), columns)
    _check_numbers(reading)
    return reading


def _row(record: Record) -> GridRow:
    return GridRow(record.sheet, record.row, **record.values)


def _check_numbers(reading: GridReading) -> None:
    """Stretches run upwards, and no household is in two grids."""
    owner: dict[str, GridRow] = {}
    for row in reading.rows:
        if row.last is not None and (row.first is None or row.last < row.first):
            reading.fault(
                row, "last", "bad_stretch", "“户号到”小于“户号从”，或没有填“户号从”", "核对两个户号"
            )
            continue
        for code in row.codes:
            other = owner.setdefault(code, row)
            if other.grid != row.grid:
                reason = f"户号 {code[12:]} 在第 {other.row} 行已经归 {other.grid}"
                reading.fault(row, "first", "household_twice", reason, "一户只能在一个网格")
                break
