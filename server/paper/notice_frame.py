"""What every page of the notice poster has: the head with the QR, the foot with page number and ledger head.

Owns the look of head and foot, taken from the mock-up. It must not know the table.
"""

from datetime import date

from server.paper.fonts import Weight
from server.paper.marks import GREEN, GREY, Box, Mark, Qr, Rule, Text
from server.paper.notice_table import signed
from server.paper.poster_content import NoticePoster
from server.paper.typeset import fitting_size, text_width

LEFT, RIGHT = 13.0, 197.0
WIDTH = RIGHT - LEFT
FOOT = 277.7
"""The rule over the foot, mm from the top."""
FIRST_TOP, NEXT_TOP = 56.4, 38.0
"""Where the table begins on the first page and on the others."""
_PAGE_HEIGHT = 297.0
_EDGE = 4.0
_QR_FIRST, _QR_NEXT = 24.0, 20.5


def head_marks(poster: NoticePoster, first: bool) -> list[Mark]:
    """Edge, title, days and QR; on the first page the strip of totals, on the others everything smaller."""
    side = _QR_FIRST if first else _QR_NEXT
    room = WIDTH - side - 6
    marks: list[Mark] = [
        Box(0, 0, _EDGE, _PAGE_HEIGHT, fill=GREEN),
        Qr(RIGHT - side, 11.0, side, poster.url),
    ]
    return marks + (_first_head(poster, room) if first else _next_head(poster, room))


def _first_head(poster: NoticePoster, room: float) -> list[Mark]:
    title = f"{poster.month_title} 积分公示"
    marks: list[Mark] = [
        Text(LEFT, 16.2, poster.issuer, fitting_size(poster.issuer, room, 11)),
        Text(LEFT, 29.2, title, fitting_size(title, room - 4, 28, Weight.BOLD), Weight.BOLD, tracking=0.7),
        Text(RIGHT - _QR_FIRST / 2, 40.6, "扫码看网上公示", 8, align="center"),
        Rule(LEFT, 45.0, RIGHT, 45.0, 1.4),
        Rule(LEFT, FIRST_TOP, RIGHT, FIRST_TOP, 0.5),
    ]
    return [*marks, *_days(poster, 36.6, 11.5, room), *_totals(poster)]


def _next_head(poster: NoticePoster, room: float) -> list[Mark]:
    title = f"{poster.month_title} 积分公示（续）"
    return [
        Text(LEFT, 14.6, poster.issuer, fitting_size(poster.issuer, room, 9)),
        Text(LEFT, 23.4, title, fitting_size(title, room - 4, 19, Weight.BOLD), Weight.BOLD, tracking=0.5),
        *_days(poster, 30.0, 9.5, room),
        Rule(LEFT, NEXT_TOP - 1.5, RIGHT, NEXT_TOP - 1.5, 1.4),
    ]


def _days(poster: NoticePoster, y: float, size: float, room: float) -> list[Mark]:
    """公示期：11 月 19 日 至 11 月 25 日（7 天）　记录：…, the days of the notice in bold."""
    covers = " 至 ".join(_day(day) for day in poster.covers)
    parts = [
        ("公示期：", Weight.REGULAR),
        (f"{_day(poster.published_on)} 至 {_day(poster.ends_on)}", Weight.BOLD),
        (f"（{poster.days} 天）　记录：{covers}", Weight.REGULAR),
    ]
    natural = sum(text_width(text, size, weight) for text, weight in parts)
    size *= min(1.0, room / natural)
    marks: list[Mark] = []
    x = LEFT
    for text, weight in parts:
        marks.append(Text(x, y, text, size, weight))
        x += text_width(text, size, weight)
    return marks


def _day(day: date) -> str:
    return f"{day.month} 月 {day.day} 日"


def _totals(poster: NoticePoster) -> list[Mark]:
    """参加 204 户 … spread over the width, words small and figures large."""
    totals = poster.totals
    figures = [
        ("参加", str(totals.households), "户"),
        ("本月有记录", str(totals.with_records), "户"),
        ("记录", str(totals.records), "条"),
        ("加分", signed(totals.added), ""),
        ("扣分", signed(totals.deducted), ""),
        ("净增", signed(totals.net), ""),
    ]
    widths = [text_width(a, 9) + text_width(b, 14, Weight.BOLD) + text_width(c, 9) + 2 for a, b, c in figures]
    gap = (WIDTH - 2 - sum(widths)) / (len(figures) - 1)
    shrink = 1.0 if gap >= 2 else (WIDTH - 2 - 2 * (len(figures) - 1)) / sum(widths)
    marks: list[Mark] = []
    x = LEFT + 1
    for (word, figure, unit), width in zip(figures, widths, strict=True):
        at = x
        for text, size, weight in (
            (word, 9, Weight.REGULAR),
            (figure, 14, Weight.BOLD),
            (unit, 9, Weight.REGULAR),
        ):
            if text:
                marks.append(Text(at, 52.6, text, size * shrink, weight))
                at += text_width(text, size * shrink, weight) + shrink
        x += width * shrink + max(gap, 2.0)
    return marks


def foot_marks(poster: NoticePoster, number: int, total: int) -> list[Mark]:
    """Who answers for it, when it was hung up, which page this is; below, in small type, the ledger head."""
    day = poster.posted_on
    words = [*poster.signatures, f"{day.year} 年 {_day(day)}张贴"]
    page = f"第 {number} 页　共 {total} 页"
    room = WIDTH - text_width(page, 8.5, Weight.BOLD)
    widths = [text_width(word, 8.5) for word in words]
    shrink = min(1.0, (room - 4 * len(words)) / sum(widths))
    gap = (room - sum(widths) * shrink) / len(words)
    marks: list[Mark] = [Rule(LEFT, FOOT, RIGHT, FOOT, 0.7)]
    x = LEFT
    for word, width in zip(words, widths, strict=True):
        marks.append(Text(x, 282.4, word, 8.5 * shrink))
        x += width * shrink + gap
    marks.append(Text(RIGHT, 282.4, page, 8.5, Weight.BOLD, "right"))
    return [*marks, *_ledger_head(poster.ledger_head)]


def _ledger_head(head: str) -> list[Mark]:
    """In groups of eight, so that it can be compared by eye."""
    groups = " ".join(head[start : start + 8] for start in range(0, len(head), 8))
    text = f"积分台账封签 {groups}　任何人都能核对：公示后的账没有改过"
    return [Text(LEFT, 286.8, text, fitting_size(text, WIDTH, 6.5), color=GREY)]
