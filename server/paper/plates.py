"""Door plates for the printer: one as PNG, all of a village as sheets to cut up.

Owns how plates stand on A4. It must not make tokens nor addresses, and prints no names.
"""

from collections.abc import Sequence
from datetime import datetime

from server.paper.marks import GREY, Mark, Text
from server.paper.pdf import A4, Progress, render_pdf
from server.paper.plate_face import PlateFace, crop_marks, placed, plate_marks
from server.paper.png import render_png
from server.paper.typeset import fitting_size

__all__ = ["PER_PAGE", "PlateFace", "plate_png", "plate_sheet_pdf"]

PER_PAGE = {4: (2, 2), 6: (2, 3), 8: (2, 4), 10: (2, 5), 12: (2, 6)}
"""Plates on a sheet → columns and rows. With more than twelve the QR would fall under two centimetres."""
PLATE_MM = (85.0, 58.0)
"""Width and height of a plate as it stands eight on a sheet; the PNG has the same shape."""

_SIDE, _TOP, _USED_HEIGHT = 12.0, 15.0, 265.0
_GAP_X, _GAP_Y = 4.0, 3.0
_BLEED = 3.0  # white between the cutting line and the plate's frame: nobody cuts to the hair


def plate_png(face: PlateFace, size: int = 1004) -> bytes:
    """One plate as PNG, `size` pixels wide (1004 is 300 dpi); ValueError where that is too few for the QR."""
    return render_png(plate_marks(face, *PLATE_MM), *PLATE_MM, pixels=size)


def plate_sheet_pdf(
    faces: Sequence[PlateFace],
    per_page: int = 8,
    *,
    batch: str = "",
    made_at: datetime | None = None,
    on_progress: Progress | None = None,
) -> bytes:
    """All plates in the order given on A4 sheets with cutting marks, as PDF.

    `per_page` is one of PER_PAGE; `batch` names the print run at the foot; `on_progress(done, total)` is
    called after each sheet. ValueError for another number or for no plates at all. Takes about 8 ms a plate.
    """
    if per_page not in PER_PAGE:
        raise ValueError(f"每张纸可以印 {'、'.join(map(str, PER_PAGE))} 个门牌，不能印 {per_page} 个")
    if not faces:
        raise ValueError("没有要印的门牌")
    sheets = [faces[start : start + per_page] for start in range(0, len(faces), per_page)]
    pages = [_sheet(sheet, per_page, order + 1, len(sheets), batch) for order, sheet in enumerate(sheets)]
    return render_pdf(pages, A4, f"{faces[0].village} 门牌", made_at, on_progress)


def _sheet(faces: Sequence[PlateFace], per_page: int, number: int, total: int, batch: str) -> list[Mark]:
    columns, rows = PER_PAGE[per_page]
    width = (A4.width - 2 * _SIDE - _GAP_X * (columns - 1)) / columns
    height = (_USED_HEIGHT - _GAP_Y * (rows - 1)) / rows
    marks = _margins(faces, number, total, batch)
    for index, face in enumerate(faces):
        row, column = divmod(index, columns)
        x, y = _SIDE + column * (width + _GAP_X), _TOP + row * (height + _GAP_Y)
        marks += placed(crop_marks(width, height), x, y)
        marks += placed(plate_marks(face, width - 2 * _BLEED, height - 2 * _BLEED), x + _BLEED, y + _BLEED)
    return marks


def _margins(faces: Sequence[PlateFace], number: int, total: int, batch: str) -> list[Mark]:
    """What stands outside the plates: whose they are, what to do with them, which sheet this is."""
    first, last = faces[0], faces[-1]
    grids = first.grid if first.grid == last.grid else f"{first.grid}至{last.grid}"
    numbers = first.household_number + (f"–{last.household_number}" if len(faces) > 1 else "")
    whose = f"{first.village}　{grids}　门牌 {numbers}"
    what = f"沿角线裁开，贴在门框右侧、离地 1.5 米　·　第 {number} 张　共 {total} 张"
    foot = "门牌不印姓名。丢了、坏了可补发，旧牌立即作废。" + (f"　印制批次 {batch}" if batch else "")
    right = A4.width - _SIDE
    return [
        Text(_SIDE, 11, whose, fitting_size(whose, 90, 8), color=GREY),
        Text(right, 11, what, 8, align="right", color=GREY),
        Text(_SIDE, 286, foot, 8, color=GREY),
    ]
