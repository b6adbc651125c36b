"""How a name is found by its pinyin initials on a phone's keyboard: 庭院整洁 as `tyzj`. Nothing else of pinyin."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """The first letters of a name's syllables, in small letters; letters and digits stay, other signs go."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary is heavy, most processes never ask

    parts = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(sign for part in parts for sign in part.lower() if sign.isascii() and sign.isalnum())
