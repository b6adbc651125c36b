"""Reading goods and their prices. Prices are by date: every question names the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, select
from sqlalchemy.orm import Session

from mall.goods.models import Goods, GoodsPrice
from server.kit.errors import NotFound
from server.kit.exact import from_hundredths
from server.kit.sql import Statement


@dataclass(frozen=True, slots=True)
class Offer:
    """Goods as they are on offer on a day: points and yuan per unit, units per household and exchange day."""

    id: str
    village: str
    name: str
    unit: str
    points_price: Decimal
    cost_yuan: Decimal
    limit: int | None
    on_shelf: bool


# The id of the price in force on `:day`, for use inside a hot statement.
PRICE_SQL = (
    "(SELECT p.id FROM goods_prices p WHERE p.goods_id = {goods} AND p.starts_on <= :day "
    "ORDER BY p.starts_on DESC, p.id DESC LIMIT 1)"
)
_OFFERS = (
    "SELECT g.id, g.village_code, g.name, g.unit, q.points_price, q.cost_yuan, g.limit_per_day, g.on_shelf "
    "FROM goods g JOIN goods_prices q ON q.id = " + PRICE_SQL.format(goods="g.id") + " WHERE "
)
_IN_VILLAGE = Statement(_OFFERS + "g.village_code = :village ORDER BY g.category, g.name, g.id")
_by_count: dict[int, Statement] = {}


def offers(session: Session, goods: Iterable[str], day: date) -> dict[str, Offer]:
    """The goods with these ids as on offer on `day`, in the order of ids, in one statement.

    Unknown ids, and goods without a price yet, are left out.
    """
    wanted = sorted(set(goods))
    if not wanted:
        return {}
    parameters = {f"g{n}": key for n, key in enumerate(wanted)} | {"day": day.isoformat()}
    rows = _by_ids(len(wanted)).run(session, parameters)
    return {row[0]: _offer(row) for row in rows}


def _by_ids(count: int) -> Statement:
    found = _by_count.get(count)
    if found is None:
        names = ", ".join(f":g{n}" for n in range(count))
        found = _by_count[count] = Statement(_OFFERS + f"g.id IN ({names}) ORDER BY g.id")
    return found


def _offer(row: Any) -> Offer:
    key, village, name, unit, points, cost, limit, on_shelf = row
    return Offer(
        key, village, name, unit, from_hundredths(points), from_hundredths(cost), limit, bool(on_shelf)
    )


def goods_of(session: Session, village: str, day: date) -> list[Offer]:
    """All goods of a village with their prices on `day`, those off the shelf too, by category and name."""
    rows = _IN_VILLAGE.run(session, {"village": village, "day": day.isoformat()})
    return [_offer(row) for row in rows]


def price_on(session: Session, goods: str, day: date) -> tuple[Decimal, Decimal]:
    """Points and yuan per unit on `day`; raises NotFound `goods_missing` before the first price."""
    found = offers(session, [goods], day).get(goods)
    if found is None:
        raise NotFound("goods_missing", "没有这种商品，请核对。")
    return found.points_price, found.cost_yuan


def price_on_sql() -> ScalarSelect[str]:
    """The id of the price in force on the bound `day`, correlated to `Goods`, for reading statements."""
    return (
        select(GoodsPrice.id)
        .where(GoodsPrice.goods_id == Goods.id, GoodsPrice.starts_on <= bindparam("day"))
        .order_by(GoodsPrice.starts_on.desc(), GoodsPrice.id.desc())
        .limit(1)
        .correlate(Goods)
        .scalar_subquery()
    )
