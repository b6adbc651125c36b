"""Builders of small spreadsheets for the tests of imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(rows: Sequence[Sequence[object]], merges: Iterable[str] = (), name: str = "Sheet1") -> bytes:
    """An .xlsx with one sheet; None is an empty cell, a text beginning with `=` a formula with the result
    0."""
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = workbook.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(number, column, value, None, 0)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    for area in merges:
        sheet.merge.append(_area(area))  # unlike merge_range, this keeps the values written above
    workbook.close()
    return stream.getvalue()


def _area(text: str) -> list[int]:
    first, last = text.split(":")
    return [*xl_cell_to_rowcol(first), *xl_cell_to_rowcol(last)]


def raw_book(sheet_xml: bytes | str, **more: bytes | str) -> bytes:
    """An .xlsx around the given worksheet XML, for files no honest program writes; `more` are further
    parts."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {MAIN} xmlns:r="{OFFICE}">'
            '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
        for name, content in more.items():
            archive.writestr(f"xl/{name}.xml", content)
    return stream.getvalue()


def sheet_xml(cells: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>"


def bombs() -> dict[str, bytes]:
    """Files that would fill memory if they were believed."""
    return {
        "zeros": raw_book(b"<worksheet>" + b" " * (120 << 20)),
        "cells": raw_book(sheet_xml("<row>" + "<c><v>1</v></c>" * 3_000_000 + "</row>")),
        "prefixed": raw_book(
            f'<x:worksheet xmlns:x="{MAIN[7:-1]}"><x:sheetData><x:row>'
            + "<x:c/>" * 2_500_000
            + "</x:row></x:sheetData></x:worksheet>"
        ),
        "strings": raw_book(
            sheet_xml(""), sharedStrings=b"<sst>" + b"<si><t>x</t></si>" * 4_000_000 + b"</sst>"
        ),
        "one_string": raw_book(
            sheet_xml(""), sharedStrings=b"<sst><si><t>" + b"x" * (100 << 20) + b"</t></si></sst>"
        ),
    }
