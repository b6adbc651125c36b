"""The receipt on 58 mm thermal paper: black only, 48 mm printable, as long as it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mall.redemptions.rules import METHOD_TITLES
from server.kit.clock import SHANGHAI
from server.paper.api import Mark, Paper, Rule, Text, Weight, fitting_size, render_pdf, wrap

WIDTH = 58.0
_LEFT, _RIGHT = 4.0, 54.0
_ROOM = _RIGHT - _LEFT


class _Roll:
    """A strip of paper on which lines are set one below the other."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.y = 4.0

    def line(self, text: str, size: float = 9, weight: Weight = Weight.REGULAR, right: str = "") -> None:
        self.y += size * 0.48
        self.marks.append(Text(_LEFT, self.y, text, fitting_size(text, _ROOM, size, weight), weight))
        if right:
            self.marks.append(Text(_RIGHT, self.y, right, size, weight, "right"))

    def middle(self, text: str, size: float, weight: Weight = Weight.REGULAR) -> None:
        self.y += size * 0.48
        fitted = fitting_size(text, _ROOM, size, weight)
        self.marks.append(Text(WIDTH / 2, self.y, text, fitted, weight, "center"))

    def wrapped(self, text: str, size: float = 8) -> None:
        for line in wrap(text, _ROOM, size):
            self.line(line, size)

    def rule(self) -> None:
        self.y += 2.2
        self.marks.append(Rule(_LEFT, self.y, _RIGHT, self.y, 0.4))
        self.y += 0.6


def receipt_pdf(receipt: dict[str, Any], now: datetime) -> bytes:
    """One strip for what `reading.one` gives: the receipt, and what came back since."""
    roll = _Roll()
    at = datetime.fromisoformat(receipt["redeemed_at"]).astimezone(SHANGHAI)
    roll.middle("积分超市兑换单", 13, Weight.BOLD)
    roll.middle(f"单号 {receipt['number']}", 8)
    roll.rule()
    roll.line(f"户 {receipt['household'][12:]}　{receipt['label']}", 10, Weight.BOLD)
    roll.line(f"时间 {at:%Y-%m-%d %H:%M}", 8)
    roll.line(f"经办 {receipt['keeper']}　凭{METHOD_TITLES[receipt['consent']['method']]}", 8)
    if receipt["consent"]["reason"]:
        roll.wrapped(f"说明：{receipt['consent']['reason']}")
    if receipt["offline"]:
        roll.line("断网时办理，后补登记", 8)
    roll.rule()
    for line in receipt["lines"]:
        roll.line(line["name"], 10)
        each = f"{line['quantity']} {line['unit']} × {line['points_price']}"
        roll.line(each + ("（预约价）" if line["reserved"] else ""), 8.5, right=line["points"])
    roll.rule()
    roll.line("合计（分）", 11, Weight.BOLD, receipt["points"])
    roll.line("兑换后余额", 9, right=receipt["balance_after"])
    for text in _returned(receipt):
        roll.wrapped(text)
    roll.rule()
    if receipt["consent"]["method"] == "statement" or receipt["consent"]["proxy"]:
        roll.line("签字：", 10)
        roll.y += 10
        roll.rule()
    roll.wrapped("请当面点清。有不对的，带上这张单子到超市或村委会。", 7.5)
    roll.y += 6
    return render_pdf([roll.marks], Paper(WIDTH, roll.y), f"兑换单 {receipt['number']}", now)


def _returned(receipt: dict[str, Any]) -> Iterator[str]:
    for back in receipt["returns"]:
        yield f"已退货，退回 {back['points']} 分（{back['reason']}）"
