"""The printed file of a household (一户一册): A4 pages with the family and what is noted, and who printed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from server.kit.clock import local_date
from server.paper.api import (
    A4,
    FAINT,
    GREEN,
    GREY,
    Box,
    Mark,
    Rule,
    Text,
    Weight,
    fitting_size,
    render_pdf,
    wrap,
)

_LEFT, _RIGHT, _TOP, _BOTTOM = 20.0, 190.0, 24.0, 275.0
_ROW = 7.0
_MEMBERS = (("姓名", 24), ("与户主关系", 24), ("性别", 14), ("出生日期", 28), ("电话", 30), ("备注", 50))
_FACTS = (("情况", 36), ("是谁", 24), ("内容", 50), ("从哪天起", 28), ("谁记的", 32))
_SEX = {"male": "男", "female": "女"}
_DEPARTURES = {"deceased": "已故", "moved_out": "已迁出"}
Row = Sequence[str]


def file_pdf(file: Mapping[str, Any], printed_by: str, now: datetime) -> bytes:
    """The file as PDF; `printed_by` stands at the foot of every page."""
    sheet = _Sheet()
    _heading(sheet, file)
    names = {member["id"]: member["name"] for member in file["members"]}
    sheet.table("家庭成员", _MEMBERS, (_member(row) for row in file["members"]), "名册里还没有成员。")
    sheet.table("户情台账", _FACTS, (_fact(row, names) for row in file["facts"]), "还没有记过情况。")
    foot = f"{printed_by} 印于 {local_date(now).isoformat()}；请妥善保管，不要张贴、不要转发。"
    return render_pdf(list(sheet.numbered(foot)), A4, f"一户一册 {file['code']}", now)


def _heading(sheet: _Sheet, file: Mapping[str, Any]) -> None:
    grid = file["grid"]["name"] if file["grid"] else "未划网格"
    sheet.page += [
        Box(_LEFT, 12, 2.2, 10, fill=GREEN),
        Text(_LEFT + 5, 20, "一户一册", 20, Weight.BOLD),
        Text(_RIGHT, 16.5, f"{file['village']['name']} · {grid}", 10, align="right", color=GREY),
        Text(_RIGHT, 21.5, f"截至 {file['as_of']:%Y 年 %m 月 %d 日}", 10, align="right", color=GREY),
    ]
    sheet.y = 30
    about = f"户号 {file['code'][12:]}　户主 {file['head']}　{file['label']}"
    sheet.page.append(Text(_LEFT, sheet.y, about, fitting_size(about, _RIGHT - _LEFT, 12)))
    sheet.y += 6
    if file.get("address"):
        sheet.page.append(Text(_LEFT, sheet.y, f"住址 {file['address']}", 10, color=GREY))
        sheet.y += 6


def _member(row: Mapping[str, Any]) -> Row:
    born = row.get("birth_date")
    notes = [_DEPARTURES.get(row.get("departure") or "", ""), row.get("political") or ""]
    return (
        row["name"],
        row["kinship"],
        _SEX.get(row.get("sex") or "", ""),
        f"{born:%Y-%m-%d}" if isinstance(born, date) else "",
        row.get("phone") or "",
        " ".join(note for note in notes if note),
    )


def _fact(row: Mapping[str, Any], names: Mapping[str, str]) -> Row:
    who = names.get(row["member"] or "", "全家")
    return (row["name"], who, row["value"], f"{row['since']:%Y-%m-%d}", row["recorded_by"])


class _Sheet:
    """Pages that fill from the top; a table that does not fit goes on over the page under its head again."""

    def __init__(self) -> None:
        self.page: list[Mark] = []
        self.pages: list[list[Mark]] = [self.page]
        self.y = _TOP

    def table(self, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Row], empty: str) -> None:
        """A table with its title; `empty` where it has no rows."""
        self._need(3 * _ROW)
        self.y += _ROW
        self.page.append(Text(_LEFT, self.y, title, 12, Weight.BOLD))
        self.y += _ROW
        self._head(columns)
        found = False
        for row in rows:
            found = True
            self._row(columns, row)
        if not found:
            self.page.append(Text(_LEFT, self.y, empty, 10, color=GREY))
            self.y += _ROW

    def _head(self, columns: Sequence[tuple[str, int]]) -> None:
        x = _LEFT
        for head, width in columns:
            self.page.append(Text(x, self.y, head, 9, color=GREY))
            x += width
        self.page.append(Rule(_LEFT, self.y + 1.8, _RIGHT, self.y + 1.8, 0.6))
        self.y += _ROW

    def _row(self, columns: Sequence[tuple[str, int]], row: Row) -> None:
        cells = [wrap(text, width - 2, 10) or [""] for text, (_, width) in zip(row, columns, strict=True)]
        height = _ROW + 4.6 * (max(len(lines) for lines in cells) - 1)
        if self._need(height):
            self._head(columns)
        x = _LEFT
        for lines, (_, width) in zip(cells, columns, strict=True):
            for number, line in enumerate(lines):
                self.page.append(Text(x, self.y + 4.6 * number, line, 10))
            x += width
        bottom = self.y + height - _ROW + 2.2
        self.page.append(Rule(_LEFT, bottom, _RIGHT, bottom, 0.3, FAINT))
        self.y += height

    def _need(self, height: float) -> bool:
        """A new page where this one has no room; whether there is one."""
        if self.y + height <= _BOTTOM:
            return False
        self.page = []
        self.pages.append(self.page)
        self.y = _TOP
        return True

    def numbered(self, foot: str) -> Iterator[list[Mark]]:
        """The pages with foot and number."""
        for number, page in enumerate(self.pages, 1):
            where = f"第 {number} 页，共 {len(self.pages)} 页"
            yield [
                *page,
                Text(_LEFT, 285, foot, 8, color=GREY),
                Text(_RIGHT, 285, where, 8, align="right", color=GREY),
            ]
