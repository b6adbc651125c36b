"""Measuring, shrinking and breaking lines of Chinese text.

Owns widths in millimetres and where a line may break. It must not draw nor know what is being printed.
"""

from functools import lru_cache

from server.paper.fonts import Weight, font

MM_PER_POINT = 25.4 / 72
# A line must not begin with these (closing signs) nor end with those (opening ones).
_NOT_FIRST = set("，。、；：！？）」』》】”’…,.;:!?)%")
_NOT_LAST = set("（「『《【“‘(")


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


def _words(text: str) -> list[str]:
    """Pieces that stay together: a run of Latin letters and digits, or one other character."""
    pieces: list[str] = []
    for char in text:
        runs_on = pieces and char.isascii() and pieces[-1][-1].isascii() and not (char + pieces[-1][-1]).isspace()
        if runs_on and char != " " and pieces[-1] != " ":
            pieces[-1] += char
        elif pieces and (char in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def wrap(text: str, width: float, size: float, weight: Weight = Weight.REGULAR) -> list[str]:
    """Lines of at most `width` mm; a piece that alone is wider is cut where it must be. No text, no line."""
    lines: list[str] = []
    line = ""
    for piece in _words(text):
        if text_width(line + piece.rstrip(), size, weight) <= width:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        line = piece.lstrip()
        while text_width(line, size, weight) > width and len(line) > 1:
            cut = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or text_width(line[:n], size, weight) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() else lines
