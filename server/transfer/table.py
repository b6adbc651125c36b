"""What a spreadsheet is, once opened: sheets of rows of plain values, with the numbers and letters a person
sees.

Owns the shapes; opens nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from server.kit.errors import Invalid


class UnreadableFile(Invalid):
    """The file is refused as a whole. Codes: see the callers in `workbook.py`, `xlsx.py` and
    `csv_text.py`."""


class MonthOf(date):
    """A date whose cell shows only year and month: the day is Excel's invention."""


@dataclass(frozen=True, slots=True)
class CellError:
    """An error that Excel shows in place of a value, such as `#REF!`."""

    text: str

    def __str__(self) -> str:
        return self.text


CellValue = str | int | float | bool | date | datetime | CellError


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as on the screen (from 1), `values` by column (from 0) without the empty ones.

    `formulas` are the columns whose value a formula computed; a formula that never was computed has no value.
    """

    number: int
    values: Mapping[int, CellValue]
    formulas: frozenset[int] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged area, all bounds included: rows from 1, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its rows in order; rows without any cell may be absent."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file: `kind` is `xlsx` or `csv`; a CSV file is one sheet without a name."""

    kind: str
    sheets: tuple[Sheet, ...]


def column_letter(index: int) -> str:
    """0 → `A`, 25 → `Z`, 26 → `AA`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def spread_merges(sheet: Sheet) -> dict[tuple[int, int], CellValue]:
    """The values that merged areas lend to the cells below their first one, by (row, column).

    Only downwards (household cells, remarks of a whole family): a title merged across columns stays one cell.
    Areas
    that overlap, which no program writes, count once.
    """
    by_number = {row.number: row for row in sheet.rows}
    numbers = sorted(by_number)
    lent: dict[tuple[int, int], CellValue] = {}
    last_end: dict[int, int] = {}
    for merge in sorted(sheet.merges, key=lambda m: (m.first_column, m.first_row)):
        column = merge.first_column
        if merge.first_row <= last_end.get(column, 0) or merge.first_row not in by_number:
            continue
        last_end[column] = merge.last_row
        value = by_number[merge.first_row].values.get(column)
        if value is not None and merge.last_row > merge.first_row:
            for number in _between(numbers, merge.first_row + 1, merge.last_row):
                lent[number, column] = value
    return lent


def _between(numbers: list[int], first: int, last: int) -> list[int]:
    """The members of the sorted `numbers` from `first` to `last`, both included."""
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]
