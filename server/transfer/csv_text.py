"""A CSV file as one sheet: encoding, delimiter and row numbers found out, within fixed limits.

Chinese offices write CSV from Excel (GB18030), from WPS (UTF-8 with or without BOM) and from "Unicode text"
(UTF-16).
"""

from __future__ import annotations

import csv
import re
from io import StringIO

from server.transfer.table import CellValue, Row, Sheet, Table, UnreadableFile

MAX_CELLS = 800_000
MAX_TEXT = 32_767
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_EXCEL_TEXT = re.compile(r'="([^"]*)"')  # how Excel is kept from turning 0012 into 12


def open_csv(data: bytes) -> Table:
    """The rows of a CSV file; a cell that begins with `=` is marked as a formula without a value.

    Raises UnreadableFile: `unknown_encoding`, `not_text`, `csv_too_large`, `damaged_csv`.
    """
    text = _decode(data)
    if _BINARY.search(text):
        raise UnreadableFile("not_text", "这不是 CSV 文件（内容不是文字）。请上传 .xlsx 或 .csv 文件。")
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        raise UnreadableFile(
            "web_page",
            "这是网页，不是表格（有的系统导出的“Excel”其实是网页）。请用 "
            "Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
        )
    delimiter = _delimiter(text)
    if text.count(delimiter) + text.count("\n") > MAX_CELLS:
        raise UnreadableFile("csv_too_large", "文件里的内容太多，没有打开。请删去多余的行和列后再上传。")
    csv.field_size_limit(MAX_TEXT)
    try:
        rows = tuple(
            row
            for number, fields in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1)
            if (row := _row(number, fields)) is not None
        )
    except csv.Error as error:
        raise UnreadableFile(
            "damaged_csv", "CSV 文件读不通（可能有引号没有配对）。请另存为 .xlsx 后再上传。"
        ) from error
    return Table("csv", (Sheet("", rows),))


def _decode(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if wide else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        "unknown_encoding", "认不出文件的文字编码。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
    )


def _delimiter(text: str) -> str:
    """Comma, tab or semicolon: whichever stands most often in the first lines."""
    start = text[:20_000]
    return max(",\t;", key=start.count)


def _row(number: int, fields: list[str]) -> Row | None:
    values: dict[int, CellValue] = {}
    formulas = set()
    for column, value in enumerate(fields):
        if not value:
            continue
        if value[0] == "=":
            quoted = _EXCEL_TEXT.fullmatch(value)
            if quoted is None:
                formulas.add(column)
                continue
            values[column] = quoted[1]
        else:
            values[column] = value
    return Row(number, values, frozenset(formulas)) if values or formulas else None
