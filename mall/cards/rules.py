"""Points cards: their states, and which PINs are too easy. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

PIN_DIGITS = 6
MOST_TRIES = 5
_RUNS = "01234567890" + "09876543210"


class CardState(StrEnum):
    """A card is in use, or it was lost, or another one took its place."""

    ACTIVE = "active"
    LOST = "lost"
    REPLACED = "replaced"


C = CardState
TRANSITIONS: dict[CardState, frozenset[CardState]] = {
    C.ACTIVE: frozenset({C.LOST, C.REPLACED}),
    C.LOST: frozenset({C.REPLACED}),
    C.REPLACED: frozenset(),
}


def pin_fault(pin: str) -> str | None:
    """What is wrong with a PIN that somebody chose; None when it will do."""
    if not re.fullmatch(f"[0-9]{{{PIN_DIGITS}}}", pin):
        return f"密码要 {PIN_DIGITS} 位数字。"
    if len(set(pin)) < 3 or pin in _RUNS:
        return "这个密码太容易猜，请换一个。"
    return None


def tries_left(failures: int) -> int:
    """How often a PIN may still be tried after so many failures."""
    return max(0, MOST_TRIES - failures)
