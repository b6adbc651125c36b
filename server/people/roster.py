"""A roster into a village: what would change, and then all of it or nothing.

Owns the merge of a reading (`server.transfer.roster`) with the households that are there. Households that
the roster
lacks are reported and left alone; members that it lacks too. Nothing is ever deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.api import Grid, ensure_grids
from server.kit.errors import Conflict, FieldFault, Invalid
from server.people.access import Actor
from server.people.households import Making, add_households, codes_taken, making_for, member_row
from server.people.models import Household, Member, Village
from server.people.pasts import keep_before
from server.people.sealing import Seal
from server.people.villages import lock_village
from server.transfer.api import (
    ExistingHousehold,
    ExistingMember,
    Fault,
    HouseholdFlag,
    HouseholdKind,
    MatchedHousehold,
    MemberFlag,
    RosterHousehold,
    RosterPlan,
    RosterReading,
    Sex,
    Skip,
    assign_codes,
    pair_members,
    plan_changes,
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Preview:
    """What an import would do to the village as it is now; `plan_hash` names exactly this."""

    reading: RosterReading
    plan: RosterPlan
    plan_hash: str

    def may_import(self, skip_faulty: bool) -> bool:
        """Whether the import may go on."""
        return self.reading.may_import(skip_faulty)


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    households_added: int
    people_added: int
    households_changed: int
    grids_added: int


def preview(session: Session, village: Village, reading: RosterReading, digest: str, seal: Seal) -> Preview:
    """Compare a reading with the village; `digest` is the SHA-256 of the file."""
    existing = existing_households(session, village.code, seal)
    taken = codes_taken(session, village.code)
    reading = _without_ended_codes(reading, taken - {house.code for house in existing})
    return Preview(reading, plan_changes(existing, reading), _plan_hash(session, village.code, digest))


def _plan_hash(session: Session, village: str, digest: str) -> str:
    """The file and the village's households with their revisions: what the plan follows from."""
    rows = session.execute(
        select(Household.code, Household.revision)
        .where(Household.village_code == village)
        .order_by(Household.code)
    )
    state = ",".join(f"{code}:{revision}" for code, revision in rows)
    return hashlib.sha256(f"{digest} {village} {state}".encode()).hexdigest()


def _without_ended_codes(reading: RosterReading, ended: set[str]) -> RosterReading:
    """Codes of households that have ended are never given again: a fault each."""
    again = [house for house in reading.households if house.code in ended]
    if not again:
        return reading
    faults = [
        Fault(
            house.sheet,
            house.row,
            "",
            "户编号",
            house.code or "",
            "ended_code",
            "这个编号的户已经销户，编号不再使用",
            "是新的户就把编号留空",
            Skip.HOUSEHOLD,
        )
        for house in again
    ]
    kept = tuple(house for house in reading.households if house.code not in ended)
    return replace(reading, households=kept, faults=(*reading.faults, *faults))


def existing_households(session: Session, village: str, seal: Seal) -> list[ExistingHousehold]:
    """The households of a village that have not ended, with their present members, by code."""
    members: dict[str, list[ExistingMember]] = {}
    for row in session.execute(_members_of(village)):
        members.setdefault(row.household_code, []).append(_existing_member(row, seal))
    query = (
        select(
            Household.code,
            Household.team,
            Household.door,
            Household.head,
            Household.address,
            Household.kind,
            Household.flags,
            Grid.name.label("grid"),
        )
        .outerjoin(Grid, Grid.id == Household.grid_id)
        .where(Household.village_code == village, Household.status != "ended")
        .order_by(Household.code)
    )
    return [_existing(row, tuple(members.get(row.code, ()))) for row in session.execute(query)]


def _members_of(village: str) -> Any:
    table = Member.__table__
    inside = select(Household.code).where(Household.village_code == village)
    return (
        select(*(column for column in table.columns if column.name != "id_number_sealed"))
        .where(Member.household_code.in_(inside), Member.departure.is_(None))
        .order_by(Member.id)
    )


_KINDS = frozenset(kind.value for kind in HouseholdKind)


def _existing(row: Any, members: tuple[ExistingMember, ...]) -> ExistingHousehold:
    return ExistingHousehold(
        code=row.code,
        door=row.door or None,
        head_name=row.head,
        members=members,
        group=row.team or None,
        address=row.address or None,
        grid=row.grid,
        kind=HouseholdKind(row.kind) if row.kind in _KINDS else None,
        flags=frozenset(HouseholdFlag(flag) for flag in row.flags),
    )


def _existing_member(row: Any, seal: Seal) -> ExistingMember:
    return ExistingMember(
        key=row.id,
        name=row.name,
        kinship=row.kinship or None,
        sex=Sex(row.sex) if row.sex else None,
        birth_date=row.birth_date,
        phone=seal.open(row.phone_sealed),
        political=row.political or None,
        party_member=row.party_member,
        flags=frozenset(MemberFlag(flag) for flag in row.flags),
    )


@dataclass(frozen=True)
class Order:
    """What somebody decided to import: a file that was read, the plan they saw, whether faults are
    skipped.
    """

    reading: RosterReading
    digest: str
    plan_hash: str
    skip_faulty: bool = False


def import_roster(
    session: Session,
    actor: Actor | None,
    village: Village,
    order: Order,
    seal: Seal,
    now: datetime,
    progress: Progress | None = None,
) -> tuple[Preview, Imported]:
    """Import exactly the plan that was seen, or nothing; gives that plan and what was done.

    Raises Conflict `plan_changed` when file or village are not those of the preview, Invalid
    `roster_faulty` with a
    fault per cell, `village_full`.
    """
    lock_village(session, village.code)
    seen = preview(session, village, order.reading, order.digest, seal)
    if seen.plan_hash != order.plan_hash:
        raise Conflict("plan_changed", "名册或村里的户在预览之后变过，请重新预览再导入。")
    if not seen.may_import(order.skip_faulty):
        raise Invalid(
            "roster_faulty",
            "名册里有问题，一户也没有导入。请改正，或选择跳过。",
            faults_of(seen.reading.faults),
        )
    plan = seen.plan
    additions = assign_codes(village.code, plan.additions, codes_taken(session, village.code))
    grids = ensure_grids(session, village.code, _grid_names(additions, plan.changed))
    making = making_for(village, seal, actor, now, grids.ids)
    add_households(session, additions, making, progress)
    people = sum(len(house.members) for house in additions) + _change(session, plan.changed, making)
    if village.id_numbers_kept:
        _fill_id_numbers(session, (*plan.changed, *plan.unchanged), seal)
    done = Imported(len(additions), people, len(plan.changed), len(grids.made))
    audit.record(
        session, actor, "roster.import", "village", village.code, now, village.code, after=vars(done)
    )
    return seen, done


def faults_of(faults: Iterable[Fault]) -> list[FieldFault]:
    """Faults of a file as the API lists them: the cell, then what is wrong and what to do."""
    return [FieldFault(fault.place, f"{fault.reason}。{fault.remedy}。") for fault in faults]


def _grid_names(additions: Iterable[RosterHousehold], changed: Iterable[MatchedHousehold]) -> set[str]:
    names = {house.grid for house in additions} | {match.roster.grid for match in changed}
    return {name[:50] for name in names if name}


# the fields of a plan, as columns
_HOUSEHOLD_COLUMNS = {
    "door": "door",
    "group": "team",
    "head_name": "head",
    "address": "address",
    "kind": "kind",
}


def _change(session: Session, changed: Sequence[MatchedHousehold], making: Making) -> int:
    """Write all differences; gives the number of members added."""
    if not changed:
        return 0
    revisions = _revisions(session, making.village)
    houses = [_household_values(match, making, revisions) for match in changed]
    keep_before(session, Household, houses, making.now)
    session.execute(update(Household), houses)
    rows = [member_row(m.existing.code, person, making) for m in changed for person in m.members_added]
    if rows:
        session.execute(insert(Member), rows)
    updates = [values for match in changed for values in _member_values(match, making)]
    keep_before(session, Member, updates, making.now)
    if updates:
        session.execute(update(Member), updates)
    return len(rows)


def _revisions(session: Session, village: str) -> dict[str, int]:
    rows = session.execute(
        select(Household.code, Household.revision).where(Household.village_code == village)
    )
    return {row.code: row.revision for row in rows}


def _household_values(match: MatchedHousehold, making: Making, revisions: dict[str, int]) -> dict[str, Any]:
    old = match.existing
    values: dict[str, Any] = {"code": old.code, "revision": revisions[old.code] + 1}
    new = {change.field: change.new for change in match.changes}
    for field, column in _HOUSEHOLD_COLUMNS.items():
        if field in new:
            value = new[field]
            values[column] = value.value if isinstance(value, HouseholdKind) else value
    if "grid" in new:
        values["grid_id"] = making.grids[str(new["grid"])[:50]]
    if "flags" in new:
        values["flags"] = sorted(str(flag) for flag in new["flags"])  # type: ignore[attr-defined]
    if new.keys() & {"door", "group", "head_name"}:
        team, door = new.get("group", old.group), new.get("door", old.door)
        head = new.get("head_name", old.head_name)
        values["label"] = " ".join(str(part) for part in (team, door) if part) or f"{head}家"
    return values


def _member_values(match: MatchedHousehold, making: Making) -> Iterable[dict[str, Any]]:
    for change in match.members_changed:
        values: dict[str, Any] = {"id": change.existing.key}
        for field in change.changes:
            if field.field == "phone":
                values["phone_sealed"] = making.seal.close(str(field.new))
            elif field.field == "flags":
                values["flags"] = sorted(str(flag) for flag in field.new)  # type: ignore[attr-defined]
            else:
                values[field.field] = str(field.new) if isinstance(field.new, Sex) else field.new
        if "birth_date" in values:
            values["birth_precision"] = change.roster.birth_precision.value
        yield values
    for old, new in match.members_departed:
        departure = new.departure.value if new.departure else None
        yield {"id": old.key, "departure": departure, "departed_at": making.now}


def _fill_id_numbers(session: Session, matches: Sequence[MatchedHousehold], seal: Seal) -> None:
    """Where a village has begun to keep id numbers, those of members who were there before come with the
    roster.
    """
    rows = [
        {"id": old.key, "id_number_sealed": seal.close(new.id_number)}
        for match in matches
        for old, new in pair_members(match.existing.members, match.roster.members)
        if new.id_number
    ]
    if rows:
        session.execute(update(Member), rows)
