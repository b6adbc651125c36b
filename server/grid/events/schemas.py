"""Shapes of events."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from server.grid.events.reporting import NewEvent
from server.grid.events.rules import EventStatus
from server.grid.events.service import Step
from server.grid.visits.schemas import GridName
from server.grid.vocabulary import duty_tags, event_types, urgencies
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f

STATES = [state.value for state in EventStatus]
_TARGETS = [state.value for state in EventStatus if state is not EventStatus.REPORTED]
_PHOTOS = validate.Length(max=9, error="最多 9 张照片。")


class EventBody(Schema):
    """An event. Where: `household`, `plate` or `grid`, one of them; a villager may leave it out."""

    id = f.identifier(required=True)
    type = fields.String(required=True, validate=validate.OneOf(list(event_types())))
    urgency = fields.String(load_default="normal", validate=validate.OneOf(list(urgencies())))
    text = f.text(1, 1000, required=True)
    household = f.household_code()
    plate = f.text(1, 64)
    grid = f.identifier()
    place = f.text(0, 100, load_default="")
    duties = fields.List(
        fields.String(validate=validate.OneOf(list(duty_tags()))),
        load_default=list,
        validate=validate.Length(max=16),
    )
    photos = fields.List(f.identifier(), load_default=list, validate=_PHOTOS)
    on_behalf = fields.Boolean(load_default=False)

    @validates_schema
    def one_place(self, data: dict[str, Any], **_: Any) -> None:
        """At most one of the three; no photo twice."""
        if sum(name in data for name in ("household", "plate", "grid")) > 1:
            raise ValidationError("网格、门牌、户编号只写一样。", "grid")
        if len(set(data.get("photos", []))) != len(data.get("photos", [])):
            raise ValidationError("同一张照片写了两次。", "photos")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewEvent:
        """As a value."""
        return NewEvent(**{**data, "duties": tuple(data["duties"]), "photos": tuple(data["photos"])})


class EventStepBody(Schema):
    """A step: `assigned` (to `assignee`, or to oneself), `handled` and `escalated` with a `reason` by those of the
    net; `closed` with a `rating`, `reopened` with a `reason`, `withdrawn` by who reported it.
    """

    to = fields.String(required=True, validate=validate.OneOf(_TARGETS), metadata={"example": "handled"})
    reason = f.text(0, 500, load_default="")
    assignee = f.identifier(allow_none=True, load_default=None)
    rating = fields.Integer(
        allow_none=True,
        load_default=None,
        strict=True,
        validate=validate.Range(1, 5, error="打分是 1 到 5。"),
    )
    photos = fields.List(f.identifier(), load_default=list, validate=_PHOTOS)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Step:
        """As a value."""
        return Step(**{**data, "to": EventStatus(data["to"]), "photos": tuple(data["photos"])})


class EventQuery(Schema):
    """Which events; `reported`: those of oneself and one's household, `assigned`: those given to oneself."""

    village = f.division_code()
    grid = f.identifier()
    status = fields.String(validate=validate.OneOf(STATES))
    reported = fields.Boolean()
    assigned = fields.Boolean()
    cursor = f.text(1, 500)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class AssigneeSchema(Schema):
    """To whom an event is given, and who handled it."""

    id = f.identifier(required=True)
    name = fields.String(required=True)


class EventSchema(Schema):
    """An event. Reporter and households are shown to the reporter and to those who handle it."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    grid = fields.Nested(GridName, required=True, allow_none=True)
    household = fields.String(required=True, allow_none=True)
    about_household = fields.String(required=True, allow_none=True)
    type = fields.String(required=True)
    urgency = fields.String(required=True)
    text = fields.String(required=True)
    place = fields.String(required=True)
    duties = fields.List(fields.String(), required=True)
    on_behalf = fields.Boolean(required=True)
    reported_by = fields.String(required=True, allow_none=True, metadata={"description": "name"})
    mine = fields.Boolean(required=True)
    reported_at = f.Instant(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATES))
    tier = fields.Integer(required=True)
    round = fields.Integer(required=True)
    due_at = f.Instant(required=True, allow_none=True)
    assigned_to = fields.Nested(AssigneeSchema, required=True, allow_none=True)
    handled_by = fields.Nested(AssigneeSchema, required=True, allow_none=True)
    handled_at = f.Instant(required=True, allow_none=True)
    check_due = f.Instant(required=True, allow_none=True)
    closed_at = f.Instant(required=True, allow_none=True)
    rating = fields.Integer(required=True, allow_none=True)


class EventStepSchema(Schema):
    """One step that was taken; `by_system`: because its time was over."""

    source = fields.String(required=True, data_key="from")
    target = fields.String(required=True, data_key="to")
    reason = fields.String(required=True)
    at = f.Instant(required=True)
    by_system = fields.Boolean(required=True)


class EventStory(EventSchema):
    """An event with its photos and steps."""

    photos = fields.List(fields.String(), required=True)
    steps = fields.List(fields.Nested(EventStepSchema), required=True)


class EventPage(Schema):
    """A page of events, newest first."""

    items = fields.List(fields.Nested(EventSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class HandlerSchema(AssigneeSchema):
    """Somebody of the net to whom an event may be given; `title` names the tier."""

    tier = fields.Integer(required=True)
    title = fields.String(required=True)


class HandlerList(Schema):
    """Those who may be given an event, the lowest tier first."""

    items = fields.List(fields.Nested(HandlerSchema), required=True)


class FiguresQuery(Schema):
    """Events of which village, reported from and to which day."""

    village = f.division_code(required=True)
    since = fields.Date(data_key="from")
    until = fields.Date(data_key="to")


class FiguresSchema(Schema):
    """`settled_in_grid`: by the grid's workers or its leader; `by_tier`: where the settled ones were settled."""

    reported = fields.Integer(required=True)
    settled = fields.Integer(required=True)
    settled_in_grid = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    by_tier = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    by_type = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    ratings = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
