"""The pick list on A4: what to lay out in all, then each household's basket with a box to tick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.paper.api import (
    A4,
    FAINT,
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

_LEFT, _RIGHT, _TOP, _BOTTOM = 15.0, 195.0, 18.0, 282.0


@dataclass
class _Sheets:
    """Pages on which rows are set one below the other; a row that does not fit begins a new page."""

    title: str
    pages: list[list[Mark]] = field(default_factory=list)
    y: float = _BOTTOM

    def room(self, height: float) -> float:
        """Make room: the top of the next row."""
        if self.y + height > _BOTTOM:
            number = str(len(self.pages) + 1)
            self.pages.append(
                [
                    Text(
                        _LEFT, _TOP, self.title, fitting_size(self.title, 150, 14, Weight.BOLD), Weight.BOLD
                    ),
                    Text(_RIGHT, _TOP, f"第 {number} 页", 9, align="right", color=GREY),
                    Rule(_LEFT, _TOP + 3, _RIGHT, _TOP + 3, 0.8),
                ]
            )
            self.y = _TOP + 6
        top = self.y
        self.y += height
        return top

    def add(self, *marks: Mark) -> None:
        self.pages[-1].extend(marks)


def pick_list_pdf(found: dict[str, Any], village: str, now: datetime) -> bytes:
    """The pages of what `reading.pick_list` gives."""
    sheets = _Sheets(f"{village}积分超市　{found['day']} 备货单")
    _heading(sheets, f"合计：{len(found['households'])} 个预约")
    for row in found["goods"]:
        top = sheets.room(7)
        told = f"{row['quantity']} {row['unit']}"
        sheets.add(
            Text(_LEFT, top + 5, row["name"], fitting_size(row["name"], 100, 11)),
            Text(150, top + 5, told, 12, Weight.BOLD, "right"),
            Text(_RIGHT, top + 5, f"{row['households']} 户", 10, align="right", color=GREY),
            Rule(_LEFT, top + 7, _RIGHT, top + 7, 0.3, FAINT),
        )
    _heading(sheets, "每户")
    for household in found["households"]:
        _household(sheets, household)
    if not found["households"]:
        sheets.add(Text(_LEFT, sheets.room(8) + 5, "还没有预约。", 11, color=GREY))
    return render_pdf(sheets.pages, A4, sheets.title, now)


def _heading(sheets: _Sheets, text: str) -> None:
    top = sheets.room(20)  # a heading does not stand alone at the foot of a page
    sheets.y -= 8
    sheets.add(Text(_LEFT, top + 9, text, 12, Weight.BOLD))


def _household(sheets: _Sheets, household: dict[str, Any]) -> None:
    lines = list(_goods_lines(household))
    top = sheets.room(8 + 5.2 * len(lines))
    slot = f"{household['slot']}　" if household["slot"] else ""
    label = f"{slot}{household['household'][12:]}　{household['label']}"
    sheets.add(
        Box(_LEFT, top + 2.4, 4, 4, line=0.8),
        Text(_LEFT + 7, top + 6, label, fitting_size(label, 130, 11, Weight.BOLD), Weight.BOLD),
        Text(_RIGHT, top + 6, f"{household['points']} 分", 10, align="right"),
    )
    for order, line in enumerate(lines):
        sheets.add(Text(_LEFT + 7, top + 11.2 + 5.2 * order, line, 10))
    bottom = top + 8 + 5.2 * len(lines)
    sheets.add(Rule(_LEFT, bottom, _RIGHT, bottom, 0.3, FAINT))


def _goods_lines(household: dict[str, Any]) -> Iterator[str]:
    told = "；".join(f"{line['name']} × {line['quantity']} {line['unit']}" for line in household["lines"])
    yield from wrap(told, _RIGHT - _LEFT - 7, 10)
