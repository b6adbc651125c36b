"""Logging a record and taking it back. The rules are in `rules`, the statements in `hot`; this joins the two.

Logging is the program's busiest path: no objects are loaded and the answer is made from what is at hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct import hot
from server.conduct.answers import record_answer
from server.conduct.errors import already_submitted, household_not_found, record_id_reused
from server.conduct.models import Record
from server.conduct.queries import one
from server.conduct.rules import (
    HouseholdStanding,
    PlateState,
    RecordContent,
    RecordFacts,
    RecordStatus,
    Refusal,
    check_record,
    content_hash,
    plate_state,
    undo_open,
)
from server.conduct.verdicts import signed
from server.evidence import api as evidence
from server.kit.claim import claim
from server.kit.clock import local_date
from server.kit.errors import Conflict, DomainError, FieldFault, Invalid, NotAllowed, NotFound
from server.kit.exact import to_hundredths
from server.messages import api as messages
from server.people.api import COMMITTEE, Actor, Grant, Permission, Place, Role, acting_name
from server.rulebook.api import Adopted, Item, ItemKind, adopted_book, applies_to, caps_of

STANDINGS = {
    "active": HouseholdStanding.TAKING_PART,
    "declined": HouseholdStanding.DECLINED,
    "ended": HouseholdStanding.ENDED,
}


@dataclass(frozen=True)
class Effort:
    """What logging one record cost on a client; kept for sums, never shown with the record."""

    client: str
    taps: int
    seconds: int


@dataclass(frozen=True)
class NewRecord:
    """A record as a client sends it. Either `plate` (a token) or `household` (a code) is given.

    `group` is common to the records of one deed of several households: one person, one item, one day.
    """

    id: str
    item: str
    points: Decimal
    occurred_on: date
    plate: str | None = None
    household: str | None = None
    note: str = ""
    member: str | None = None
    photos: tuple[str, ...] = ()
    location: dict[str, str] | None = None
    device_time: datetime | None = None
    on_behalf: bool = False
    group: str | None = None
    effort: Effort | None = None


@dataclass(frozen=True)
class _Logger:
    """Who logs here, as what.

    The grant, the roles held for the household, and whether it is a declaration.
    """

    grant: Grant
    roles: frozenset[str]
    declaration: bool

    def source(self, on_behalf: bool) -> str:
        if on_behalf:
            return "on_behalf"
        if self.declaration:
            return "declaration"
        return "committee" if self.grant.role in COMMITTEE else "scan"


def log_record(session: Session, actor: Actor, new: NewRecord, now: datetime) -> tuple[dict[str, Any], bool]:
    """Log one record: its answer, and whether this was the first time.

    The same id and content by the same person again gives the record there is. Raises Conflict for other
    content or a cap, Invalid for what the rulebook refuses, NotFound for a household the person may not
    know of.
    """
    found = hot.context(session, new.plate, new.household, new.member, new.occurred_on)
    if found is None:
        raise household_not_found()
    digest = content_hash(_content(new, found.household))
    place = Place(found.village, found.grid, found.household)
    logger = _logger(actor, place, new.on_behalf)
    if logger is None:
        raise household_not_found()
    book = adopted_book(session, found.rulebook_id) if found.rulebook_id else None
    item = book.by_code.get(new.item) if book else None
    refusals = _refusals(session, new, found, logger, book, item, now)
    if not refusals and book is not None and item is not None:
        _check_group(session, actor, new)
        row = _row(new, found, logger, book, item, actor, digest, now)
        if hot.insert(session, dict(row)):
            _afterwards(session, actor, new, place, row, item, now)
            plain = {"photos": list(new.photos), "location": new.location}
            name = acting_name(actor.name, logger.grant.stands_in_for)
            return record_answer({**row, **plain}, item.name, name), True
    before = _repeat(session, actor, new, digest)
    if before is None:
        raise _refused(refusals)
    return before, False


def _check_group(session: Session, actor: Actor, new: NewRecord) -> None:
    """The records of one deed differ in their households only; raises Conflict `group_mixed`."""
    before = hot.group(session, new.group) if new.group is not None else None
    if before is not None and before != (actor.person, new.item, new.occurred_on.isoformat()):
        said = "同一件事的几条记录，要由同一个人记同一天、同一条。请另记一次。"
        raise Conflict("group_mixed", said, [FieldFault("group", said)])


def _content(new: NewRecord, household: str) -> RecordContent:
    location = None
    if new.location is not None:
        location = (Decimal(new.location["latitude"]), Decimal(new.location["longitude"]))
    return RecordContent(
        household,
        new.item,
        new.points,
        new.occurred_on,
        new.note,
        new.member,
        new.photos,
        location,
        new.on_behalf,
        new.group,
    )


def _logger(actor: Actor, place: Place, on_behalf: bool) -> _Logger | None:
    """For one's own household everything is a declaration, whatever other role somebody has."""
    declares = actor.grant_at(Permission.RECORD_DECLARE, place)
    logs = actor.grant_at(Permission.RECORD_LOG, place)
    own = place.household == actor.household or (declares is not None and logs is None)
    grant = (declares or logs) if own else logs
    if grant is None:
        return None
    roles = {held.role.value for held in actor.grants if held.covers(place)}
    if own:
        roles.add(Role.VILLAGER.value)
    return _Logger(grant, frozenset(roles), own and not on_behalf)


def _refusals(
    session: Session,
    new: NewRecord,
    found: hot.Context,
    logger: _Logger,
    book: Adopted | None,
    item: Item | None,
    now: datetime,
) -> list[Refusal]:
    plate = PlateState.NOT_SCANNED
    if new.plate is not None:
        plate = plate_state(True, found.plate_revoked_at, new.device_time, now)
    facts = RecordFacts(
        item_code=new.item,
        item=item,
        points=new.points,
        occurred_on=new.occurred_on,
        today=local_date(now),
        roles=logger.roles,
        plate=plate,
        standing=STANDINGS[found.household_status],
        item_applies=book is None or item is None or applies_to(book.rulebook, item, found.household_class),
        counted=hot.count(
            session, new.id, found.household, new.item, caps_of(item) if item else (), new.occurred_on
        ),
        photos=len(new.photos),
        has_place=new.location is not None,
        declaration=logger.declaration,
        on_behalf=new.on_behalf,
    )
    refusals = check_record(facts)
    if new.member is not None and not found.member_known:
        refusals.append(Refusal("member_unknown", "member", "这个人不在这一户的名册里，请重新选。"))
    if new.group is not None and logger.declaration:
        said = "几户一起做的事由网格员或村干部来记，请告诉他们。"
        refusals.append(Refusal("group_by_logger", "group", said))
    return refusals


def _refused(refusals: list[Refusal]) -> DomainError:
    """The most basic reason gives code and sentence, all of them are named.

    A cap is a conflict with what is there.
    """
    if not refusals:
        return record_id_reused()
    kind = Conflict if refusals[0].code == "cap_exceeded" else Invalid
    faults = [FieldFault(refusal.field, refusal.message) for refusal in refusals]
    return kind(refusals[0].code, refusals[0].message, faults)


def _repeat(session: Session, actor: Actor, new: NewRecord, digest: str) -> dict[str, Any] | None:
    """The record that came with this id before; None when there is none. Others' records are not shown."""
    before = hot.existing(session, new.id)
    if before is None:
        return None
    if before != (actor.person, digest):
        raise record_id_reused()
    return one(session, new.id)


def _row(
    new: NewRecord,
    found: hot.Context,
    logger: _Logger,
    book: Adopted,
    item: Item,
    actor: Actor,
    digest: str,
    now: datetime,
) -> dict[str, Any]:
    told = item.kind is not ItemKind.POSITIVE
    points = to_hundredths(new.points)
    return {
        "id": new.id,
        "village_code": found.village,
        "household_code": found.household,
        "grid_id": found.grid,
        "rulebook_id": book.id,
        "item_code": item.code,
        "heading": item.heading,
        "kind": item.kind.value,
        "points": points,
        "logged_points": points,
        "occurred_on": new.occurred_on.isoformat(),
        "note": new.note,
        "member_id": new.member,
        "photos": json.dumps(new.photos),
        "location": json.dumps(new.location) if new.location else None,
        "device_time": new.device_time,
        "source": logger.source(new.on_behalf),
        "logged_by": actor.person,
        "grant_id": logger.grant.id,
        "logged_at": now,
        "content_hash": digest,
        "status": RecordStatus.RECORDED.value,
        "round": 1,
        "first_round": 1,
        "to_meeting": False,
        "reply_until": now + timedelta(days=found.reply_days) if told else None,
        "reason": "",
        "group_id": new.group,
        "effort_client": new.effort.client if new.effort else None,
        "effort_taps": new.effort.taps if new.effort else None,
        "effort_seconds": new.effort.seconds if new.effort else None,
    }


def _afterwards(
    session: Session,
    actor: Actor,
    new: NewRecord,
    place: Place,
    row: dict[str, Any],
    item: Item,
    now: datetime,
) -> None:
    """What goes with a new record: its photos, the audit log, and word to a household that may reply."""
    evidence.attach(session, new.photos, actor, new.id, place)
    after = {
        "household": place.household,
        "item": item.code,
        "points": row["points"],
        "grant": row["grant_id"],
    }
    audit.record(session, actor, "record.log", "record", new.id, now, place.division, after=after)
    if row["reply_until"] is not None and place.household is not None:
        until = local_date(row["reply_until"])
        said = (
            f"您家被记了一条“{item.name}”（{_day(new.occurred_on)}，{signed(new.points)} 分），还没有评议。"
            f"如果情况不是这样，请在{_day(until)}前说明，评议小组看了再定。"
        )
        messages.notify_household(session, place.household, "record.negative", said, now, {"record": new.id})


def withdraw(session: Session, actor: Actor, key: str, reason: str, now: datetime) -> dict[str, Any]:
    """Take a record back: by who logged it, until its week is submitted; within 30 s without giving a reason.

    Raises NotAllowed for others who may see it, Conflict once the panel has it. Again changes nothing.
    """
    row = session.get(Record, key)
    if row is None:
        raise NotFound()
    if row.logged_by != actor.person:
        actor.at(Permission.RECORD_READ, Place(row.village_code, row.grid_id, row.household_code))
        raise NotAllowed("not_your_record", "这条不是您记的，只有记录的人可以撤回。")
    if row.status == RecordStatus.WITHDRAWN.value:
        return one(session, key)
    if not reason and not undo_open(row.logged_at, now):
        said = "请写明为什么撤回。"
        raise Invalid("reason_missing", said, [FieldFault("reason", said)])
    source, target = RecordStatus.RECORDED, RecordStatus.WITHDRAWN
    if not claim(session, Record, key, source, target, reason=reason, decided_at=now):
        raise already_submitted()
    audit.decide(session, actor, "record", key, source, target, now, reason or "撤销")
    audit.record(session, actor, "record.withdraw", "record", key, now, row.village_code)
    if row.reply_until is not None:
        said = f"前面那条{_day(row.occurred_on)}的扣分记录已经撤回，不再评议。"
        messages.notify_household(session, row.household_code, "record.withdrawn", said, now, {"record": key})
    return one(session, key)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
