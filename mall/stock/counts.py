"""Counts 盘点: what one person counted against the book at that instant, settled by another. Freezes nothing.

Confirming moves the difference, not the counted figure: what was handed out between counting and confirming
stays handed out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.goods.api import Goods
from mall.idempotency import content_hash
from mall.stock import batches, errors, movements
from mall.stock.models import StockCount, StockCountLine
from mall.stock.rules import CountState, Kind
from server.audit import api as audit
from server.kit.claim import claim
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.upsert import insert_for
from server.people.api import Actor, Grant, Permission, Place


def record_count(
    session: Session, actor: Actor, key: str, counted: Mapping[str, int], note: str, now: datetime
) -> tuple[StockCount, bool]:
    """Keep what was counted, units by goods id, against the book figures of this instant.

    Raises NotFound for goods out of scope or of several villages, Conflict `count_id_reused`.
    """
    village, grant = _village_of(session, actor, counted)
    digest = content_hash({"counted": dict(counted), "note": note})
    row = {
        "id": key, "village_code": village, "status": CountState.OPEN.value, "note": note,
        "counted_by": actor.person, "counted_at": now, "content_hash": digest,
    }  # fmt: skip
    made = session.execute(insert_for(session, StockCount).values(row).on_conflict_do_nothing())
    count = session.get_one(StockCount, key)
    if made.rowcount != 1:  # type: ignore[attr-defined]
        if (count.content_hash, count.village_code) != (digest, village):
            raise errors.count_id_reused()
        return count, False
    for goods in sorted(counted):
        batches.lock(session, goods)
        book = batches.on_hand(session, goods)
        session.add(StockCountLine(count_id=key, goods_id=goods, counted=counted[goods], book=book))
        session.flush()
    audit.decide(session, actor, "stock_count", key, "", CountState.OPEN, now, note, grant)
    audit.record(session, actor, "stock.count", "stock_count", key, now, village, after=dict(counted))
    return count, True


def _village_of(session: Session, actor: Actor, counted: Mapping[str, int]) -> tuple[str, Grant]:
    rows = session.execute(select(Goods.id, Goods.village_code).where(Goods.id.in_(counted))).all()
    villages = {village for _, village in rows}
    village = villages.pop() if len(rows) == len(counted) and len(villages) == 1 else None
    grant = actor.grant_at(Permission.SHOP_KEEP, Place(village)) if village else None
    if village is None or grant is None:
        raise NotFound("goods_missing", "有的商品没有找到，请核对。")
    return village, grant


def settle(session: Session, actor: Actor, key: str, accept: bool, reason: str, now: datetime) -> StockCount:
    """Confirm a count, which moves its differences, or reject it; by somebody else than who counted.

    Settling it again the same way by the same person gives the first answer. Raises NotFound, Conflict
    `own_count`, `state_changed`, `count_overtaken`.
    """
    count = session.get(StockCount, key)
    grant = actor.grant_at(Permission.SHOP_MANAGE, Place(count.village_code)) if count else None
    if count is None or grant is None:
        raise errors.count_missing()
    if count.counted_by == actor.person:
        raise errors.own_count()
    target = CountState.CONFIRMED if accept else CountState.REJECTED
    if (count.status, count.settled_by) == (target.value, actor.person):
        return count
    found = lines(session, key)
    for line, _ in found:
        batches.lock(session, line.goods_id)
    if not claim(session, StockCount, key, CountState.OPEN, target, settled_by=actor.person, settled_at=now):
        session.refresh(count)
        if (count.status, count.settled_by) == (target.value, actor.person):
            return count
        raise errors.count_settled()
    if accept:
        for line, name in found:
            _move(session, actor, grant.id, count, line, name, now)
    audit.decide(session, actor, "stock_count", key, CountState.OPEN, target, now, reason, grant)
    audit.record(
        session, actor, "stock.count_settled", "stock_count", key, now, count.village_code,
        after={"status": target.value},
    )  # fmt: skip
    session.refresh(count)
    return count


def _move(
    session: Session,
    actor: Actor,
    grant: str,
    count: StockCount,
    line: StockCountLine,
    name: str,
    now: datetime,
) -> None:
    difference = line.counted - line.book
    if difference == 0:
        return
    if difference > 0:
        batch = batches.receive(
            session, line.goods_id, count.village_code, difference, local_date(now), None, "盘盈"
        )
        shares = [(batch, difference)]
    elif batches.on_hand(session, line.goods_id) < -difference:
        raise errors.count_overtaken(name)
    else:
        shares = [(batch, -units) for batch, units in batches.draw(session, line.goods_id, -difference)]
    movements.note(
        session, count.village_code, line.goods_id, Kind.COUNTED, shares,
        reference=f"count:{count.id}", now=now, recorded_by=actor.person, grant=grant,
    )  # fmt: skip


def lines(session: Session, key: str) -> list[tuple[StockCountLine, str]]:
    """A count's lines with the names of the goods, in the order of their ids."""
    rows = session.execute(
        select(StockCountLine, Goods.name)
        .join(Goods, Goods.id == StockCountLine.goods_id)
        .where(StockCountLine.count_id == key)
        .order_by(StockCountLine.goods_id)
    )
    return [(line, name) for line, name in rows]


def counts(session: Session, village: str, status: str | None, limit: int) -> list[StockCount]:
    """The latest counts of a village."""
    query = select(StockCount).where(StockCount.village_code == village)
    if status is not None:
        query = query.where(StockCount.status == status)
    return list(session.scalars(query.order_by(StockCount.counted_at.desc(), StockCount.id).limit(limit)))
