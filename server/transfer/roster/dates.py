"""Birth dates in every fashion a village office writes them.

`1989-08-07`, `1989年09月`, a real Excel date, `1983.02.15`, `19660112`, `2011/2/11`, an Excel serial left as
a number,
a year alone. Owns the reading of one cell; knows no household.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from server.transfer.columns import read_text
from server.transfer.faults import BadValue
from server.transfer.roster.model import Precision
from server.transfer.table import CellValue, MonthOf
from server.transfer.xlsx_dates import Shows, serial_to_date

OLDEST = 120  # years; the oldest person in China on record was younger

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_SEPARATED = re.compile(r"(\d{4})[-./,、年 ]+(\d{1,2})(?:[-./,、月 ]+(\d{1,2})日?|月?)")
_DAY_FIRST = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}")
_WITH_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
_REMEDY = "改成 1966-01-12 这样的年-月-日"


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date as far as it is stated, and the fashion it was written in (a name for the summary)."""

    day: date
    precision: Precision
    fashion: str


def read_birth(value: CellValue, today: date) -> Birth:
    """The birth date of a cell. Raises BadValue: `lunar_date`, `unclear_date`, `no_such_date`, `future_date`,
    `too_old`."""
    birth = _from_date(value) or _from_number(value) or _from_text(read_text(value))
    if birth is None:
        raise BadValue("unclear_date", "看不懂这个日期", _REMEDY)
    if birth.day > today:
        raise BadValue("future_date", "出生日期在今天以后", "核对年份")
    if birth.day.year < today.year - OLDEST:
        raise BadValue("too_old", f"按这个日期已超过 {OLDEST} 岁", "核对年份")
    return birth


def _from_date(value: CellValue) -> Birth | None:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, MonthOf):
        return Birth(date(value.year, value.month, 1), Precision.MONTH, "Excel 年月")
    if isinstance(value, date):
        return Birth(value, Precision.DAY, "Excel 日期")
    return None


def _from_number(value: CellValue) -> Birth | None:
    """A number: 19660112, 196601, 1966, or an Excel serial (24119); 1966.1 may be January or October."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not value.is_integer():
        if 1900 <= value < 2100:
            raise BadValue(
                "unclear_date",
                "Excel 把它当成了小数：分不清 1 月还是 10 月",
                "把这一格设成文本，写成 1966-01 或 1966-10",
            )
        return None
    whole = int(value)
    if 1 <= whole < 100_000 and not 1900 <= whole < 2100:
        day = serial_to_date(whole, Shows.DATE)
        return Birth(day, Precision.DAY, "Excel 序列号") if day is not None and type(day) is date else None
    return _from_text(str(whole))


def _from_text(text: str) -> Birth | None:
    text = _WITH_TIME.sub("", text).translate(_DIGITS)
    text = re.sub(r" ?([年月日号]) ?", r"\1", text).replace("号", "日")
    if "农历" in text or "阴历" in text:
        raise BadValue("lunar_date", "这是农历日期", "换算成公历再填（身份证上的日期就是公历）")
    text = text.removeprefix("公历").removeprefix("阳历").removesuffix("生").removesuffix("出").strip(" :()")
    digits = text.removesuffix("年")
    if digits.isascii() and digits.isdigit():
        return _from_digits(digits)
    separated = _SEPARATED.fullmatch(text)
    if separated:
        year, month, day = separated.groups()
        fashion = "年月日" if "年" in text else ("点" if "." in text else ("斜线" if "/" in text else "横线"))
        return _made(int(year), int(month), int(day) if day else None, fashion)
    if _DAY_FIRST.fullmatch(text):
        raise BadValue("unclear_date", "分不清哪个是年、哪个是日", _REMEDY)
    return None


def _from_digits(digits: str) -> Birth | None:
    if len(digits) == 8:
        return _made(int(digits[:4]), int(digits[4:6]), int(digits[6:]), "8 位数字")
    if len(digits) == 6 and 1900 <= int(digits[:4]) < 2100:
        return _made(int(digits[:4]), int(digits[4:]), None, "6 位数字")
    if len(digits) == 4 and 1900 <= int(digits) < 2100:
        return Birth(date(int(digits), 1, 1), Precision.YEAR, "只有年份")
    if len(digits) == 5:
        return _from_number(int(digits))
    return None


def _made(year: int, month: int, day: int | None, fashion: str) -> Birth:
    try:
        made = date(year, month, day or 1)
    except ValueError as error:
        raise BadValue("no_such_date", "日历上没有这一天", _REMEDY) from error
    if day is None:
        return Birth(made, Precision.MONTH, "只有年月")
    return Birth(made, Precision.DAY, fashion)
