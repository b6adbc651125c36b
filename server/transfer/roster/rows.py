"""Which rows of a roster are people, and which are titles, totals, blanks, repeated headers, notes and
examples.

Owns the sorting of rows; what stands in them is read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.transfer.columns import (
    Header,
    file_fault,
    find_header,
    is_repeated_header,
    read_text,
)
from server.transfer.faults import Fault
from server.transfer.roster.columns import COLUMNS, HOUSEHOLD_FIELDS
from server.transfer.roster.model import Totals
from server.transfer.roster.remarks import read_remark
from server.transfer.table import CellError, CellValue, Row, Sheet, Table, spread_merges


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row about one person: its cells by field (those a merged area lends included) and where they
    stand."""

    sheet: str
    number: int
    header: Header
    cells: Mapping[str, CellValue]
    places: Mapping[str, int]
    formulas: frozenset[str] = frozenset()

    def text(self, name: str) -> str:
        """The cell's text; "" when empty or an error."""
        value = self.cells.get(name)
        return "" if value is None or isinstance(value, CellError) else read_text(value)


@dataclass(slots=True)
class SortedRows:
    """The rows of all roster sheets of a file, sorted."""

    headers: dict[str, Header] = field(default_factory=dict)
    people: list[RosterRow] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    other: list[int] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)
    hidden: list[tuple[str, int]] = field(default_factory=list)
    totals: list[Totals] = field(default_factory=list)
    merged_households: int = 0
    head_only: list[tuple[str, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def sort_rows(table: Table) -> SortedRows:
    """Sort the rows of every visible sheet whose header names a roster's columns; a fault when there is
    none."""
    found = SortedRows()
    nearest: tuple[Sheet, Header] | None = None
    for sheet in table.sheets:
        header = None if sheet.hidden else find_header(sheet, COLUMNS)
        if header is None:
            continue
        if header.index("name") is None and header.index("head") is None:
            nearest = nearest or (sheet, header)
            continue
        found.headers[sheet.name] = header
        _sort_sheet(sheet, header, found)
    if not found.headers:
        found.faults.append(_no_header(nearest))
    elif not found.people:
        found.faults.append(file_fault("no_people", "表头下面没有一行写着人", "核对是不是传错了文件"))
    return found


def _no_header(nearest: tuple[Sheet, Header] | None) -> Fault:
    if nearest is None:
        return file_fault(
            "no_header",
            "没有找到花名册的表头（如：户主、姓名、与户主关系）",
            "给每一列写上标题，或用模板重填",
        )
    sheet, header = nearest
    return file_fault(
        "no_header",
        f"第 {header.row} 行的表头里没有“姓名”这一列",
        "补上这一列的标题，或用模板重填",
        sheet.name,
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """How one sheet is laid out: where each field stands, and what merged areas lend."""

    header: Header
    places: Mapping[str, int]
    lent: Mapping[tuple[int, int], CellValue]


def _sort_sheet(sheet: Sheet, header: Header, found: SortedRows) -> None:
    places = {column.field: index for index, column in header.columns.items()}
    if "name" not in places:
        found.head_only.append((sheet.name, header.row))
        places["name"] = places["head"]
    layout = _Layout(header, places, spread_merges(sheet))
    found.merged_households += count_merged_households(sheet, header)
    for row in sheet.rows:
        if row.number < header.row:
            found.lead.extend(read_text(value) for value in row.values.values())
        elif row.number > header.row:
            _sort_row(row, layout, found)
    _add_missing_rows(sheet, header, found)


def _sort_row(row: Row, layout: _Layout, found: SortedRows) -> None:
    header = layout.header
    totals = read_totals(header.sheet, row)
    if totals is not None:
        found.totals.append(totals)
    elif is_repeated_header(row, header) or is_note(row, layout.places["name"]):
        found.other.append(row.number)
    elif not any(index in row.values or index in row.formulas for index in header.columns):
        found.blank.append(row.number)
    else:
        made = _person_row(row, layout)
        if is_example(made):
            found.examples.append(row.number)
            return
        found.people.append(made)
        if row.hidden:
            found.hidden.append((header.sheet, row.number))


def _person_row(row: Row, layout: _Layout) -> RosterRow:
    cells: dict[str, CellValue] = {}
    for name, index in layout.places.items():
        value = row.values.get(index)
        if value is None and layout.lent:
            value = layout.lent.get((row.number, index))
        if value is not None:
            cells[name] = value
    formulas = frozenset(name for name, index in layout.places.items() if index in row.formulas)
    return RosterRow(layout.header.sheet, row.number, layout.header, cells, layout.places, formulas)


def _add_missing_rows(sheet: Sheet, header: Header, found: SortedRows) -> None:
    """Rows that hold no cell at all are absent from a sheet's rows: between the first and the last they are
    blank."""
    present = {row.number for row in sheet.rows}
    last = max(present, default=0)
    if last - len(present) < 10_000:
        found.blank.extend(number for number in range(header.row + 1, last) if number not in present)
    found.blank.sort()


_TOTALS = re.compile(r"(全村|本村|本页|本组|以上|人口)?(合计|总计|共计|小计|累计)")


def read_totals(sheet: str, row: Row) -> Totals | None:
    """A row that adds up (`合计 286户 956人`), by its first cell; None for any other row."""
    if not row.values:
        return None
    texts = [read_text(row.values[index]) for index in sorted(row.values)]
    if not _TOTALS.match(texts[0].replace(" ", "")):
        return None
    if "小计" in texts[0] or "本页" in texts[0] or "本组" in texts[0]:
        return Totals(sheet, row.number, None, None)
    whole = " ".join(texts)
    households = re.search(r"(\d+) ?户", whole)
    people = re.search(r"(\d+) ?[人口]", whole)
    return Totals(
        sheet, row.number, int(households[1]) if households else None, int(people[1]) if people else None
    )


_NOTE = re.compile(
    r"(注|备注|说明|填表|制表|审核|负责人|单位|联系人|盖章|日期|时间).{0,8}:|以下空白|以下为空"
)


def is_note(row: Row, name_index: int) -> bool:
    """A line of text under the table (`填表人：…`, `注：…`): it begins like one and names no member."""
    if not row.values or len(row.values) > 6:
        return False
    first = min(row.values)
    return _NOTE.match(read_text(row.values[first])) is not None and (
        first == name_index or name_index not in row.values
    )


def is_example(row: RosterRow) -> bool:
    """Whether the remark says that the row only shows how to fill in the sheet (`示例，请删除`)."""
    text = row.text("remark")
    return bool(text) and read_remark(text).example


def count_merged_households(sheet: Sheet, header: Header) -> int:
    """How many households have their shared cells merged over several rows."""
    columns = {index for index, column in header.columns.items() if column.field in HOUSEHOLD_FIELDS}
    starts = {
        m.first_row
        for m in sheet.merges
        if m.first_column in columns and m.last_row > m.first_row > header.row
    }
    return len(starts)


_TOWNSHIP = re.compile(r".*(?:省|市|县|区|旗|镇|乡|街道|苏木)")
_VILLAGE = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:村(?!民)|社区|嘎查)")


def village_in(title: str) -> str | None:
    """The village named in a title: `柳溪镇大槐树村村民花名册` → `大槐树村`."""
    rest = re.sub(r"[\d年月日份 ]+", "", title)
    found = _VILLAGE.search(_TOWNSHIP.sub("", rest)) or _VILLAGE.search(rest)
    return found[0] if found else None
