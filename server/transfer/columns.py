"""Columns by their headers: finds the header row of a sheet and reads the rows below, for every importer.

Owns the recognition of headers and the reading of cells by a specification; what the values mean belongs to
the
importer. A new importer states its columns, calls `read_columns(open_table(file), SPEC)` and gets records and
faults:

    SPEC = (
        Column("name", "姓名", required=True, filled=True),
        Column("phone", "手机", aliases=("手机号", "电话"), read=read_phone, secret=True),
    )
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from server.transfer.faults import BadValue, Fault, Skip, mask_number
from server.transfer.table import CellError, CellValue, Row, Sheet, Table, column_letter, spread_merges

HEADER_WITHIN = 30  # a header stands in the first rows, under a title and a line with date and author
_INVISIBLE = re.compile(r"[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")


def read_text(value: CellValue) -> str:
    """The text of a cell as a person reads it: half-width, trimmed, a leading apostrophe gone."""
    if isinstance(value, str):
        return _tidy(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return date(value.year, value.month, value.day).isoformat()
    return str(value)


@lru_cache(maxsize=65_536)
def _tidy(text: str) -> str:
    plain = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"\s+", " ", plain.strip().removeprefix("'")).strip()


@dataclass(frozen=True, slots=True)
class Column:
    """One column an importer knows: its field, the title in our template, other titles people use.

    `required`: the file must have the column. `filled`: every row must have a value. `read` turns a cell into
    a value
    or raises BadValue. `secret`: values are masked in faults.
    """

    field: str
    title: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False
    read: Callable[[CellValue], Any] = read_text
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header row: the columns of each field, and titles over columns nobody asked for."""

    sheet: str
    row: int
    columns: Mapping[int, Column]
    titles: Mapping[int, str]

    @property
    def ignored(self) -> dict[int, str]:
        return {index: title for index, title in self.titles.items() if index not in self.columns}

    def index(self, field_name: str) -> int | None:
        return next((index for index, column in self.columns.items() if column.field == field_name), None)


@dataclass(frozen=True, slots=True)
class Record:
    """One accepted row: values by field; a column that is absent or an empty cell gives None."""

    sheet: str
    row: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(slots=True)
class ColumnReading:
    """All accepted rows of all sheets that have the header, and everything that was wrong."""

    headers: dict[str, Header] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def header_key(title: str) -> str:
    """A header without what people decorate it with: spaces, stars, colons, line breaks."""
    return re.sub(r"[\s*:_\-]", "", unicodedata.normalize("NFKC", title)).lower()


def _keys(title: str) -> tuple[str, ...]:
    """The header as it stands and without a bracketed hint, such as `出生日期(年月日)`."""
    whole = header_key(title)
    return whole, re.sub(r"[(\[【].*?[)\]】]", "", whole)


def find_header(sheet: Sheet, spec: Sequence[Column]) -> Header | None:
    """The first row, among the first, that names the most columns of `spec`; None when none names two (or
    all).

    A header of two rows (`成员信息` over `姓名`, `性别`) is found at its lower row, where cells merged over
    both count.
    """
    known = {
        key: column
        for column in spec
        for title in (column.title, *column.aliases)
        for key in _keys(title)[:1]
    }
    rows = sheet.rows[:HEADER_WITHIN]
    last = rows[-1].number if rows else 0
    lent = spread_merges(Sheet(sheet.name, rows, tuple(m for m in sheet.merges if m.first_row <= last)))
    best: Header | None = None
    for row in rows:
        header = _header_of(sheet.name, row, lent, known)
        if best is None or len(header.columns) > len(best.columns):
            best = header
    return best if best is not None and len(best.columns) >= min(2, len(spec)) else None


def _header_of(
    sheet: str, row: Row, lent: Mapping[tuple[int, int], CellValue], known: Mapping[str, Column]
) -> Header:
    texts = {index: value for (number, index), value in lent.items() if number == row.number}
    texts.update(row.values)
    titles = {index: read_text(value) for index, value in sorted(texts.items())}
    columns: dict[int, Column] = {}
    taken: set[str] = set()
    for index, title in titles.items():
        column = next((known[key] for key in _keys(title) if key in known), None)
        if column is not None and column.field not in taken:
            taken.add(column.field)
            columns[index] = column
    return Header(sheet, row.number, columns, titles)


def is_repeated_header(row: Row, header: Header) -> bool:
    """Whether the row is the header again, as programs print it at the top of each page."""
    shown = [index for index in header.columns if index in row.values]
    return len(shown) >= 2 and all(read_text(row.values[index]) == header.titles[index] for index in shown)


def missing_columns(header: Header | None, spec: Iterable[Column]) -> tuple[str, ...]:
    """The titles of required columns that the header lacks."""
    present = {column.field for column in header.columns.values()} if header else set()
    return tuple(column.title for column in spec if column.required and column.field not in present)


def file_fault(code: str, reason: str, remedy: str, sheet: str = "") -> Fault:
    """A fault of the whole file, which cannot be skipped."""
    return Fault(sheet, 0, "", "", "", code, reason, remedy, Skip.IMPOSSIBLE)


def cell_fault(header: Header, row: int, index: int, value: CellValue | None, bad: BadValue) -> Fault:
    """The fault of one cell under a recognised header; secret values are masked."""
    column = header.columns[index]
    shown = "" if value is None else read_text(value)
    if column.secret:
        shown = mask_number(shown)
    letter = column_letter(index)
    return Fault(
        header.sheet,
        row,
        letter,
        header.titles[index],
        shown[:80],
        bad.code,
        bad.reason,
        bad.remedy,
        bad.skip,
    )


def check_cell(row: Row, index: int) -> None:
    """Raise BadValue when the cell holds an error or a formula instead of a value."""
    value = row.values.get(index)
    if isinstance(value, CellError):
        raise BadValue("cell_error", f"这一格是 Excel 的错误值 {value.text}", "改成正确的内容", Skip.ROW)
    if index in row.formulas:
        raise BadValue(
            "formula",
            "这一格是公式，不是填好的内容" + ("" if value is not None else "，也没有算出结果"),
            "复制这一列，用“选择性粘贴→数值”粘回去",
            Skip.ROW,
        )


def read_columns(table: Table, spec: Sequence[Column]) -> ColumnReading:
    """Read every visible sheet that has the header; rows without any recognised value are passed over.

    A row with a fault gives no record. Never raises for content: what is wrong is in `faults`.
    """
    reading = ColumnReading()
    for sheet in table.sheets:
        header = None if sheet.hidden else find_header(sheet, spec)
        if header is not None and not missing_columns(header, spec):
            reading.headers[sheet.name] = header
            _read_rows(sheet, header, spec, reading)
    if not reading.headers:
        reading.faults.append(_no_header(table, spec))
    return reading


def require_rows(reading: ColumnReading) -> ColumnReading:
    """The same reading, with a fault when nothing stands under the header: an empty template is a mistake."""
    if not reading.records and not reading.faults:
        remedy = "填好再导入，或核对是不是传错了文件"
        reading.faults.append(file_fault("no_rows", "表头下面一行也没有填", remedy))
    return reading


def _no_header(table: Table, spec: Sequence[Column]) -> Fault:
    headers = [header for sheet in table.sheets if not sheet.hidden and (header := find_header(sheet, spec))]
    best = max(headers, key=lambda header: len(header.columns), default=None)
    wanted = "、".join(missing_columns(best, spec)) or "、".join(column.title for column in spec)
    where = f"第{best.row}行的表头缺少：" if best else "没有找到表头，应有："
    return file_fault("no_header", where + wanted, "补上这些列的标题，或用模板重填")


def _read_rows(sheet: Sheet, header: Header, spec: Sequence[Column], reading: ColumnReading) -> None:
    lent = spread_merges(sheet)
    for row in sheet.rows:
        if row.number <= header.row or is_repeated_header(row, header):
            continue
        if not any(index in row.values or index in row.formulas for index in header.columns):
            continue
        before = len(reading.faults)
        values: dict[str, Any] = dict.fromkeys(column.field for column in spec)
        for index, column in header.columns.items():
            value = row.values.get(index, lent.get((row.number, index)))
            try:
                check_cell(row, index)
                values[column.field] = _read_cell(column, value)
            except BadValue as bad:
                reading.faults.append(cell_fault(header, row.number, index, value, bad))
        if len(reading.faults) == before:
            reading.records.append(Record(sheet.name, row.number, values))


def _read_cell(column: Column, value: CellValue | None) -> Any:
    if value is None or read_text(value) == "":
        if column.filled:
            raise BadValue("empty", f"{column.title}没有填", "补填", Skip.ROW)
        return None
    return column.read(value)
