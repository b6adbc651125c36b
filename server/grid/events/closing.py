"""The closers of events: unhandled past its time one goes a tier up; unchecked for a week it is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, TextClause, bindparam, select
from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, NotDue, Skip
from server.grid.events import service
from server.grid.events.models import IS_HANDLED, IS_WAITING, Event
from server.grid.events.rules import WAITING, EventStatus

ESCALATION = "grid.event_escalation"
ACCEPTANCE = "grid.event_acceptance"


def _first(waiting: TextClause, column: Any) -> Select[Any]:
    query = select(Event, column).where(waiting, column <= bindparam("now"))
    return query.order_by(column, Event.id).limit(1)


_TO_ESCALATE = _first(IS_WAITING, Event.due_at)
_TO_ACCEPT = _first(IS_HANDLED, Event.check_due)


def closers() -> list[Closer]:
    """Both look for the event that is due longest."""
    return [
        Closer(ESCALATION, _next_escalation, _escalate),
        Closer(ACCEPTANCE, _next_acceptance, _accept),
    ]


def _period(event: Event) -> str:
    return f"{event.id}/{event.round}/{event.tier}"


def _next_escalation(session: Session, now: datetime, skip: Skip) -> Due | None:
    return _next(session, now, skip, _TO_ESCALATE)


def _next_acceptance(session: Session, now: datetime, skip: Skip) -> Due | None:
    return _next(session, now, skip, _TO_ACCEPT)


def _next(session: Session, now: datetime, skip: Skip, query: Select[Any]) -> Due | None:
    if skip:
        query = query.where(Event.id.not_in(sorted(period.split("/")[0] for _, period in skip)))
    row = session.execute(query, {"now": now}).first()
    return Due(row[0].village_code, _period(row[0]), row[1]) if row else None


def _event(session: Session, due: Due) -> Event:
    event = session.get(Event, due.period.split("/")[0], populate_existing=True)
    if event is None or _period(event) != due.period:
        raise NotDue
    return event


def _escalate(session: Session, due: Due, now: datetime) -> None:
    event = _event(session, due)
    if event.status not in WAITING or event.due_at is None or event.due_at > now:
        raise NotDue
    service.go_up(session, event, now)


def _accept(session: Session, due: Due, now: datetime) -> None:
    event = _event(session, due)
    if event.status != EventStatus.HANDLED or event.check_due is None or event.check_due > now:
        raise NotDue
    service.accept(session, event, now)
