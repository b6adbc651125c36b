"""Lists as Excel files. Pure. Texts that begin with = + - @ are neutralised: none is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from server.kit.clock import SHANGHAI

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: titles with the widths of their columns in characters, then rows of plain values."""

    name: str
    titles: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]


def neutral(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + value if value.startswith(_RISKY) else value


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx of these sheets. Decimals and integers become numbers, dates dates, None an empty cell."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, SAFE)
    head = book.add_format({"bold": True, "bg_color": "#EAF4EE", "bottom": 1})
    formats = {
        Decimal: book.add_format({"num_format": "0.00"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for one in sheets:
        sheet = book.add_worksheet(one.name)
        for column, (title, width) in enumerate(one.titles):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for line, row in enumerate(one.rows, 1):
            for column, value in enumerate(row):
                _write(sheet, line, column, value, formats)
        sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _write(sheet: Any, line: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(line, column, local, formats[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), formats[date])  # noqa: DTZ001
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        sheet.write_number(line, column, value, formats.get(type(value)))
    else:
        sheet.write_string(line, column, neutral(str(value)))
