"""Every QR that is printed is read again: at two centimetres, turned, blurred and dirty.

Symbols are printed into a real PDF, rendered at the resolution of a phone's photograph and spoilt in ways
that doors and weather do. Dirt keeps off the three corner squares: no error correction restores those.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest

from server.paper.marks import Qr
from server.paper.pdf import A4, render_pdf
from server.paper.qr import SMALLEST_MM, symbol

URLS = [f"https://jifen.qinghe.gov.cn/h/{number * 104_729 + 7:x}_-Zq0{number:04}kXw" for number in range(12)]
_PITCH, _FIRST = 45.0, 30.0

Spoil = Callable[[Any, int], Any]


@pytest.fixture(scope="module")
def printed_symbols() -> dict[int, list[Any]]:
    """Each URL at two centimetres, rendered at 300 and at 200 dpi, with a centimetre of paper around it."""
    places = [(_FIRST + _PITCH * (n % 4), _FIRST + _PITCH * (n // 4)) for n in range(len(URLS))]
    page = [Qr(x, y, SMALLEST_MM, url) for (x, y), url in zip(places, URLS, strict=True)]
    document = pypdfium2.PdfDocument(render_pdf([page], A4, "试印"))
    result: dict[int, list[Any]] = {}
    for dpi in (200, 300):
        sheet = document[0].render(scale=dpi / 72, grayscale=True).to_numpy()
        sheet = sheet.reshape(sheet.shape[:2])
        mm = dpi / 25.4
        result[dpi] = [
            sheet[
                round((y - 10) * mm) : round((y + 30) * mm), round((x - 10) * mm) : round((x + 30) * mm)
            ].copy()
            for x, y in places
        ]
    return result


def turned(degrees: float) -> Spoil:
    def spoil(image: Any, _seed: int) -> Any:
        height, width = image.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        return cv2.warpAffine(image, turn, (width, height), borderValue=255)

    return spoil


def blurred(mm: float) -> Spoil:
    """Out of focus by a Gaussian of `mm` on paper; the picture shows 40 mm."""
    return lambda image, _seed: cv2.GaussianBlur(image, (0, 0), mm * image.shape[1] / 40)


def filmed(image: Any, _seed: int) -> Any:
    """Mud over everything: black fades, white greys, and the light falls from one side."""
    light = np.linspace(0.65, 1.0, image.shape[1])
    return ((image * 0.55 + 70) * light).astype(np.uint8)


def blotched(count: int, across_mm: float) -> Spoil:
    """Spots of mud, soot or bird lime on the data area."""

    def spoil(image: Any, seed: int) -> Any:
        image, mm = image.copy(), image.shape[1] / 40
        dice = np.random.default_rng(seed)
        left = count
        while left:
            x, y = dice.uniform(10.5, 29.5, 2)
            if any(
                abs(x - cx) < 3.2 + across_mm / 2 and abs(y - cy) < 3.2 + across_mm / 2 for cx, cy in _CORNERS
            ):
                continue
            colour = int(dice.choice([0, 90, 255]))
            cv2.circle(image, (round(x * mm), round(y * mm)), round(across_mm / 2 * mm), colour, -1)
            left -= 1
        return image

    return spoil


_CORNERS = [(12.0, 12.0), (28.0, 12.0), (12.0, 28.0)]


def scratched(image: Any, seed: int) -> Any:
    """A scratch half a millimetre wide from top to bottom, between the corner squares."""
    image, mm = image.copy(), image.shape[1] / 40
    top, bottom = (round(float(x) * mm) for x in np.random.default_rng(seed).uniform(15.5, 24.5, 2))
    cv2.line(image, (top, round(9 * mm)), (bottom, round(31 * mm)), 30, max(1, round(0.5 * mm)))
    return image


CONDITIONS: dict[str, list[Spoil]] = {
    "as printed": [],
    "turned left": [turned(7)],
    "turned right": [turned(-7)],
    "blurred": [blurred(0.2)],
    "turned and blurred": [turned(7), blurred(0.18)],
    "filmed": [filmed],
    "blotched": [blotched(6, 1.2)],
    "scratched": [scratched],
    "all together": [blotched(5, 1.1), scratched, filmed, turned(-6), blurred(0.12)],
}


def _spoilt(image: Any, spoils: list[Spoil], seed: int) -> Any:
    for spoil in spoils:
        image = spoil(image, seed)
    return image


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_symbol_at_two_centimetres_is_read(
    condition: str, dpi: int, printed_symbols: dict[int, list[Any]], qr_texts: Callable[[Any], list[str]]
) -> None:
    unread = []
    for seed, (image, url) in enumerate(zip(printed_symbols[dpi], URLS, strict=True)):
        if qr_texts(_spoilt(image, CONDITIONS[condition], seed)) != [url]:
            unread.append(url)
    assert unread == []


def test_the_spoiling_does_spoil(
    printed_symbols: dict[int, list[Any]], qr_texts: Callable[[Any], list[str]]
) -> None:
    """If nothing could make a symbol unreadable, the test above would prove nothing."""
    drowned = blotched(60, 2.5)(printed_symbols[300][0], 1)
    assert qr_texts(blurred(0.8)(printed_symbols[300][0], 1)) == []
    assert qr_texts(drowned) == []


def test_a_second_reader_agrees(printed_symbols: dict[int, list[Any]]) -> None:
    reader = cv2.QRCodeDetector()
    assert [reader.detectAndDecode(image)[0] for image in printed_symbols[300]] == URLS


def test_a_symbol_under_two_centimetres_is_refused() -> None:
    with pytest.raises(ValueError, match="至少要 20 毫米"):
        symbol(URLS[0], 19.9)


def test_a_symbol_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="没有内容"):
        symbol("", 30)


def test_runs_cover_exactly_the_dark_modules() -> None:
    code = symbol(URLS[0], 30)
    dark = {(x, y) for y, row in enumerate(code.rows) for x, module in enumerate(row) if module}
    covered = [(x + step, y) for x, y, length in code.runs() for step in range(length)]
    assert len(covered) == len(set(covered))
    assert set(covered) == dark
