"""Door plates: on sheets to cut up, and one by one."""

import io
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image

from server.paper.marks import Box, Mark, Qr, Rule, Text
from server.paper.plate_face import plate_marks
from server.paper.plates import PER_PAGE, PlateFace, plate_png, plate_sheet_pdf
from server.paper.qr import SMALLEST_MM, symbol
from server.paper.typeset import text_width

Plates = Callable[[int], list[PlateFace]]
# Width and height in mm of the plates as they stand on the sheets of PER_PAGE.
SIZES = {4: (85, 125), 6: (85, 80.3), 8: (85, 58), 10: (85, 44.6), 12: (85, 35.7)}


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_every_plate_on_every_sheet_is_read(
    per_page: int, plates: Plates, printed: Any, qr_texts: Any
) -> None:
    faces = plates(per_page + 3)
    pdf = printed(plate_sheet_pdf(faces, per_page))
    read = [qr_texts(image) for image in pdf.images(dpi=200)]
    assert [len(found) for found in read] == [per_page, 3]
    assert {text for found in read for text in found} == {face.url for face in faces}


@pytest.mark.parametrize(
    ("count", "per_page", "sheets"), [(1, 8, 1), (8, 8, 1), (9, 8, 2), (48, 12, 4), (49, 12, 5)]
)
def test_sheets_are_counted_and_numbered(
    count: int, per_page: int, sheets: int, plates: Plates, printed: Any
) -> None:
    pdf = printed(plate_sheet_pdf(plates(count), per_page))
    assert len(pdf) == sheets
    assert [f"第 {n + 1} 张　共 {sheets} 张" in text for n, text in enumerate(pdf.texts())] == [True] * sheets
    assert [round(side) for side in pdf.size_mm()] == [210, 297]


def test_a_plate_says_where_it_hangs_in_chinese_and_in_clear(plates: Plates, printed: Any) -> None:
    text = printed(plate_sheet_pdf(plates(1))).text(0)
    for words in (
        "青禾县 柳河镇",
        "大槐树村",
        "户号",
        "0001",
        "槐北网格",
        "前街 12 号",
        "GNDA-67XQ",
        "自家人扫码看积分",
    ):
        assert words in text, words


def test_a_plate_has_no_place_for_a_person() -> None:
    names = {field.name for field in fields(PlateFace)}
    assert names == {"url", "household_number", "village", "grid", "place", "door", "code"}


def test_the_head_of_a_sheet_names_its_numbers_and_grids(plates: Plates, printed: Any) -> None:
    first, second = plates(2)
    text = printed(plate_sheet_pdf([first, replace(second, grid="槐南网格")], batch="2026-11-16-01")).text(0)
    assert "槐北网格至槐南网格　门牌 0001–0002" in text
    assert "印制批次 2026-11-16-01" in text


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_nothing_comes_near_the_edge_of_the_paper(per_page: int, plates: Plates, printed: Any) -> None:
    """Printers leave about 5 mm white; what stands there is lost."""
    image = printed(plate_sheet_pdf(plates(per_page), per_page)).image(0, dpi=100)
    rows, cols = np.where(image < 200)
    margin = 5 / 25.4 * 100
    height, width = image.shape
    assert rows.min() >= margin and cols.min() >= margin
    assert rows.max() <= height - margin and cols.max() <= width - margin


@pytest.mark.parametrize("size", SIZES.values(), ids=[f"{n} a sheet" for n in SIZES])
@pytest.mark.parametrize("bare", [True, False], ids=["only what must be", "everything, and long"])
def test_text_stays_inside_the_plate_and_off_the_quiet_zone(
    size: tuple[float, float], bare: bool, plates: Plates
) -> None:
    [face] = plates(1)
    if bare:
        face = replace(face, place="", door="", code="")
    else:
        face = replace(
            face, village="大槐树民族团结新村", grid="第十二网格（槐北片区）", place="青禾县 柳河回族乡"
        )
    width, height = size
    marks = plate_marks(face, width, height)
    qr = next(mark for mark in marks if isinstance(mark, Qr))
    assert qr.side >= SMALLEST_MM
    quiet = qr.side / symbol(face.url, qr.side).modules * 4
    for left, top, right, bottom in _extents(marks):
        assert left >= 3 and right <= width and top >= 0 and bottom <= height
        beside = right <= qr.x - quiet or left >= qr.x + qr.side + quiet
        above_or_below = bottom <= qr.y - quiet or top >= qr.y + qr.side + quiet
        assert beside or above_or_below


def _extents(marks: list[Mark]) -> list[tuple[float, float, float, float]]:
    """Where the ink of texts and rules can be, in mm; a character reaches from 0.88 em above its baseline."""
    found = []
    for mark in marks:
        if isinstance(mark, Rule):
            found.append((mark.x1, mark.y1, mark.x2, mark.y2))
        elif isinstance(mark, Text):
            em = mark.size / 72 * 25.4
            long = text_width(mark.text, mark.size, mark.weight)
            left = mark.x - (long / 2 if mark.align == "center" else 0)
            digits = mark.text.isascii()
            found.append((left, mark.y - em * (0.75 if digits else 0.85), left + long, mark.y + em * 0.1))
        else:
            assert isinstance(mark, Box | Qr)
    return found


def test_a_plate_as_png_is_read_and_knows_its_size(plates: Plates, qr_texts: Any) -> None:
    [face] = plates(1)
    for pixels in (600, 1004, 2000):
        image = Image.open(io.BytesIO(plate_png(face, pixels)))
        assert image.width == pixels
        assert round(image.width / image.info["dpi"][0] * 25.4) == 85
        assert qr_texts(np.asarray(image.convert("L"))) == [face.url]


def test_a_png_too_small_to_be_read_is_refused(plates: Plates) -> None:
    with pytest.raises(ValueError, match="图片太小"):
        plate_png(plates(1)[0], 100)


def test_a_surname_like_character_outside_the_typeface_shows_as_a_sign(plates: Plates, printed: Any) -> None:
    [face] = plates(1)
    assert "〓家村" in printed(plate_sheet_pdf([replace(face, village="𠮷家村")])).text(0)


@pytest.mark.parametrize(("count", "per_page", "words"), [(3, 7, "不能印 7 个"), (0, 8, "没有要印的门牌")])
def test_what_cannot_be_printed_is_refused(count: int, per_page: int, words: str, plates: Plates) -> None:
    with pytest.raises(ValueError, match=words):
        plate_sheet_pdf(plates(count), per_page)


def test_progress_is_told_sheet_by_sheet(plates: Plates) -> None:
    told: list[tuple[int, int]] = []
    plate_sheet_pdf(plates(20), 8, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_same_plates_give_the_same_bytes(plates: Plates) -> None:
    at = datetime(2026, 11, 16, tzinfo=UTC)
    assert plate_sheet_pdf(plates(9), made_at=at) == plate_sheet_pdf(plates(9), made_at=at)


def test_fonts_are_embedded_as_a_subset(plates: Plates) -> None:
    data = plate_sheet_pdf(plates(1))
    assert data.count(b"/FontFile2") == 2  # regular and bold
    assert b"Helvetica" not in data
    assert len(data) < 60_000
