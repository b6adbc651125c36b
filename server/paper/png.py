"""Painting marks onto a PNG, for a plate to be sent to a sign maker or shown on a screen.

Owns pixels. It must not decide where anything stands.
"""

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw

from server.paper.fonts import font, printable
from server.paper.marks import BLACK, WHITE, Box, Mark, Qr, Rule, Shape, Text
from server.paper.qr import symbol
from server.paper.typeset import MM_PER_POINT

_ANCHORS = {"left": "ls", "center": "ms", "right": "rs"}


def render_png(marks: Iterable[Mark], width: float, height: float, pixels: int) -> bytes:
    """A PNG `pixels` wide of a piece of paper of `width` by `height` mm; its resolution is stored in it."""
    per_mm = pixels / width
    image = Image.new("RGB", (pixels, round(height * per_mm)), WHITE)
    brush = ImageDraw.Draw(image)
    for mark in marks:
        _paint(brush, mark, per_mm)
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(per_mm * 25.4, per_mm * 25.4), optimize=True)
    return out.getvalue()


def _paint(brush: ImageDraw.ImageDraw, mark: Mark, per_mm: float) -> None:
    match mark:
        case Text():
            _paint_text(brush, mark, per_mm)
        case Rule():
            ends = [(mark.x1 * per_mm, mark.y1 * per_mm), (mark.x2 * per_mm, mark.y2 * per_mm)]
            brush.line(ends, fill=mark.color, width=_thickness(mark.width, per_mm))
        case Box():
            _paint_box(brush, mark, per_mm)
        case Qr():
            _paint_qr(brush, mark, per_mm)
        case Shape():
            brush.polygon([(x * per_mm, y * per_mm) for x, y in mark.points], fill=mark.fill)


def _paint_box(brush: ImageDraw.ImageDraw, mark: Box, per_mm: float) -> None:
    left, top = mark.x * per_mm, mark.y * per_mm
    corners = (left, top, left + mark.width * per_mm - 1, top + mark.height * per_mm - 1)
    brush.rounded_rectangle(
        corners,
        mark.radius * per_mm,
        fill=mark.fill,
        outline=mark.color if mark.line else None,
        width=_thickness(mark.line, per_mm) if mark.line else 0,
    )


def _paint_text(brush: ImageDraw.ImageDraw, mark: Text, per_mm: float) -> None:
    face = font(max(1, round(mark.size * MM_PER_POINT * per_mm)), mark.weight)
    # Tracking is for the eye on paper; a PNG does without it, as Pillow sets whole lines.
    place = (mark.x * per_mm, mark.y * per_mm)
    brush.text(place, printable(mark.text), fill=mark.color, font=face, anchor=_ANCHORS[mark.align])


def _paint_qr(brush: ImageDraw.ImageDraw, mark: Qr, per_mm: float) -> None:
    """Modules are whole pixels, so that no edge is grey; what is left over widens the quiet zone."""
    code = symbol(mark.text, mark.side)
    unit = int(mark.side * per_mm) // code.modules
    if unit < 2:
        raise ValueError("图片太小，二维码扫不出。请把宽度调大")
    spare = (mark.side * per_mm - unit * code.modules) / 2
    left, top = round(mark.x * per_mm + spare), round(mark.y * per_mm + spare)
    for x, y, length in code.runs():
        corner = (left + x * unit, top + y * unit)
        brush.rectangle((*corner, corner[0] + length * unit - 1, corner[1] + unit - 1), fill=BLACK)


def _thickness(points: float, per_mm: float) -> int:
    return max(1, round(points * MM_PER_POINT * per_mm))
