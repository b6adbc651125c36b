"""Households: made with their accounts and plates, one at a time or a whole roster at once, and changed.

Everything that makes a household goes through `add_households`, so that none is without account or plate.
Codes are
never given twice: a household that ends keeps its row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid import api as grid
from server.kit.errors import Conflict, FieldFault, Invalid, NotFound, Stale
from server.kit.ids import new_id
from server.ledger import api as ledger
from server.people.access import Actor, Permission, Place
from server.people.models import Household, Member, Village
from server.people.pasts import keep_replaced, replaced
from server.people.sealing import Seal
from server.people.villages import lock_village, village_for
from server.transfer.api import RosterHousehold, RosterMember, assign_codes

_CHUNK = 1000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Making:
    """What all households of one import share: `issued_by` is a person, or None for the command line."""

    village: str
    grids: Mapping[str, str]
    seal: Seal
    id_numbers_kept: bool
    now: datetime
    issued_by: str | None


def add_households(
    session: Session, houses: Sequence[RosterHousehold], making: Making, progress: Progress | None = None
) -> None:
    """Insert new households (each with its code), their members, accounts and plates, set-based."""
    for start in range(0, len(houses), _CHUNK):
        some = houses[start : start + _CHUNK]
        session.execute(insert(Household), [household_row(house, making) for house in some])
        people = [member_row(house.code or "", person, making) for house in some for person in house.members]
        if people:
            session.execute(insert(Member), people)
        codes = [house.code or "" for house in some]
        ledger.open_accounts(session, making.village, codes)
        grid.issue_plates(session, codes, making.now, making.issued_by)
        if progress is not None:
            progress(min(start + _CHUNK, len(houses)), len(houses))


def household_row(house: RosterHousehold, making: Making) -> dict[str, Any]:
    """A roster household as a row."""
    return {
        "code": house.code,
        "village_code": making.village,
        "grid_id": making.grids.get(house.grid or ""),
        "label": house.label[:130],
        "team": (house.group or "")[:60],
        "door": (house.door or "")[:60],
        "head": house.head_name[:60],
        "address": (house.address or "")[:200],
        "kind": house.kind.value if house.kind else "general",
        "flags": sorted(flag.value for flag in house.flags),
        "status": "active",
        "revision": 1,
        "created_at": making.now,
    }


def member_row(household: str, person: RosterMember, making: Making) -> dict[str, Any]:
    """A roster member as a row: phone sealed; the id number only where the village keeps it, sealed."""
    id_number = person.id_number if making.id_numbers_kept else None
    return {
        "id": new_id(),
        "household_code": household,
        "name": person.name[:60],
        "kinship": (person.kinship or "")[:20],
        "sex": person.sex.value if person.sex else "",
        "birth_date": person.birth_date,
        "birth_precision": person.birth_precision.value,
        "phone_sealed": making.seal.close(person.phone),
        "id_number_sealed": making.seal.close(id_number),
        "political": (person.political or "")[:20],
        "party_member": person.party_member,
        "flags": sorted(flag.value for flag in person.flags),
        "departure": None,
        "added_at": making.now,
        "departed_at": None,
    }


def codes_taken(session: Session, village: str) -> set[str]:
    """Every code ever given in a village, ended households included."""
    return set(session.scalars(select(Household.code).where(Household.village_code == village)))


def create_household(
    session: Session, actor: Actor | None, house: RosterHousehold, grid_id: str | None, making: Making
) -> Household:
    """One new household with the next code of its village.

    Raises NotFound outside the scope, Invalid `grid_unknown`, `village_full`, Conflict `household_exists`.
    """
    village_for(session, actor, Permission.HOUSEHOLD_MANAGE, making.village)
    if grid_id is not None:
        _grid_of_village(session, grid_id, making.village)
    lock_village(session, making.village)
    taken = codes_taken(session, making.village)
    if house.code in taken:
        raise Conflict("household_exists", "这个户编号已经有了。")
    (coded,) = assign_codes(making.village, [house], taken)
    add_households(
        session, [replace(coded, grid=grid_id)], replace(making, grids={grid_id: grid_id} if grid_id else {})
    )
    code = coded.code or ""
    audit.record(session, actor, "household.create", "household", code, making.now, making.village)
    return session.execute(select(Household).where(Household.code == code)).scalar_one()


def _grid_of_village(session: Session, grid_id: str, village: str) -> None:
    found = session.get(grid.Grid, grid_id)
    if found is None or found.village_code != village:
        raise Invalid("grid_unknown", "没有这个网格。", [FieldFault("grid", "请选本村的网格。")])


def household_for(session: Session, actor: Actor | None, permission: Permission, code: str) -> Household:
    """The household, for somebody who holds `permission` there; NotFound otherwise."""
    household = session.get(Household, code) if re.fullmatch("[0-9]{16}", code) else None
    if household is None:
        raise NotFound()
    if actor is not None:
        actor.at(permission, place_of(household))
    return household


def place_of(household: Household) -> Place:
    """Where a household is, for permissions."""
    return Place(household.village_code, grid=household.grid_id, household=household.code)


def change_household(
    session: Session,
    actor: Actor | None,
    code: str,
    changes: Mapping[str, Any],
    revision: int | None,
    now: datetime,
) -> Household:
    """Change columns of a household; `revision` is the one the person saw. Raises Stale, NotFound, Invalid.

    The audit log notes which fields changed, not what they hold: names stay out of it.
    """
    household = household_for(session, actor, Permission.HOUSEHOLD_MANAGE, code)
    if household.status == "ended":
        raise Conflict("household_ended", "这户已经销户，不能再改。")
    if changes.get("grid_id") is not None:
        _grid_of_village(session, changes["grid_id"], household.village_code)
    seen = household.revision if revision is None else revision
    before = {name: getattr(household, name) for name in (*changes, "label")}
    values = {**changes, "label": label_of(household, changes), "revision": Household.revision + 1}
    changed = session.execute(
        update(Household)
        .where(Household.code == code, Household.revision == seen)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale()
    keep_replaced(session, [replaced(code, None, before, now)])
    after = {"fields": sorted(changes)}
    audit.record(
        session, actor, "household.change", "household", code, now, household.village_code, None, after
    )
    session.refresh(household)
    return household


def label_of(household: Household, changes: Mapping[str, Any]) -> str:
    """What a neighbour calls it: team and door, or the head's name where there is no door."""
    team, door, head = (changes.get(name, getattr(household, name)) for name in ("team", "door", "head"))
    return " ".join(part for part in (team, door) if part) or f"{head}家"


def making_for(
    village: Village, seal: Seal, actor: Actor | None, now: datetime, grids: Mapping[str, str] | None = None
) -> Making:
    """The shared part of an import into `village`."""
    person = actor.person if actor else None
    return Making(village.code, grids or {}, seal, village.id_numbers_kept, now, person)
