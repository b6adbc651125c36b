"""A file of goods into a village's shop: all of it or nothing. The same file again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.goods import queries
from mall.goods.goods_file import GoodsReading, GoodsRow
from mall.goods.models import Goods
from mall.goods.service import NewGoods, create_goods
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.people.api import Village

_DIFFERENT = "店里已经有这种商品，{} 和文件里的不同"
_COMPARED = ("unit", "category", "barcode", "limit_per_day", "low_level", "shelf_life_days")
_TITLES = {
    "unit": "单位",
    "category": "类别",
    "barcode": "条码",
    "limit_per_day": "每户限兑",
    "low_level": "预警数量",
    "shelf_life_days": "保质期",
    "points_price": "积分",
    "cost_yuan": "成本",
}


@dataclass(frozen=True)
class GoodsImported:
    """What an import did."""

    added: int
    unchanged: int


def check(session: Session, village: str, reading: GoodsReading, now: datetime) -> None:
    """Add a fault for every row that contradicts the shop. Raises NotFound for an unknown village."""
    if session.get(Village, village) is None:
        raise NotFound("village_missing", f"没有村 {village}，请核对代码，或先建村。")
    by_name, by_barcode = _present(session, village)
    prices = {offer.id: offer for offer in queries.goods_of(session, village, local_date(now))}
    for row in reading.rows:
        known = by_name.get(row.name)
        if known is not None:
            offer = prices[known.id]
            for name in _differences(known, row, offer.points_price, offer.cost_yuan):
                reading.fault(
                    row, name, "different", _DIFFERENT.format(_TITLES[name]), "在店里改，或把这一行删掉"
                )
        elif row.barcode in by_barcode:
            other = by_barcode[row.barcode].name
            reading.fault(row, "barcode", "barcode_taken", f"这个条码已经是“{other}”的", "核对条码")


def _present(session: Session, village: str) -> tuple[dict[str, Goods], dict[str | None, Goods]]:
    found = session.scalars(select(Goods).where(Goods.village_code == village)).all()
    return {goods.name: goods for goods in found}, {goods.barcode: goods for goods in found}


def _differences(known: Goods, row: GoodsRow, points: Decimal, cost: Decimal) -> list[str]:
    """The columns that are filled in and say something else than the shop."""
    pairs: list[tuple[str, Any, Any]] = [
        (name, getattr(row, name), getattr(known, name)) for name in _COMPARED
    ]
    pairs += [("points_price", row.points_price, points), ("cost_yuan", row.cost_yuan, cost)]
    return [name for name, wanted, present in pairs if wanted is not None and wanted != present]


def import_goods(session: Session, village: str, reading: GoodsReading, now: datetime) -> GoodsImported:
    """Put the goods of a file without faults on the list; those that are there already stay as they are."""
    by_name, _ = _present(session, village)
    fresh = [row for row in reading.rows if row.name not in by_name]
    for row in fresh:
        create_goods(session, None, village, _new(row), now)
    return GoodsImported(len(fresh), len(reading.rows) - len(fresh))


def _new(row: GoodsRow) -> NewGoods:
    return NewGoods(
        id=new_id(),
        name=row.name,
        unit=row.unit,
        points_price=row.points_price,
        cost_yuan=row.cost_yuan or Decimal("0.00"),
        category=row.category or "",
        barcode=row.barcode,
        shelf_life_days=row.shelf_life_days,
        limit_per_day=row.limit_per_day,
        low_level=row.low_level or 0,
    )
