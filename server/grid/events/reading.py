"""What screens read of events: lists, one with its steps, the figures of a village. Nothing by worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.evidence import api as evidence
from server.grid.duties.queries import Net
from server.grid.duties.rules import NAMES, Tier
from server.grid.events.models import Event
from server.grid.events.rules import EventStatus, Told, figures
from server.grid.events.service import is_reporter, place_of
from server.grid.models import Grid
from server.kit.clock import local_midnight
from server.kit.errors import NotFound
from server.kit.ids import is_id
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Permission, Person, Place, visible


def _readable(actor: Actor) -> ColumnElement[bool]:
    inside = visible(
        actor,
        Permission.EVENT_READ,
        village=Event.village_code,
        grid=Event.grid_id,
        household=Event.household_code,
    )
    return or_(inside, Event.reported_by == actor.person)


def listed(
    session: Session, actor: Actor, narrowed: Mapping[str, Any], cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Events inside the actor's scopes, newest first; `narrowed` to village, grid, status, reported, assigned."""
    query = select(Event).where(_readable(actor), *_narrow(actor, narrowed))
    if cursor:
        query = query.where(Event.id < decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(Event.id.desc()).limit(limit + 1)).all()
    found, following = page(rows, limit, lambda row: (row.id,))
    return shown(session, actor, found), following


def _narrow(actor: Actor, narrowed: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    columns = {"village": Event.village_code, "grid": Event.grid_id, "status": Event.status}
    chosen = [column == narrowed[name] for name, column in columns.items() if name in narrowed]
    if narrowed.get("reported"):
        mine = Event.reported_by == actor.person
        own = Event.household_code == actor.household
        chosen.append(or_(mine, own) if actor.household else mine)
    if narrowed.get("assigned"):
        chosen.append(Event.assigned_to == actor.person)
    return chosen


def story(session: Session, actor: Actor, key: str) -> dict[str, Any]:
    """One event with its photos and steps; NotFound for somebody who may not know of it."""
    event = session.get(Event, key, populate_existing=True) if is_id(key) else None
    if event is None:
        raise NotFound()
    if not is_reporter(actor, event):
        actor.at(Permission.EVENT_READ, place_of(event))
    (content,) = shown(session, actor, [event])
    steps = audit.decisions_of(session, "event", [key])[key]
    photos = evidence.photos_of(session, [key])[key]
    return content | {
        "photos": photos,
        "steps": [
            {
                "source": s.source,
                "target": s.target,
                "reason": s.reason,
                "at": s.at,
                "by_system": s.person_id is None,
            }
            for s in steps
        ],
    }


def shown(session: Session, actor: Actor, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Events as the API shows them; who reported is for the reporter and for those who handle it."""
    people = {who for event in events for who in (event.reported_by, event.assigned_to, event.handled_by)}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people - {None})))
    names = {row.id: row.name for row in rows}
    places = {event.grid_id for event in events} - {None}
    rows = session.execute(select(Grid.id, Grid.name).where(Grid.id.in_(places)))
    grids = {row.id: row.name for row in rows}
    return [_shown(actor, event, names, grids) for event in events]


def _shown(actor: Actor, event: Event, names: Mapping[str, str], grids: Mapping[str, str]) -> dict[str, Any]:
    handles = actor.grant_at(Permission.EVENT_HANDLE, place_of(event)) is not None
    known = handles or is_reporter(actor, event)
    return {
        "id": event.id,
        "village": event.village_code,
        "grid": {"id": event.grid_id, "name": grids[event.grid_id]} if event.grid_id else None,
        "household": event.household_code if known else None,
        "about_household": event.about_household if known else None,
        "type": event.type,
        "urgency": event.urgency,
        "text": event.text,
        "place": event.place,
        "duties": event.duties,
        "on_behalf": event.on_behalf,
        "reported_by": names[event.reported_by] if known else None,
        "mine": is_reporter(actor, event),
        "reported_at": event.reported_at,
        "status": event.status,
        "tier": event.tier,
        "round": event.round,
        "due_at": event.due_at,
        "assigned_to": _named(event.assigned_to, names),
        "handled_by": _named(event.handled_by, names),
        "handled_at": event.handled_at,
        "check_due": event.check_due,
        "closed_at": event.closed_at,
        "rating": event.rating,
    }


def _named(person: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return {"id": person, "name": names[person]} if person else None


def handlers_of(session: Session, actor: Actor, key: str, now: datetime) -> list[dict[str, Any]]:
    """Those of the net to whom an event may be given, the lowest tier first; each person once.

    NotFound for somebody who does not handle it.
    """
    event = session.get(Event, key) if is_id(key) else None
    if event is None:
        raise NotFound()
    actor.at(Permission.EVENT_HANDLE, place_of(event))
    net = Net(session, event.village_code, [event.grid_id] if event.grid_id else [], now)
    tiers = {person: tier for tier in reversed(Tier) for person in net.holders(event.grid_id, tier)}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(tiers)))
    found = [
        {"id": row.id, "name": row.name, "tier": int(tiers[row.id]), "title": NAMES[tiers[row.id]]}
        for row in rows
    ]
    return sorted(found, key=lambda one: (one["tier"], one["id"]))


def figures_of(
    session: Session, actor: Actor, village: str, since: date | None, until: date | None, now: datetime
) -> dict[str, Any]:
    """The figures of a village's events by day of report, both days included; NotFound outside the scope."""
    actor.at(Permission.EVENT_FIGURES, Place(village))
    query = select(Event.type, Event.status, Event.tier, Event.due_at, Event.rating).where(
        Event.village_code == village
    )
    if since is not None:
        query = query.where(Event.reported_at >= local_midnight(since))
    if until is not None:
        query = query.where(Event.reported_at < local_midnight(until + timedelta(days=1)))
    told = [
        Told(kind, EventStatus(status), tier, due_at is not None and due_at <= now, rating)
        for kind, status, tier, due_at, rating in session.execute(query)
    ]
    found = asdict(figures(told))
    return {name: _texts(value) if isinstance(value, dict) else value for name, value in found.items()}


def _texts(counts: Mapping[Any, int]) -> dict[str, int]:
    return {str(key): count for key, count in counts.items()}
