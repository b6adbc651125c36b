"""A cast of plates and a poster, and a page rendered as a printer would."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray

from server.paper.notice_poster import NoticePoster, PosterLine, PosterTotals
from server.paper.plates import PlateFace

Image = NDArray[np.uint8]
HEADINGS = ("公益美德", "乡村建设", "社会治安", "移风易俗")


class Printed:
    """A PDF as its reader has it: pages as grey images, and their text."""

    def __init__(self, data: bytes) -> None:
        self._document = pypdfium2.PdfDocument(data)

    def __len__(self) -> int:
        return len(self._document)

    def size_mm(self, page: int = 0) -> tuple[float, float]:
        width, height = self._document[page].get_size()
        return width / 72 * 25.4, height / 72 * 25.4

    def text(self, page: int) -> str:
        return str(self._document[page].get_textpage().get_text_range())

    def texts(self) -> list[str]:
        return [self.text(page) for page in range(len(self))]

    def image(self, page: int, dpi: int = 200) -> Image:
        bitmap = self._document[page].render(scale=dpi / 72, grayscale=True).to_numpy()
        return np.ascontiguousarray(bitmap.reshape(bitmap.shape[0], bitmap.shape[1]))

    def images(self, dpi: int = 200) -> Iterator[Image]:
        return (self.image(page, dpi) for page in range(len(self)))


def read(image: Image) -> list[str]:
    """The texts of all QR symbols in an image."""
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.fixture
def printed() -> Callable[[bytes], Printed]:
    return Printed


@pytest.fixture
def qr_texts() -> Callable[[Image], list[str]]:
    return read


def faces(count: int) -> list[PlateFace]:
    return [
        PlateFace(
            url=f"https://jifen.qinghe.gov.cn/h/{number * 7919:022x}",
            household_number=f"{number:04}",
            village="大槐树村",
            grid="槐北网格",
            place="青禾县 柳河镇",
            door="前街 12 号",
            code="GNDA-67XQ",
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def plates() -> Callable[[int], list[PlateFace]]:
    return faces


def lines(count: int) -> tuple[PosterLine, ...]:
    """Households with one gain and one loss each, under the first two headings."""
    return tuple(
        PosterLine(
            f"{number:04}",
            net=Decimal(number % 7) - Decimal("0.5"),
            name="王**",
            by_heading=(Decimal(number % 7), Decimal("-0.5"), Decimal(0), Decimal(0)),
        )
        for number in range(1, count + 1)
    )


@pytest.fixture
def poster() -> Callable[..., NoticePoster]:
    """A poster of `count` households by heading; any field may be given otherwise."""
    whole = NoticePoster(
        village="大槐树村",
        issuer="青禾县柳河镇大槐树村村民委员会",
        month_title="2026 年 11 月",
        covers=(date(2026, 10, 13), date(2026, 11, 12)),
        published_on=date(2026, 11, 19),
        ends_on=date(2026, 11, 26),
        posted_on=date(2026, 11, 18),
        url="https://jifen.qinghe.gov.cn/notices/01JCX7K3ZQ9V",
        ledger_head="3f9a1c07b2e84d6190c5f7aa1e3d7b52c8064e9f57a1d2b36ef0934ca4d81b7e",
        lines=(),
        totals=PosterTotals(204, 141, 373, Decimal("647.50"), Decimal("-19.00"), Decimal("628.50")),
        how_to_object="11 月 26 日 24:00 前，扫码、找网格员、或到村委会说一声都行；可请人代提。",
        how_counted="各类为加减后的数，单位：分。",
        headings=HEADINGS,
        signatures=("负责人：周建民", "监督小组：韩爱民", "问询：村委会值班室"),
    )
    return lambda count, **changes: replace(whole, **({"lines": lines(count)} | changes))
