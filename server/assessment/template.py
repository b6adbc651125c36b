"""The empty entry sheet of a pack as a workbook: columns with notes and choices, and the pack's codes
beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from .cell_faults import bounds
from .entries import COLUMN_TITLES, COLUMNS
from .scheme import Indicator, Pack
from .xlsx_output import FONT, SAFE

INDICATOR_COLUMNS = ["编号", "名称", "层级", "适用类别", "分值", "必填", "评分人", "依据", "由谁考核", "佐证"]
FILL_SHEET = "填报"
ROWS = 2000
_NOTES = {
    "subject": "被考核对象的编号，同一对象每行相同",
    "name": "姓名或单位名称，同一对象每行相同",
    "unit": "个人填所在单位的编号；考核单位的留空",
    "indicator": "“指标”工作表中的编号",
    "value": "半角数字；事实项填 1；扣分也填正数",
    "kind": "“种类”工作表中的编号；不分种类的留空",
    "note": "佐证、说明；同一事项两次时写清区别",
    "period": "如 2026、2026H1、2026Q3、2026-07",
    "date": "如 2026-03-05",
}


def write_template(pack: Pack, path: Path) -> None:
    """Writes the workbook."""
    book = xlsxwriter.Workbook(str(path), SAFE)
    head = book.add_format({**FONT, "bold": True, "bg_color": "#E8EEF4", "border": 1})
    text = book.add_format({**FONT, "num_format": "@"})
    plain = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
    _fill_sheet(pack, book, head, text)
    codes = [one for one in pack.indicators.values() if one.entry]
    _list(book, "指标", INDICATOR_COLUMNS, [_indicator_row(pack, one) for one in codes], head, plain)
    kinds = [
        (one.code, kind.code, kind.title, _points(kind.points), _points(kind.cap))
        for one in codes
        for kind in one.kinds.values()
    ]
    _list(book, "种类", ["指标", "编号", "名称", "参考分", "上限"], kinds, head, plain)
    categories = [
        (one.code, one.title, {"person": "个人", "unit": "单位"}[one.subject])
        for one in pack.categories.values()
    ]
    _list(book, "类别", ["编号", "名称", "考核"], categories, head, plain)
    book.close()


def _points(value: Any) -> str:
    return "" if value is None else str(float(value)).removesuffix(".0")


def _fill_sheet(pack: Pack, book: Any, head: Any, text: Any) -> None:
    sheet = book.add_worksheet(FILL_SHEET)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(
            place,
            place,
            24 if column in ("name", "note", "indicator") else 14,
            None if column == "value" else text,
        )
        sheet.write_string(0, place, COLUMN_TITLES[column], head)
        note = _note(pack, column)
        if note:
            sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.5})
    sheet.freeze_panes(1, 2)
    codes = [one.code for one in pack.indicators.values() if one.entry]
    sheet.data_validation(1, 2, ROWS, 2, {"validate": "list", "source": list(pack.categories)})
    sheet.data_validation(1, 4, ROWS, 4, {"validate": "list", "source": f"=指标!$A$2:$A${len(codes) + 1}"})
    wrong = {"error_title": "分值", "error_message": "请填半角数字"}
    sheet.data_validation(
        1, 6, ROWS, 6, {"validate": "decimal", "criteria": ">=", "value": -1_000_000_000, **wrong}
    )


def _note(pack: Pack, column: str) -> str:
    if column == "category":
        return "；".join(f"{one.code} {one.title}" for one in pack.categories.values())
    if column == "rater":
        if pack.raters:
            named = "、".join(f"{one.code} {one.title}" for one in pack.raters.values())
            return f"{named}；同类多人写成 编号:1、编号:2"
        occasion = any(one.raters == "occasion" for one in pack.indicators.values())
        return "场次，任意文字，如 一季度" if occasion else "本方案不分评分人，留空"
    return _NOTES[column]


def _indicator_row(pack: Pack, one: Indicator) -> tuple[str, ...]:
    bound = "、".join(pack.categories[code].title for code in pack.categories if code in one.categories)
    bound = "全部" if len(one.categories) == len(pack.categories) else bound
    raters = {"none": "", "occasion": "场次"}.get(one.raters, "、".join(one.rater_codes))
    required = "是" if one.required else ""
    told = (one.code, one.title, pack.levels[one.level], bound, bounds(one), required, raters)
    return (*told, one.basis, one.assessor, one.evidence)


def _list(
    book: Any, name: str, columns: list[str], rows: Sequence[tuple[str, ...]], head: Any, plain: Any
) -> None:
    sheet = book.add_worksheet(name)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 46 if column == "名称" else 18)
        sheet.write_string(0, place, column, head)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            sheet.write_string(number, place, value, plain)
    sheet.freeze_panes(1, 0)
