"""A file of goods, read into rows. No database: what is in the shop already is compared by the importer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from os import PathLike
from typing import Any

from mall.goods.rules import is_ean13
from mall.goods.units import MOST
from server.kit import exact
from server.transfer.api import (
    BadValue,
    CellValue,
    Column,
    ColumnReading,
    Fault,
    Record,
    Skip,
    Table,
    at_field,
    open_table,
    read_columns,
    read_text,
)


def _bad(code: str, reason: str, remedy: str) -> BadValue:
    return BadValue(code, reason, remedy, Skip.IMPOSSIBLE)


def _text(most: int) -> Any:
    def read(value: CellValue) -> str:
        text = read_text(value)
        if len(text) > most or re.search(r"[\x00-\x1f]", text):
            raise _bad("bad_text", f"应是 1–{most} 个字", "缩短，去掉换行")
        return text

    return read


def _amount(least: str) -> Any:
    def read(value: CellValue) -> Decimal:
        text = re.sub(r"[,，元分￥¥\s]", "", read_text(value))
        try:
            number = exact.points(text)
        except ValueError:
            raise _bad("bad_amount", "不是最多两位小数的数", "写成 25 或 25.50") from None
        if number < Decimal(least):
            raise _bad("bad_amount", f"不能小于 {least}", "改正")
        return number

    return read


def _units(least: int) -> Any:
    def read(value: CellValue) -> int:
        text = read_text(value)
        if not re.fullmatch(r"[0-9]{1,7}", text) or not least <= int(text) <= MOST:
            raise _bad("bad_number", f"应是 {least}–{MOST} 的整数", "改正，或留空")
        return int(text)

    return read


def _barcode(value: CellValue) -> str:
    text = read_text(value).replace(" ", "")
    if not re.fullmatch(r"[0-9]{13}", text):
        raise _bad("bad_barcode", "条码应是 13 位数字", "对着包装核对，这一列设成文本；没有条码就留空")
    if not is_ean13(text):
        raise _bad("bad_check_digit", "条码的校验码不对，有一位写错了", "对着包装核对")
    return text


COLUMNS: tuple[Column, ...] = (
    Column("name", "名称", ("商品名称", "商品", "品名"), True, True, _text(60)),
    Column("unit", "单位", ("计量单位",), True, True, _text(10)),
    Column("points_price", "积分", ("积分价", "兑换积分", "所需积分", "分值"), True, True, _amount("0.01")),
    Column("cost_yuan", "成本", ("成本价", "进价", "单价", "价格"), read=_amount("0.00")),
    Column("category", "类别", ("分类", "商品类别"), read=_text(30)),
    Column("barcode", "条码", ("商品条码", "条形码", "EAN13"), read=_barcode),
    Column("limit_per_day", "每户限兑", ("限兑", "限购", "每户限量"), read=_units(1)),
    Column("low_level", "预警数量", ("最低库存", "库存预警"), read=_units(0)),
    Column("shelf_life_days", "保质期", ("保质期天数",), read=_units(1)),
)


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One kind of goods in the file; None where the cell is empty."""

    sheet: str
    row: int
    name: str
    unit: str
    points_price: Decimal
    cost_yuan: Decimal | None
    category: str | None
    barcode: str | None
    limit_per_day: int | None
    low_level: int | None
    shelf_life_days: int | None


@dataclass
class GoodsReading:
    """A file, read: its rows and everything that is wrong."""

    rows: list[GoodsRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    columns: ColumnReading = field(default_factory=ColumnReading)

    def fault(self, row: GoodsRow, name: str, code: str, reason: str, remedy: str) -> None:
        """Add a fault of the column `name` of a row."""
        value = str(getattr(row, name) or "")
        self.faults.append(at_field(self.columns, (row.sheet, row.row), name, value, (code, reason, remedy)))


def read_goods(source: str | PathLike[str] | bytes, filename: str | None = None) -> GoodsReading:
    """Read a file of goods. Raises UnreadableFile; whatever is wrong inside is in `faults`."""
    return understand(open_table(source, filename))


def understand(table: Table) -> GoodsReading:
    """As `read_goods`, for a table already open. Names and barcodes that stand twice are faults."""
    columns = read_columns(table, COLUMNS)
    reading = GoodsReading([_row(record) for record in columns.records], list(columns.faults), columns)
    for name, title in (("name", "名称"), ("barcode", "条码")):
        first: dict[str, int] = {}
        for row in reading.rows:
            value = getattr(row, name)
            if value is None:
                continue
            if value in first:
                remedy = "合成一行，或在名称里写上规格" if name == "name" else "核对条码"
                reading.fault(row, name, "twice", f"和第 {first[value]} 行的{title}相同", remedy)
            first.setdefault(value, row.row)
    return reading


def _row(record: Record) -> GoodsRow:
    return GoodsRow(record.sheet, record.row, **record.values)
