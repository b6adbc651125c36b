"""A small rulebook for tests: one item for every kind of rule. Wording and values are invented for tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from server.rulebook.items import Cap, CapPeriod, Item, ItemKind, NoticeDetail, Rulebook, Unit

COMMITTEE = frozenset({"committee_member", "committee_head"})


def item(code: str, name: str, low: str, high: str | None = None, **more: Any) -> Item:
    """An item whose kind follows its sign, unless `kind` says otherwise."""
    kind = ItemKind.NEGATIVE if low.startswith("-") else ItemKind.POSITIVE
    given = {
        "heading": "乡村建设",
        "kind": kind,
        "evidence": "网格员当面看到",
        "explanation": "每次记一回",
        **more,
    }
    return Item(code, name, points_min=Decimal(low), points_max=Decimal(high or low), **given)


def small_rulebook(**changes: Any) -> Rulebook:
    """J1 declarable, J2 by the day, J3 with photo, J4 with place, J5 once a year, J6 without cap; F1 and F2
    negative, V1 a veto. Households of elders are exempt from J2.
    """
    items = (
        item("J1", "清扫门前道路", "2.00", "5.00", cap=Cap(4, CapPeriod.MONTH), declarable=True,
             notice_detail=NoticeDetail.DETAIL),
        item("J2", "参加义务劳动", "1.00", unit=Unit.DAY, cap=Cap(10, CapPeriod.MONTH), heading="公益美德"),
        item("J3", "改造厕所", "10.00", photo_required=True, cap=Cap(1, CapPeriod.YEAR)),
        item("J4", "清理沟渠", "3.00", place_required=True, cap=Cap(2, CapPeriod.WEEK)),
        item("J5", "庭院评为优秀", "5.00", unit=Unit.YEAR),
        item("J6", "帮助邻居", "0.50", "20.00", heading="公益美德"),
        item("F1", "乱倒垃圾", "-5.00", "-1.00", heading="社会治安"),
        item("F2", "占道堆物", "-2.00", heading="社会治安"),
        item("V1", "参与聚众赌博", "-20.00", "0.00", kind=ItemKind.VETO, step=Decimal("5.00"),
             loggers=COMMITTEE, heading="社会治安"),
    )  # fmt: skip
    book = Rulebook(
        title="大槐树村积分细则",
        source="测试用",
        illustrative=True,
        items=items,
        exemption_classes={"elders_only": frozenset({"J2"})},
    )
    return replace(book, **changes)
