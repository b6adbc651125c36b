"""An agreement is entered, carried out as soon as nothing is open, or called off. Never commits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.changes import carrying, errors, rules
from server.grid.changes.leaving import let_go
from server.grid.changes.models import HouseholdChange
from server.grid.changes.rules import LEAVING, ChangeKind, ChangeStatus, Share, Terms
from server.grid.models import Grid
from server.kit.claim import claim
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.exact import ZERO, text
from server.kit.ids import is_id
from server.ledger import api as ledger
from server.people.api import Actor, Grant, Household, Permission, Place, Village
from server.people.household_api import household_for, lock_village, present_members, set_status

K, S = ChangeKind, ChangeStatus


@dataclass(frozen=True)
class NewChange:
    """An agreement as it is entered."""

    id: str
    kind: ChangeKind
    household: str
    paper: str
    signed_on: date
    terms: Terms

    @property
    def digest(self) -> str:
        """What makes two entries with one id the same."""
        content = [self.kind, self.household, self.paper, self.signed_on.isoformat(), stored(self.terms)]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def stored(terms: Terms) -> dict[str, Any]:
    """Terms as the table keeps them."""
    shares = [{"household": share.household, "points": text(share.points)} for share in terms.shares]
    plain = {
        name: value for name, value in vars(terms).items() if name not in ("shares", "points", "members")
    }
    return plain | {"members": list(terms.members), "points": text(terms.points), "shares": shares}


def terms_of(row: HouseholdChange) -> Terms:
    """The inverse of `stored`."""
    kept = dict(row.terms)
    shares = tuple(Share(one["household"], Decimal(one["points"])) for one in kept.pop("shares"))
    members, points = tuple(kept.pop("members")), Decimal(kept.pop("points"))
    return Terms(**kept, members=members, points=points, shares=shares)


def agree(session: Session, actor: Actor, new: NewChange, now: datetime) -> tuple[HouseholdChange, bool]:
    """Enter a written agreement; it is carried out at once when nothing is open. Whether it is new.

    Raises NotFound, NotAllowed `own_household`, Invalid `agreement_faulty`, Conflict `household_ended`,
    `change_waiting`, `insufficient_balance`, `id_reused`.
    """
    house = household_for(session, actor, Permission.HOUSEHOLD_MANAGE, new.household)
    lock_village(session, house.village_code)
    known = session.get(HouseholdChange, new.id)
    if known is not None:
        if (known.agreed_by, known.content_hash) != (actor.person, new.digest):
            raise errors.id_reused()
        return known, False
    grant = actor.at(Permission.HOUSEHOLD_MANAGE, Place(house.village_code, house.grid_id, house.code))
    session.refresh(house)
    _check(session, actor, house, new, now)
    row = _enter(session, actor, grant, house, new, now)
    let_go(session, house.code, now)
    if new.kind in LEAVING:
        set_status(session, house.code, "declined")
    if carrying.open_matters(session, row, now):
        _hold(session, row, new.terms.fixed, now)
    else:
        carrying.carry_out(session, row, new.terms, actor, now)
    return session.get_one(HouseholdChange, row.id, populate_existing=True), True


def _check(session: Session, actor: Actor, house: Household, new: NewChange, now: datetime) -> None:
    involved = {new.household, new.terms.into, *(share.household for share in new.terms.shares)} - {None}
    if actor.household in involved:
        raise errors.own_household()
    faults = rules.faults_of(
        new.kind,
        new.household,
        new.terms,
        present_members(session, new.household),
        new.signed_on,
        local_date(now),
    )
    if faults:
        raise errors.agreement_faulty(faults)
    rows = session.scalars(select(Household).where(Household.code.in_(involved)))
    found = {row.code: row.status for row in rows.unique()}
    if set(found) != involved or (new.terms.to_village and not session.get(Village, new.terms.to_village)):
        raise NotFound()
    if "ended" in found.values():
        raise errors.household_ended()
    waiting = HouseholdChange.household_code.in_(involved) | HouseholdChange.other_code.in_(involved)
    if session.scalar(select(HouseholdChange.id).where(waiting, HouseholdChange.status == S.AGREED).limit(1)):
        raise errors.change_waiting()
    if new.terms.grid is not None:
        check_grid(session, new.terms.grid, house.village_code)


def check_grid(session: Session, grid: str, village: str) -> None:
    """Raises Invalid `grid_unknown` for a grid of another village."""
    found = session.get(Grid, grid)
    if found is None or found.village_code != village:
        raise errors.grid_unknown()


def _enter(
    session: Session, actor: Actor, grant: Grant, house: Household, new: NewChange, now: datetime
) -> HouseholdChange:
    row = HouseholdChange(
        id=new.id,
        village_code=house.village_code,
        kind=new.kind.value,
        status=S.AGREED.value,
        household_code=house.code,
        other_code=new.terms.into,
        to_village=new.terms.to_village,
        terms=stored(new.terms),
        paper=new.paper,
        signed_on=new.signed_on,
        standing_before=house.status,
        held=ZERO,
        moved=ZERO,
        agreed_by=actor.person,
        grant_id=grant.id,
        agreed_at=now,
        content_hash=new.digest,
    )
    session.add(row)
    session.flush()
    audit.decide(session, actor, "household_change", row.id, "", S.AGREED, now, new.paper, grant)
    after = {"kind": new.kind.value, "household": house.code, "points": text(new.terms.fixed)}
    audit.record(
        session,
        actor,
        "household.change_agreed",
        "household",
        house.code,
        now,
        house.village_code,
        after=after,
    )
    return row


def _hold(session: Session, row: HouseholdChange, amount: Decimal, now: datetime) -> None:
    """What the agreement names cannot be spent while it waits."""
    if amount > 0:
        ledger.reserve(session, row.household_code, amount, f"change:{row.id}:hold", {"change": row.id}, now)
        row.held = amount
        session.flush()


def cancel(session: Session, actor: Actor, key: str, reason: str, now: datetime) -> HouseholdChange:
    """Call an agreement off while it waits: everything is as before, but for reservations. Raises Conflict."""
    row, grant = find(session, actor, key, arriving=False)
    if not claim(session, HouseholdChange, key, S.AGREED, S.CANCELLED, held=ZERO):
        raise errors.changed()
    carrying.release_hold(session, row, now)
    set_status(session, row.household_code, row.standing_before)
    audit.decide(session, actor, "household_change", key, S.AGREED, S.CANCELLED, now, reason, grant)
    return session.get_one(HouseholdChange, key, populate_existing=True)


def arrive(session: Session, actor: Actor, key: str, where: Terms, now: datetime) -> HouseholdChange:
    """The village that a household moved to takes it in: a new household there, and the points out of transit.

    Raises NotFound, Conflict `state_changed`, Invalid `grid_unknown`.
    """
    row, grant = find(session, actor, key, arriving=True)
    lock_village(session, str(row.to_village))
    if where.grid is not None:
        check_grid(session, where.grid, str(row.to_village))
    session.refresh(row)
    if row.status == S.DONE:
        return row
    if row.status != S.LEFT:
        raise errors.changed()
    carrying.take_in(session, row, where, actor, grant, now)
    return session.get_one(HouseholdChange, key, populate_existing=True)


def find(session: Session, actor: Actor, key: str, arriving: bool) -> tuple[HouseholdChange, Grant]:
    """The agreement, for who manages households of its village (or of that where the household arrives)."""
    row = session.get(HouseholdChange, key) if is_id(key) else None
    village = None if row is None else (row.to_village if arriving else row.village_code)
    if row is None or village is None:
        raise NotFound()
    return row, actor.at(Permission.HOUSEHOLD_MANAGE, Place(village))


def readable(session: Session, actor: Actor, key: str) -> HouseholdChange:
    """The agreement, for who manages households on either side."""
    row = session.get(HouseholdChange, key) if is_id(key) else None
    sides = [Place(village) for village in (row.village_code, row.to_village) if village] if row else []
    if row is None or not any(actor.grant_at(Permission.HOUSEHOLD_MANAGE, side) for side in sides):
        raise NotFound()
    return row


def carry_out_due(session: Session, key: str, now: datetime) -> bool:
    """Carry an agreement out that waited; False when it does not wait any more or something is open."""
    row = session.get(HouseholdChange, key)
    if row is None:
        return False
    lock_village(session, row.village_code)
    session.refresh(row)
    if row.status != S.AGREED or carrying.open_matters(session, row, now):
        return False
    carrying.carry_out(session, row, terms_of(row), None, now)
    return True


def waiting_for(session: Session, row: HouseholdChange, now: datetime) -> list[str]:
    """What has to be settled first: records, lines, objections, appeals."""
    return carrying.open_matters(session, row, now) if row.status == S.AGREED else []


def about(village: str) -> Any:
    """A condition: changes of a village's households, or of households that move there."""
    return or_(HouseholdChange.village_code == village, HouseholdChange.to_village == village)
