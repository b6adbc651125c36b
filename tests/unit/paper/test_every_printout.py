"""Every printout as its reader has it: rendered to pictures, its text read back, its symbols scanned."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray
from pypdfium2 import raw

from tests.unit.paper.printouts import PRINTOUTS, Printout

MM = 25.4 / 72
DPI = 200
MOST_BYTES = 1_000_000
"""A printout is sent by telephone: whole fonts would be ten times as large."""
Box = tuple[float, float, float, float]

pytestmark = pytest.mark.parametrize("name", PRINTOUTS)


@cache
def document(name: str) -> Any:
    return pypdfium2.PdfDocument(made(name))


@cache
def made(name: str) -> bytes:
    return PRINTOUTS[name].make()


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    for name in PRINTOUTS:
        document(name).close()
    document.cache_clear()


def pages(name: str) -> Iterator[tuple[int, Any]]:
    return enumerate(document(name))


@cache
def picture(name: str, number: int) -> NDArray[np.uint8]:
    bitmap = document(name)[number].render(scale=DPI / 72, grayscale=True).to_numpy()
    return np.ascontiguousarray(bitmap.reshape(bitmap.shape[0], bitmap.shape[1]))


def text_objects(page: Any) -> list[Any]:
    return list(page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,)))


def test_it_has_its_pages_and_its_size(name: str) -> None:
    wanted = PRINTOUTS[name]
    assert len(document(name)) == wanted.pages
    if wanted.size is not None:
        for _, page in pages(name):
            assert [round(side * MM) for side in page.get_size()] == [round(side) for side in wanted.size]


def test_its_chinese_can_be_read(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "fpdf"):
        PRINTOUTS[name].make()
    assert caplog.messages == [], "the PDF library misses a glyph"
    text = " ".join(page.get_textpage().get_text_range() for _, page in pages(name))
    text = text.replace("\r\n", "").replace("\ufffe", "")
    assert [words for words in PRINTOUTS[name].words if words not in text] == []
    assert "\ufffd" not in text and "〓" not in text


def test_every_character_has_ink(name: str) -> None:
    """A glyph that is there in name only would leave white paper."""
    for number, page in pages(name):
        image, height = picture(name, number), page.get_height()
        reader = page.get_textpage()
        missing = []
        for index, char in enumerate(reader.get_text_range()):
            if char.isspace() or char == "\ufffe":
                continue
            left, bottom, right, top = (side * DPI / 72 for side in reader.get_charbox(index))
            rows = slice(int(height * DPI / 72 - top), int(height * DPI / 72 - bottom) + 2)
            crop = image[rows, max(int(left) - 1, 0) : int(right) + 2]
            if crop.size and crop.min() > 200:
                missing.append(char)
        assert missing == [], f"page {number + 1}"


def test_its_fonts_are_embedded_and_cut_down(name: str) -> None:
    assert len(made(name)) < MOST_BYTES
    fonts = {}
    for _, page in pages(name):
        for one in text_objects(page):
            font = raw.FPDFTextObj_GetFont(one.raw)
            buffer = ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(font, buffer, 200)
            fonts[buffer.value.decode()] = raw.FPDFFont_GetIsEmbedded(font)
    assert fonts and set(fonts.values()) == {1}
    assert all("NotoSansSC" in found for found in fonts), fonts


def test_its_symbols_are_read_by_a_scanner(name: str) -> None:
    for number, _ in pages(name):
        found = sorted(one.text for one in zxingcpp.read_barcodes(picture(name, number)))
        assert found == sorted(PRINTOUTS[name].qrs(number)), f"page {number + 1}"


def test_nothing_is_outside_the_page_and_the_margin_is_white(name: str) -> None:
    wanted = PRINTOUTS[name]
    for number, page in pages(name):
        width, height = page.get_size()
        for one in page.get_objects():
            left, bottom, right, top = one.get_bounds()
            inside = left >= -0.5 and bottom >= -0.5 and right <= width + 0.5 and top <= height + 0.5
            assert inside, (number + 1, [round(side * MM, 1) for side in (left, bottom, right, top)])
        assert _ink_keeps_off(picture(name, number), wanted) == [], f"page {number + 1}"


def _ink_keeps_off(image: NDArray[np.uint8], wanted: Printout) -> list[str]:
    """The sides of the page where there is ink in the margin."""
    margin, edge = round(wanted.margin / 25.4 * DPI), round(wanted.edge / 25.4 * DPI)
    rows, columns = np.where(image[:, edge:] < 200)
    near = {
        "top": rows.min() < margin,
        "bottom": rows.max() > image.shape[0] - margin,
        "left": columns.min() < max(margin - edge, 0),
        "right": columns.max() > image.shape[1] - edge - margin,
    }
    return [side for side, bad in near.items() if bad]


def test_no_text_lies_on_another(name: str) -> None:
    for number, page in pages(name):
        boxes = np.array([one.get_bounds() for one in text_objects(page)])
        left, bottom, right, top = boxes.T
        slack = 0.35 / MM  # what glyphs of two close lines may share
        across = (left[:, None] < right[None, :] - slack) & (left[None, :] < right[:, None] - slack)
        down = (bottom[:, None] < top[None, :] - slack) & (bottom[None, :] < top[:, None] - slack)
        assert np.argwhere(np.triu(across & down, 1)).tolist() == [], f"page {number + 1}"
