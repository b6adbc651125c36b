"""What a keeper enters: goods in, spoiled, given back without a redemption. Also pages of movements.

Goods are locked by their counter row first, so that repeats and counters at other desks wait their turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CursorResult, String, select, tuple_
from sqlalchemy.orm import Session

from mall.funds import api as funds
from mall.goods.api import Goods
from mall.idempotency import content_hash
from mall.stock import batches, errors
from mall.stock.closing import start_warnings
from mall.stock.models import Batch, StockMovement
from mall.stock.rules import INCOMING, Kind, expiry_of
from server.audit import api as audit
from server.kit.clock import local_date
from server.kit.database import Instant, from_micros, micros
from server.kit.errors import NotFound
from server.kit.exact import text
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.kit.upsert import insert_for
from server.people.api import Actor, Grant, Permission, Place


@dataclass(frozen=True)
class NewMovement:
    """What a keeper enters. `quantity` in units, positive whatever the kind; `cost`: yuan for all of it.

    `donor`: an id or a name. `batch`: the label of what comes in, or an id or label of what goes out.
    """

    id: str
    goods: str
    kind: Kind
    quantity: int
    donor: str | None = None
    cost: Decimal | None = None
    batch: str | None = None
    expires_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Page:
    """What a page of movements is narrowed to; None leaves it open."""

    village: str
    goods: str | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_KINDS = {Kind.DONATED: "受赠入库", Kind.BOUGHT: "采购入库", Kind.SPOILED: "报损", Kind.RETURNED: "退回入库"}


def enter(
    session: Session, actor: Actor, new: NewMovement, now: datetime
) -> tuple[list[StockMovement], bool]:
    """Enter a movement: its rows (one per batch), and whether this request made them.

    Raises NotFound, Conflict `movement_id_reused`, `insufficient_stock`, Invalid.
    """
    goods, grant = _goods_for(session, actor, new.goods)
    batches.lock(session, goods.id)
    digest = content_hash(vars(new))
    first = session.get(StockMovement, new.id)
    if first is not None:
        if first.content_hash != digest:
            raise errors.id_reused()
        return rows_of(session, new.id), False
    _check(new, local_date(now))
    donor = funds.donor_of(session, actor, goods.village_code, new.donor, now) if new.donor else None
    shares = _into(session, goods, new, now) if new.kind in INCOMING else _out_of(session, goods, new)
    _write(session, actor, grant, goods, new, donor, shares, digest, now)
    if new.kind is Kind.BOUGHT and new.cost:
        funds.spend(session, actor, grant.id, goods.village_code, new.cost, new.id, now)
    start_warnings(session, goods.village_code, now)
    audit.record(
        session, actor, "stock.move", "stock_movement", new.id, now, goods.village_code,
        after={
            "goods": goods.id, "kind": new.kind.value, "quantity": new.quantity, "donor": donor,
            "cost": None if new.cost is None else text(new.cost),
        },
    )  # fmt: skip
    return rows_of(session, new.id), True


def _goods_for(session: Session, actor: Actor, key: str) -> tuple[Goods, Grant]:
    goods = session.get(Goods, key)
    grant = actor.grant_at(Permission.SHOP_KEEP, Place(goods.village_code)) if goods else None
    if goods is None or grant is None:
        raise NotFound("goods_missing", "没有这种商品，请核对。")
    return goods, grant


def _check(new: NewMovement, today: date) -> None:
    if new.donor and new.kind is not Kind.DONATED:
        raise errors.not_for_kind("donor", _KINDS[new.kind])
    if new.cost is not None and new.kind not in (Kind.DONATED, Kind.BOUGHT):
        raise errors.not_for_kind("cost", _KINDS[new.kind])
    if new.expires_on is not None and new.kind not in INCOMING:
        raise errors.not_for_kind("expires_on", _KINDS[new.kind])
    if new.expires_on is not None and new.expires_on < today:
        raise errors.expired_already()


def _into(session: Session, goods: Goods, new: NewMovement, now: datetime) -> list[tuple[str, int]]:
    """A batch of its own for what comes in. What comes back does not become fresh by coming back."""
    today = local_date(now)
    fresh = None if new.kind is Kind.RETURNED else expiry_of(today, goods.shelf_life_days)
    batch = batches.receive(
        session, goods.id, goods.village_code, new.quantity, today, new.expires_on or fresh, new.batch or ""
    )
    return [(batch, new.quantity)]


def _out_of(session: Session, goods: Goods, new: NewMovement) -> list[tuple[str, int]]:
    """From the batch that is named, else what expires first, what has expired included."""
    shares = batches.draw(session, goods.id, new.quantity, new.batch)
    return [(batch, -units) for batch, units in shares]


def _write(
    session: Session,
    actor: Actor,
    grant: Grant,
    goods: Goods,
    new: NewMovement,
    donor: str | None,
    shares: Sequence[tuple[str, int]],
    digest: str,
    now: datetime,
) -> None:
    """One row per batch; the first one carries the client's id, the content's hash and the cost of all."""
    for number, (batch, quantity) in enumerate(shares):
        leads = number == 0
        row = {
            "id": new.id if leads else new_id(), "village_code": goods.village_code, "goods_id": goods.id,
            "batch_id": batch, "kind": new.kind.value, "quantity": quantity, "donor_id": donor,
            "cost": new.cost if leads else None, "note": new.note, "reference": f"movement:{new.id}",
            "recorded_by": actor.person, "grant_id": grant.id, "content_hash": digest if leads else None,
            "at": now,
        }  # fmt: skip
        made: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            insert_for(session, StockMovement).values(row).on_conflict_do_nothing()
        )
        if made.rowcount != 1:  # the id was used for other goods by a hair
            raise errors.id_reused()


def rows_of(session: Session, key: str) -> list[StockMovement]:
    """The rows of a movement that somebody entered, one per batch."""
    query = select(StockMovement).where(StockMovement.reference == f"movement:{key}")
    return list(session.scalars(query.order_by(StockMovement.content_hash.is_(None), StockMovement.id)))


def movements(
    session: Session, wanted: Page, cursor: str | None, limit: int
) -> tuple[list[tuple[StockMovement, Batch, str]], str | None]:
    """A page of a village's movements with batch and goods' name, the newest first."""
    query = narrowed(select(StockMovement, Batch, Goods.name), wanted)
    if cursor:
        at, key = decode_cursor(cursor, int, str)
        after = tuple_(from_micros(at), key, types=[Instant(), String()])
        query = query.where(tuple_(StockMovement.at, StockMovement.id) < after)
    rows = [(movement, batch, name) for movement, batch, name in session.execute(query.limit(limit + 1))]
    return page(rows, limit, lambda row: (micros(row[0].at), row[0].id))


def narrowed(query: Any, wanted: Page) -> Any:
    """A SELECT on movements with their batches and goods joined, narrowed, the newest first."""
    query = (
        query.join(Batch, Batch.id == StockMovement.batch_id)
        .join(Goods, Goods.id == StockMovement.goods_id)
        .where(StockMovement.village_code == wanted.village)
        .order_by(StockMovement.at.desc(), StockMovement.id.desc())
    )
    if wanted.goods is not None:
        query = query.where(StockMovement.goods_id == wanted.goods)
    if wanted.kind is not None:
        query = query.where(StockMovement.kind == wanted.kind)
    if wanted.since is not None:
        query = query.where(StockMovement.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(StockMovement.at < wanted.until)
    return query
