"""The pick list on A4: what to lay out in all, then each household's basket with a box to tick."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from server.paper.api import Column, Flow, Weight

_GOODS = (
    Column("商品", 110, weight=Weight.BOLD),
    Column("一共备", 40, "right"),
    Column("几户要", 27, "right"),
)
_BASKETS = (
    *(
        Column("备好", 12, "center"),
        Column("时段", 18),
        Column("户号", 16, weight=Weight.BOLD),
        Column("户", 34),
    ),
    *(Column("要的东西", 74), Column("积分", 20, "right")),
)
_BOX = "□"


def pick_list_pdf(found: dict[str, Any], village: str, now: datetime) -> bytes:
    """The pages of what `reading.pick_list` gives."""
    sheet = Flow(f"{village}积分超市　{found['day']} 备货单", foot="先备总数，再按户装袋，装好一户打一个勾。")
    sheet.letterhead(
        f"{village}积分超市备货单", (f"兑换日 {found['day']}", f"{len(found['households'])} 个预约")
    )
    sheet.heading("合计")
    goods = (
        (row["name"], f"{row['quantity']} {row['unit']}", f"{row['households']} 户") for row in found["goods"]
    )
    sheet.table(_GOODS, goods, "还没有预约。", size=11)
    if found["households"]:
        sheet.heading("每户")
        sheet.table(_BASKETS, (_basket(row) for row in found["households"]), size=10)
    sheet.signatures(("备货人：", "核对人："))
    return sheet.pdf(now)


def _basket(row: dict[str, Any]) -> tuple[str, ...]:
    told = "；".join(_told(row))
    return (_BOX, row["slot"] or "", row["household"][12:], row["label"], told, row["points"])


def _told(row: dict[str, Any]) -> Iterator[str]:
    for line in row["lines"]:
        yield f"{line['name']} × {line['quantity']} {line['unit']}"
