"""The shop of every village of the measured county: goods with stock for good, and an exchange day of today.

Stock is a billion of each and a unit costs some hundredths of a point, so that no run comes to an end of either.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from mall.exchange_days.models import ExchangeDay
from mall.exchange_days.rules import DayState
from mall.goods.models import Goods, GoodsPrice, GoodsStock
from mall.goods.rules import own_barcode
from mall.stock.models import Batch, StockMovement
from mall.stock.rules import Kind
from server.bench.plan import EFFECTIVE, GOODS, goods_number, made_id, village_code
from server.kit.clock import local_date
from server.kit.ids import token_hash

STOCK = 1_000_000_000
NAMES = ("大米", "食用油", "洗衣粉", "香皂", "牙膏", "毛巾", "食盐", "酱油", "纸巾", "手套")
SINCE = date.fromisoformat(EFFECTIVE)


def stock(session: Session, village: int, now: datetime) -> None:
    """The goods of one village, each with a price, one batch, and the movement that brought it in."""
    numbers = [goods_number(village, place) for place in range(GOODS)]
    rows: tuple[tuple[Any, Any], ...] = (
        (Goods, _goods),
        (GoodsPrice, _price),
        (GoodsStock, _counters),
        (Batch, _batch),
        (StockMovement, _movement),
    )
    for model, row in rows:
        session.execute(insert(model), [row(village, number, now) for number in numbers])
    day = {"id": made_id("exchange_day", village), "village_code": village_code(village), "by_rule": False}
    day |= {"day": SINCE, "planned_on": SINCE, "status": DayState.REDEEMING.value, "created_at": now}
    session.execute(insert(ExchangeDay), [day | {"opens_at": "08:30", "closes_at": "16:30"}])


def _goods(village: int, number: int, now: datetime) -> dict[str, Any]:
    key, place = made_id("goods", number), number % GOODS
    return {
        "id": key,
        "village_code": village_code(village),
        "name": f"{NAMES[place % len(NAMES)]}{place // len(NAMES) + 1}",
        "category": "日用",
        "unit": "份",
        "barcode": own_barcode(number),
        "content_hash": token_hash(key),
        "created_at": now,
    }


def _price(village: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": made_id("price", number),
        "goods_id": made_id("goods", number),
        "starts_on": SINCE,
        "points_price": Decimal(number % 10 + 1) / 100,
        "cost_yuan": Decimal("0.05"),
        "set_at": now,
    }


def _counters(village: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "goods_id": made_id("goods", number),
        "village_code": village_code(village),
        "on_hand": STOCK,
    }


def _batch(village: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": made_id("batch", number),
        "goods_id": made_id("goods", number),
        "village_code": village_code(village),
        "received_on": local_date(now),
        "quantity_left": STOCK,
    }


def _movement(village: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": made_id("movement", number),
        "village_code": village_code(village),
        "goods_id": made_id("goods", number),
        "batch_id": made_id("batch", number),
        "kind": Kind.DONATED.value,
        "quantity": STOCK,
        "reference": f"bench:{number}",
        "at": now,
    }


def open_today(session: Session) -> None:
    """Every village's exchange day is today: goods are handed out by the clock of this machine."""
    today = local_date(datetime.now(UTC))
    session.execute(update(ExchangeDay).values(day=today, planned_on=today))
