"""The goods of a shop as a sheet whose first columns are those of the import: the file can come back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.goods.models import Goods, GoodsStock
from mall.goods.queries import Offer, goods_of
from server.transfer.sheets import Sheet

TITLES = (
    ("名称", 26), ("单位", 8), ("积分", 10), ("成本", 10), ("类别", 12), ("条码", 16), ("每户限兑", 10),
    ("预警数量", 10), ("保质期", 8), ("在架", 8), ("存货", 8), ("预约", 8), ("过期", 8),
)  # fmt: skip


def goods_sheet(session: Session, village: str, today: date) -> Sheet:
    """All goods of a village with today's prices and what is there."""
    rows = session.execute(
        select(Goods, GoodsStock)
        .join(GoodsStock, GoodsStock.goods_id == Goods.id)
        .where(Goods.village_code == village)
    )
    found = {goods.id: (goods, stock) for goods, stock in rows}
    return Sheet(
        "商品", TITLES, [_row(offer, *found[offer.id]) for offer in goods_of(session, village, today)]
    )


def _row(offer: Offer, goods: Goods, stock: GoodsStock) -> list[Any]:
    return [
        goods.name, goods.unit, offer.points_price, offer.cost_yuan, goods.category, goods.barcode,
        goods.limit_per_day, goods.low_level, goods.shelf_life_days, "是" if goods.on_shelf else "否",
        stock.on_hand, stock.held, stock.expired,
    ]  # fmt: skip
