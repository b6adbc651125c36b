"""The child process that opens an XLSX file: `python -m server.assessment.xlsx_child FILE`.

Writes rows as CSV to standard output, the row's number first. Cells that are no plain text or number are
marked with \\x01 and a letter (D date, T time, B boolean, F formula, E error). A file that is refused: exit
status 3 and a JSON list of faults on standard error. Runs under its own limits of memory and processor time.
"""

from __future__ import annotations

import csv
import datetime
import json
import sys
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .faults import Faulty
from .xlsx_guard import special_cells, unusable

if sys.platform != "win32":
    import resource

MEMORY_LIMIT = 1_500_000_000
SECONDS = 110
SHEET_NAME = "填报"


def cell_text(value: Any) -> str:
    """A cell of calamine as text: numbers as Excel shows them (15 digits), special types marked."""
    if isinstance(value, str):
        return value.replace("\x01", "\ufffd")
    if isinstance(value, bool):
        return "\x01B" + str(value).upper()
    if isinstance(value, float | int):
        return number_text(float(value))
    if isinstance(value, datetime.datetime):
        return "\x01D" + value.date().isoformat()
    if isinstance(value, datetime.date):
        return "\x01D" + value.isoformat()
    return "\x01T" + str(value)


def number_text(value: float) -> str:
    """Excel keeps 15 digits: 0.30000000000000004 is what the clerk sees as 0.3."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = format(value, ".15g")
    if "e" in text and 1e-9 < abs(value) < 1:
        return format(value, ".12f").rstrip("0").rstrip(".")
    return text


def entry_sheet(workbook: CalamineWorkbook) -> int:
    """The place of the sheet to read: the one named 填报, else the first visible one."""
    visible = [
        place
        for place, sheet in enumerate(workbook.sheets_metadata)
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    named = [place for place in visible if workbook.sheet_names[place] == SHEET_NAME]
    if not visible:
        raise unusable("xlsx_no_sheet", "工作簿里没有可见的工作表", "请把填好的表放在第一个工作表")
    return (named or visible)[0]


def copy_rows(path: Path) -> None:
    """Guards first, then every row to standard output."""
    with path.open("rb") as file:
        marks = special_cells(file, lambda: _chosen(path))
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(_chosen(path)[0])
    first_row, first_column = sheet.start or (0, 0)
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    writer = csv.writer(sys.stdout)
    lead = [""] * first_column
    rows = sheet.to_python(skip_empty_area=True) if first_row or first_column else sheet.iter_rows()
    for place, row in enumerate(rows, start=first_row):
        cells = lead + [cell_text(value) for value in row]
        for column, mark in marks.pop(place, ()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = mark
        writer.writerow([place + 1, *cells])
    for place in sorted(marks):
        cells = [""] * (max(column for column, _ in marks[place]) + 1)
        for column, mark in marks[place]:
            cells[column] = mark
        writer.writerow([place + 1, *cells])


def _chosen(path: Path) -> tuple[int, str]:
    workbook = CalamineWorkbook.from_path(str(path))
    place = entry_sheet(workbook)
    return place, workbook.sheet_names[place]


def limit_itself() -> None:
    """Memory and processor time of this process; Windows has no such limits: sizes are counted there all
    the same."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> int:
    """Reads the file named on the command line; 0, or 3 when it is refused."""
    limit_itself()
    try:
        try:
            copy_rows(Path(sys.argv[1]))
        except CalamineError as error:
            raise unusable(
                "xlsx_broken", "Excel 文件已损坏或有密码", "请在 Excel 中打开，去掉密码后另存为 XLSX"
            ) from error
        except MemoryError as error:
            remedy = "请删去多余内容后另存为 XLSX，或改用 CSV"
            raise unusable("xlsx_unreadable", "读取这个 Excel 文件用去太多内存，已停止", remedy) from error
    except Faulty as faulty:
        sys.stderr.write(json.dumps([_plain(fault) for fault in faulty.faults], ensure_ascii=True))
        return 3
    return 0


def _plain(fault: Any) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in fault.__dataclass_fields__}


if __name__ == "__main__":
    sys.exit(main())
