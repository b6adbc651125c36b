"""EAN-13 numbers against published ones; price changes ahead."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image

from mall.goods.barcodes import png
from mall.goods.rules import Price, check_digit, is_ean13, own_barcode, prices_to_come


@pytest.mark.parametrize(
    ("first", "digit"),
    [
        ("400638133393", "1"),  # Stabilo pen, the example of many GS1 texts
        ("590123412345", "7"),
        ("629104150021", "3"),  # worked out on gs1.org
        ("690123456789", "2"),
        ("000000000000", "0"),
        ("978020137962", "4"),
    ],
)
def test_check_digit_of_published_numbers(first: str, digit: str) -> None:
    assert check_digit(first) == digit
    assert is_ean13(first + digit)
    others = [first + other for other in "0123456789" if other != digit]
    assert not any(map(is_ean13, others))


@pytest.mark.parametrize(
    "code", ["", "69012345678", "69012345678921", "６９０１２３４５６７８９２", "69012345678 2"]
)
def test_what_is_no_ean13(code: str) -> None:
    assert not is_ean13(code)


def test_own_barcodes_are_valid_and_of_the_range_for_use_inside_a_shop() -> None:
    codes = {own_barcode(number) for number in (0, 1, 12345, 10**10 - 1, 10**40 + 7)}
    assert len(codes) == 5
    assert all(is_ean13(code) and code.startswith("20") for code in codes)


def test_a_scanner_reads_the_printed_barcode() -> None:
    picture = Image.open(io.BytesIO(png("6901234567892")))
    found = zxingcpp.read_barcodes(picture)
    assert [(code.text, code.format) for code in found] == [("6901234567892", zxingcpp.BarcodeFormat.EAN13)]


def test_prices_to_come_each_day_once_and_the_later_word_counts() -> None:
    today = date(2026, 9, 14)
    set_ = [
        Price(date(2026, 10, 1), Decimal("6.00")),
        Price(date(2026, 9, 14), Decimal("5.00")),
        Price(date(2026, 9, 20), Decimal("5.50")),
        Price(date(2026, 10, 1), Decimal("7.00")),
    ]
    assert prices_to_come(set_, today) == [set_[2], set_[3]]
