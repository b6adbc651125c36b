"""Citizen id numbers by GB 11643: 17 digits and a check character; the older ones have 15 digits.

Owns the arithmetic and the plain-language reasons. The number itself is never part of a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.transfer.columns import read_text
from server.transfer.faults import BadValue
from server.transfer.roster.model import Sex
from server.transfer.table import CellValue

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid number of 18 characters and what it says about the person."""

    text: str
    birth_date: date
    sex: Sex
    was_old: bool = False


def check_character(seventeen: str) -> str:
    """The 18th character for 17 digits: ISO 7064 MOD 11-2."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True)) % 11]


def read_id_number(value: CellValue, today: date) -> IdNumber:
    """The id number of a cell; a 15-digit one is completed to 18.

    Raises BadValue: `id_lost_digits` (Excel kept only 15 of 18), `id_length`, `id_characters`, `id_birth`,
    `id_check`.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 10**15:
        raise BadValue(
            "id_lost_digits", "Excel 把号码当成了数字，最后三位已经丢了", "把这一列设成文本，重新填这个号码"
        )
    text = read_text(value).upper().replace(" ", "").replace("-", "")
    if len(text) not in (15, 18):
        raise BadValue("id_length", f"应是 18 位，这里是 {len(text)} 位", "对照身份证补全")
    old = len(text) == 15
    if old:
        text = f"{text[:6]}19{text[6:]}"
    if not (text[:17].isascii() and text[:17].isdigit()) or text[17:] not in ("", *_CHECKS):
        raise BadValue("id_characters", "里面有不是数字的字（只有末位可以是 X）", "对照身份证改正")
    if old:
        text += check_character(text)
    return _checked(text, today, old)


def _checked(text: str, today: date, old: bool) -> IdNumber:
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise BadValue("id_birth", "第 7 到 14 位不是一个日期", "对照身份证改正") from error
    if born > today or born.year < 1880:
        raise BadValue("id_birth", "号码里的出生年份不对", "对照身份证改正")
    if check_character(text[:17]) != text[17]:
        raise BadValue("id_check", "最后一位对不上前面的数字，有一位抄错了", "对照身份证改正")
    return IdNumber(text, born, Sex.MALE if int(text[16]) % 2 else Sex.FEMALE, old)
