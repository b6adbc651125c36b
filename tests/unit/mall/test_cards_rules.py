"""PINs that nobody guesses, and what a printed card shows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pypdfium2
import pytest

from mall.cards.paper import CardFace, card_pdf
from mall.cards.rules import pin_fault, tries_left
from mall.cards.service import new_pin, pin_marks
from server.people.sealing import Seal

KEYS = ["4Qk8w9oG4mZl6bQk0yYwYxq9cFq1nq8F5m0y7q2R1sU=", "0Qk8w9oG4mZl6bQk0yYwYxq9cFq1nq8F5m0y7q2R1sU="]


@pytest.mark.parametrize(
    "pin", ["12345", "1234567", "abcdef", "123456", "654321", "111111", "121212", "４０２９１７"]
)
def test_easy_pins_are_refused(pin: str) -> None:
    assert pin_fault(pin) is not None


def test_random_pins_will_do() -> None:
    assert all(pin_fault(new_pin()) is None for _ in range(200))


def test_five_tries() -> None:
    assert [tries_left(failures) for failures in (0, 4, 5, 9)] == [5, 1, 0, 0]


def test_a_pin_is_kept_under_the_first_key_and_found_under_any() -> None:
    old, new = Seal(KEYS[1:]), Seal(KEYS)
    kept = pin_marks(old, "9901011012010001", "402917")[0]
    assert kept in pin_marks(new, "9901011012010001", "402917")
    assert kept not in pin_marks(new, "9901011012010002", "402917"), "the same PIN of another household"
    assert "402917" not in kept


def test_the_printed_card_has_the_pin_on_its_folded_strip_only() -> None:
    face = CardFace("大槐树村", "0007", "三组 前街 12 号", "0007402917", "x" * 32, "583046")
    content = card_pdf(face, date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC))
    page = pypdfium2.PdfDocument(content)[0]
    text = page.get_textpage().get_text_bounded()
    assert text.count("583046") == 1
    card_end = page.get_height() - 64 * 72 / 25.4
    upper = page.get_textpage().get_text_bounded(bottom=card_end)
    assert "583046" not in upper and "大槐树村" in upper and "0007" in upper
