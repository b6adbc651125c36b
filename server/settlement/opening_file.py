"""A file of opening balances, read into rows: `jifen import opening-balances`. Looks nothing up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from os import PathLike

from server.kit import exact
from server.kit.exact import ZERO
from server.settlement.openings import OpeningBalance
from server.transfer.columns import Column, ColumnReading, read_columns, read_text, require_rows
from server.transfer.faults import BadValue, Skip
from server.transfer.table import CellValue
from server.transfer.workbook import open_table


def _household(value: CellValue) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[0-9]{16}", text):
        remedy = "核对户编号，这一列设成文本"
        raise BadValue("bad_household", "户编号应是 16 位数字", remedy, Skip.IMPOSSIBLE)
    return text


def _points(value: CellValue) -> Decimal:
    try:
        return exact.points(read_text(value).replace(",", ""))
    except ValueError:
        remedy = "写成 35 或 35.50，最多两位小数"
        raise BadValue("bad_points", "看不懂这个分数", remedy, Skip.IMPOSSIBLE) from None


COLUMNS: tuple[Column, ...] = (
    Column("household", "户编号", ("户号", "编号"), True, True, _household),
    Column("balance", "可兑换积分", ("结余", "余额", "剩余积分"), True, True, _points),
    Column("score", "考核分", ("本年考核分", "累计分"), read=_points),
)


@dataclass(frozen=True)
class OpeningReading:
    """A file, read: its lines, each with its place in the file."""

    lines: tuple[OpeningBalance, ...]
    columns: ColumnReading


def read_openings(source: str | PathLike[str] | bytes, filename: str | None = None) -> OpeningReading:
    """Read a file of opening balances. Raises UnreadableFile; what is wrong inside is in `columns.faults`."""
    reading = require_rows(read_columns(open_table(source, filename), COLUMNS))
    lines = tuple(
        OpeningBalance(
            record.values["household"],
            record.values["balance"],
            record.values["score"] if record.values["score"] is not None else ZERO,
            f"第 {record.row} 行",
        )
        for record in reading.records
    )
    return OpeningReading(lines, reading)
