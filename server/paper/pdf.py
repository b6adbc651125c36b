"""Painting marks into a PDF with embedded, subset fonts.

Owns the one PDF library of the project (fpdf2; see docs/dependencies.md). It must not decide where anything
stands.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF

from server.paper.fonts import Weight, printable, static_subset
from server.paper.marks import Box, Mark, Qr, Rule, Shape, Text
from server.paper.qr import symbol
from server.paper.typeset import MM_PER_POINT, text_width

Page = Sequence[Mark]
Progress = Callable[[int, int], None]

_FAMILY = "Jifen"
_STYLES = {Weight.REGULAR: "", Weight.BOLD: "B"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet: width and height in mm of the design, and how much larger than the design it is printed."""

    width: float
    height: float
    scale: float = 1.0


A4 = Paper(210, 297)
A4_ACROSS = Paper(297, 210)
A3 = Paper(210, 297, scale=2**0.5)
"""A3 is A4 enlarged: a poster is read from farther away, so the type grows with the sheet."""


def render_pdf(
    pages: Sequence[Page],
    paper: Paper,
    title: str,
    made_at: datetime | None = None,
    on_progress: Progress | None = None,
) -> bytes:
    """The pages as one PDF. `on_progress(done, total)` is called after each page.

    `made_at` goes into the document's properties; with it given, the same pages give the same bytes.
    """
    with _document(pages, paper, title, made_at or datetime.now(UTC)) as pdf:
        for number, page in enumerate(pages, start=1):
            pdf.add_page()
            for mark in page:
                _paint(pdf, mark, paper.scale)
            if on_progress:
                on_progress(number, len(pages))
        return bytes(pdf.output())


@contextmanager
def _document(pages: Sequence[Page], paper: Paper, title: str, made_at: datetime) -> Iterator[FPDF]:
    """An empty document whose fonts hold exactly the characters of `pages`."""
    pdf = FPDF(format=(paper.width * paper.scale, paper.height * paper.scale))
    pdf.set_margin(0)
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_lang("zh-CN")
    pdf.set_creator("jifen")
    pdf.set_creation_date(made_at)
    # fpdf2 reads fonts from files and goes back to them when it writes the document, so the folder stays.
    with tempfile.TemporaryDirectory(prefix="jifen-paper-") as folder:
        for weight, used in _used_characters(pages).items():
            file = Path(folder) / f"{int(weight)}.ttf"
            file.write_bytes(static_subset(used, weight))
            pdf.add_font(_FAMILY, _STYLES[weight], file)
        yield pdf


def _used_characters(pages: Sequence[Page]) -> dict[Weight, frozenset[str]]:
    used: dict[Weight, set[str]] = {}
    for page in pages:
        for mark in page:
            if isinstance(mark, Text):
                used.setdefault(mark.weight, set()).update(printable(mark.text))
    return {weight: frozenset(chars) for weight, chars in used.items()}


def _paint(pdf: FPDF, mark: Mark, scale: float) -> None:
    match mark:
        case Text():
            _paint_text(pdf, mark, scale)
        case Rule():
            pdf.set_draw_color(mark.color)
            pdf.set_line_width(mark.width * MM_PER_POINT * scale)
            pdf.line(mark.x1 * scale, mark.y1 * scale, mark.x2 * scale, mark.y2 * scale)
        case Box():
            _paint_box(pdf, mark, scale)
        case Qr():
            _paint_qr(pdf, mark, scale)
        case Shape():
            pdf.set_fill_color(mark.fill)
            pdf.polygon([(x * scale, y * scale) for x, y in mark.points], style="F")


def _paint_text(pdf: FPDF, mark: Text, scale: float) -> None:
    width = text_width(mark.text, mark.size, mark.weight, mark.tracking)
    left = {"left": mark.x, "center": mark.x - width / 2, "right": mark.x - width}[mark.align]
    pdf.set_font(_FAMILY, _STYLES[mark.weight], mark.size * scale)
    pdf.set_text_color(mark.color)
    pdf.set_char_spacing(mark.tracking * scale)
    pdf.text(left * scale, mark.y * scale, printable(mark.text))


def _paint_box(pdf: FPDF, mark: Box, scale: float) -> None:
    if mark.fill:
        pdf.set_fill_color(mark.fill)
    if mark.line:
        pdf.set_draw_color(mark.color)
        pdf.set_line_width(mark.line * MM_PER_POINT * scale)
    pdf.rect(
        mark.x * scale,
        mark.y * scale,
        mark.width * scale,
        mark.height * scale,
        style=("F" if mark.fill else "") + ("D" if mark.line else ""),
        round_corners=mark.radius > 0,
        corner_radius=mark.radius * scale,
    )


def _paint_qr(pdf: FPDF, mark: Qr, scale: float) -> None:
    """One path, one fill: rectangles filled one by one leave hairlines between the rows.

    fpdf2 fills its rectangles one by one, and its paths take 18 ms for a symbol (three minutes for the plates
    of a large village). So the operators of ISO 32000, 8.5.2 are written out: place, scale, rectangles, fill.
    """
    code = symbol(mark.text, mark.side * scale)
    unit = mark.side * scale / code.modules / MM_PER_POINT
    left, top = mark.x * scale / MM_PER_POINT, (pdf.h - mark.y * scale) / MM_PER_POINT
    modules = " ".join(f"{x} {y} {length} 1 re" for x, y, length in code.runs())
    pdf._out(f"q 0 g {unit:.5f} 0 0 {-unit:.5f} {left:.3f} {top:.3f} cm {modules} f Q")
