"""A report as a Word document, for a secretary who goes on writing in it.

Owns the one Word library of the project (python-docx; see docs/dependencies.md), loaded when a document is asked
for. The chart goes in as a picture with its words, since Word has no drawing that every version shows alike.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from server.paper.png import render_png
from server.paper.report import Bars, Block, Grid, Heading, Paragraph, Report
from server.paper.report_bars import bars_height, bars_marks

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTH = 165.0
_PIXELS = 1300


def report_docx(report: Report, made_at: datetime) -> bytes:
    """The report as .docx. Names of fonts are those of Chinese Windows; others take what they have."""
    from docx import Document  # noqa: PLC0415 - heavy, and most processes never make a document
    from docx.shared import Mm, Pt  # noqa: PLC0415

    book = Document()
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    _fonts(book, Pt)
    book.core_properties.title = report.title
    book.core_properties.author = "jifen"
    book.core_properties.created = book.core_properties.modified = made_at.replace(tzinfo=None)
    book.add_heading(report.title, level=1)
    book.add_paragraph(report.subtitle)
    for block in report.blocks:
        _add(book, block)
    _foot(section.footer.paragraphs[0], report.origin)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fonts(book: Any, points: Any) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import RGBColor  # noqa: PLC0415

    for name, face, size in (("Normal", "宋体", 11), ("Heading 1", "黑体", 18), ("Heading 2", "黑体", 14)):
        style = book.styles[name]
        style.font.name, style.font.size = face, points(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _add(book: Any, block: Block) -> None:
    match block:
        case Heading():
            book.add_heading(block.text, level=2)
        case Paragraph():
            book.add_paragraph().add_run(block.text).bold = block.notice
        case Grid():
            _grid(book, block)
        case Bars():
            book.add_paragraph(block.words)
            _picture(book, block)


def _grid(book: Any, block: Grid) -> None:
    if not block.rows:
        book.add_paragraph(block.empty)
        return
    table = book.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        cell.paragraphs[0].add_run(column.title).bold = True
    for row in block.rows:
        for cell, text, column in zip(table.add_row().cells, row, block.columns, strict=True):
            cell.text = text
            cell.paragraphs[0].alignment = 2 if column.align == "right" else 0
    _repeat_head(table.rows[0])


def _repeat_head(row: Any) -> None:
    """The head comes again on the next page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _picture(book: Any, block: Bars) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    height = bars_height(block.bars)
    picture = render_png(bars_marks(block.bars, 0, 1, _WIDTH), _WIDTH, height + 2, _PIXELS)
    shape = book.add_picture(io.BytesIO(picture), width=Mm(_WIDTH))
    words = "；".join(f"{bar.name} {bar.text}" for bar in block.bars)
    shape._inline.docPr.set("descr", f"{block.words} {words}")


def _foot(paragraph: Any, origin: str) -> None:
    """The origin and the number of the page, which Word counts."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    paragraph.add_run(f"{origin}　第 ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" 页")
