"""The printed points card: a card to cut out, and its PIN on a strip that is folded shut.

The sheet is 105 by 148 mm (a quarter of A4). The strip folds twice: the hatched panel covers the PIN from the
front, the card covers it from behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from mall.cards.models import PointsCard
from server.paper.api import (
    FAINT,
    GREEN,
    GREY,
    WHITE,
    Box,
    Mark,
    Paper,
    Qr,
    Rule,
    Text,
    Weight,
    fitting_size,
    render_pdf,
    wrap,
)
from server.people.api import Household, Village

SHEET = Paper(105, 148)
_LEFT, _WIDTH, _HEIGHT = 9.7, 85.6, 54.0  # a card of ISO/IEC 7810 ID-1
_CARD_TOP, _PIN_TOP, _COVER_TOP, _STRIP = 9.0, 66.0, 98.0, 32.0


@dataclass(frozen=True)
class CardFace:
    """What stands on a card: no person's name, since cards get lost."""

    village: str
    household_number: str
    label: str
    number: str
    token: str
    pin: str


def face_of(session: Session, card: PointsCard, pin: str) -> CardFace:
    """What is printed for a card."""
    household = session.get_one(Household, card.household_code)
    village = session.get_one(Village, household.village_code)
    door = " ".join(part for part in (household.team, household.door) if part)
    return CardFace(village.name, card.household_code[12:], door, card.number, card.token, pin)


def card_pdf(face: CardFace, issued_on: date, now: datetime) -> bytes:
    """One sheet with the card and its folded PIN."""
    page = [*_card(face, issued_on), *_pin_panel(face), *_cover_panel()]
    return render_pdf([page], SHEET, f"积分卡 {face.number}", now)


def _card(face: CardFace, issued_on: date) -> list[Mark]:
    left, top = _LEFT, _CARD_TOP
    text_left, room = left + 38.5, _WIDTH - 42.0
    grouped = f"{face.number[:4]} {face.number[4:7]} {face.number[7:]}"
    return [
        Box(left, top, _WIDTH, _HEIGHT, radius=3, line=0.8),
        Box(left, top + 3.2, 2.2, _HEIGHT - 6.4, fill=GREEN),
        Qr(left + 7, top + 10, 26, face.token),
        Text(left + 20, top + 43.5, grouped, 9.5, align="center", tracking=0.4),
        Text(text_left, top + 11, "积分卡", 17, Weight.BOLD),
        Text(text_left, top + 18.5, face.village, fitting_size(face.village, room, 11), color=GREY),
        Text(text_left, top + 27, "户号", 8, color=GREY),
        Text(text_left, top + 37, face.household_number, 25, Weight.BOLD),
        Text(text_left, top + 42.8, face.label, fitting_size(face.label, room, 9) if face.label else 9),
        Rule(text_left, top + 45.4, left + _WIDTH - 4, top + 45.4, 0.4, FAINT),
        Text(text_left, top + 49.6, f"{issued_on:%Y-%m-%d} 发 · 丢失请马上挂失", 7, color=GREY),
    ]


def _pin_panel(face: CardFace) -> list[Mark]:
    middle = _LEFT + _WIDTH / 2
    return [
        *_fold(_PIN_TOP),
        Text(middle, _PIN_TOP + 8, "卡的密码（只有自家人知道）", 9, align="center", color=GREY),
        Text(middle, _PIN_TOP + 19, face.pin, 26, Weight.BOLD, "center", tracking=4),
        Text(
            middle, _PIN_TOP + 27, f"卡号 {face.number}　记住后请把这一条撕掉", 8, align="center", color=GREY
        ),
    ]


def _cover_panel() -> list[Mark]:
    """A close pattern of figures and lines, through which nothing can be read against the light."""
    top, bottom = _COVER_TOP, _COVER_TOP + _STRIP
    marks: list[Mark] = [*_fold(top), *_hatched(top + 1.5, bottom - 1)]
    marks += [
        Box(_LEFT + 17, top + 11, _WIDTH - 34, 10, radius=2, fill=WHITE, line=0.4),
        Text(_LEFT + _WIDTH / 2, top + 17.3, "沿虚线向里折两次，粘住两边", 9, align="center"),
    ]
    hint = "密码给谁，谁就能用您家的积分换东西。试错 5 次会锁住，到超市可以重设。"
    for order, line in enumerate(wrap(hint, _WIDTH, 8)):
        marks.append(Text(_LEFT, bottom + 5.5 + 4.2 * order, line, 8, color=GREY))
    return marks


def _hatched(top: float, bottom: float, step: float = 1.5) -> list[Mark]:
    """Slanting lines both ways across the strip, cut off at its edges."""
    lean, height = 12.0, bottom - top
    right = _LEFT + _WIDTH
    marks: list[Mark] = []
    for number in range(int((_WIDTH + lean) / step) + 1):
        x = _LEFT - lean + number * step
        begin, end = max(x, _LEFT), min(x + lean, right)
        y1, y2 = (begin - x) / lean * height, (end - x) / lean * height
        marks.append(Rule(begin, top + y1, end, top + y2, 1.0, GREY))
        marks.append(Rule(begin, bottom - y1, end, bottom - y2, 1.0, GREY))
    return marks


def _fold(y: float) -> list[Mark]:
    """A dashed line across the sheet."""
    left, right = _LEFT - 4, _LEFT + _WIDTH + 4
    dashes = int((right - left) / 3)
    return [Rule(left + 3 * n, y, min(left + 3 * n + 1.8, right), y, 0.5, GREY) for n in range(dashes + 1)]
