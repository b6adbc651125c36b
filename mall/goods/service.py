"""Goods: put on the list, described, priced from a day on, taken off the shelf. Goods are never removed.

Must not touch quantities: they belong to `mall.stock`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from mall.goods import errors, queries
from mall.goods.models import Goods, GoodsPrice, GoodsStock
from mall.goods.rules import is_ean13, own_barcode
from mall.idempotency import content_hash
from server.audit import api as audit
from server.evidence import api as evidence
from server.kit.clock import local_date
from server.kit.errors import NotFound, Stale
from server.kit.exact import text
from server.kit.ids import new_id
from server.kit.upsert import insert_for
from server.people.api import Actor, Permission, Place, Village

PHOTO = "goods"
DESCRIBED = (
    "name",
    "category",
    "unit",
    "barcode",
    "shelf_life_days",
    "limit_per_day",
    "low_level",
    "on_shelf",
    "photo",
)


@dataclass(frozen=True)
class NewGoods:
    """Goods to be put on the list. `barcode` None: the shop gives its own. Meanings: `models.Goods`."""

    id: str
    name: str
    unit: str
    points_price: Decimal
    cost_yuan: Decimal = Decimal("0.00")
    category: str = ""
    barcode: str | None = None
    shelf_life_days: int | None = None
    limit_per_day: int | None = None
    low_level: int = 0
    on_shelf: bool = True
    photo: str | None = None


def create_goods(
    session: Session, actor: Actor | None, village: str, new: NewGoods, now: datetime
) -> tuple[Goods, bool]:
    """Put goods on the list with a price from today: the row, and whether this request made it.

    `actor` None is the server's own command line. The same id and content again gives the first row.
    Raises NotFound outside the scope, Conflict `goods_id_reused`, `goods_exists`, `barcode_taken`, Invalid.
    """
    if actor is not None:
        actor.at(Permission.SHOP_MANAGE, Place(village))
    digest = content_hash({"village": village, **vars(new)})
    first = session.get(Goods, new.id)
    if first is not None:
        if first.content_hash != digest:
            raise errors.id_reused()
        return first, False
    if session.get(Village, village) is None:
        raise NotFound()
    goods = _insert(session, village, new, digest, now)
    if goods is None:
        return create_goods(session, actor, village, new, now)  # the same request was first by a hair
    if new.photo is not None:
        _attach(session, actor, goods, new.photo)
    _price(session, actor, goods, local_date(now), new.points_price, new.cost_yuan, now)
    audit.record(
        session,
        actor,
        "goods.create",
        "goods",
        new.id,
        now,
        village,
        after={name: getattr(goods, name) for name in DESCRIBED},
    )
    return goods, True


def _insert(session: Session, village: str, new: NewGoods, digest: str, now: datetime) -> Goods | None:
    """The row with its counters; None when the id has just been taken."""
    barcode = new.barcode or own_barcode(int(hashlib.sha256(new.id.encode()).hexdigest(), 16))
    _check_free(session, village, new.id, {"name": new.name, "barcode": barcode})
    row = {name: getattr(new, name) for name in DESCRIBED} | {
        "id": new.id,
        "village_code": village,
        "barcode": barcode,
        "content_hash": digest,
        "created_at": now,
    }
    made: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        insert_for(session, Goods).values(row).on_conflict_do_nothing()
    )
    if made.rowcount != 1:
        if session.get(Goods, new.id) is None:
            raise errors.name_taken()
        return None
    session.add(GoodsStock(goods_id=new.id, village_code=village, on_hand=0, held=0, expired=0))
    session.flush()
    return session.get_one(Goods, new.id)


def _check_free(session: Session, village: str, own: str, wanted: Mapping[str, Any]) -> None:
    """Raises unless name and barcode are free in the village and the barcode is an EAN-13."""
    others = select(Goods.id).where(Goods.village_code == village, Goods.id != own)
    if "barcode" in wanted:
        if not is_ean13(wanted["barcode"]):
            raise errors.barcode_invalid()
        if session.scalar(others.where(Goods.barcode == wanted["barcode"])) is not None:
            raise errors.barcode_taken()
    if "name" in wanted and session.scalar(others.where(Goods.name == wanted["name"])) is not None:
        raise errors.name_taken()


def _attach(session: Session, actor: Actor | None, goods: Goods, photo: str) -> None:
    if actor is not None:
        evidence.attach(session, [photo], actor, goods.id, Place(goods.village_code), kind=PHOTO)


def goods_for(session: Session, actor: Actor, permission: Permission, key: str) -> Goods:
    """The goods, for somebody who holds `permission` in their village; NotFound otherwise."""
    goods = session.get(Goods, key)
    if goods is None:
        actor.anywhere(permission)
        raise errors.missing()
    if actor.grant_at(permission, Place(goods.village_code)) is None:
        actor.anywhere(permission)
        raise errors.missing()
    return goods


def change_goods(
    session: Session, actor: Actor, key: str, changes: Mapping[str, Any], revision: int | None, now: datetime
) -> Goods:
    """Describe goods anew, put them on the shelf or take them off; what is reserved stays reserved.

    `revision` is the one the person saw (None: whatever it is). Raises NotFound, Stale, Conflict, Invalid.
    """
    goods = goods_for(session, actor, Permission.SHOP_MANAGE, key)
    if revision is not None and revision != goods.revision:
        raise Stale()
    _check_free(session, goods.village_code, key, changes)
    before = {name: getattr(goods, name) for name in changes}
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Goods)
        .where(Goods.id == key, Goods.revision == goods.revision)
        .values(**changes, revision=Goods.revision + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise Stale()
    if changes.get("photo") and changes["photo"] != before["photo"]:
        _attach(session, actor, goods, changes["photo"])
    audit.record(session, actor, "goods.change", "goods", key, now, goods.village_code, before, dict(changes))
    session.refresh(goods)
    return goods


def set_price(
    session: Session,
    actor: Actor,
    key: str,
    starts_on: date,
    points_price: Decimal,
    cost_yuan: Decimal | None,
    now: datetime,
) -> GoodsPrice:
    """A price from `starts_on` on; of two for the same day the later one counts. Reservations keep theirs.

    `cost_yuan` None keeps the cost of that day. Raises NotFound, Invalid `price_in_past`.
    """
    goods = goods_for(session, actor, Permission.SHOP_MANAGE, key)
    if starts_on < local_date(now):
        raise errors.price_in_past()
    before, cost = queries.price_on(session, key, starts_on)
    price = _price(
        session, actor, goods, starts_on, points_price, cost if cost_yuan is None else cost_yuan, now
    )
    audit.record(
        session,
        actor,
        "goods.price",
        "goods",
        key,
        now,
        goods.village_code,
        {"points_price": text(before)},
        {"points_price": text(points_price), "starts_on": starts_on.isoformat()},
    )
    return price


def _price(
    session: Session,
    actor: Actor | None,
    goods: Goods,
    starts_on: date,
    points_price: Decimal,
    cost_yuan: Decimal,
    now: datetime,
) -> GoodsPrice:
    price = GoodsPrice(
        id=new_id(),
        goods_id=goods.id,
        starts_on=starts_on,
        points_price=points_price,
        cost_yuan=cost_yuan,
        set_by=actor.person if actor else None,
        set_at=now,
    )
    session.add(price)
    session.flush()
    return price
