"""Goods that come back: points to the balance, sound goods to the batches they came from. Never commits.

Order of locks: exchange day (shared), lines of the redemption, goods by id, household.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.exchange_days.api import DayState, ExchangeDay
from mall.goods.api import Goods
from mall.idempotency import content_hash
from mall.redemptions import errors, queries
from mall.redemptions.models import GoodsReturn, Redemption
from mall.redemptions.rules import ComesBack, may_return, take_back
from mall.reservations import api as reservations
from mall.settings.api import settings_of
from mall.stock import api as stock
from server.audit import api as audit
from server.kit.errors import Conflict
from server.kit.exact import ZERO, text
from server.kit.ids import is_id
from server.ledger import api as ledger
from server.messages import api as messages
from server.people.api import Actor, Permission, Place


@dataclass(frozen=True)
class ReturnLine:
    """So many units come back; what is not sound is thrown away, its points are given back all the same."""

    goods: str
    quantity: int
    sound: bool = True


@dataclass(frozen=True)
class WantedReturn:
    """A return as the counter sends it."""

    id: str
    redemption: str
    lines: tuple[ReturnLine, ...]
    reason: str

    @property
    def content(self) -> str:
        lines = sorted([line.goods, line.quantity, line.sound] for line in self.lines)
        return content_hash({"redemption": self.redemption, "lines": lines, "reason": self.reason})


def return_goods(
    session: Session, actor: Actor, wanted: WantedReturn, now: datetime
) -> tuple[GoodsReturn, bool]:
    """Take goods back: the return, and whether this request made it.

    Raises Conflict `return_too_late`, `return_too_many`, `id_reused`; Invalid `goods_repeated`; NotFound.
    """
    bought = session.get(Redemption, wanted.redemption) if is_id(wanted.redemption) else None
    if bought is None:
        raise errors.missing()
    place = Place(bought.village_code, household=bought.household_code)
    grant = actor.at(Permission.SHOP_KEEP, place)
    if len({line.goods for line in wanted.lines}) < len(wanted.lines):
        raise reservations.repeated_goods()
    day = session.get_one(
        ExchangeDay, bought.exchange_day_id, populate_existing=True, with_for_update={"read": True}
    )
    known = _known(session, wanted)
    if known is not None:
        return known, False
    if not may_return(bought.redeemed_at, settings_of(session, bought.village_code).return_days, now):
        raise errors.return_too_late()
    parts = _parts(session, wanted)
    if parts is None:
        again = _known(session, wanted)
        if again is None:
            raise Conflict("state_changed", "别人刚刚退了同一笔兑换的东西，请刷新后再看。")
        return again, False
    sound = {line.goods: line.sound for line in wanted.lines}
    _put_back(session, actor, grant.id, wanted, parts, sound, now)
    points = sum((part.points for part in parts), ZERO)
    refs = {"redemption": bought.id, "return": wanted.id}
    ledger.return_points(session, bought.household_code, points, f"return:{wanted.id}", refs, now)
    over = day.status in (DayState.SETTLED, DayState.CANCELLED)
    row = GoodsReturn(
        id=wanted.id,
        redemption_id=bought.id,
        exchange_day_id=day.id,
        household_code=bought.household_code,
        settlement=queries.open_settlement(session, day.id) if over else 1,
        points=points,
        lines=[_line(part, sound[part.goods]) for part in parts],
        reason=wanted.reason,
        keeper=actor.person,
        grant_id=grant.id,
        content_hash=wanted.content,
        at=now,
    )
    session.add(row)
    session.flush()
    told = f"退货：{text(points)} 分已退回您家的积分账户。原因：{wanted.reason}"
    messages.notify_household(session, bought.household_code, "goods_returned", told, now, refs)
    audit.record(
        session,
        actor,
        "redemption.return",
        "redemption",
        bought.id,
        now,
        bought.village_code,
        None,
        {"return": wanted.id, "points": text(points)},
    )
    return row, True


def _known(session: Session, wanted: WantedReturn) -> GoodsReturn | None:
    row = session.get(GoodsReturn, wanted.id, populate_existing=True)
    if row is not None and row.content_hash != wanted.content:
        raise reservations.id_reused("退货")
    return row


def _parts(session: Session, wanted: WantedReturn) -> list[ComesBack] | None:
    """What comes back from which line, noted on the lines; None when somebody else was first."""
    lines = queries.handed_out(session, wanted.redemption)
    by_number = {line.number: line for line in lines}
    parts: list[ComesBack] = []
    for line in sorted(wanted.lines, key=lambda line: line.goods):
        found = take_back(lines, line.goods, line.quantity)
        if found is None:
            if _known(session, wanted) is not None:
                return None
            name = session.scalar(select(Goods.name).where(Goods.id == line.goods))
            raise errors.return_too_many(name or "这种商品")
        parts += found
    for part in sorted(parts, key=lambda part: part.number):
        if not queries.count_returned(session, wanted.redemption, by_number[part.number], part.quantity):
            return None
    return parts


def _put_back(
    session: Session,
    actor: Actor,
    grant: str,
    wanted: WantedReturn,
    parts: Sequence[ComesBack],
    sound: dict[str, bool],
    now: datetime,
) -> None:
    for goods in sorted(sound):
        shares = [share for part in parts if part.goods == goods for share in part.shares]
        stock.put_back(
            session,
            goods,
            shares,
            sound=sound[goods],
            reference=f"return:{wanted.id}",
            now=now,
            recorded_by=actor.person,
            grant=grant,
        )


def _line(part: ComesBack, sound: bool) -> dict[str, Any]:
    return {
        "goods": part.goods,
        "number": part.number,
        "quantity": part.quantity,
        "sound": sound,
        "points": text(part.points),
    }
