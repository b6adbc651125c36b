"""The steps of an event after it was reported: given to someone, handled, one tier up, checked. Never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.evidence import api as evidence
from server.grid.duties.queries import Net
from server.grid.duties.rules import Tier, next_tier
from server.grid.events import errors
from server.grid.events.models import Event
from server.grid.events.reporting import PHOTOS, tell_tier
from server.grid.events.rules import BY_REPORTER, CHECK, TRANSITIONS, EventStatus, may_reopen
from server.grid.vocabulary import event_types, urgencies
from server.kit.errors import NotFound
from server.kit.ids import is_id
from server.messages.api import Note, notify_households, notify_persons
from server.people.api import Actor, Grant, GrantRow, Permission, Place, Role

S = EventStatus


@dataclass(frozen=True)
class Step:
    """One step: where to, why or what was done, and what this step needs beside."""

    to: EventStatus
    reason: str = ""
    assignee: str | None = None
    rating: int | None = None
    photos: Sequence[str] = ()


def transition(session: Session, actor: Actor, key: str, step: Step, now: datetime) -> Event:
    """Take an event one step on.

    Raises NotFound, NotAllowed `not_the_reporter`, Conflict `event_state`, `state_changed`, `reopened_before`,
    `top_tier`, Invalid `reason_missing`, `rating_missing`, `own_handling`, `assignee_unfit`.
    """
    event = session.get(Event, key, populate_existing=True) if is_id(key) else None
    if event is None:
        raise NotFound()
    grant = _grant(actor, event, step.to)
    if step.to not in TRANSITIONS[S(event.status)]:
        raise errors.not_now(event.status)
    values = _STEPS[step.to](session, actor, event, step, now)
    _move(session, actor, event, step.to, step.reason, now, grant, **values)
    place = Place(event.village_code, event.grid_id, event.household_code or event.about_household)
    evidence.attach(session, step.photos, actor, event.id, place, PHOTOS)
    session.refresh(event)
    _tell(session, actor, event, now)
    return event


def _grant(actor: Actor, event: Event, to: EventStatus) -> Grant | None:
    """The grant of who works in the net; a reporter needs none but having reported it."""
    if to not in BY_REPORTER:
        grant = actor.grant_at(Permission.EVENT_HANDLE, place_of(event))
        if grant is None:
            raise NotFound()
        return grant
    if is_reporter(actor, event):
        return None
    if actor.grant_at(Permission.EVENT_READ, place_of(event)) is not None:
        raise errors.not_the_reporter()
    raise NotFound()


def place_of(event: Event) -> Place:
    """Where an event is, for permissions: the household is the one for which it was reported, no other."""
    return Place(event.village_code, event.grid_id, event.household_code)


def is_reporter(actor: Actor, event: Event) -> bool:
    """Who reported it, and the household for which it was reported."""
    return event.reported_by == actor.person or (
        event.household_code is not None and event.household_code == actor.household
    )


def _assigned(session: Session, actor: Actor, event: Event, step: Step, now: datetime) -> dict[str, Any]:
    assignee = step.assignee or actor.person
    if assignee != actor.person and not may_handle(session, assignee, event, now):
        raise errors.assignee_unfit()
    return {"assigned_to": assignee}


def may_handle(session: Session, person: str, event: Event, now: datetime) -> bool:
    """Whether somebody has a duty where the event is."""
    rows = session.scalars(select(GrantRow).where(GrantRow.person_id == person))
    grants = [Grant(row.id, Role(row.role), row.scope, row.starts_at, row.ends_at) for row in rows]
    there = Actor(person, "", None, tuple(grant for grant in grants if grant.in_force(now)))
    return there.grant_at(Permission.EVENT_HANDLE, place_of(event)) is not None


def _handled(session: Session, actor: Actor, event: Event, step: Step, now: datetime) -> dict[str, Any]:
    if not step.reason:
        raise errors.missing("reason", "请写明是怎么处理的，报的人会看到。")
    return {"handled_by": actor.person, "handled_at": now, "check_due": now + CHECK, "due_at": None}


def _escalated(session: Session, actor: Actor, event: Event, step: Step, now: datetime) -> dict[str, Any]:
    if not step.reason:
        raise errors.missing("reason", "请写明为什么要请上一级处理。")
    net = Net(session, event.village_code, [event.grid_id] if event.grid_id else [], now)
    above = next_tier(Tier(event.tier), net.held(event.grid_id))
    if above is None:
        raise errors.top_tier()
    return {"tier": int(above), "assigned_to": None, "due_at": now + urgencies()[event.urgency].limit}


def _closed(session: Session, actor: Actor, event: Event, step: Step, now: datetime) -> dict[str, Any]:
    if event.handled_by == actor.person:
        if step.rating is not None:
            raise errors.own_handling()
    elif step.rating is None:
        raise errors.missing("rating", "请给处理打个分，1 到 5。")
    return {"rating": step.rating, "closed_at": now, "check_due": None}


def _reopened(session: Session, actor: Actor, event: Event, step: Step, now: datetime) -> dict[str, Any]:
    if not step.reason:
        raise errors.missing("reason", "请写明哪里没有办好。")
    if not may_reopen(event.round, event.closed_at, now):
        raise errors.reopened_before()
    anew = ("handled_by", "handled_at", "check_due", "closed_at", "rating", "assigned_to")
    due_at = now + urgencies()[event.urgency].limit
    return dict.fromkeys(anew) | {"round": event.round + 1, "due_at": due_at}


def _withdrawn(session: Session, actor: Actor, event: Event, step: Step, now: datetime) -> dict[str, Any]:
    return {"due_at": None}


_STEPS = {
    S.ASSIGNED: _assigned,
    S.HANDLED: _handled,
    S.ESCALATED: _escalated,
    S.CLOSED: _closed,
    S.REOPENED: _reopened,
    S.WITHDRAWN: _withdrawn,
}


def _move(
    session: Session,
    actor: Actor | None,
    event: Event,
    to: EventStatus,
    reason: str,
    now: datetime,
    grant: Grant | None,
    /,
    **values: Any,
) -> None:
    """By compare-and-set on the revision: giving it to somebody else is no change of status."""
    moved = session.execute(
        update(Event)
        .where(Event.id == event.id, Event.status == event.status, Event.revision == event.revision)
        .values(status=to.value, revision=Event.revision + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise errors.changed()
    audit.decide(session, actor, "event", event.id, event.status, to, now, reason, grant)


def _tell(session: Session, actor: Actor | None, event: Event, now: datetime) -> None:
    """Who is to act next hears of it; what the event says stands in the event only."""
    name, refs = event_types()[event.type].name, {"event": event.id}
    status = S(event.status)
    if status in (S.ESCALATED, S.REOPENED):
        net = Net(session, event.village_code, [event.grid_id] if event.grid_id else [], now)
        tell_tier(session, net, event.grid_id, Tier(event.tier), event.id, event.type, now)
    elif status is S.ASSIGNED and event.assigned_to and (actor is None or actor.person != event.assigned_to):
        text = f"有一件“{name}”交给您处理。"
        notify_persons(session, [Note(event.assigned_to, "event_assigned", text, refs)], now)
    elif status is S.HANDLED and event.handled_by != event.reported_by:
        text = f"您报的“{name}”已经处理，请看看办得怎么样，{CHECK.days} 天内可以说没有办好。"
        tell_reporter(session, event, "event_handled", text, now)


def tell_reporter(session: Session, event: Event, kind: str, text: str, now: datetime) -> None:
    """The household for which it was reported, or the person who did."""
    refs = {"event": event.id}
    if event.household_code:
        notify_households(session, [Note(event.household_code, kind, text, refs)], now)
    else:
        notify_persons(session, [Note(event.reported_by, kind, text, refs)], now)


def go_up(session: Session, event: Event, now: datetime) -> None:
    """Unhandled past its time: one tier up; where nobody is above it stays, and its clock stops."""
    net = Net(session, event.village_code, [event.grid_id] if event.grid_id else [], now)
    above = next_tier(Tier(event.tier), net.held(event.grid_id))
    if above is None:
        _move(session, None, event, S(event.status), "超过时限没有处理，再往上没有人", now, None, due_at=None)
        return
    due_at = now + urgencies()[event.urgency].limit
    values = {"tier": int(above), "assigned_to": None, "due_at": due_at}
    _move(session, None, event, S.ESCALATED, "超过时限没有处理", now, None, **values)
    tell_tier(session, net, event.grid_id, above, event.id, event.type, now)


def accept(session: Session, event: Event, now: datetime) -> None:
    """The reporter said nothing: the handling counts as accepted, without a rating."""
    reason = f"{CHECK.days} 天没有意见"
    _move(session, None, event, S.CLOSED, reason, now, None, closed_at=now, check_due=None)
