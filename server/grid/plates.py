"""Plates: one in force per household, a random token on the door that can be revoked and issued again.

Owns tokens and who may learn what by one. What a plate looks like is `faces.py`, what is printed
`server.paper`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.models import Plate, new_short_code
from server.kit.errors import Conflict, NotFound
from server.kit.ids import new_token
from server.people.api import Actor, Household, Permission, Place, Village

TOKEN_BYTES = 24  # 32 characters: as long as a mini-program code can carry
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def new_plate(household: str, now: datetime, issued_by: str | None) -> dict[str, object]:
    """A row for the table of plates."""
    return {
        "token": new_token(TOKEN_BYTES),
        "short_code": new_short_code(),
        "household_code": household,
        "issued_at": now,
        "issued_by": issued_by,
    }


def issue_plates(session: Session, households: Iterable[str], now: datetime, issued_by: str | None) -> None:
    """A first plate for each of these new households, in one statement."""
    rows = [new_plate(code, now, issued_by) for code in households]
    if rows:
        session.execute(insert(Plate), rows)


def household_for(session: Session, actor: Actor, code: str) -> Household:
    """The household whose plates the actor may print; NotFound otherwise."""
    household = session.get(Household, code) if re.fullmatch("[0-9]{16}", code) else None
    if household is None or household.status == "ended":
        raise NotFound()
    actor.at(Permission.PLATE_PRINT, place_of(household))
    return household


def reissue(session: Session, actor: Actor | None, household: Household, now: datetime) -> Plate:
    """Revoke the household's plate and issue a new one. Raises Conflict when somebody did so at this
    moment.
    """
    mine = select(Plate.token).where(Plate.household_code == household.code, Plate.revoked_at.is_(None))
    old = session.scalar(mine)
    if old is not None:
        ended = session.execute(
            update(Plate).where(Plate.token == old, Plate.revoked_at.is_(None)).values(revoked_at=now)
        )
        if ended.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("state_changed", "这户的门牌刚刚换过，请重新打开看。")
    issue_plates(session, [household.code], now, actor.person if actor else None)
    audit.record(session, actor, "plate.reissue", "household", household.code, now, household.village_code)
    return session.execute(
        select(Plate).where(Plate.household_code == household.code, Plate.revoked_at.is_(None))
    ).scalar_one()


def revoke_plates(session: Session, household: str, now: datetime) -> None:
    """The household is no more: its plate is worth nothing from now on, and no other takes its place."""
    session.execute(
        update(Plate)
        .where(Plate.household_code == household, Plate.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class Found:
    """What a scanned token leads to."""

    plate: Plate
    household: Household
    village: Village


def find(session: Session, token: str) -> Found:
    """The plate in force with this token; NotFound for one unknown or revoked: both look alike."""
    if not _TOKEN.fullmatch(token):
        raise NotFound("plate_unknown", UNKNOWN)
    found = _all(session, Plate.token == token)
    if not found:
        raise NotFound("plate_unknown", UNKNOWN)
    return found[0]


def find_for(session: Session, actor: Actor, permission: Permission, token: str) -> Found:
    """As `find`, for somebody who holds `permission` at that door: elsewhere a plate looks like none."""
    found = find(session, token)
    if actor.grant_at(permission, place_of(found.household)) is None:
        actor.anywhere(permission)
        raise NotFound("plate_unknown", UNKNOWN)
    return found


def find_by_short_code(session: Session, actor: Actor, typed: str) -> Found:
    """As `find`, for the code printed under the QR; only within what the actor may see, since it is short."""
    code = re.sub(r"[\s-]", "", typed).upper()
    for found in _all(session, Plate.short_code == code):
        if actor.grant_at(Permission.HOUSEHOLD_READ, place_of(found.household)) is not None:
            return found
    raise NotFound("plate_unknown", UNKNOWN)


UNKNOWN = "没有这块门牌，或者它已经换发作废。"


def _all(session: Session, condition: ColumnElement[bool]) -> list[Found]:
    query = (
        select(Plate, Household, Village)
        .join(Household, Household.code == Plate.household_code)
        .join(Village, Village.code == Household.village_code)
        .where(condition, Plate.revoked_at.is_(None), Household.status != "ended")
    )
    return [Found(plate, household, village) for plate, household, village in session.execute(query)]


def place_of(household: Household) -> Place:
    """Where a household is, for permissions."""
    return Place(household.village_code, grid=household.grid_id, household=household.code)


# what the scan offers, in the order in which a screen shows it
_ACTIONS: tuple[tuple[str, Permission], ...] = (
    ("record", Permission.RECORD_LOG),
    ("declare", Permission.RECORD_DECLARE),
    ("household", Permission.HOUSEHOLD_READ),
    ("account", Permission.ACCOUNT_READ),
    ("redeem", Permission.SHOP_KEEP),
    ("reissue", Permission.PLATE_PRINT),
)


def actions_for(actor: Actor, household: Household) -> list[str]:
    """What the actor may do at this door; an empty list for somebody who may not know the household."""
    place = place_of(household)
    if actor.grant_at(Permission.HOUSEHOLD_READ, place) is None:
        return []
    offered = [name for name, permission in _ACTIONS if actor.grant_at(permission, place) is not None]
    if household.status != "active":
        return [name for name in offered if name not in ("record", "declare")]
    return offered
