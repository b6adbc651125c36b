"""Reporting an event: who reports for whom, where it is, and who hears of it first. Never commits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.evidence import api as evidence
from server.grid.duties.queries import Net
from server.grid.duties.rules import LOWEST, NAMES, Tier
from server.grid.events import errors
from server.grid.events.models import Event
from server.grid.events.rules import EventStatus
from server.grid.models import Grid
from server.grid.plates import find_for
from server.grid.vocabulary import event_types, urgencies
from server.kit.errors import NotFound
from server.kit.upsert import insert_for
from server.messages.api import Note, notify_persons
from server.people.api import Actor, Grant, Household, Permission, Place, Role

PHOTOS = "event"


@dataclass(frozen=True)
class NewEvent:
    """An event as a phone sends it. Where: a household, a plate or a grid; a villager's own where none is named."""

    id: str
    type: str
    urgency: str
    text: str
    household: str | None = None
    plate: str | None = None
    grid: str | None = None
    place: str = ""
    duties: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    on_behalf: bool = False

    @property
    def digest(self) -> str:
        """What makes two reports with one id the same."""
        content = [value for name, value in sorted(vars(self).items()) if name != "id"]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class _Where:
    """The place of an event, the household that checks the handling, and the one where it was found."""

    village: str
    grid: str | None
    reporter: str | None
    about: str | None
    grant: Grant


def report(session: Session, actor: Actor, new: NewEvent, now: datetime) -> tuple[Event, bool]:
    """Report an event: its row, and whether this was the first time.

    Raises NotFound outside the scope, Invalid `place_needed`, `on_behalf_of_whom`, `photo_not_usable`, Conflict
    `id_reused`.
    """
    known = session.get(Event, new.id)
    if known is not None:
        return _repeat(known, actor, new), False
    where = _where(session, actor, new)
    net = Net(session, where.village, [where.grid] if where.grid else [], now)
    tier = min(net.held(where.grid), default=LOWEST)
    row = _row(new, where, actor, tier, now)
    made = session.execute(insert_for(session, Event).values(row).on_conflict_do_nothing())
    if made.rowcount != 1:  # type: ignore[attr-defined]
        return _repeat(session.get_one(Event, new.id, populate_existing=True), actor, new), False
    place = Place(where.village, where.grid, where.reporter or where.about)
    evidence.attach(session, new.photos, actor, new.id, place, PHOTOS)
    audit.record(
        session, actor, "event.report", "event", new.id, now, where.village, after={"type": new.type}
    )
    tell_tier(session, net, where.grid, tier, new.id, new.type, now)
    return session.get_one(Event, new.id, populate_existing=True), True


def _repeat(known: Event, actor: Actor, new: NewEvent) -> Event:
    if (known.reported_by, known.content_hash) != (actor.person, new.digest):
        raise errors.id_reused()
    return known


def _where(session: Session, actor: Actor, new: NewEvent) -> _Where:
    house = _household(session, actor, new)
    if house is None:
        if new.on_behalf:
            raise errors.on_behalf_of_whom()
        grid = session.get(Grid, new.grid) if new.grid else None
        if grid is None:
            raise NotFound() if new.grid else errors.place_needed()
        grant = actor.at(Permission.EVENT_REPORT, Place(grid.village_code, grid.id))
        return _Where(grid.village_code, grid.id, None, None, grant)
    place = Place(house.village_code, house.grid_id, house.code)
    grant = actor.at(Permission.EVENT_REPORT, place)
    own = house.code == actor.household or grant.role is Role.VILLAGER
    reporter = house.code if own or new.on_behalf else None
    return _Where(house.village_code, house.grid_id, reporter, None if reporter else house.code, grant)


def _household(session: Session, actor: Actor, new: NewEvent) -> Household | None:
    if new.plate is not None:
        return find_for(session, actor, Permission.EVENT_REPORT, new.plate).household
    code = new.household
    if code is None and new.grid is None and not new.on_behalf:
        code = actor.household
    house = session.get(Household, code) if code else None
    if code is not None and (house is None or house.status == "ended"):
        raise NotFound()
    return house


def _row(new: NewEvent, where: _Where, actor: Actor, tier: Tier, now: datetime) -> dict[str, Any]:
    return {
        "id": new.id,
        "village_code": where.village,
        "grid_id": where.grid,
        "household_code": where.reporter,
        "about_household": where.about,
        "type": new.type,
        "urgency": new.urgency,
        "text": new.text,
        "place": new.place,
        "duties": list(new.duties),
        "on_behalf": new.on_behalf,
        "reported_by": actor.person,
        "grant_id": where.grant.id,
        "reported_at": now,
        "content_hash": new.digest,
        "status": EventStatus.REPORTED.value,
        "tier": int(tier),
        "round": 1,
        "revision": 1,
        "due_at": now + urgencies()[new.urgency].limit,
    }


def tell_tier(
    session: Session, net: Net, grid: str | None, tier: Tier, event: str, type_: str, now: datetime
) -> None:
    """Who holds the tier hears that an event waits for them; what it says stands in the event only."""
    text = f"有一件“{event_types()[type_].name}”等{NAMES[tier]}处理。"
    notes = [Note(person, "event_waiting", text, {"event": event}) for person in net.holders(grid, tier)]
    notify_persons(session, notes, now)
