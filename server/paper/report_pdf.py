"""A report as PDF, on the layout of all filed sheets."""

from __future__ import annotations

from datetime import datetime

from server.paper.flow import LEFT, Flow
from server.paper.fonts import Weight
from server.paper.marks import GREY, Box, Text
from server.paper.report import Bars, Block, Grid, Heading, Paragraph, Report
from server.paper.report_bars import bars_height, bars_marks
from server.paper.typeset import wrap

_SIZE = 10.5
_LINE = 6.0
_INSET = 4.0


def report_pdf(report: Report, made_at: datetime) -> bytes:
    """The report as PDF; the same report and instant give the same bytes."""
    flow = Flow(report.title, foot=report.origin)
    flow.masthead(report.title, report.subtitle)
    for block in report.blocks:
        _add(flow, block)
    return flow.pdf(made_at)


def _add(flow: Flow, block: Block) -> None:
    match block:
        case Heading():
            flow.heading(block.text)
        case Paragraph(notice=True):
            _boxed(flow, block.text)
        case Paragraph():
            flow.paragraph(block.text, _SIZE)
        case Grid():
            flow.table(block.columns, block.rows, block.empty, grid=False)
        case Bars():
            flow.paragraph(block.words, _SIZE)
            height = bars_height(block.bars)
            flow.need(height + 4)
            flow.add(*bars_marks(block.bars, LEFT, flow.y + 1, flow.width))
            flow.skip(height + 4)


def _boxed(flow: Flow, text: str) -> None:
    """Words that nobody overlooks."""
    lines = wrap(text, flow.width - 2 * _INSET, _SIZE, Weight.BOLD)
    height = _LINE * len(lines) + 5
    flow.need(height + 3)
    flow.add(Box(LEFT, flow.y, flow.width, height, line=1, color=GREY))
    for number, line in enumerate(lines, 1):
        flow.add(Text(LEFT + _INSET, flow.y + 0.6 + _LINE * number, line, _SIZE, Weight.BOLD))
    flow.skip(height + 3)
