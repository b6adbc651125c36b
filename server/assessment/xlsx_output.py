"""Results as a workbook that a clerk hands in: the ranking with heading and signatures, and the explanations.

Rows are written as they come (constant memory); text never becomes a formula or a link.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from .explain import Explainer, flat_lines
from .outcome import Assessed, Outcome
from .output import harmless, result_cells, result_columns, unit_dicts
from .scheme import Pack

MOST_LINES = 1_048_000
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}


class Workbook:
    """One workbook being written, with the formats that all sheets share."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(str(path), {**SAFE, "constant_memory": True})
        self.title = self.book.add_format({**FONT, "bold": True, "font_size": 16, "align": "center"})
        self.line = self.book.add_format(
            {**FONT, "font_size": 10, "font_color": "#555555", "align": "center"}
        )
        shared = {**FONT, "border": 1, "border_color": "#999999"}
        head = {"bold": True, "bg_color": "#E8EEF4", "align": "center", "text_wrap": True}
        self.head = self.book.add_format({**shared, **head})
        self.text = self.book.add_format({**shared, "text_wrap": True})
        self.centre = self.book.add_format({**shared, "align": "center"})
        self.score = self.book.add_format({**shared, "num_format": "0.00", "align": "right", "bold": True})
        self.number = self.book.add_format({**shared, "num_format": "0.####", "align": "right"})
        self.plain = self.book.add_format(FONT)
        self.top = self.book.add_format({**FONT, "bold": True, "bg_color": "#F3F3F3"})
        self.indents = [self.book.add_format({**FONT, "indent": depth}) for depth in range(12)]

    def print_setup(self, sheet: Any, pack: Pack, repeat: int) -> None:
        """A4 landscape, fitted to the page's width, heading repeated, page numbers."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.repeat_rows(0, repeat)
        sheet.set_footer(f"&L{pack.title.replace('&', '&&')}&R第 &P 页，共 &N 页")


def write_xlsx(outcome: Outcome, path: Path) -> None:
    """Writes the workbook: results, units where the pack looks at units, and the explanations."""
    workbook = Workbook(path)
    _results(workbook, outcome)
    if outcome.units:
        _units(workbook, outcome)
    _explanations(workbook, outcome)
    workbook.book.close()


def _heading(workbook: Workbook, sheet: Any, title: str, remark: str, width: int) -> None:
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, width - 1, title, workbook.title)
    sheet.merge_range(1, 0, 1, width - 1, remark, workbook.line)


def _remark(outcome: Outcome) -> str:
    periods = "、".join(outcome.sheet.periods)
    counted = f"共 {len(outcome.results)} 个考核对象，{outcome.sheet.rows} 行记录"
    scheme = f"方案 {outcome.pack.id} 第 {outcome.pack.version} 版"
    words = [scheme, *([f"周期 {periods}"] if periods else []), counted, "建议措施须由所列机关决定"]
    return "；".join(words)


def _results(workbook: Workbook, outcome: Outcome) -> None:
    pack = outcome.pack
    columns = result_columns(pack)
    sheet = workbook.book.add_worksheet("结果")
    _widths(sheet, pack, columns)
    _heading(workbook, sheet, f"{pack.title}结果表", _remark(outcome), len(columns))
    sheet.set_row(2, 32)
    for place, column in enumerate(columns):
        sheet.write_string(2, place, column, workbook.head)
    sheet.freeze_panes(3, 4)
    row = 3
    for row, assessed in enumerate(outcome.results, start=3):
        _result_row(workbook, sheet, row, assessed, outcome)
    sheet.autofilter(2, 0, row, len(columns) - 1)
    sheet.write_string(
        row + 2,
        0,
        "填表人：                    审核人：                    负责人（签章）：                    日期：",
        workbook.plain,
    )
    workbook.print_setup(sheet, pack, 2)


def _widths(sheet: Any, pack: Pack, columns: list[str]) -> None:
    widths = [16, 6, 14, 16, 12, 10, 10, 16]
    for place, column in enumerate(columns):
        sheet.set_column(
            place, place, widths[place] if place < len(widths) else max(9, min(16, 2 * len(column) + 2))
        )
    sheet.set_column(len(columns) - 1, len(columns) - 1, 56)


def _result_row(workbook: Workbook, sheet: Any, row: int, assessed: Assessed, outcome: Outcome) -> None:
    pack = outcome.pack
    cells = result_cells(pack, assessed)
    first_number = len(cells) - 1 - len(pack.component_titles)
    for place, text in enumerate(cells):
        if place == 1:
            sheet.write_number(row, place, assessed.rank, workbook.centre)
        elif place == 5:
            sheet.write_number(row, place, float(text), workbook.score)
        elif first_number <= place < len(cells) - 1:
            _number(workbook, sheet, row, place, text)
        else:
            sheet.write_string(row, place, text, workbook.text)


def _number(workbook: Workbook, sheet: Any, row: int, place: int, text: str) -> None:
    """A component as a number for the eye; the exact value is in the explanation and in the JSON output."""
    if text:
        sheet.write_number(row, place, float(text), workbook.number)
    else:
        sheet.write_blank(row, place, None, workbook.text)


def _units(workbook: Workbook, outcome: Outcome) -> None:
    sheet = workbook.book.add_worksheet("单位")
    columns = ["名次", "单位", "人数", "平均分", "建议措施（决定机关）"]
    for place, width in enumerate((8, 20, 8, 12, 70)):
        sheet.set_column(place, place, width)
    _heading(workbook, sheet, f"{outcome.pack.title}单位情况", _remark(outcome), len(columns))
    for place, column in enumerate(columns):
        sheet.write_string(2, place, column, workbook.head)
    for row, unit in enumerate(unit_dicts(outcome), start=3):
        told = "；".join(f"{one['title']}（{one['decided_by']}）" for one in unit["consequences"])
        sheet.write_number(row, 0, unit["rank"], workbook.centre)
        sheet.write_string(row, 1, harmless(unit["unit"]), workbook.text)
        sheet.write_number(row, 2, unit["members"], workbook.centre)
        sheet.write_number(row, 3, float(unit["mean"]), workbook.score)
        sheet.write_string(row, 4, told, workbook.text)
    workbook.print_setup(sheet, outcome.pack, 2)


def _explanations(workbook: Workbook, outcome: Outcome) -> None:
    explainer = Explainer(outcome.pack)
    sheet, row, number = None, MOST_LINES, 0
    for assessed in outcome.results:
        lines = list(flat_lines(explainer.tree(assessed)))
        if row + len(lines) > MOST_LINES:
            number += 1
            sheet = _explanation_sheet(workbook, outcome.pack, number)
            row = 1
        row = _explanation(workbook, sheet, row, assessed, lines)


def _explanation_sheet(workbook: Workbook, pack: Pack, number: int) -> Any:
    sheet = workbook.book.add_worksheet("计算说明" if number == 1 else f"计算说明{number}")
    for place, (column, width) in enumerate(
        (("编号", 14), ("名称", 16), ("项目", 60), ("分值", 12), ("说明", 70))
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, column, workbook.head)
    sheet.freeze_panes(1, 0)
    sheet.outline_settings(True, False, False, False)
    workbook.print_setup(sheet, pack, 0)
    return sheet


def _explanation(
    workbook: Workbook, sheet: Any, row: int, assessed: Assessed, lines: list[tuple[int, str, str, str]]
) -> int:
    for depth, what, value, remark in lines:
        style = workbook.top if depth == 0 else workbook.indents[min(depth, 11)]
        if depth:
            sheet.set_row(row, None, None, {"level": min(depth, 7)})
        sheet.write_string(
            row, 0, harmless(assessed.subject.id), workbook.top if depth == 0 else workbook.plain
        )
        sheet.write_string(
            row, 1, harmless(assessed.subject.name), workbook.top if depth == 0 else workbook.plain
        )
        sheet.write_string(row, 2, harmless(what), style)
        if value:
            sheet.write_number(row, 3, float(value.replace("−", "-")), workbook.plain)
        sheet.write_string(row, 4, harmless(remark), workbook.plain)
        row += 1
    return row
