"""The certificate on A4 across: a frame, an ear of wheat on each side of a house, the words, a place for the seals.

Owns where things stand, taken from the mock-up (lengths in mm). It must not read anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

from server.honours.certificates import Certificate
from server.paper.api import (
    A4_ACROSS,
    GREEN,
    GREY,
    Box,
    Mark,
    Qr,
    Rule,
    Shape,
    Text,
    Weight,
    fitting_size,
    render_pdf,
    text_width,
    wrap,
)

OCHRE = "#C98A1B"
_MIDDLE, _LEFT, _RIGHT = 148.5, 42.0, 255.0
_NUMBERS = "〇一二三四五六七八九"
_LEAF = ((0, 0), (9, -2), (15, -11), (13, -20), (4, -17), (-1, -10), (0, 0))
_UNIT = 0.209


def certificates_pdf(given: Sequence[Certificate], now: datetime) -> bytes:
    """One page for each certificate."""
    pages = [list(_page(one)) for one in given]
    return render_pdf(pages, A4_ACROSS, f"{given[0].village} {given[0].year} 年度荣誉证书", now)


def _page(one: Certificate) -> Iterator[Mark]:
    yield Box(9, 9, 279, 192, line=4.5, color=GREEN)
    yield Box(12.5, 12.5, 272, 185, line=1.2, color=OCHRE)
    yield from _emblem()
    yield Text(_MIDDLE, 76, "荣誉证书", 40, Weight.BOLD, "center", tracking=14)
    yield from _name(one)
    said = f"{one.citation}。经村民提名、{one.how}表决并公示，被评为{one.village}"
    for number, line in enumerate(wrap(f"　　{said}", _RIGHT - _LEFT, 17)):
        yield Text(_LEFT, 106.5 + 10.5 * number, line, 17)
    title = f"{one.year} 年度　{one.honour}"
    yield Text(_MIDDLE, 134, title, fitting_size(title, 210, 29, Weight.BOLD), Weight.BOLD, "center")
    yield Text(_LEFT, 147.5, "　　特发此证，以资鼓励。", 17)
    yield from _seal(one)
    yield from _proof(one)


def _name(one: Certificate) -> Iterator[Mark]:
    name = f"　{one.name}　"
    size = fitting_size(name, 100, 24, Weight.BOLD)
    end = _LEFT + text_width(name, size, Weight.BOLD)
    yield Text(_LEFT, 93, name, size, Weight.BOLD)
    yield Rule(_LEFT, 95.2, end, 95.2, 0.8)
    yield Text(end + 3, 93, "家庭：" if one.whole else "同志：", 19)


def _seal(one: Certificate) -> Iterator[Mark]:
    """Who signs, and where the seal goes: a dashed circle of 38 mm."""
    x, y, radius = 221.0, 177.5, 19.0
    for part in range(48):
        begin, end = (2 * math.pi * (part + share) / 48 for share in (0.0, 0.55))
        yield Rule(
            x + radius * math.cos(begin), y + radius * math.sin(begin),
            x + radius * math.cos(end), y + radius * math.sin(end), 0.8, "#B9B9B9",
        )  # fmt: skip
    yield Text(x, y - radius + 4.6, "盖章处", 8, align="center", color="#767676")
    words = (f"中共{one.village}支部委员会", f"{one.village}村民委员会", chinese_day(one.awarded_on))
    for number, text in enumerate(words):
        yield Text(x, 170.5 + 8.2 * number, text, fitting_size(text, 70, 14), align="center")


def _proof(one: Certificate) -> Iterator[Mark]:
    """Number, days of the notice, and the page that shows conditions and votes; the ledger head below."""
    begun, ended = one.notice
    days = f"{begun.year} 年 {begun.month} 月 {begun.day} 日至 {ended.month} 月 {ended.day} 日"
    yield Qr(28, 166, 22, one.page)
    words = (f"编号 {one.number}", f"公示：{days}", "扫码可查评比条件与表决结果")
    for number, text in enumerate(words):
        yield Text(54, 177.5 + 4.4 * number, text, fitting_size(text, 100, 8))
    head = " ".join(one.ledger_head[at : at + 8] for at in range(0, len(one.ledger_head), 8))
    yield Text(28, 194.6, f"积分台账封签 {head}", 6.5, color=GREY)


def chinese_day(day: date) -> str:
    """二〇二六年十二月三十日."""
    year = "".join(_NUMBERS[int(sign)] for sign in str(day.year))
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def _small(number: int) -> str:
    """A number up to 99 in Chinese: 十二, 三十."""
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_NUMBERS[tens]}十"
    return before + (_NUMBERS[ones] if ones else "")


def _emblem() -> Iterator[Mark]:
    """Two ears of wheat leaning outwards, a house between them."""
    for side in (-1, 1):
        for level in range(9):
            for half in (-1, 1):
                leaf = [(half * x, y - 13 * level) for x, y in _curve(_LEAF)]
                yield Shape(tuple(_put(side, *point) for point in leaf), OCHRE)
        yield Shape(tuple(_put(side, *p) for p in ((0, -117), (-6, -129), (0, -143), (6, -129))), OCHRE)
        stalk = [_put(side, 0, -118), _put(side, 0, 0), _put(side, -1, 60)]
        for (x1, y1), (x2, y2) in pairwise(stalk):
            yield Rule(x1, y1, x2, y2, 1.1, OCHRE)
    wall = ((-26, 0), (-26, -32), (0, -56), (26, -32), (26, 0))
    door = ((-8, 0), (-8, -18), (8, -18), (8, 0))
    for line in (wall, door):
        at = [_at(*point) for point in line]
        for (x1, y1), (x2, y2) in pairwise(at):
            yield Rule(x1, y1, x2, y2, 2.6, GREEN)
    tie = [_at(x, 80 + 7 * (1 - (x / 27) ** 2)) for x in range(-27, 28, 6)]
    for (x1, y1), (x2, y2) in pairwise(tie):
        yield Rule(x1, y1, x2, y2, 2.6, GREEN)


def _at(x: float, y: float) -> tuple[float, float]:
    """From the emblem's own units to the sheet."""
    return _MIDDLE + _UNIT * x, 16 + _UNIT * (y + 112)


def _put(side: int, x: float, y: float) -> tuple[float, float]:
    """A point of an ear of wheat that stands upright, turned by 24° and put on its side."""
    turn = math.radians(24)
    turned = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
    return _at(side * (38 + turned[0]), 44 + turned[1])


def _curve(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Points along cubic curves that share their ends."""
    for start in range(0, len(points) - 1, 3):
        a, b, c, d = points[start : start + 4]
        for step in range(8):
            t = step / 8
            u = 1 - t
            yield tuple(  # type: ignore[misc]
                u**3 * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t**3 * d[i] for i in (0, 1)
            )
