"""Rulebooks as spreadsheets: the sheet a village fills in, and reading it back.

Owns the columns and the look of the workbook. Opening files is `server/transfer`'s, values are read in
`reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import IO, Any

import xlsxwriter

from server.kit import exact
from server.kit.errors import Invalid
from server.rulebook.items import (
    HOUSEHOLD_CLASSES,
    LOGGER_ROLES,
    Item,
    ItemKind,
    NoticeDetail,
    Rulebook,
    Unit,
)
from server.rulebook.reading import ITEM_FIELDS, MOST_ITEMS, RULEBOOK_FIELDS
from server.rulebook.rules import describe_cap
from server.transfer.columns import Column, ColumnReading, read_columns, read_text
from server.transfer.table import CellValue, Sheet, Table, column_letter
from server.transfer.workbook import open_table

ITEMS_SHEET, SETTINGS_SHEET, HELP_SHEET = "条目", "细则", "填写说明"
KINDS = {ItemKind.POSITIVE: "正面", ItemKind.NEGATIVE: "负面", ItemKind.VETO: "一票否决"}
UNITS = {Unit.TIME: "每次", Unit.DAY: "每天", Unit.MONTH: "每月", Unit.YEAR: "每年"}
NOTICES = {NoticeDetail.HEADING: "按类别", NoticeDetail.DETAIL: "按条目"}
_ALIASES = {
    "code": ("条目编号",),
    "name": ("条目", "条目名称"),
    "heading": ("分类",),
    "kind": ("正负",),
    "points_min": ("分值下限",),
    "points_max": ("分值上限",),
    "cap": ("上限",),
    "evidence": ("认定依据",),
}
_WIDTHS = {"code": 7, "name": 24, "heading": 11, "evidence": 30, "explanation": 44, "consequences": 24,
           "cap": 13, "loggers": 24, "exempt": 20}  # fmt: skip
_HINTS = {
    "code": "字母加数字，如 J1。改了分值也不换编号，频次上限才接得上。",
    "name": "一句村民看得懂的话。",
    "heading": "公益美德、乡村建设、社会治安……同一类的写法要一样。",
    "kind": "正面、负面或一票否决。",
    "points_min": "扣分写负数：−5 到 −1 就是最低分 -5，最高分 -1。只有一个分值就两格写一样。",
    "points_max": "见最低分。",
    "step": "一格多少分，一般 0.5。不写就是 0.5。",
    "unit": "每次、每天、每月或每年。每月就是一户一个月只记一次。",
    "cap": "写成 每月 4 次；不限就空着。",
    "photo_required": "是或否。看过就能认定的不要照片。",
    "place_required": "是或否。",
    "declarable": "是或否。只有正面条目可以由村民自己申报。",
    "loggers": "用、隔开："
    + "、".join(LOGGER_ROLES.values())
    + "。一票否决只写村委会。不写就是网格员和村委会。",
    "notice_detail": "按类别（只公示类别合计）或按条目。",
    "evidence": "凭什么认定，如 网格员当面看到。",
    "explanation": "谁、做了什么、怎么算，说给村民听。",
    "consequences": "分数以外的结果，只限奖励、荣誉和教育。多条用；隔开。",
    "exempt": "哪些户不用这一条，用、隔开：" + "、".join(HOUSEHOLD_CLASSES.values()) + "。",
}


def _as_written(value: CellValue) -> str:
    """Text keeps its Chinese punctuation; numbers become the digits that Excel shows."""
    return value.strip() if isinstance(value, str) else read_text(value)


_FORBIDDEN = (
    "不能停扣低保、补贴、分红、宅基地、入学、就医、社保、办证；不能罚款；"
    "不能因信访、投诉、举报、言论、信仰、生育、投票扣分。"
)
SPEC = tuple(
    Column(name, known.title, _ALIASES.get(name, ()), required=name in ("code", "name"), read=_as_written)
    for name, known in ITEM_FIELDS.items()
)
SETTINGS_SPEC = (
    Column("name", "项目", required=True),
    Column("value", "内容", required=True, read=_as_written),
)
_SETTINGS = {known.title: name for name, known in RULEBOOK_FIELDS.items() if name != "exemption_classes"}


@dataclass
class Cells:
    """The cell of every path of a workbook."""

    cells: dict[str, str] = field(default_factory=dict)

    def place(self, path: str) -> str:
        """Such as `条目 F4` or `条目 第 4 行`; empty where the path stands in no cell."""
        while path and path not in self.cells:
            path = path.rpartition(".")[0]
        return self.cells.get(path, "")


def read_raw(
    source: str | PathLike[str] | bytes, filename: str | None = None
) -> tuple[Mapping[str, Any], Cells]:
    """The plain values of a workbook and the cell of each, for `reading.read`.

    Raises UnreadableFile (an Invalid) when it is no table, Invalid `sheet_invalid` when a cell holds a
    formula or an error or the columns are not there.
    """
    table = open_table(source, filename)
    settings = [sheet for sheet in table.sheets if sheet.name == SETTINGS_SHEET]
    rest = [sheet for sheet in table.sheets if sheet.name not in (SETTINGS_SHEET, HELP_SHEET)]
    cells = Cells()
    raw = _read_settings(table, settings, cells)
    found = _read(Table(table.kind, tuple(rest)), SPEC)
    raw["items"] = [_read_row(index, found, cells) for index in range(len(found.records))]
    return raw, cells


def _read(table: Table, spec: tuple[Column, ...]) -> ColumnReading:
    found = read_columns(table, spec)
    if found.faults:
        fault = found.faults[0]
        raise Invalid(
            "sheet_invalid", f"{fault.sheet} {fault.place}：{fault.reason}。{fault.remedy}。".strip()
        )
    return found


def _read_settings(table: Table, sheets: list[Sheet], cells: Cells) -> dict[str, Any]:
    """The sheet of settings.

    A file without it (a CSV) takes the rulebook's title from nowhere and says so.
    """
    if not sheets:
        return {}
    found = _read(Table(table.kind, tuple(sheets)), SETTINGS_SPEC)
    raw: dict[str, Any] = {}
    for record in found.records:
        title = str(record["name"] or "")
        name = _SETTINGS.get(title, title)
        raw[name] = record["value"]
        letter = column_letter(found.headers[record.sheet].index("value") or 0)
        cells.cells[name] = f"{record.sheet} {letter}{record.row}"
    return raw


def _read_row(index: int, found: ColumnReading, cells: Cells) -> dict[str, Any]:
    record = found.records[index]
    header = found.headers[record.sheet]
    sheet = f"{record.sheet} ".lstrip()
    cells.cells[f"items.{index}"] = f"{sheet}第 {record.row} 行"
    for column, known in header.columns.items():
        cells.cells[f"items.{index}.{known.field}"] = f"{sheet}{column_letter(column)}{record.row}"
    return {name: value for name, value in record.values.items() if value is not None}


def write_workbook(target: str | PathLike[str] | IO[bytes], rulebook: Rulebook | None = None) -> None:
    """Write the template, empty or filled with a rulebook; `read_raw` reads it back."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    with book:
        head = book.add_format(
            {"bold": True, "bg_color": "#EAF4EE", "border": 1, "text_wrap": True, "valign": "top"}
        )
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        _write_items(book.add_worksheet(ITEMS_SHEET), rulebook, head, cell)
        _write_settings(book.add_worksheet(SETTINGS_SHEET), rulebook, head, cell)
        _write_help(book.add_worksheet(HELP_SHEET), head, cell)


def _write_items(page: Any, rulebook: Rulebook | None, head: Any, cell: Any) -> None:
    choices = {
        "kind": list(KINDS.values()),
        "unit": list(UNITS.values()),
        "notice_detail": list(NOTICES.values()),
    }
    choices |= {name: ["是", "否"] for name in ("photo_required", "place_required", "declarable")}
    for column, (name, known) in enumerate(ITEM_FIELDS.items()):
        page.set_column(column, column, _WIDTHS.get(name, 10), cell)
        page.write_string(0, column, known.title, head)
        if name in choices:
            page.data_validation(1, column, MOST_ITEMS, column, {"validate": "list", "source": choices[name]})
    page.freeze_panes(1, 2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for row, item in enumerate(rulebook.items if rulebook else (), start=1):
        for column, text in enumerate(_item_cells(rulebook, item).values()):
            page.write_string(row, column, text, cell)


def _item_cells(rulebook: Rulebook | None, item: Item) -> dict[str, str]:
    """The texts of one row, in the order of `ITEM_FIELDS`."""
    exempt = (
        [name for name, codes in rulebook.exemption_classes.items() if item.code in codes] if rulebook else []
    )
    said = {
        "kind": KINDS[item.kind],
        "points_min": exact.text(item.points_min),
        "points_max": exact.text(item.points_max),
        "step": exact.text(item.step),
        "unit": UNITS[item.unit],
        "cap": describe_cap(item.cap) if item.cap else "",
        "notice_detail": NOTICES[item.notice_detail],
        "loggers": "、".join(title for role, title in LOGGER_ROLES.items() if role in item.loggers),
        "consequences": "；".join(item.consequences),
        "exempt": "、".join(HOUSEHOLD_CLASSES.get(name, name) for name in exempt),
    }
    plain = {name: getattr(item, name, "") for name in ITEM_FIELDS}
    flags = {name: "是" if value else "否" for name, value in plain.items() if isinstance(value, bool)}
    return {name: said.get(name, flags.get(name, str(plain[name]))) for name in ITEM_FIELDS}


def _write_settings(page: Any, rulebook: Rulebook | None, head: Any, cell: Any) -> None:
    page.set_column(0, 0, 18, cell)
    page.set_column(1, 1, 60, cell)
    page.write_string(0, 0, "项目", head)
    page.write_string(0, 1, "内容", head)
    empty = Rulebook(title="", source="", illustrative=False, items=())
    for row, (title, name) in enumerate(_SETTINGS.items(), start=1):
        value = getattr(rulebook or empty, name)
        page.write_string(row, 0, title, cell)
        page.write_string(row, 1, _setting_text(value), cell)


def _setting_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "；".join(value) if isinstance(value, tuple) else str(value)


def _write_help(page: Any, head: Any, cell: Any) -> None:
    page.set_column(0, 0, 14, cell)
    page.set_column(1, 1, 90, cell)
    page.write_string(0, 0, "列", head)
    page.write_string(0, 1, "怎么填", head)
    for row, (name, known) in enumerate(ITEM_FIELDS.items(), start=1):
        page.write_string(row, 0, known.title, cell)
        page.write_string(row, 1, _HINTS[name], cell)
    foot = len(ITEM_FIELDS) + 2
    page.write_string(foot, 0, "不能写的", head)
    page.write_string(foot, 1, _FORBIDDEN, cell)
