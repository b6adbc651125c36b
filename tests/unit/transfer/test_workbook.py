"""What is let in as a spreadsheet, and what is refused: quickly, cheaply and with a sentence that helps."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from rich.console import Console

from server.transfer.columns import Column, read_columns, read_text
from server.transfer.fault_table import print_faults
from server.transfer.roster.values import read_phones
from server.transfer.table import MonthOf, UnreadableFile, spread_merges
from server.transfer.workbook import MAX_FILE, open_table
from tests.unit.transfer.books import MAIN, bombs, book, raw_book, sheet_xml


def refusal(data: bytes, filename: str | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        open_table(data, filename)
    assert refused.value.message.endswith("。")
    return refused.value


def zipped(**parts: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


GOOD = book([["姓名", "手机"], ["张三", "19900000001"]])


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"%PDF-1.7 ...", "a.pdf", "not_a_table"),
        (b"%PDF-1.7 ...", "a.xlsx", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "a.xlsx", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "old_excel"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "encrypted_workbook",
        ),
        (b"<html><table><tr><td>x</td></tr></table>", "a.csv", "web_page"),
        (b"a,b\x00\x01\x02", "a.csv", "not_text"),
        ("姓名,手机\n".encode(), "a.xlsx", "extension_lies"),
        (GOOD, "a.csv", "extension_lies"),
        (GOOD, "a.xlsm", "wrong_extension"),
        (GOOD, "a.exe", "wrong_extension"),
        (GOOD[: len(GOOD) // 2], "a.xlsx", "damaged_workbook"),
        (zipped(word__document=b"<w/>"), "a.xlsx", "not_a_workbook"),
        (GOOD + b"<script>alert(1)</script>", "a.xlsx", "polyglot_file"),
        (b'a,"b\n' + b"x" * 40_000, "a.csv", "damaged_csv"),
        (b"," * 900_000, "a.csv", "csv_too_large"),
        (b"x" * (MAX_FILE + 1), "a.csv", "file_too_large"),
    ],
)
def test_refused(data: bytes, filename: str, code: str) -> None:
    assert refusal(data, filename).code == code


def test_macro_workbooks_are_refused() -> None:
    stream = BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert refusal(stream.getvalue(), "a.xlsx").code == "macro_workbook"


def test_document_types_and_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + sheet_xml(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    )
    assert refusal(raw_book(bomb)).code == "unsafe_xml"


_PROBE = """
import sys, time
from server.transfer.table import UnreadableFile
from server.transfer.workbook import open_table
started = time.process_time()  # a busy machine is no bomb
try:
    open_table(open(sys.argv[1], "rb").read())
    print("opened")
except UnreadableFile as error:
    print(error.code)
print(time.process_time() - started)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) / 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", ["zeros", "cells", "prefixed", "strings", "one_string"])
def test_bombs_are_refused_in_two_seconds_and_200_mb(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bombs()[name])
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    code, seconds, megabytes = done.stdout.split()
    assert code == "workbook_too_large"
    assert float(seconds) < 2
    assert float(megabytes) < 200


def test_a_sheet_with_cells_at_opposite_corners_stays_small() -> None:
    """A reader that builds a grid would need 17 billion cells for these two."""
    table = open_table(
        raw_book(
            sheet_xml(
                '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
            )
        )
    )
    assert [row.values for row in table.sheets[0].rows] == [{0: 1}, {16383: 2}]


def test_a_merged_area_over_the_whole_sheet_costs_nothing() -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "</worksheet>",
        "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 5000 + "</mergeCells></worksheet>",
    )
    table = open_table(raw_book(xml))
    assert spread_merges(table.sheets[0]) == {}


def test_numbers_dates_and_texts_come_as_excel_shows_them() -> None:
    styles = (
        f"<styleSheet {MAIN}><numFmts>"
        '<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    cells = (
        '<c r="A1" s="1"><v>30621</v></c><c r="B1" s="2"><v>32752</v></c><c r="C1"><v>19900003992</v></c>'
        '<c r="D1"><v>1.5</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><v>#REF!</v></c>'
        '<c r="G1"><f>ROW()</f></c><c r="H1" t="inlineStr"><is><r><t>张</t></r><r><t>三</t></r>'
        '<rPh><t>zhang</t></rPh></is></c><c r="I1"><f>1+1</f><v>2</v></c>'
    )
    row = open_table(raw_book(sheet_xml(f'<row r="1">{cells}</row>'), styles=styles)).sheets[0].rows[0]
    assert row.values[0] == date(1983, 11, 1)
    assert row.values[1] == date(1989, 9, 1)
    assert isinstance(row.values[1], MonthOf)
    assert [row.values[i] for i in (2, 3, 4)] == [19900003992, 1.5, True]
    assert str(row.values[5]) == "#REF!"
    assert row.values[7] == "张三"
    assert (6 in row.values, row.values[8], row.formulas) == (False, 2, {6, 8})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_encoding(encoding: str, delimiter: str) -> None:
    text = f'姓名{delimiter}编号\r\n\r\n张三{delimiter}="0012"\r\n=1+1{delimiter}x\r\n'
    sheet = open_table(text.encode(encoding), "名单.csv").sheets[0]
    assert [(row.number, dict(row.values), set(row.formulas)) for row in sheet.rows] == [
        (1, {0: "姓名", 1: "编号"}, set()),
        (3, {0: "张三", 1: "0012"}, set()),
        (4, {1: "x"}, {0}),
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        open_table(tmp_path / "没有.xlsx")
    assert refused.value.code == "no_file"


def test_a_line_break_inside_a_cell_is_a_blank() -> None:
    xml = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>出生_x000D_\n日期</t></is></c></row>')
    assert read_text(open_table(raw_book(xml)).sheets[0].rows[0].values[0]) == "出生 日期"


@pytest.mark.parametrize("text", ["[red]张三", "[/]", "[link=x]y", "\x9b31m"])
def test_what_somebody_typed_never_becomes_terminal_markup(text: str) -> None:
    out = StringIO()
    faults = read_columns(
        open_table(book([["姓名", "手机"], [text, text]])),
        (Column("name", "姓名"), Column("phone", "手机", read=read_phones)),
    ).faults
    print_faults(Console(file=out, width=80), faults)
    assert text.replace("\x9b", "") in out.getvalue()
    assert "\x9b" not in out.getvalue()
