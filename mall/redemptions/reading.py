"""Reading redemptions, and what the counter sees of a household it has scanned. Writes nothing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.cards.api import household_of
from mall.exchange_days.api import DayState, ExchangeDay
from mall.redemptions import errors
from mall.redemptions.consent import proxies_of
from mall.redemptions.models import GoodsReturn, Redemption
from mall.reservations.api import ReservationState, reservations_of, taken
from server.grid.api import find_for
from server.kit.clock import iso, local_date
from server.kit.errors import NotFound
from server.kit.exact import text
from server.kit.ids import is_id
from server.kit.paging import decode_cursor, page
from server.ledger import api as ledger
from server.people.api import Actor, Household, Permission, Place, visible


def one(session: Session, actor: Actor, key: str) -> dict[str, Any]:
    """A redemption with what came back of it: its receipt as it was first given, and the returns."""
    row = session.get(Redemption, key, populate_existing=True) if is_id(key) else None
    if row is None:
        raise errors.missing()
    actor.at(Permission.ACCOUNT_READ, Place(row.village_code, household=row.household_code))
    back = session.scalars(
        select(GoodsReturn).where(GoodsReturn.redemption_id == key).order_by(GoodsReturn.id)
    )
    return {**json.loads(row.receipt), "returns": [return_shown(one) for one in back]}


def return_shown(row: GoodsReturn) -> dict[str, Any]:
    """A return as the API shows it."""
    return {
        "id": row.id,
        "redemption": row.redemption_id,
        "household": row.household_code,
        "points": text(row.points),
        "lines": row.lines,
        "reason": row.reason,
        "at": iso(row.at),
    }


def redemptions_of(
    session: Session, actor: Actor, household: str | None, day: str | None, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Receipts inside the actor's scopes, newest first."""
    inside = visible(
        actor,
        Permission.ACCOUNT_READ,
        village=Redemption.village_code,
        household=Redemption.household_code,
    )
    query = select(Redemption.id, Redemption.receipt).where(inside)
    if household is not None:
        query = query.where(Redemption.household_code == household)
    if day is not None:
        query = query.where(Redemption.exchange_day_id == day)
    if cursor:
        query = query.where(Redemption.id < decode_cursor(cursor, str)[0])
    rows = session.execute(query.order_by(Redemption.id.desc()).limit(limit + 1)).all()
    found, following = page(rows, limit, lambda row: (row[0],))
    return [json.loads(receipt) for _, receipt in found], following


def at_counter(
    session: Session, actor: Actor, plate: str | None, card: str | None, household: str | None, now: datetime
) -> dict[str, Any]:
    """The household that was scanned, its points, its open reservations and what it has had today.

    Scanning shows; it proves nothing: a redemption needs the household's consent.
    """
    code = household or (household_of(session, card) if card else None)
    if code is None and plate:
        code = find_for(session, actor, Permission.SHOP_KEEP, plate).household.code
    row = session.get(Household, code) if code else None
    if row is None or row.status == "ended":
        raise NotFound()
    actor.at(Permission.SHOP_KEEP, Place(row.village_code, grid=row.grid_id, household=row.code))
    account = ledger.account(session, row.code)
    state = ReservationState.OPEN.value
    waiting, _ = reservations_of(session, actor, row.code, None, state, None, 50)
    day = _redeeming(session, row.village_code, now)
    return {
        "household": {"code": row.code, "label": row.label or row.code[12:], "head": row.head},
        "balance": text(account.balance),
        "reserved": text(account.reserved),
        "as_of": iso(now),
        "exchange_day": day,
        "taken": taken(session, row.code, day) if day else {},
        "reservations": waiting,
        "proxies": [{"id": proxy.id, "name": proxy.name} for proxy in proxies_of(session, row.code)],
    }


def _redeeming(session: Session, village: str, now: datetime) -> str | None:
    """The exchange day for which goods are handed out now: the latest that has begun."""
    query = select(ExchangeDay.id).where(
        ExchangeDay.village_code == village,
        ExchangeDay.status == DayState.REDEEMING.value,
        ExchangeDay.day <= local_date(now),
    )
    return session.scalar(query.order_by(ExchangeDay.day.desc()).limit(1))
