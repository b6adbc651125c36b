"""Measuring, shrinking and breaking lines of Chinese text.

Owns widths in millimetres and where a line may break. It must not draw nor know what is being printed.
"""

from collections.abc import Iterator
from functools import lru_cache

from server.paper.fonts import Weight, font

MM_PER_POINT = 25.4 / 72
# A line must not begin with these (closing signs) nor end with those (opening ones).
_NOT_FIRST = set("，。、；：！？）」』》】〕〉”’…,.;:!?)%")
_NOT_LAST = set("（「『《【〔〈“‘(")


@lru_cache(maxsize=50_000)
def _advance(char: str, weight: Weight) -> float:
    """Width of one character in em."""
    return font(1000, weight).getlength(char) / 1000


def text_width(text: str, size: float, weight: Weight = Weight.REGULAR, tracking: float = 0) -> float:
    """Width in mm of a line at `size` points, `tracking` points added after each character."""
    return (sum(_advance(char, weight) for char in text) * size + tracking * len(text)) * MM_PER_POINT


def fitting_size(text: str, width: float, size: float, weight: Weight = Weight.REGULAR) -> float:
    """The largest size in points, not above `size`, at which `text` is at most `width` mm wide."""
    natural = text_width(text, size, weight)
    return size if natural <= width else size * width / natural


def _stay_together(before: str, after: str) -> bool:
    """Whether no line may break between two neighbouring characters."""
    if after in _NOT_FIRST or before in _NOT_LAST:
        return True
    return before.isascii() and after.isascii() and " " not in (before, after)


def _pieces(text: str) -> list[str]:
    """The text cut wherever a line may break: Latin words and figures whole, Chinese sign by sign."""
    pieces: list[str] = []
    for char in text:
        if pieces and _stay_together(pieces[-1][-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _cut(piece: str, width: float, size: float, weight: Weight) -> Iterator[str]:
    """A piece too wide for any line (a long address, say), cut wherever the line is full."""
    part = ""
    for char in piece:
        if part and text_width(part + char, size, weight) > width:
            yield part
            part = ""
        part += char
    yield part


def wrap(text: str, width: float, size: float, weight: Weight = Weight.REGULAR) -> list[str]:
    """Lines of at most `width` mm; no text, no line."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if text_width(line + piece.rstrip(), size, weight) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, line = _cut(piece.lstrip(), width, size, weight)
        lines += full
    return [*lines, line.rstrip()] if line.strip() else lines
