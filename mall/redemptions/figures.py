"""The figures of a settlement: by goods and household, stock against the book, the fund. Writes nothing.

Units are whole, points and yuan decimal strings. A day's stock and fund are those of its calendar date.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from mall.exchange_days.api import DayState, ExchangeDay
from mall.funds.api import FundEntry, FundKind
from mall.goods.api import Goods
from mall.redemptions.models import GoodsReturn, Redemption, RedemptionLine
from mall.reservations.api import Reservation
from mall.stock.api import Kind, StockMovement
from server.kit.clock import local_midnight
from server.kit.exact import ZERO, text
from server.people.api import Household


def figures(session: Session, day: ExchangeDay, number: int) -> dict[str, Any]:
    """What is signed for one settlement of a day."""
    households = _by_household(session, day.id, number)
    back = _returned(session, day.id, number)
    goods = _by_goods(session, day, number, back)
    points, returned = (
        sum((Decimal(row[name]) for row in households), ZERO) for name in ("points", "points_returned")
    )
    return {
        "exchange_day": day.id,
        "day": day.day.isoformat(),
        "number": number,
        "goods": goods,
        "households": households,
        "points": text(points),
        "points_returned": text(returned),
        "points_taken": text(points - returned),
        "consents": _consents(session, day.id, number),
        "reservations": _reservations(session, day.id) if number == 1 else {},
        "fund": _fund(session, day, goods),
    }


def _by_household(session: Session, day: str, number: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            Redemption.household_code,
            Household.label,
            func.count(),
            func.sum(Redemption.points, type_=Redemption.points.type),
        )
        .join(Household, Household.code == Redemption.household_code)
        .where(Redemption.exchange_day_id == day, Redemption.settlement == number)
        .group_by(Redemption.household_code, Household.label)
    )
    found: dict[str, dict[str, Any]] = {
        code: {"household": code, "label": label or code[12:], "redemptions": count, "points": points}
        for code, label, count, points in rows
    }
    returned = session.execute(
        select(GoodsReturn.household_code, func.sum(GoodsReturn.points, type_=GoodsReturn.points.type))
        .where(GoodsReturn.exchange_day_id == day, GoodsReturn.settlement == number)
        .group_by(GoodsReturn.household_code)
    )
    back: dict[str, Decimal] = {code: points for code, points in returned}  # noqa: C416 - rows are no pairs
    for code in back:
        found.setdefault(code, {"household": code, "label": code[12:], "redemptions": 0, "points": ZERO})
    return [
        {**row, "points": text(row["points"]), "points_returned": text(back.get(code, ZERO))}
        for code, row in sorted(found.items())
    ]


def _returned(session: Session, day: str, number: int) -> dict[str, dict[str, Any]]:
    """Units and points that came back, by goods."""
    found: dict[str, dict[str, Any]] = {}
    query = select(GoodsReturn.lines).where(
        GoodsReturn.exchange_day_id == day, GoodsReturn.settlement == number
    )
    for lines in session.scalars(query):
        for line in lines:
            row = found.setdefault(line["goods"], {"units": 0, "sound": 0, "points": ZERO})
            row["units"] += line["quantity"]
            row["sound"] += line["quantity"] if line["sound"] else 0
            row["points"] += Decimal(line["points"])
    return found


def _by_goods(
    session: Session, day: ExchangeDay, number: int, back: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Handed out and returned, and the same by the stock ledger: the difference must be none."""
    quantity, price, cost = RedemptionLine.quantity, RedemptionLine.points_price, RedemptionLine.cost_yuan
    rows = session.execute(
        select(
            RedemptionLine.goods_id,
            func.sum(quantity),
            func.sum(quantity * price, type_=price.type),
            func.sum(quantity * cost, type_=cost.type),
        )
        .join(Redemption, Redemption.id == RedemptionLine.redemption_id)
        .where(Redemption.exchange_day_id == day.id, Redemption.settlement == number)
        .group_by(RedemptionLine.goods_id)
    )
    sums: dict[str, tuple[int, Any, Any]] = {
        goods: (int(units), points, yuan) for goods, units, points, yuan in rows
    }
    booked, counted = _booked_out(session, day.id, number), _counted(session, day)
    wanted = set(sums) | set(back) | (set(counted) if number == 1 else set())
    names = session.execute(select(Goods.id, Goods.name, Goods.unit).where(Goods.id.in_(wanted)))
    found = []
    for key, name, unit in sorted(names, key=lambda row: (row[1], row[0])):
        units, points, yuan = sums.get(key, (0, ZERO, ZERO))
        came: Mapping[str, Any] = back.get(key, {"units": 0, "sound": 0, "points": ZERO})
        spoiled, corrected = counted.get(key, (0, 0)) if number == 1 else (0, 0)
        found.append(
            {
                "goods": key,
                "name": name,
                "unit": unit,
                "redeemed": units,
                "returned": came["units"],
                "points": text(points),
                "points_returned": text(came["points"]),
                "cost_yuan": text(yuan),
                "booked_out": booked.get(key, 0),
                "difference": booked.get(key, 0) - units,
                "spoiled": spoiled,
                "counted": corrected,
            }
        )
    return found


def _booked_out(session: Session, day: str, number: int) -> dict[str, int]:
    """Units that left by the stock ledger for the redemptions of this settlement."""
    rows = session.execute(
        select(StockMovement.goods_id, func.sum(-StockMovement.quantity))
        .join(
            Redemption,
            and_(
                StockMovement.reference == "redemption:" + Redemption.id,
                StockMovement.kind == Kind.REDEEMED.value,
            ),
        )
        .where(Redemption.exchange_day_id == day, Redemption.settlement == number)
        .group_by(StockMovement.goods_id)
    )
    return {goods: int(units) for goods, units in rows}


def _counted(session: Session, day: ExchangeDay) -> dict[str, tuple[int, int]]:
    """(spoiled, counted up or down) on the day, by goods: what the stock differs by for other reasons."""
    rows = session.execute(
        select(StockMovement.goods_id, StockMovement.kind, func.sum(StockMovement.quantity))
        .where(
            StockMovement.village_code == day.village_code,
            StockMovement.kind.in_([Kind.SPOILED.value, Kind.COUNTED.value]),
            StockMovement.at >= local_midnight(day.day),
            StockMovement.at < local_midnight(day.day + timedelta(days=1)),
        )
        .group_by(StockMovement.goods_id, StockMovement.kind)
    )
    found: dict[str, tuple[int, int]] = {}
    for goods, kind, units in rows:
        spoiled, corrected = found.get(goods, (0, 0))
        if kind == Kind.SPOILED:
            found[goods] = (spoiled - int(units), corrected)
        else:
            found[goods] = (spoiled, corrected + int(units))
    return found


def _consents(session: Session, day: str, number: int) -> dict[str, int]:
    rows = session.execute(
        select(Redemption.method, func.count())
        .where(Redemption.exchange_day_id == day, Redemption.settlement == number)
        .group_by(Redemption.method)
        .order_by(Redemption.method)
    )
    return {str(method): int(count) for method, count in rows}


def _reservations(session: Session, day: str) -> dict[str, int]:
    rows = session.execute(
        select(Reservation.status, func.count())
        .where(Reservation.exchange_day_id == day)
        .group_by(Reservation.status)
        .order_by(Reservation.status)
    )
    return {str(status): int(count) for status, count in rows}


def _fund(session: Session, day: ExchangeDay, goods: list[dict[str, Any]]) -> dict[str, str]:
    """Yuan value of the goods handed out, and what the fund paid since the exchange day before."""
    value = sum((Decimal(row["cost_yuan"]) for row in goods), ZERO)
    spent = session.scalar(
        select(func.sum(FundEntry.amount, type_=FundEntry.amount.type)).where(
            FundEntry.village_code == day.village_code,
            FundEntry.kind == FundKind.PURCHASE.value,
            FundEntry.at >= local_midnight(_day_after_the_one_before(session, day)),
            FundEntry.at < local_midnight(day.day + timedelta(days=1)),
        )
    )
    return {"goods_value": text(value), "purchases": text(-(spent or ZERO))}


def _day_after_the_one_before(session: Session, day: ExchangeDay) -> date:
    before = session.scalar(
        select(func.max(ExchangeDay.day)).where(
            ExchangeDay.village_code == day.village_code,
            ExchangeDay.day < day.day,
            ExchangeDay.status != DayState.CANCELLED.value,
        )
    )
    return before + timedelta(days=1) if before else date(2000, 1, 1)
