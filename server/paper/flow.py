"""Sheets that fill from the top: title, headings, paragraphs, tables that go on over the page under their head.

Owns margins, page breaks, running heads, page numbers and the look of tables and signature lines. Lengths are
millimetres, type sizes points. It must not know what a sheet is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.paper.fonts import Weight
from server.paper.marks import BLACK, GREEN, GREY, SHADE, Align, Box, Mark, Rule, Text
from server.paper.pdf import A4, Paper, render_pdf
from server.paper.typeset import fitting_size, text_width, wrap

LEFT, RIGHT_MARGIN, TOP, BOTTOM_MARGIN = 18.0, 15.0, 14.0, 20.0
"""The left margin is the wider one: sheets are filed in a binder."""
_LEADING = 0.47
"""Line height in mm per point of type."""
_PAD_X, _PAD_Y = 1.5, 1.5
_HAIR, _LINES = 0.35, "#707070"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `width` is its share of the sheet's width."""

    title: str
    width: float
    align: Align = "left"
    weight: Weight = Weight.REGULAR


@dataclass(frozen=True, slots=True)
class Band:
    """A row that runs across the whole table: a heading inside it. `depth` 0 is the highest."""

    text: str
    depth: int = 0


Row = Sequence[str]
_Lines = list[list[str]]


class Flow:
    """One document; `foot` stands at the lower left of every page, its number at the lower right."""

    def __init__(self, title: str, paper: Paper = A4, foot: str = "") -> None:
        self.title, self.paper, self._foot = title, paper, foot
        self.width = paper.width - LEFT - RIGHT_MARGIN
        self.bottom = paper.height - BOTTOM_MARGIN
        self._page: list[Mark] = []
        self._bodies = [self._page]
        self.y = TOP

    def add(self, *marks: Mark) -> None:
        """Marks at their own place on the page that is being filled."""
        self._page.extend(marks)

    def need(self, height: float) -> bool:
        """A new page where this one has no room for `height`; whether there is one."""
        if self.y + height <= self.bottom or not self._page:
            return False
        self.new_page()
        return True

    def new_page(self) -> None:
        """What follows begins on a page of its own."""
        self._page = []
        self._bodies.append(self._page)
        self.y = TOP + 8

    def skip(self, height: float) -> None:
        """White space."""
        self.y += height

    def masthead(self, title: str, *lines: str) -> None:
        """The sheet's title in the middle, and under it in small type what it covers."""
        middle = LEFT + self.width / 2
        size = fitting_size(title, self.width, 20, Weight.BOLD)
        self.y += 7
        self.add(Text(middle, self.y, title, size, Weight.BOLD, "center"))
        for text in lines:
            for line in wrap(text, self.width, 9.5):
                self.y += 5.6
                self.add(Text(middle, self.y, line, 9.5, align="center", color=GREY))
        self.y += 4

    def letterhead(self, title: str, right: Sequence[str]) -> None:
        """The title on the left beside a green edge, two short lines on the right."""
        room = max((text_width(line, 10) for line in right), default=0.0)
        size = fitting_size(title, self.width - room - 9, 20, Weight.BOLD)
        self.add(Box(LEFT, self.y, 2.2, 10, fill=GREEN), Text(LEFT + 5, self.y + 8, title, size, Weight.BOLD))
        for place, line in enumerate(right):
            at = (LEFT + self.width, self.y + 4.2 + 5 * place)
            self.add(Text(*at, line, 10, align="right", color=GREY))
        self.y += 14

    def heading(self, text: str) -> None:
        """A heading, with room for what it heads on the same page."""
        self.need(26)
        self.y += 9
        self.add(Text(LEFT, self.y, text, fitting_size(text, self.width, 12, Weight.BOLD), Weight.BOLD))
        self.y += 3

    def paragraph(self, text: str, size: float = 10, color: str = BLACK) -> None:
        """Running text over the whole width."""
        for line in wrap(text, self.width, size):
            self.need(size * _LEADING + 1)
            self.y += size * _LEADING + 0.3
            self.add(Text(LEFT, self.y, line, size, color=color))
        self.y += 2.5

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row | Band],
        empty: str = "",
        *,
        size: float = 9.5,
        grid: bool = True,
    ) -> None:
        """A table under its head; `empty` where it has no rows. `grid`: cells are boxed, else rows are ruled."""
        table = _Table(self, columns, size, grid)
        found = False
        for row in rows:
            found = True
            table.band(row) if isinstance(row, Band) else table.row(row)
        if not found and empty:
            table.head()
            self.paragraph(empty, color=GREY)
        self.y += 2

    def form(self, pairs: Sequence[tuple[str, str]], label: float = 32, size: float = 10) -> None:
        """A boxed form: what is asked on the left, the answer on the right."""
        columns = (Column("", label, weight=Weight.BOLD), Column("", self.width - label))
        table = _Table(self, columns, size, grid=True, headed=False)
        for pair in pairs:
            table.row(pair)
        self.y += 2

    def signatures(self, words: Sequence[str], above: str = "") -> None:
        """Who signs, side by side, with room to write; `above` says what is signed, on the same page."""
        height = 3.0 + 5.0 * len(wrap(above, self.width, 9))
        self.need(16 + height)
        self.paragraph(above, 9)
        self.y += 11
        each = self.width / len(words)
        for place, word in enumerate(words):
            x = LEFT + each * place
            shown = fitting_size(word, each * 0.6, 10.5)
            begin = x + text_width(word, shown) + 1
            line = Rule(begin, self.y + 1.2, x + each - 4, self.y + 1.2, 0.4, GREY)
            self.add(Text(x, self.y, word, shown), line)
        self.y += 4

    def pages(self) -> list[list[Mark]]:
        """The pages with running head, foot and number."""
        total = len(self._bodies)
        return [
            [*(self._running_head() if number > 1 else ()), *body, *self._end(number, total)]
            for number, body in enumerate(self._bodies, 1)
        ]

    def pdf(self, now: datetime) -> bytes:
        """The document."""
        return render_pdf(self.pages(), self.paper, self.title, now)

    def _running_head(self) -> list[Mark]:
        right = LEFT + self.width
        return [
            Text(LEFT, TOP + 2, self.title, fitting_size(self.title, self.width, 9), color=GREY),
            Rule(LEFT, TOP + 4.5, right, TOP + 4.5, 0.5, GREY),
        ]

    def _end(self, number: int, total: int) -> list[Mark]:
        y, page = self.paper.height - 11, f"第 {number} 页　共 {total} 页"
        room = self.width - text_width(page, 8.5) - 6
        marks: list[Mark] = [Text(LEFT + self.width, y, page, 8.5, align="right", color=GREY)]
        if self._foot:
            marks.append(Text(LEFT, y, self._foot, fitting_size(self._foot, room, 8), color=GREY))
        return marks


class _Table:
    """The rows of one table; the head is repeated where the table goes on over the page."""

    def __init__(
        self, flow: Flow, columns: Sequence[Column], size: float, grid: bool, headed: bool = True
    ) -> None:
        share = flow.width / sum(column.width for column in columns)
        self._flow, self._columns, self._size, self._grid = flow, columns, size, grid
        self._widths = [column.width * share for column in columns]
        self._headed, self._begun = headed, False
        self._step = size * _LEADING

    def head(self) -> None:
        """The titles of the columns."""
        self._begun = True
        cells = self._wrapped([column.title for column in self._columns], bold=True)
        flow, height = self._flow, self._height(cells)
        if self._grid:
            flow.add(Box(LEFT, flow.y, flow.width, height, fill=SHADE))
        self._put(cells, height, head=True)

    def row(self, row: Row) -> None:
        """One row; one that is longer than a page is cut between its lines."""
        self._begin(self._step + 2 * _PAD_Y)
        cells = self._wrapped(row)
        while self._height(cells) > self._room():
            if self._height(cells) <= self._whole_page():
                self._next_page()
                continue
            fits = max(1, int((self._room() - 2 * _PAD_Y) / self._step))
            first = [lines[:fits] for lines in cells]
            self._put(first, self._height(first))
            cells = [lines[fits:] for lines in cells]
            self._next_page()
        self._put(cells, self._height(cells))

    def band(self, band: Band) -> None:
        """A heading across all columns; it does not stand alone at the foot of a page."""
        flow, weight = self._flow, Weight.BOLD if band.depth == 0 else Weight.REGULAR
        indent = _PAD_X + 3.0 * band.depth
        lines = wrap(band.text, flow.width - indent - _PAD_X, self._size, weight)
        height = self._step * len(lines) + 2 * _PAD_Y
        self._begin(height + self._step + 2 * _PAD_Y)
        if self._grid:
            fill = SHADE if band.depth == 0 else None
            flow.add(Box(LEFT, flow.y, flow.width, height, fill=fill), _line(flow, flow.y))
        for number, line in enumerate(lines, 1):
            flow.add(Text(LEFT + indent, flow.y + self._baseline(number), line, self._size, weight))
        flow.y += height
        self._rules(height, [LEFT, LEFT + flow.width])

    def _begin(self, height: float) -> None:
        if not self._begun:
            head = self._step + 2 * _PAD_Y if self._headed else 0.0
            self._flow.need(head + height)
            self._start()
        elif self._room() < height:
            self._next_page()

    def _start(self) -> None:
        self._begun = True
        if self._headed:
            self.head()
        else:
            self._flow.add(_line(self._flow, self._flow.y))

    def _next_page(self) -> None:
        self._flow.new_page()
        self._start()

    def _room(self) -> float:
        return self._flow.bottom - self._flow.y

    def _whole_page(self) -> float:
        return self._flow.bottom - TOP - 20

    def _wrapped(self, row: Row, bold: bool = False) -> _Lines:
        return [
            wrap(text, width - 2 * _PAD_X, self._size, Weight.BOLD if bold else column.weight)
            for text, width, column in zip(row, self._widths, self._columns, strict=True)
        ]

    def _height(self, cells: _Lines) -> float:
        return self._step * max(1, *(len(lines) for lines in cells)) + 2 * _PAD_Y

    def _baseline(self, number: int) -> float:
        return _PAD_Y + self._step * number - self._step * 0.24

    def _put(self, cells: _Lines, height: float, head: bool = False) -> None:
        flow, x = self._flow, LEFT
        if head:
            flow.add(_line(flow, flow.y))
        edges = [x]
        for lines, width, column in zip(cells, self._widths, self._columns, strict=True):
            at = {"left": x + _PAD_X, "center": x + width / 2, "right": x + width - _PAD_X}[column.align]
            weight = Weight.BOLD if head else column.weight
            for number, line in enumerate(lines, 1):
                y = flow.y + self._baseline(number)
                flow.add(Text(at, y, line, self._size, weight, column.align))
            x += width
            edges.append(x)
        flow.y += height
        self._rules(height, edges)

    def _rules(self, height: float, edges: Sequence[float]) -> None:
        """The line below a row, and where cells are boxed the lines between them."""
        flow = self._flow
        flow.add(_line(flow, flow.y))
        if self._grid:
            flow.add(*(Rule(x, flow.y - height, x, flow.y, _HAIR, _LINES) for x in edges))


def _line(flow: Flow, y: float) -> Rule:
    return Rule(LEFT, y, LEFT + flow.width, y, _HAIR, _LINES)
