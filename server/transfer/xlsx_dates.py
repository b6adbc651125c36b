"""Which numbers of a workbook are dates, and which date they are.

Excel stores a date as a number and only the cell's format tells; this module reads formats and counts days.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import Enum

from server.transfer.table import MonthOf


class Shows(Enum):
    """What a number format shows."""

    NUMBER = 0
    DATE = 1
    MONTH = 2
    TIME = 3


# Built-in formats (ECMA-376, 18.8.30); 27-36 and 50-58 are the East Asian dates, of which these show no day.
_DATES = {14, 15, 16, 22, 27, 28, 29, 30, 31, 36, 50, 51, 53, 54, 56, 58}
_MONTHS = {17, 52, 57}
_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55}
_BUILT_IN = (
    dict.fromkeys(_DATES, Shows.DATE)
    | dict.fromkeys(_MONTHS, Shows.MONTH)
    | dict.fromkeys(_TIMES, Shows.TIME)
)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)

# Cells have no time zone: what stands there is what the clock on the wall showed.
_EPOCH_1900 = datetime.fromisoformat("1899-12-30")
_EPOCH_1904 = datetime.fromisoformat("1904-01-01")
_LAST_SERIAL = 2958465  # 9999-12-31


def shows(format_id: int, code: str | None) -> Shows:
    """What the format `format_id` shows; `code` is its text where the workbook defines it."""
    if code is None:
        return _BUILT_IN.get(format_id, Shows.NUMBER)
    bare = _QUOTED.sub("", code.split(";")[0]).lower()
    if "general" in bare or "通用" in bare:
        return Shows.NUMBER
    if "y" in bare:
        return Shows.DATE if "d" in bare or "m" not in bare else Shows.MONTH
    if "d" in bare and "m" in bare:
        return Shows.DATE
    return Shows.TIME if re.search(r"[hs]", bare) else Shows.NUMBER


def serial_to_date(serial: float, shown: Shows, epoch_1904: bool = False) -> date | datetime | None:
    """The day (or instant) of an Excel serial; None when no calendar has it.

    In the 1900 system day 60 is 29 February 1900, which never was: earlier serials are one day off.
    """
    if not 1 <= serial <= _LAST_SERIAL or (not epoch_1904 and int(serial) == 60):
        return None
    if not epoch_1904 and serial < 60:
        serial += 1
    base = _EPOCH_1904 if epoch_1904 else _EPOCH_1900
    moment = base + timedelta(days=int(serial), seconds=round((serial % 1) * 86400))
    if shown is Shows.MONTH:
        return MonthOf(moment.year, moment.month, moment.day)
    return moment.date() if serial == int(serial) else moment
