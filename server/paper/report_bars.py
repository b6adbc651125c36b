"""The bars of a report as marks: the same drawing goes into the PDF as lines and into Word as a picture."""

from __future__ import annotations

from collections.abc import Sequence

from server.paper.fonts import Weight
from server.paper.marks import GREEN, GREY, Box, Mark, Rule, Text
from server.paper.report import Bar
from server.paper.typeset import fitting_size, text_width

STEP = 8.0
"""Height of one bar with its gap, mm."""
_NAMES = 32.0
_BAR = 4.6


def bars_height(bars: Sequence[Bar]) -> float:
    """Height in mm of the drawing."""
    return STEP * len(bars) + 2


def bars_marks(bars: Sequence[Bar], left: float, top: float, width: float) -> list[Mark]:
    """Names, bars from zero and figures within `width` mm, from `top` downwards."""
    figures = max((text_width(bar.text, 9, Weight.BOLD) for bar in bars), default=0.0) + 3
    room = width - _NAMES - figures
    longest = max((bar.length for bar in bars), default=0) or 1
    zero = left + _NAMES
    marks: list[Mark] = [Rule(zero, top, zero, top + STEP * len(bars), 0.6, GREY)]
    for number, bar in enumerate(bars):
        y = top + STEP * number + (STEP - _BAR) / 2
        long = room * bar.length / longest
        name = fitting_size(bar.name, _NAMES - 3, 9)
        marks.append(Text(zero - 2, y + _BAR - 1.2, bar.name, name, align="right"))
        if long > 0:
            marks.append(Box(zero, y, long, _BAR, fill=GREEN))
        marks.append(Text(zero + long + 1.5, y + _BAR - 1.2, bar.text, 9, Weight.BOLD))
    return marks
