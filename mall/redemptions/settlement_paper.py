"""The settlement sheet of an exchange day on A4 across: by goods, by household, the fund, and who signed.

It prints what `settling.settlement_of` gives; a settlement that nobody has signed yet has lines to sign on, and
says that it is not final.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from mall.redemptions.rules import METHOD_TITLES
from server.kit.clock import SHANGHAI
from server.paper.api import A4_ACROSS, GREY, Column, Flow, Weight

_GOODS = (
    *(Column("商品", 52, weight=Weight.BOLD), Column("单位", 13), Column("兑出", 16, "right")),
    *(Column("退回", 16, "right"), Column("收积分", 24, "right"), Column("退积分", 24, "right")),
    *(Column("价值（元）", 26, "right"), Column("库存账兑出", 25, "right"), Column("相差", 18, "right")),
    *(Column("报损", 16, "right"), Column("盘点", 18, "right")),
)
_HOUSEHOLD = (
    *(Column("户号", 17, weight=Weight.BOLD), Column("户", 46), Column("笔数", 15, "right")),
    *(Column("积分", 26, "right"), Column("退回", 22, "right")),
)
_HOUSEHOLDS = (*_HOUSEHOLD, Column("", 4), *_HOUSEHOLD)
_FOOT = "金额和分数由台账算出；任何人都能在公示页核对。"


def settlement_pdf(found: Mapping[str, Any], village: str, now: datetime) -> bytes:
    """The sheets of every settlement of the day, the first and what was added later."""
    sheet = Flow(f"{village}积分超市　{found['day']} 结算单", A4_ACROSS, _FOOT)
    count = len(found["settlements"])
    sheet.letterhead(f"{village}积分超市结算单", (f"兑换日 {found['day']}", f"{count} 次结算"))
    if not count:
        sheet.paragraph("这一天还没有兑换，没有可结算的。", 11)
    for order, part in enumerate(found["settlements"]):
        if order:
            sheet.new_page()
        _part(sheet, part)
    if found["open_reservations"] or found["refused_replays"]:
        waiting = (
            f"还有 {found['open_reservations']} 个预约没有取，{found['refused_replays']} 笔断网兑换待处理。"
        )
        sheet.paragraph(waiting, 10)
    return sheet.pdf(now)


def _part(sheet: Flow, part: Mapping[str, Any]) -> None:
    name = "第一次结算" if part["number"] == 1 else f"补充结算 {part['number'] - 1}"
    sheet.heading(name)
    sheet.skip(1)
    sheet.paragraph(_sums(part), 11)
    if not part["signed"]:
        sheet.paragraph("两个人还没有都签字，数字可能再变。", 10, GREY)
    sheet.heading("按商品")
    sheet.table(_GOODS, _goods(part), "没有兑出的商品。")
    sheet.heading("按户")
    sheet.table(_HOUSEHOLDS, _households(part), "没有兑换的户。")
    _signed(sheet, part)


def _sums(part: Mapping[str, Any]) -> str:
    told = f"收积分 {part['points']}，退 {part['points_returned']}，实收 {part['points_taken']}。"
    told += f"货值 {part['fund']['goods_value']} 元，上次兑换日以来买货 {part['fund']['purchases']} 元。"
    consents = "，".join(
        f"{METHOD_TITLES.get(how, how)} {count} 笔" for how, count in part["consents"].items()
    )
    return told + (f"凭：{consents}。" if consents else "")


def _goods(part: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in part["goods"]:
        off = row["difference"]
        yield (
            *(row["name"], row["unit"], str(row["redeemed"]), str(row["returned"]), row["points"]),
            *(
                row["points_returned"],
                row["cost_yuan"],
                str(row["booked_out"]),
                _signed_number(off) or "相符",
            ),
            *(str(row["spoiled"] or ""), _signed_number(row["counted"])),
        )
    if not part["goods"]:
        return
    units, back = (str(sum(row[name] for row in part["goods"])) for name in ("redeemed", "returned"))
    sums = (part["points"], part["points_returned"], part["fund"]["goods_value"])
    yield "合计", "", units, back, *sums, "", "", "", ""


def _signed_number(value: int) -> str:
    """+3, −1; nothing for none."""
    return f"{'+' if value > 0 else '−'}{abs(value)}" if value else ""


def _households(part: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Two households abreast."""
    rows = [_household(row) for row in part["households"]]
    for left, right in zip_longest(rows[::2], rows[1::2], fillvalue=("",) * len(_HOUSEHOLD)):
        yield *left, "", *right


def _household(row: Mapping[str, Any]) -> tuple[str, ...]:
    back = row["points_returned"] if row["points_returned"] != "0.00" else ""
    return row["household"][12:], row["label"], str(row["redemptions"]), row["points"], back


def _signed(sheet: Flow, part: Mapping[str, Any]) -> None:
    """The two signatures with their times, and lines for the pen."""
    signed = [f"{one['name']}（系统内签字 {_minute(one['at'])}）" for one in part["signatures"]]
    if signed:
        sheet.paragraph("；".join(signed), 10)
    sheet.signatures(("超市管理员：", "第二人：", "监督小组：", "日期："))


def _minute(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
