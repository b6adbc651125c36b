"""An entry sheet's file → checked `Sheet`: tells CSV from XLSX by content, not by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .csv_input import csv_rows
from .entries import Sheet
from .entry_reader import EntryReader
from .faults import Fault, Faulty
from .scheme import Pack
from .xlsx_input import xlsx_rows

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_sheet(pack: Pack, path: Path) -> Sheet:
    """The sheet of a CSV or XLSX file; raises Faulty with every fault."""
    reader = EntryReader(pack)
    for number, cells in sheet_rows(path):
        if number == 1 or not reader.has_header:
            reader.header(cells, number)
        else:
            reader.row(number, cells)
    return reader.finish()


def sheet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of a CSV or XLSX file; raises Faulty for what is neither."""
    if not path.is_file():
        raise Faulty([Fault("file_not_found", "找不到这个文件", "请核对路径", value=str(path))])
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD_OFFICE:
        remedy = "请在 Excel 中打开，去掉密码后另存为 XLSX"
        raise Faulty([Fault("old_excel", "是旧版 XLS 或加密的 Excel 文件", remedy)])
    yield from xlsx_rows(path) if start == _ZIP or start[:2] == b"PK" else csv_rows(path)
