"""Routes of events."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.grid.events import reading, reporting, service
from server.grid.events.reporting import NewEvent
from server.grid.events.schemas import (
    EventBody,
    EventPage,
    EventQuery,
    EventStepBody,
    EventStory,
    FiguresQuery,
    FiguresSchema,
    HandlerList,
)
from server.grid.events.service import Step
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("events", __name__, description="事件")


@endpoint(
    blueprint,
    "POST",
    "/events",
    needs=Permission.EVENT_REPORT,
    body=EventBody(),
    answer=EventStory,
    status=201,
    also={200: EventStory},
)
def report_event(call: Call, body: NewEvent) -> Any:
    """Report a dispute, a hazard, a request; the same id and content again gives the same event with 200."""
    event, first = reporting.report(call.session, call.actor, body, call.now)
    return reading.story(call.session, call.actor, event.id), 201 if first else 200


@endpoint(blueprint, "GET", "/events", needs=Permission.EVENT_READ, query=EventQuery, answer=EventPage)
def list_events(call: Call, query: dict[str, Any]) -> Any:
    """The events that one may know of, newest first."""
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows, following = reading.listed(call.session, call.actor, query, cursor, limit)
    return {"items": rows, "next_cursor": following}


@endpoint(
    blueprint,
    "GET",
    "/events/figures",
    needs=Permission.EVENT_FIGURES,
    query=FiguresQuery,
    answer=FiguresSchema,
)
def event_figures(call: Call, query: dict[str, Any]) -> Any:
    """How many events of a village were settled, and at which tier."""
    return reading.figures_of(
        call.session, call.actor, query["village"], query.get("since"), query.get("until"), call.now
    )


@endpoint(blueprint, "GET", "/events/<key>", needs=Permission.EVENT_READ, answer=EventStory)
def read_event(call: Call, key: str) -> Any:
    """One event with its photos and steps."""
    return reading.story(call.session, call.actor, key)


@endpoint(
    blueprint,
    "POST",
    "/events/<key>/transition",
    needs=Permission.EVENT_READ,
    body=EventStepBody(),
    answer=EventStory,
)
def event_transition(call: Call, body: Step, key: str) -> Any:
    """Take an event one step on."""
    service.transition(call.session, call.actor, key, body, call.now)
    return reading.story(call.session, call.actor, key)


@endpoint(blueprint, "GET", "/events/<key>/handlers", needs=Permission.EVENT_HANDLE, answer=HandlerList)
def event_handlers(call: Call, key: str) -> Any:
    """To whom an event may be given."""
    return {"items": reading.handlers_of(call.session, call.actor, key, call.now)}
