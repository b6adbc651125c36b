"""The goods of a shop as a list: the page every phone opens, so one statement and ready-made JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mall.goods.queries import PRICE_SQL
from mall.goods.rules import Price, prices_to_come
from server.kit.exact import from_hundredths, hundredths_text, text
from server.kit.sql import Statement

# a row per goods, more where the price is going to change, in the order in which those were set
_SELECT = (
    "SELECT g.id, g.name, g.category, g.unit, g.barcode, g.photo, g.limit_per_day, g.on_shelf, "
    "q.points_price, s.on_hand, s.held, s.expired, n.starts_on, n.points_price, "
    "g.low_level, g.shelf_life_days, q.cost_yuan, g.revision "
    "FROM goods g JOIN goods_stock s ON s.goods_id = g.id "
    "JOIN goods_prices q ON q.id = " + PRICE_SQL.format(goods="g.id") + " "
    "LEFT JOIN goods_prices n ON n.goods_id = g.id AND n.starts_on > :day "
    "WHERE "
)
_ORDER = " ORDER BY g.category, g.name, g.id, n.id"
_ON_SHELF = Statement(_SELECT + "g.village_code = :village AND g.on_shelf" + _ORDER)
_ALL = Statement(_SELECT + "g.village_code = :village" + _ORDER)
_ONE = Statement(_SELECT + "g.id = :goods" + _ORDER)


def goods_json(session: Session, village: str, today: date, *, everything: bool = False) -> str:
    """The goods on the shelf as a JSON array; with `everything` all goods, with what the keeper needs."""
    chosen = _ALL if everything else _ON_SHELF
    rows: Any = chosen.run(session, {"village": village, "day": today.isoformat()})
    items = _items(rows, today, everything)
    return json.dumps(items, ensure_ascii=False, separators=(",", ":"))


def goods_item(session: Session, key: str, today: date) -> dict[str, Any]:
    """One kind of goods, which must be there, with what the keeper needs."""
    rows: Any = _ONE.run(session, {"goods": key, "day": today.isoformat()})
    return _items(rows, today, everything=True)[0]


def _items(rows: Iterable[Any], today: date, everything: bool) -> list[dict[str, Any]]:
    items: dict[str, dict[str, Any]] = {}
    coming: dict[str, list[Price]] = {}
    for row in rows:
        if row[0] not in items:
            items[row[0]] = _item(row, everything)
        if row[12] is not None:
            price = Price(_day(row[12]), from_hundredths(row[13]))
            coming.setdefault(row[0], []).append(price)
    for key, prices in coming.items():
        items[key]["prices"] = [
            {"from": price.starts_on.isoformat(), "points_price": text(price.points)}
            for price in prices_to_come(prices, today)
        ]
    return list(items.values())


def _item(row: Any, everything: bool) -> dict[str, Any]:
    key, name, category, unit, barcode, photo, limit, on_shelf, points, on_hand, held, expired = row[:12]
    item = {
        "id": key, "name": name, "category": category, "unit": unit, "barcode": barcode, "photo": photo,
        "points_price": hundredths_text(points), "on_hand": on_hand,
        "available": max(0, on_hand - held - expired), "limit": limit, "on_shelf": bool(on_shelf),
        "prices": [],
    }  # fmt: skip
    if everything:
        low, shelf_life, cost, revision = row[14:]
        item |= {
            "held": held, "expired": expired, "low_level": low, "shelf_life_days": shelf_life,
            "cost_yuan": hundredths_text(cost), "revision": revision,
        }  # fmt: skip
    return item


def _day(value: date | str) -> date:
    """A date as either driver gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value
