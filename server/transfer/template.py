"""Empty sheets to fill in for the smaller imports.

Titles, what each column takes, an example. Rosters have their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from server.transfer.people import ROLE_TITLES

ROWS = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a template: its title, what to write there, an example, and the words to choose from."""

    title: str
    hint: str
    example: str
    width: int = 14
    choices: tuple[str, ...] = ()


DIVISIONS = (
    Field(
        "区划代码",
        "县 6 位、乡镇 9 位（或补零到 12 位）的统计用区划代码。县要在乡镇之前或同一份文件里。",
        "990101",
        16,
    ),
    Field("名称", "县或乡镇的名称。", "青禾县", 24),
)
GRIDS = (
    Field("村代码", "12 位。村还没有时，填上村名（和乡镇）就一并新建。", "990101101201", 16),
    Field("村名", "新建村时填。", "大槐树村"),
    Field("乡镇", "村所在的乡镇还没有时填。", "柳溪镇"),
    Field("网格", "网格的名称。一个网格有几段户号就写几行。", "槐北网格", 16),
    Field("责任片区", "可不填。", ""),
    Field("户号从", "户编号的后 4 位。先导入花名册再填；没有就留空。", "0001", 10),
    Field("户号到", "只有一户可不填。", "0040", 10),
)
GOODS = (
    Field("名称", "连同规格，如“东北大米 5kg”；一个店里不能重名。", "东北大米 5kg", 24),
    Field("单位", "袋、桶、块等。", "袋", 8),
    Field("积分", "兑换一件要的积分，最多两位小数。", "30", 10),
    Field("成本", "一件值多少元，用来算保障；可不填。", "28.00", 10),
    Field("类别", "如粮油、日用；可不填。", "粮油", 10),
    Field("条码", "包装上的 13 位条码；没有就留空，系统会编一个。", "6901234567892", 16),
    Field("每户限兑", "每户每个兑换日最多几件；不限就留空。", "2", 10),
    Field("预警数量", "剩这么多或更少时提醒；不填就在没有了时提醒。", "5", 10),
    Field("保质期", "天数；入库时没写到期日的按它算。没有就留空。", "365", 10),
)
OPENING_BALANCES = (
    Field("户编号", "16 位，先导入花名册；一户一行。", "9901011012010001", 20),
    Field("可兑换积分", "旧系统或纸质卡上还能兑换的分，最多两位小数。", "35.50", 12),
    Field("考核分", "算进本年度考核分的，可不填。", "", 10),
)
PEOPLE = (
    Field("姓名", "一人有几个角色就写几行。", "王芳"),
    Field("区划代码", "这个人所在的村（12 位）；乡镇、县的工作人员填乡镇、县的代码。", "990101101201", 16),
    Field("户编号", "本村村民填 16 位户编号，就能看自家的积分；不是村民留空。", "9901011012010001", 20),
    Field("用户名", "可留空，由本人开户时自己取。", ""),
    Field("角色", "从下拉框里选；只是村民就留空。", "网格员", 16, tuple(ROLE_TITLES.values())),
    Field("网格", "网格员、网格长填网格名称；留空就管全村。", "槐北网格"),
    Field("开始日期", "留空就是现在。", "", 12),
    Field("结束日期", "留空就是长期。", "", 12),
)


def write(path: Path, sheet_name: str, columns: Sequence[Field]) -> None:
    """Write an empty sheet with these columns, all as text, and a page that explains them."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    try:
        sheet = book.add_worksheet(sheet_name)
        _titles(book, sheet, columns)
        _explain(book, columns)
    finally:
        book.close()


def _titles(book: Any, sheet: Any, columns: Sequence[Field]) -> None:
    title = book.add_format({"bold": True, "bg_color": "#EAF4EE", "border": 1, "align": "center"})
    text = book.add_format({"num_format": "@"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, text)
        sheet.write_string(0, index, column.title, title)
        sheet.write_comment(0, index, column.hint, {"x_scale": 1.6, "author": "积分制"})
        if column.choices:
            sheet.data_validation(1, index, ROWS, index, {"validate": "list", "source": list(column.choices)})
    sheet.freeze_panes(1, 0)


def _explain(book: Any, columns: Sequence[Field]) -> None:
    sheet = book.add_worksheet("填写说明")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for index, (width, head) in enumerate(((14, "列"), (70, "怎么填"), (22, "例子"))):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, head, bold)
    for row, column in enumerate(columns, 1):
        for index, value in enumerate((column.title, column.hint, column.example)):
            sheet.write_string(row, index, value, wrap)
