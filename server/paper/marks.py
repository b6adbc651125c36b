"""What can stand on a sheet: text, rules, boxes, QR symbols.

Owns the vocabulary between a layout (which says where things stand) and a painter (PDF or PNG). Lengths are
millimetres from the sheet's upper left corner, type sizes and line widths points, colours `#RRGGBB`. It must
not measure nor draw.
"""

from dataclasses import dataclass, replace
from typing import Literal

from server.paper.fonts import Weight

BLACK = "#000000"
GREY = "#333333"
FAINT = "#AAAAAA"
SHADE = "#EEF1EE"
WHITE = "#FFFFFF"
GREEN = "#2F7D4F"

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `x` is its left end, middle or right end according to `align`, `y` its baseline."""

    x: float
    y: float
    text: str
    size: float
    weight: Weight = Weight.REGULAR
    align: Align = "left"
    color: str = BLACK
    tracking: float = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    color: str = BLACK


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled, outlined or both; `radius` of its corners in mm."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    fill: str | None = None
    line: float = 0
    color: str = BLACK


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR symbol, `side` mm wide without its quiet zone, which the layout keeps free."""

    x: float
    y: float
    side: float
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled polygon through `points` (x, y), at least three."""

    points: tuple[tuple[float, float], ...]
    fill: str


Mark = Text | Rule | Box | Qr | Shape


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """The same mark, shifted by `dx`, `dy` mm."""
    if isinstance(mark, Rule):
        return replace(mark, x1=mark.x1 + dx, y1=mark.y1 + dy, x2=mark.x2 + dx, y2=mark.y2 + dy)
    if isinstance(mark, Shape):
        return replace(mark, points=tuple((x + dx, y + dy) for x, y in mark.points))
    return replace(mark, x=mark.x + dx, y=mark.y + dy)
