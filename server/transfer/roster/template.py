"""The roster template that a village downloads, fills in and sends back.

Owns the sheet's look; its columns are those that the reader knows. The example rows are marked as such and
ignored.
"""

from __future__ import annotations

from os import PathLike
from typing import IO, Any

import xlsxwriter

from server.transfer.roster.words import KIND_TITLES

SHEET = "花名册"
ROWS = 12_000  # rows prepared with formats and drop-down lists
EXAMPLE = "示例，请删除"

# Title, width, what the instructions say.
_COLUMNS = (
    ("户编号", 19, "不用填。系统分配后可从“导出花名册”取得；再次导入时按它认户。"),
    ("门牌", 14, "门上的门牌号，如“东街12号”。同一户的每一行都写。"),
    ("户主", 10, "户主姓名。同一户的每一行都写。"),
    ("姓名", 10, "一行写一个人，户主本人也要有一行。"),
    ("与户主关系", 12, "从下拉框里选，没有的可以自己写。每户有且只有一个“户主”。"),
    ("出生日期", 13, "写成 1966-01-12；只知道年月的写 1966-01。"),
    ("性别", 7, "男或女。"),
    ("手机号", 15, "11 位手机号，没有就留空。"),
    ("政治面貌", 14, "中共党员、共青团员、群众等。"),
    ("户类型", 14, "每户写一次就行。没有特殊情况的写“一般户”。"),
    ("村民小组", 11, "如“一组”，没有就留空。"),
    ("网格", 11, "所属网格的名称，没有就留空。"),
    ("住址", 22, "和门牌不同的详细住址，没有就留空。"),
    (
        "备注",
        22,
        "系统认得：已去世、已迁出、空挂户、外出务工、在外上学、服役、残疾、低保、五保、独居、留守儿童。",
    ),
)
_EXAMPLES = (
    (
        "",
        "东街12号",
        "张三",
        "张三",
        "户主",
        "1966-01-12",
        "男",
        "19900000001",
        "群众",
        "一般户",
        "一组",
        "",
        "",
        EXAMPLE,
    ),
    ("", "东街12号", "张三", "李四", "配偶", "1968-03-05", "女", "", "中共党员", "", "一组", "", "", EXAMPLE),
)
_LISTS: dict[str, list[str]] = {
    "与户主关系": [
        *("户主", "配偶", "长子", "次子", "三子", "长女", "次女", "三女", "儿媳", "女婿"),
        *("孙子", "孙女", "外孙", "外孙女", "父亲", "母亲", "岳父", "岳母", "其他"),
    ],
    "性别": ["男", "女"],
    "政治面貌": ["群众", "中共党员", "中共预备党员", "共青团员"],
    "户类型": list(KIND_TITLES.values()),
}
_RULES = (
    "1. 从第 2 行起填，一行一个人；第 2、3 行灰色的是示例，请删除（忘了删也会被忽略）。",
    "2. 不要改动第 1 行的标题；列的次序可以变，用不着的列可以删掉。",
    "3. 不要写公式，不要合并单元格；号码和日期这几列已设成文本，直接打字即可。",
    "4. 填好先试导入：系统会列出每一处问题在哪一行哪一列、怎么改，不会改动任何数据。",
    "5. 不需要身份证号。姓名、电话只用于本村积分工作，请勿转发。",
)


def write_template(target: str | PathLike[str] | IO[bytes], village_name: str | None = None) -> None:
    """Write the empty roster as .xlsx to a path or a binary stream."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    try:
        book.set_properties({"title": f"{village_name or ''}花名册模板", "comments": "积分制家庭花名册"})
        _write_roster(book)
        _write_instructions(book, village_name)
    finally:
        book.close()


def _write_roster(book: Any) -> None:
    sheet = book.add_worksheet(SHEET)
    header = book.add_format(
        {"bold": True, "bg_color": "#DDEBDD", "border": 1, "align": "center", "valign": "vcenter"}
    )
    text = book.add_format({"num_format": "@"})
    example = book.add_format(
        {"num_format": "@", "italic": True, "font_color": "#888888", "bg_color": "#F3F3F3"}
    )
    for index, (title, width, hint) in enumerate(_COLUMNS):
        sheet.set_column(index, index, width, text)
        sheet.write_string(0, index, title, header)
        sheet.write_comment(0, index, hint, {"x_scale": 1.6, "author": "积分制"})
        if title in _LISTS:
            _add_list(sheet, index, title)
    for number, row in enumerate(_EXAMPLES, 1):
        for index, value in enumerate(row):
            sheet.write_string(number, index, value, example)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 4)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _add_list(sheet: Any, index: int, title: str) -> None:
    """A drop-down list; a kinship that is not in it may still be typed."""
    sheet.data_validation(
        1,
        index,
        ROWS,
        index,
        {
            "validate": "list",
            "source": _LISTS[title],
            "error_type": "warning" if title == "与户主关系" else "stop",
            "error_title": title,
            "error_message": "请从下拉框里选一个。",
        },
    )


def _write_instructions(book: Any, village_name: str | None) -> None:
    sheet = book.add_worksheet("填写说明")
    big = book.add_format({"bold": True, "font_size": 16})
    bold = book.add_format({"bold": True, "bg_color": "#DDEBDD", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 78)
    sheet.write_string(0, 0, f"{village_name or '本村'}家庭花名册填写说明", big)
    line = 2
    for rule in _RULES:
        sheet.merge_range(line, 0, line, 1, rule, wrap)
        line += 1
    line += 1
    sheet.write_string(line, 0, "标题", bold)
    sheet.write_string(line, 1, "怎么填", bold)
    for title, _, hint in _COLUMNS:
        line += 1
        sheet.write_string(line, 0, title, cell)
        sheet.write_string(line, 1, hint, cell)
