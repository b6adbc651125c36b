"""The face of one door plate: what stands on it and where.

Owns the look of a plate at any size. A plate shows where it hangs and no person's name; it must not hold one.
"""

from dataclasses import dataclass

from server.paper.fonts import Weight
from server.paper.marks import GREEN, WHITE, Box, Mark, Qr, Rule, Text, moved
from server.paper.qr import QUIET_MODULES, SMALLEST_MM
from server.paper.typeset import fitting_size

EDGE = 3.0
"""Width in mm of the green edge on the left."""
_RADIUS = 3.0
_ROOMY = 44.0
"""From this height in mm a plate has the hints, and the code under its QR."""
_HINTS = ("自家人扫码看积分", "有意见也扫这里")
# Four modules beside a symbol of 29 modules, the coarsest that an address with a token needs.
_QUIET = QUIET_MODULES / 29


@dataclass(frozen=True, slots=True)
class PlateFace:
    """What one plate says.

    `url` is the whole address in the QR, `household_number` the last four digits of the household code,
    `place` county and township, `door` a door label such as 前街 12 号, `code` something short to type in
    when the camera fails. The last three may be empty. There is no field for a person's name, on purpose: a
    plate hangs in the street (spec 03).
    """

    url: str
    household_number: str
    village: str
    grid: str
    place: str = ""
    door: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text block: type size in points, distance in mm of its baseline from the one before."""

    text: str
    size: float
    drop: float
    weight: Weight = Weight.REGULAR
    ruled: bool = False


def plate_marks(face: PlateFace, width: float, height: float) -> list[Mark]:
    """The marks of a plate of `width` by `height` mm with its corner at the origin; it fills its frame.

    Wide plates have the QR on the left and the text beside it, tall ones the text below. Painting them raises
    ValueError where the QR is under two centimetres.
    """
    return [
        *_frame(width, height),
        *(_beside(face, width, height) if width > height else _stacked(face, width, height)),
    ]


def _frame(width: float, height: float) -> list[Mark]:
    """A black outline with a green edge on the left: a rounded strip, its right part painted over."""
    strip = 2 * _RADIUS + 0.5  # wider than two radii, or fpdf2 draws other corners
    return [
        Box(0, 0, strip, height, radius=_RADIUS, fill=GREEN),
        Box(EDGE, 0, strip - EDGE + 0.1, height, fill=WHITE),
        Box(0, 0, width, height, radius=_RADIUS, line=1),
    ]


def _beside(face: PlateFace, width: float, height: float) -> list[Mark]:
    """The code to type stands under the QR, or below the grid where the plate is too low for that."""
    roomy = height >= _ROOMY
    side = min(width * 0.425, height * (0.64 if roomy else 0.72))
    quiet = side * _QUIET
    left = EDGE + quiet
    column = left + side + quiet
    under = face.code if roomy else ""
    top = (height - side) / 2 - (1.5 if under else 0.0)
    marks: list[Mark] = [Qr(left, top, side, face.url)]
    if under:
        marks.append(
            Text(left + side / 2, top + side + quiet + 1.4, under, 8.5, align="center", tracking=0.5)
        )
    lines = _lines(face, last=_HINTS if roomy else ())
    if face.code and not roomy:
        lines.append(_Line(face.code, 9, 5.2))
    scale = min(1.15, height / (_block_height(lines, 1.0) + 9))
    return marks + _block(
        lines, column, width - column - 3, (height - _block_height(lines, scale)) / 2, scale
    )


def _stacked(face: PlateFace, width: float, height: float) -> list[Mark]:
    """From top to bottom: QR, code, text, the text flush with the QR's left side."""
    lines = _lines(face, last=_HINTS)
    side = max(SMALLEST_MM, min((width - EDGE) * 0.66, height * 0.42))
    quiet = side * _QUIET
    left = EDGE + (width - EDGE - side) / 2
    marks: list[Mark] = [Qr(left, quiet, side, face.url)]
    text_top = quiet + side + quiet
    if face.code:
        text_top += 3.0
        marks.append(Text(left + side / 2, text_top, face.code, 11, align="center", tracking=0.5))
    room = height - text_top - 4
    scale = min(1.3, (room - 4) / _block_height(lines, 1.0))
    return marks + _block(lines, left, side, text_top + 2 + (room - _block_height(lines, scale)) / 2, scale)


def _lines(face: PlateFace, last: tuple[str, ...]) -> list[_Line]:
    """The text block from top to bottom; drops as in the mock-up, at a height of 58 mm."""
    where = face.grid + (f"　{face.door}" if face.door else "")
    lines = [_Line(face.place, 8.5, 2.6)] if face.place else []
    lines += [
        _Line(face.village, 14, 6.6, Weight.BOLD),
        _Line("户号", 8, 6.1),
        _Line(face.household_number, 27, 10.3, Weight.BOLD),
        _Line(where, 10, 6.2),
    ]
    return lines + [
        _Line(text, 7.5, 3.9 if order else 8.0, ruled=not order) for order, text in enumerate(last)
    ]


def _block_height(lines: list[_Line], scale: float) -> float:
    """From the top of the first line to a little below the last baseline, in mm."""
    return (sum(line.drop for line in lines) + 0.8) * scale


def _block(lines: list[_Line], x: float, width: float, top: float, scale: float) -> list[Mark]:
    marks: list[Mark] = []
    baseline = top
    for line in lines:
        baseline += line.drop * scale
        if line.ruled:
            ruled_at = baseline - 4.6 * scale
            marks.append(Rule(x, ruled_at, x + width, ruled_at, 0.4))
        size = fitting_size(line.text, width, line.size * scale, line.weight)
        marks.append(Text(x, baseline, line.text, size, line.weight))
    return marks


def crop_marks(width: float, height: float, arm: float = 3.0) -> list[Mark]:
    """Corner angles of a cell of `width` by `height` mm, along which the plate is cut out."""
    marks: list[Mark] = []
    for x, inward in ((0.0, arm), (width, -arm)):
        for y, down in ((0.0, arm), (height, -arm)):
            marks += [Rule(x, y, x + inward, y, 0.5), Rule(x, y, x, y + down, 0.5)]
    return marks


def placed(marks: list[Mark], x: float, y: float) -> list[Mark]:
    """The marks with their origin moved to `x`, `y` mm."""
    return [moved(mark, x, y) for mark in marks]
