"""A settlement as an Excel file: one sheet per view, supplements below the first settlement.

Texts are neutralised by `mall.sheets`: a name must never become a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from mall.redemptions.rules import METHOD_TITLES
from server.transfer.sheets import SAFE, neutral

Row = Sequence[Any]


def settlement_xlsx(found: dict[str, Any]) -> bytes:
    """The workbook of what `settling.settlement_of` gives."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, SAFE)
    bold = book.add_format({"bold": True, "bottom": 1})
    number = book.add_format({"num_format": "0.00"})
    for title, widths, rows in (
        ("汇总", (18, 60), _summary(found)),
        ("按商品", (8, 24, 8, 8, 8, 12, 12, 12, 10, 8, 8, 8), _goods(found)),
        ("按户", (8, 20, 24, 8, 12, 12), _households(found)),
    ):
        sheet = book.add_worksheet(title)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        _write(sheet, rows, bold, number)
        sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _write(sheet: Any, rows: Iterable[Row], bold: Any, number: Any) -> None:
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(line, column, value, number)
            elif isinstance(value, int):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, neutral(str(value)), bold if line == 0 else None)


def _summary(found: dict[str, Any]) -> Iterable[Row]:
    yield "兑换日", str(found["day"])
    for part in found["settlements"]:
        yield "结算", "第一次" if part["number"] == 1 else f"补充结算 {part['number'] - 1}"
        yield "兑换积分", Decimal(part["points"])
        yield "退回积分", Decimal(part["points_returned"])
        yield "实际用去积分", Decimal(part["points_taken"])
        yield "商品价值（元）", Decimal(part["fund"]["goods_value"])
        yield "资金支出（元，上次兑换日以来）", Decimal(part["fund"]["purchases"])
        for method, count in part["consents"].items():
            yield f"凭{METHOD_TITLES.get(method, method)}", int(count)
        for order, signature in enumerate(part["signatures"], 1):
            yield f"签字 {order}", f"{signature['name']} {signature['at']}"
        if not part["signed"]:
            yield "签字", "还没有签完"


def _goods(found: dict[str, Any]) -> Iterable[Row]:
    yield (
        "结算",
        "商品",
        "单位",
        "兑出",
        "退回",
        "积分",
        "退回积分",
        "价值（元）",
        "库存账兑出",
        "差",
        "报损",
        "盘点",
    )
    for part in found["settlements"]:
        for row in part["goods"]:
            points, back, cost = (Decimal(row[name]) for name in ("points", "points_returned", "cost_yuan"))
            units = row["redeemed"], row["returned"]
            stock = row["booked_out"], row["difference"], row["spoiled"], row["counted"]
            yield part["number"], row["name"], row["unit"], *units, points, back, cost, *stock


def _households(found: dict[str, Any]) -> Iterable[Row]:
    yield "结算", "户编号", "户", "笔数", "积分", "退回积分"
    for part in found["settlements"]:
        for row in part["households"]:
            points, back = Decimal(row["points"]), Decimal(row["points_returned"])
            yield part["number"], row["household"], row["label"], row["redemptions"], points, back
