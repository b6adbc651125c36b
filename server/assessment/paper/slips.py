"""The code slips of an anonymous appraisal: ten on A4 to cut up, each with a code to scan or to type.

Slips carry no number and no name, and stand in the random order of their codes: nobody can tell who got which.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from server.paper.api import (
    A4,
    FAINT,
    GREY,
    Box,
    Mark,
    Qr,
    Text,
    Weight,
    fitting_size,
    render_pdf,
    wrap,
)

COLUMNS, ROWS = 2, 5
_LEFT, _TOP, _WIDTH, _HEIGHT = 15.0, 16.0, 90.0, 52.0
_SIDE = 30.0
_HOW = "扫码，或打开下面的网址输入测评码。一码一表，交了作废。"


def slips_pdf(codes: Sequence[str], title: str, address: str, until: date, now: datetime) -> bytes:
    """The slips of these codes; `address` is the page that takes them."""
    each = COLUMNS * ROWS
    pages = [
        _page(codes[start : start + each], title, address, until) for start in range(0, len(codes), each)
    ]
    return render_pdf(pages, A4, "匿名测评码", now)


def _page(codes: Sequence[str], title: str, address: str, until: date) -> list[Mark]:
    marks: list[Mark] = [Text(_LEFT, 11.5, "沿线裁开，混在一起发，不要登记谁领了哪一张。", 8.5, color=GREY)]
    for place, code in enumerate(codes):
        row, column = divmod(place, COLUMNS)
        marks += _slip(_LEFT + column * _WIDTH, _TOP + row * _HEIGHT, code, title, address, until)
    return marks


def _slip(x: float, y: float, code: str, title: str, address: str, until: date) -> list[Mark]:
    left, room = x + _SIDE + 10, _WIDTH - _SIDE - 14
    marks: list[Mark] = [
        Box(x, y, _WIDTH, _HEIGHT, line=0.4, color=FAINT),
        Qr(x + 5, y + 6, _SIDE, f"{address}#{code.replace('-', '')}"),
        Text(left, y + 11, "匿名测评", 15, Weight.BOLD),
        Text(left, y + 18, title, fitting_size(title, room, 10)),
        Text(left, y + 24, f"{until.month} 月 {until.day} 日前有效", 9, color=GREY),
        Text(
            x + 5, y + 43, code, fitting_size(code, _WIDTH - 10, 12, Weight.BOLD), Weight.BOLD, tracking=0.3
        ),
        Text(x + 5, y + 48.5, address, fitting_size(address, _WIDTH - 10, 8.5), color=GREY),
    ]
    for order, line in enumerate(wrap(_HOW, room, 8)):
        marks.append(Text(left, y + 29.5 + 4 * order, line, 8, color=GREY))
    return marks
