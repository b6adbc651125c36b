"""The households' table on the notice poster: its columns, and one block of rows.

Owns which columns there are and how a figure is written. It must not know pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.paper.fonts import Weight
from server.paper.marks import FAINT, Align, Mark, Rule, Text
from server.paper.poster_content import NoticePoster, PosterLine
from server.paper.typeset import fitting_size

ROW = 5.08
"""Height of a row in mm."""
HEAD = 10.0
"""Height of the heads of the columns in mm."""
_SIZE = 9.0
_HEAD_SIZE = 7.5


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head (one or two lines), its width in mm; figures stand flush right, words flush left."""

    head: tuple[str, ...]
    width: float
    figures: bool = True


def blocks_abreast(poster: NoticePoster) -> int:
    """How many blocks of rows fit beside each other on a sheet: the less a line says, the more."""
    if poster.headings:
        return 2
    return 3 if poster.lines and poster.lines[0].added is not None else 4


def columns(poster: NoticePoster, width: float) -> list[Column]:
    """The columns of a block `width` mm wide; what room is left goes to the figures in equal parts."""
    result = [Column(("户号",), 11, figures=False)]
    if any(line.name for line in poster.lines):
        result.append(Column(("户主",), 11, figures=False))
    heads = [_folded(heading) for heading in poster.headings]
    if not heads and poster.lines and poster.lines[0].added is not None:
        heads = [("加分",), ("扣分",)]
    total = 15.0
    if heads:
        share = (width - sum(column.width for column in result) - total) / len(heads)
        result += [Column(head, share) for head in heads]
    else:
        total = width - sum(column.width for column in result)
    return [*result, Column(("本月", "合计"), total)]


def _folded(heading: str) -> tuple[str, ...]:
    """Long heads in two lines: 公益美德 → 公益 / 美德."""
    half = (len(heading) + 1) // 2
    return (heading[:half], heading[half:]) if len(heading) > 3 else (heading,)


def signed(points: Decimal) -> str:
    """Points with two decimals and a true minus sign."""
    return f"{points:.2f}".replace("-", "−")


def _short(points: Decimal) -> str:
    """Points within a line: 3.5, −1; nothing is a dot, so that the eye finds what there is."""
    if not points:
        return "·"
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def block_marks(
    cols: Sequence[Column], lines: Sequence[PosterLine], x: float, y: float, width: float
) -> list[Mark]:
    """Heads and rows of one block whose upper left corner is `x`, `y`; its height is HEAD + ROW × lines."""
    marks = _heads(cols, x, y, width)
    for order, line in enumerate(lines, start=1):
        baseline = y + HEAD + ROW * order - 1.45
        marks += _row(cols, line, x, baseline)
        bottom = y + HEAD + ROW * order
        # Every fifth rule is darker, for the finger that follows a row.
        fifth = order % 5 == 0
        marks.append(
            Rule(x, bottom, x + width, bottom, 0.6 if fifth else 0.3, "#777777" if fifth else "#CFCFCF")
        )
    return marks


def _heads(cols: Sequence[Column], x: float, y: float, width: float) -> list[Mark]:
    marks: list[Mark] = [Rule(x, y + HEAD, x + width, y + HEAD, 0.7)]
    left = x
    for column in cols:
        place = left + column.width if column.figures else left
        for above, words in enumerate(reversed(column.head)):
            size = fitting_size(words, column.width - 1, _HEAD_SIZE)
            align: Align = "right" if column.figures else "left"
            marks.append(Text(place, y + HEAD - 1.9 - 3.2 * above, words, size, align=align))
        left += column.width
    return marks


def _row(cols: Sequence[Column], line: PosterLine, x: float, baseline: float) -> list[Mark]:
    words = [line.household + line.mark, *([line.name] if _has_names(cols) else [])]
    figures = [_short(points) for points in _parts(line)]
    marks: list[Mark] = []
    left = x
    for column, text in zip(cols, [*words, *figures, signed(line.net)], strict=True):
        weight = Weight.BOLD if column is cols[-1] else Weight.REGULAR
        size = fitting_size(text, column.width - 0.5, _SIZE, weight)
        color = FAINT if text == "·" else "#000000"
        if column.figures:
            marks.append(Text(left + column.width, baseline, text, size, weight, "right", color))
        elif text:
            marks.append(Text(left, baseline, text, size, weight))
        left += column.width
    return marks


def _has_names(cols: Sequence[Column]) -> bool:
    return not cols[1].figures


def _parts(line: PosterLine) -> Sequence[Decimal]:
    """What stands between the name and the total."""
    if line.by_heading:
        return line.by_heading
    if line.added is None or line.deducted is None:
        return ()
    return (line.added, line.deducted)
