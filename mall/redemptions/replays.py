"""What a counter without a line had queued and could not be booked: kept until somebody deals with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from mall.redemptions import errors
from mall.redemptions.models import RefusedReplay
from mall.redemptions.rules import was_offline
from mall.redemptions.wanted import Wanted
from server.audit import api as audit
from server.kit.clock import iso
from server.kit.errors import DomainError, NotAllowed, NotFound, NotSignedIn
from server.kit.ids import is_id
from server.kit.upsert import insert_for
from server.people.api import Actor, Permission, Place

BOOKED_LATER = "booked on a later try"


def keep_refused(session: Session, actor: Actor, wanted: Wanted, error: DomainError, now: datetime) -> bool:
    """Note a replay that was refused; False where there is nothing to note (with a line, or out of scope)."""
    at = wanted.redeemed_at
    if at is None or not was_offline(at, now) or isinstance(error, NotFound | NotAllowed | NotSignedIn):
        return False
    actor.at(Permission.SHOP_KEEP, Place(wanted.household[:12], household=wanted.household))
    row = {
        "id": wanted.id,
        "village_code": wanted.household[:12],
        "household_code": wanted.household,
        "exchange_day_id": wanted.exchange_day,
        "code": error.code,
        "message": error.message,
        "lines": [{"goods": line.goods, "quantity": line.quantity} for line in wanted.lines],
        "redeemed_at": at,
        "refused_at": now,
        "keeper": actor.person,
    }
    latest = {name: row[name] for name in ("code", "message", "refused_at")}
    session.execute(
        insert_for(session, RefusedReplay)
        .values(row)
        .on_conflict_do_update(index_elements=["id"], set_=latest, where=RefusedReplay.resolved_at.is_(None))
    )
    return True


def booked(session: Session, actor: Actor, key: str, now: datetime) -> None:
    """A replay went through after all: its refusal, if there was one, is dealt with."""
    _resolve(session, actor, key, BOOKED_LATER, now)


def resolve(session: Session, actor: Actor, key: str, resolution: str, now: datetime) -> RefusedReplay:
    """Say what was done about a refused replay (goods fetched back, entered anew, written off).

    Raises Conflict `already_resolved`, NotFound.
    """
    row = session.get(RefusedReplay, key, populate_existing=True) if is_id(key) else None
    if row is None:
        raise NotFound()
    actor.at(Permission.SHOP_MANAGE, Place(row.village_code))
    if not _resolve(session, actor, key, resolution, now):
        raise errors.resolved()
    after = {"code": row.code}
    audit.record(session, actor, "replay.resolve", "redemption", key, now, row.village_code, None, after)
    session.refresh(row)
    return row


def _resolve(session: Session, actor: Actor, key: str, resolution: str, now: datetime) -> bool:
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(RefusedReplay)
        .where(RefusedReplay.id == key, RefusedReplay.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by=actor.person, resolution=resolution)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1


def refused(session: Session, actor: Actor, village: str, *, everything: bool) -> list[dict[str, Any]]:
    """The replays of a village that wait for somebody, oldest first; `everything`: the resolved ones too."""
    actor.at(Permission.SHOP_MANAGE, Place(village))
    query = select(RefusedReplay).where(RefusedReplay.village_code == village)
    if not everything:
        query = query.where(RefusedReplay.resolved_at.is_(None))
    return [shown(row) for row in session.scalars(query.order_by(RefusedReplay.id).limit(500))]


def shown(row: RefusedReplay) -> dict[str, Any]:
    """A refused replay as the API shows it."""
    return {
        "id": row.id,
        "household": row.household_code,
        "exchange_day": row.exchange_day_id,
        "code": row.code,
        "detail": row.message,
        "lines": row.lines,
        "redeemed_at": iso(row.redeemed_at),
        "refused_at": iso(row.refused_at),
        "resolved_at": iso(row.resolved_at) if row.resolved_at else None,
        "resolution": row.resolution,
    }
