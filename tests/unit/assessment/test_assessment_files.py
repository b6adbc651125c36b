"""Files as they come: encodings of CSV, workbooks with formulas, dates and errors in them, bombs, foreign
files."""

from __future__ import annotations

import datetime
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from server.assessment.engine import assess
from server.assessment.entries import COLUMN_TITLES, COLUMNS, Sheet
from server.assessment.exact import fixed
from server.assessment.faults import Fault, Faulty
from server.assessment.pack_reader import load_pack, shipped_packs
from server.assessment.sheet_file import read_sheet
from server.assessment.template import write_template

Cell = str | float | datetime.date | bool | None
HEADER = "subject,name,category,unit,indicator,rater,value,kind,note"
LINE = "M1,张三,C,,duty.01,,1.5,,说明"


def read(path: Path, pack: str = "gaoyang-party") -> Sheet:
    return read_sheet(load_pack(pack), path)


def faults(path: Path, pack: str = "gaoyang-party") -> list[Fault]:
    with pytest.raises(Faulty) as caught:
        read(path, pack)
    return caught.value.faults


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{LINE}\n".encode(),
        f"{HEADER}\r\n{LINE}\r\n".encode(),
        f"\ufeff{HEADER}\r\n{LINE}".encode(),
        f"{HEADER}\n\n,,,,,,,,\n{LINE}\n\n".encode(),
        f"{HEADER},,\n{LINE},,\n".encode(),
        f"note,{HEADER.removesuffix(',note')}\n说明,{LINE.removesuffix(',说明')}\n".encode(),
        f"{HEADER.upper()}\n{LINE.replace('M1', ' M1 ')}\n".encode(),
        (",".join(COLUMN_TITLES[name] for name in HEADER.split(",")) + f"\n{LINE}\n").encode(),
        f'{HEADER}\n{LINE.replace("说明", chr(34) + "一、" + chr(10) + "二, 三" + chr(34))}\n'.encode(),
    ],
    ids=["plain", "windows", "bom", "blanks", "empty columns", "other order", "case", "titles", "quoted"],
)  # fmt: skip
def test_csv_as_clerks_save_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    sheet = read(path)
    assert [one.value * 2 for one in sheet.subjects["M1"].entries["duty.01"]] == [3]
    assert sheet.rows == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"{HEADER}\n{LINE}\n".encode("gbk"), "csv_encoding"),
        (f"{HEADER}\n{LINE}\n".encode("utf-16"), "csv_encoding"),
        (b"%PDF-1.7\n" + b"x" * 100, "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "old_excel"),
        (b"PK\x03\x04 this is no archive", "xlsx_broken"),
    ],
    ids=["gbk", "utf-16", "pdf", "png", "xls", "cut zip"],
)
def test_files_that_are_no_entry_sheets(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    assert [fault.code for fault in faults(path)] == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert [fault.code for fault in faults(tmp_path / "none.csv")] == ["file_not_found"]


def workbook(path: Path, *rows: list[Cell], change: Callable[[Any, Any], None] | None = None) -> Path:
    """A workbook with the contract's heading in its first row and the rows below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS))
    for one in rows:
        sheet.append(one)
    if change:
        change(book, sheet)
    book.save(path)
    return path


SOUND: list[Cell] = ["M1", "张三", "C", None, "duty.01", None, 1.5, None, "说明"]


def test_a_workbook_reads_like_the_csv(tmp_path: Path) -> None:
    sheet = read(
        workbook(
            tmp_path / "in.xlsx", SOUND, [1001.0, "李四", "C", None, "duty.01", None, 0.1 + 0.2, None, None]
        )
    )
    assert [(one.id, one.name) for one in sheet.subjects.values()] == [("M1", "张三"), ("1001", "李四")]
    assert fixed(sheet.subjects["1001"].entries["duty.01"][0].value, 6) == "0.300000"  # as Excel shows it


def test_dates_of_excel_are_dates_in_the_date_column(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["M1", "张三", "member", None, "deduct", None, 2, "dues", None, None, datetime.date(2026, 3, 1)],
        ["M1", "张三", "member", None, "deduct", None, 2, "dues", None, None, "2026-03-02"],
    ]
    sheet = read(workbook(tmp_path / "in.xlsx", *rows), "nanjiang-licence")
    assert [str(one.day) for one in sheet.subjects["M1"].entries["deduct"]] == ["2026-03-01", "2026-03-02"]


CELLS: list[tuple[str, int, Cell, str, str]] = [
    ("date where a number belongs", 6, datetime.date(2026, 3, 5), "excel_date", "value"),
    ("time where a number belongs", 6, datetime.time(8, 30), "excel_time", "value"),  # type: ignore[list-item]
    ("truth value", 6, True, "excel_boolean", "value"),
    ("formula in a value", 6, "=1+1", "formula", "value"),
    ("formula in a code", 4, '=CONCATENATE("duty",".01")', "formula", "indicator"),
    ("formula in a note", 8, '=HYPERLINK("http://127.0.0.1/")', "formula", "note"),
    ("error value", 6, "#REF!", "excel_error", "value"),
    ("error in a name", 1, "#N/A", "excel_error", "name"),
    ("full-width digits", 6, "８", "full_width", "value"),
    ("text number with a blank inside", 6, "1 5", "not_a_number", "value"),
    ("huge number", 6, 1e300, "exponent", "value"),
    ("date in a code", 0, datetime.date(2026, 1, 1), "excel_date", "subject"),
]


@pytest.mark.parametrize(
    ("place", "value", "code", "column"), [one[1:] for one in CELLS], ids=[one[0] for one in CELLS]
)
def test_cells_of_excel_that_are_refused(
    place: int, value: Cell, code: str, column: str, tmp_path: Path
) -> None:
    faulty = list(SOUND)
    faulty[place] = value
    path = workbook(tmp_path / "in.xlsx", SOUND, faulty)
    found = faults(path)
    assert (found[0].code, found[0].row, found[0].column, found[0].position) == (
        code,
        3,
        column,
        "ABCDEFGHI"[place],
    )


def test_the_sheet_named_for_filling_is_read_and_hidden_ones_are_not(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.title = "说明"
        filled = book.create_sheet("填报")
        filled.append(list(COLUMNS))
        filled.append(SOUND)

    assert read(workbook(tmp_path / "a.xlsx", ["错"], change=fill)).rows == 1

    def hide(book: Any, sheet: Any) -> None:
        fill(book, sheet)
        sheet.sheet_state = "hidden"
        book["填报"].title = "表二"

    assert read(workbook(tmp_path / "b.xlsx", ["错"], change=hide)).rows == 1


def test_rows_above_the_heading_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", SOUND, change=lambda book, sheet: sheet.insert_rows(1, 2))
    assert [(fault.code, fault.row) for fault in faults(path)] == [("header_row", 1)]


def test_rows_keep_the_numbers_of_the_spreadsheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", SOUND, change=lambda book, sheet: sheet.cell(9, 1, "M9"))
    assert {fault.row for fault in faults(path)} == {9}


def test_the_template_is_read_back_and_every_pack_has_one(tmp_path: Path) -> None:
    for pack in shipped_packs():
        path = tmp_path / f"{pack}.xlsx"
        write_template(load_pack(pack), path)
        assert [fault.code for fault in faults(path, pack)] == ["no_entries"]
    path = tmp_path / "gaoyang-party.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["填报", "指标", "种类", "类别"]
    for place, value in enumerate(SOUND, start=1):
        book["填报"].cell(2, place, value)
    book.save(path)
    assert read(path).rows == 1


def rezip(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Rewrites one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


SHEET = "xl/worksheets/sheet1.xml"
BOMBS: list[tuple[str, str, Callable[[bytes], bytes], str]] = [
    ("zeros in the sheet", SHEET, lambda old: old + b"\x00" * 100_000_000, "xlsx_bomb"),
    ("zeros beside the sheet", "xl/media/image1.bin", lambda old: b"\x00" * 100_000_000, "xlsx_bomb"),
    ("spaces in the strings", "xl/sharedStrings.xml", lambda old: old + b" " * 100_000_000, "xlsx_bomb"),
    ("entities", SHEET, lambda old: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + old, "xlsx_xml"),
    ("utf-16 sheet", SHEET, lambda old: old.decode().encode("utf-16"), "xlsx_xml"),
    ("cut sheet", SHEET, lambda old: old[: len(old) // 2], "xlsx_broken"),
    ("no workbook", "xl/workbook.xml", lambda old: b"", "xlsx_broken"),
    (
        "namespaced formula",
        SHEET,
        lambda old: old.replace(b"<v>1.5</v>", b"<x:f xmlns:x='u'>1</x:f><v>1.5</v>"),
        "formula",
    ),
]


@pytest.mark.parametrize(
    ("part", "change", "code"), [one[1:] for one in BOMBS], ids=[one[0] for one in BOMBS]
)
def test_bombs_and_tampered_workbooks(
    part: str, change: Callable[[bytes], bytes], code: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "in.xlsx", SOUND)
    rezip(path, part, change)
    assert [fault.code for fault in faults(path)][:1] == [code]


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", SOUND)
    rezip(path, "xl/media/image1.bin", lambda old: b"\x00" * 100_000_000)
    content = bytearray(path.read_bytes())
    size = (100_000_000).to_bytes(4, "little")
    assert content.count(size) == 2  # the local header and the directory
    path.write_bytes(content.replace(size, (1000).to_bytes(4, "little")))
    assert faults(path)[0].code in ("xlsx_bomb", "xlsx_broken")


def test_no_process_is_left_behind(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", *[SOUND[:4]] * 2000)
    assert faults(path)
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(path) not in found


def test_a_workbook_of_another_writer_gives_the_same_scores(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, COLUMNS[:9])
    for number in range(1, 200):
        sheet.write_row(number, 0, [f"M{number}", "某人", "C", "", "prosperity.01", "", number / 8, "", ""])
    book.close()
    found = assess(load_pack("gaoyang-party"), read(path)).results
    assert fixed(found[0].final) == "124.88"  # 100 + 199/8, half up
    assert len(found) == 199
