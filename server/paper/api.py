"""What other slices may use of paper: door plates, QR symbols, the notice, and the marks and painter for
more.

Plain values in, bytes out.
"""

from server.paper.flow import Band, Column, Flow
from server.paper.fonts import Weight
from server.paper.marks import BLACK, FAINT, GREEN, GREY, SHADE, WHITE, Box, Mark, Qr, Rule, Shape, Text
from server.paper.notice_poster import NoticePoster, PosterLine, PosterTotals, poster_pdf
from server.paper.pdf import A3, A4, A4_ACROSS, Page, Paper, render_pdf
from server.paper.plates import PER_PAGE, PlateFace, plate_png, plate_sheet_pdf
from server.paper.qr import QUIET_MODULES, SMALLEST_MM, Symbol, symbol
from server.paper.report import Bar, Bars, Block, Grid, Heading, Paragraph, Report
from server.paper.report_pdf import report_pdf
from server.paper.report_word import MEDIA_TYPE as WORD
from server.paper.report_word import report_docx
from server.paper.typeset import fitting_size, text_width, wrap

__all__ = [
    "A3",
    "A4",
    "A4_ACROSS",
    "BLACK",
    "FAINT",
    "GREEN",
    "GREY",
    "PER_PAGE",
    "QUIET_MODULES",
    "SHADE",
    "SMALLEST_MM",
    "WHITE",
    "WORD",
    "Band",
    "Bar",
    "Bars",
    "Block",
    "Box",
    "Column",
    "Flow",
    "Grid",
    "Heading",
    "Mark",
    "NoticePoster",
    "Page",
    "Paper",
    "Paragraph",
    "PlateFace",
    "PosterLine",
    "PosterTotals",
    "Qr",
    "Report",
    "Rule",
    "Shape",
    "Symbol",
    "Text",
    "Weight",
    "fitting_size",
    "plate_png",
    "plate_sheet_pdf",
    "poster_pdf",
    "render_pdf",
    "report_docx",
    "report_pdf",
    "symbol",
    "text_width",
    "wrap",
]
