"""The notice poster laid out on pages: where each row, paragraph and remark stands and where pages break.

All figures are millimetres or points on A4; A3 is the same enlarged. It must not know what a month or a
ledger is; head and foot are drawn by `notice_frame`.
"""

from collections.abc import Sequence

from server.paper.fonts import Weight
from server.paper.marks import Mark, Text
from server.paper.notice_frame import FIRST_TOP, FOOT, LEFT, NEXT_TOP, WIDTH, foot_marks, head_marks
from server.paper.notice_table import HEAD, ROW, block_marks, blocks_abreast, columns
from server.paper.poster_content import NoticePoster, PosterLine
from server.paper.typeset import wrap

_GUTTER = 7.0
_LINE = 4.6
"""Line height of paragraphs and remarks."""
_TITLE = 5.0
_EMPTY = 28.0
"""Height of the sentence that stands where there are no lines."""
_AIR = 4.5
"""Between the table and what follows it."""


def poster_pages(poster: NoticePoster) -> list[list[Mark]]:
    """The pages from first to last.

    The first has the totals and the paragraphs, so that whoever reads only one sheet knows how to object. The
    remarks follow the last row, on a page of their own where they do not fit.
    """
    bodies = _bodies(poster)
    return [
        [*head_marks(poster, first=order == 0), *body, *foot_marks(poster, order + 1, len(bodies))]
        for order, body in enumerate(bodies)
    ]


def _bodies(poster: NoticePoster) -> list[list[Mark]]:
    """What stands between head and foot, page by page."""
    paragraphs, paragraphs_top = _paragraphs(poster)
    abreast = blocks_abreast(poster)
    bodies: list[list[Mark]] = []
    rest: Sequence[PosterLine] = poster.lines
    top, bottom = FIRST_TOP, paragraphs_top - _AIR
    while rest or not bodies:
        fits = max(0, int((bottom - top - HEAD) / ROW)) * abreast
        page, rest = rest[:fits], rest[fits:]
        bodies.append(_table(poster, page, top, abreast))
        free_from = top + max(_EMPTY, HEAD + ROW * -(-len(page) // abreast))
        if rest:
            top, bottom = NEXT_TOP, FOOT - _AIR
    _add_remarks(poster.remarks, bodies, free_from, bottom)
    bodies[0] += paragraphs
    return bodies


def _table(poster: NoticePoster, lines: Sequence[PosterLine], top: float, abreast: int) -> list[Mark]:
    """The lines of one page in blocks of equal length, read down and then across."""
    if not lines:
        return [Text(LEFT + WIDTH / 2, top + 20, "这个月没有哪一户有记录，积分都不变。", 12, align="center")]
    width = (WIDTH - _GUTTER * (abreast - 1)) / abreast
    cols = columns(poster, width)
    length = -(-len(lines) // abreast)
    marks: list[Mark] = []
    for block in range(abreast):
        rows = lines[block * length : (block + 1) * length]
        if rows:
            marks += block_marks(cols, rows, LEFT + block * (width + _GUTTER), top, width)
    return marks


def _paragraphs(poster: NoticePoster) -> tuple[list[Mark], float]:
    """How to object and how it was counted, side by side above the foot; and where they begin."""
    width = (WIDTH - _GUTTER) / 2
    texts = [("有异议怎么办", poster.how_to_object), ("怎么算的", poster.how_counted)]
    wrapped = [(title, wrap(text, width, 9)) for title, text in texts if text]
    if not wrapped:
        return [], FOOT
    top = FOOT - 3.5 - _TITLE - _LINE * max(len(lines) for _, lines in wrapped)
    if top < FIRST_TOP + _EMPTY:
        raise ValueError("“有异议怎么办”或“怎么算的”写得太长，海报放不下。请写短一些")
    marks: list[Mark] = []
    for column, (title, lines) in enumerate(wrapped):
        x = LEFT + column * (width + _GUTTER)
        marks.append(Text(x, top + 3.8, title, 10.5, Weight.BOLD))
        marks += [Text(x, top + _TITLE + _LINE * (n + 0.75), line, 9) for n, line in enumerate(lines)]
    return marks, top


def _add_remarks(remarks: Sequence[str], bodies: list[list[Mark]], y: float, bottom: float) -> None:
    """Corrections and held lines below the last row; pages are added while they do not fit."""
    lines = [line for remark in remarks for line in wrap(remark, WIDTH, 9)]
    y += _AIR
    first = True
    while lines:
        fits = int((bottom - y - _TITLE) / _LINE)
        if fits >= min(2, len(lines)):
            title = "更正与说明" if first else "更正与说明（续）"
            bodies[-1].append(Text(LEFT, y + 3.8, title, 10.5, Weight.BOLD))
            bodies[-1] += [
                Text(LEFT, y + _TITLE + _LINE * (n + 0.75), line, 9) for n, line in enumerate(lines[:fits])
            ]
            lines, first = lines[fits:], False
        if lines:
            bodies.append([])
            y, bottom = NEXT_TOP + _AIR, FOOT - _AIR
