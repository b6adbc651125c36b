"""Reading reservations: of a household, of a day, and the pick list for the shop. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.exchange_days.api import ExchangeDay, ExchangeSlot
from mall.goods.api import Goods
from mall.reservations import errors
from mall.reservations.models import Reservation, ReservationLine
from mall.reservations.rules import Priced, ReservationState
from mall.reservations.service import line_shown
from server.kit.clock import iso
from server.kit.exact import text
from server.kit.ids import is_id
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Household, Permission, Place, visible


def reservations_of(
    session: Session,
    actor: Actor,
    household: str | None,
    day: str | None,
    status: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[dict[str, Any]], str | None]:
    """Those inside the actor's scopes, newest first."""
    inside = visible(
        actor,
        Permission.ACCOUNT_READ,
        village=Reservation.village_code,
        household=Reservation.household_code,
    )
    query = select(Reservation, ExchangeDay.day).join(
        ExchangeDay, ExchangeDay.id == Reservation.exchange_day_id
    )
    exact = {
        Reservation.household_code: household,
        Reservation.exchange_day_id: day,
        Reservation.status: status,
    }
    query = query.where(inside, *(column == value for column, value in exact.items() if value is not None))
    if cursor:
        query = query.where(Reservation.id < decode_cursor(cursor, str)[0])
    rows: list[Any] = [
        tuple(row) for row in session.execute(query.order_by(Reservation.id.desc()).limit(limit + 1))
    ]
    found, following = page(rows, limit, lambda row: (row[0].id,))
    return shown(session, found), following


def one(session: Session, actor: Actor, key: str) -> dict[str, Any]:
    """One reservation; NotFound outside the actor's scopes."""
    row = session.get(Reservation, key, populate_existing=True) if is_id(key) else None
    if row is None:
        raise errors.missing()
    actor.at(Permission.ACCOUNT_READ, Place(row.village_code, household=row.household_code))
    day = session.get_one(ExchangeDay, row.exchange_day_id)
    return shown(session, [(row, day.day)])[0]


def shown(session: Session, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """(reservation, date) pairs as the API shows them."""
    lines = lines_shown(session, [row.id for row, _ in rows])
    return [
        {
            "id": row.id,
            "household": row.household_code,
            "exchange_day": row.exchange_day_id,
            "day": day.isoformat(),
            "slot": row.slot_id,
            "status": row.status,
            "points": text(row.points),
            "lines": lines[row.id],
            "made_at": iso(row.made_at),
            "ended_at": iso(row.ended_at) if row.ended_at else None,
        }
        for row, day in rows
    ]


def lines_shown(session: Session, reservations: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The lines of each of these, in the order of goods ids."""
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in reservations}
    rows = session.execute(
        select(ReservationLine, Goods.name, Goods.unit)
        .join(Goods, Goods.id == ReservationLine.goods_id)
        .where(ReservationLine.reservation_id.in_(reservations))
        .order_by(ReservationLine.reservation_id, ReservationLine.goods_id)
    )
    for line, name, unit in rows:
        priced = Priced(line.goods_id, line.quantity, line.points_price)
        found[line.reservation_id].append(line_shown(priced, name, unit))
    return found


def pick_list(session: Session, day: ExchangeDay) -> dict[str, Any]:
    """What to lay out for a day: goods in all, and each open reservation by slot and household."""
    rows = session.execute(
        select(Reservation, Household.label, ExchangeSlot.starts_at)
        .join(Household, Household.code == Reservation.household_code)
        .outerjoin(ExchangeSlot, ExchangeSlot.id == Reservation.slot_id)
        .where(Reservation.exchange_day_id == day.id, Reservation.status == ReservationState.OPEN.value)
        .order_by(ExchangeSlot.starts_at, Reservation.household_code, Reservation.id)
    ).all()
    lines = lines_shown(session, [row.id for row, _, _ in rows])
    households = [
        {
            "reservation": row.id,
            "household": row.household_code,
            "label": label or row.household_code[12:],
            "slot": starts_at,
            "points": text(row.points),
            "lines": lines[row.id],
        }
        for row, label, starts_at in rows
    ]
    head = {"exchange_day": day.id, "day": day.day, "status": day.status}
    return {**head, "goods": _in_all(households), "households": households}


def _in_all(households: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    goods: dict[str, dict[str, Any]] = {}
    for household in households:
        for line in household["lines"]:
            row = goods.setdefault(
                line["goods"],
                {
                    "goods": line["goods"],
                    "name": line["name"],
                    "unit": line["unit"],
                    "quantity": 0,
                    "households": 0,
                },
            )
            row["quantity"] += line["quantity"]
            row["households"] += 1
    return sorted(goods.values(), key=lambda row: (row["name"], row["goods"]))
