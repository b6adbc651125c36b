"""Shapes of the rulebook API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, pre_load, validate

from server.kit import exact
from server.rulebook.items import (
    DEFAULT_LOGGERS,
    LOGGER_ROLES,
    Cap,
    CapPeriod,
    Item,
    ItemKind,
    NoticeDetail,
    Rulebook,
    Unit,
)
from server.rulebook.service import Meeting, MeetingKind
from server.web import fields as f


def _one_of(values: Any, **kwargs: Any) -> fields.String:
    choices = [value.value for value in values]
    rule = validate.OneOf(choices, error="只能是 " + "、".join(choices) + "。")
    return fields.String(validate=rule, **kwargs)


class CapSchema(Schema):
    """At most `times` per household and calendar period."""

    times = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1000))
    per = _one_of(CapPeriod, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Cap:
        """As a value."""
        return Cap(data["times"], CapPeriod(data["per"]))


class ItemBody(Schema):
    """One item as a committee writes it. Points are signed: negative items carry negative numbers."""

    @pre_load
    def as_read(self, data: Any, **_: Any) -> Any:
        """Whoever changes a rulebook sends back what was read: the initials come from the name, not from there."""
        return (
            {name: value for name, value in data.items() if name != "initials"}
            if isinstance(data, dict)
            else data
        )

    code = f.text(1, 16, required=True)
    name = f.text(1, 100, required=True)
    heading = f.text(1, 30, required=True)
    kind = _one_of(ItemKind, required=True)
    points_min = f.Points(required=True)
    points_max = f.Points(required=True)
    step = f.Points(load_default=exact.points("0.5"))
    unit = _one_of(Unit, load_default=Unit.TIME.value)
    cap = fields.Nested(CapSchema, allow_none=True, load_default=None)
    photo_required = fields.Boolean(load_default=False)
    place_required = fields.Boolean(load_default=False)
    declarable = fields.Boolean(load_default=False)
    loggers = fields.List(
        fields.String(validate=validate.OneOf(list(LOGGER_ROLES), error="不认识的记录人。")),
        load_default=lambda: sorted(DEFAULT_LOGGERS),
        validate=validate.Length(max=20),
    )
    notice_detail = _one_of(NoticeDetail, load_default=NoticeDetail.HEADING.value)
    evidence = f.text(0, 500, load_default="")
    explanation = f.text(0, 1000, load_default="")
    consequences = fields.List(f.text(1, 200), load_default=list, validate=validate.Length(max=20))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Item:
        """As a value."""
        kinds = {
            "kind": ItemKind(data["kind"]),
            "unit": Unit(data["unit"]),
            "notice_detail": NoticeDetail(data["notice_detail"]),
            "loggers": frozenset(data["loggers"]),
            "consequences": tuple(data["consequences"]),
        }
        return Item(**{**data, **kinds})


class RulebookDocument(Schema):
    """A whole rulebook."""

    title = f.text(1, 100, required=True)
    source = f.text(0, 200, load_default="")
    illustrative = fields.Boolean(load_default=False)
    base_points = f.Points(load_default=exact.points("100"))
    base_counts_for_balance = fields.Boolean(load_default=False)
    negative_balance = fields.Boolean(load_default=False)
    exemption_classes = fields.Dict(keys=f.text(1, 32), values=fields.List(f.text(1, 16)), load_default=dict)
    consequences = fields.List(f.text(1, 200), load_default=list, validate=validate.Length(max=50))
    items = fields.List(fields.Nested(ItemBody), required=True, validate=validate.Length(1, 300))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Rulebook:
        """As a value."""
        exempt = {name: frozenset(codes) for name, codes in data["exemption_classes"].items()}
        lists = {"items": tuple(data["items"]), "consequences": tuple(data["consequences"])}
        return Rulebook(**{**data, **lists, "exemption_classes": exempt})


class DraftBody(Schema):
    """A draft for one village."""

    village = f.division_code(required=True)
    rulebook = fields.Nested(RulebookDocument, required=True)


class AdoptionBody(Schema):
    """The recorded meeting that adopted a draft. `effective_on` is today unless it says otherwise."""

    held_on = fields.Date(required=True)
    kind = _one_of(MeetingKind, required=True)
    attended = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))
    votes_for = fields.Integer(
        data_key="for", required=True, strict=True, validate=validate.Range(0, 100_000)
    )
    votes_against = fields.Integer(
        data_key="against", load_default=0, strict=True, validate=validate.Range(0, 100_000)
    )
    votes_abstained = fields.Integer(
        data_key="abstained", load_default=0, strict=True, validate=validate.Range(0, 100_000)
    )
    minutes_number = f.text(0, 50, load_default="")
    effective_on = fields.Date(allow_none=True, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The meeting as a value, beside the day."""
        effective_on = data.pop("effective_on")
        data["kind"] = MeetingKind(data["kind"])
        return {"meeting": Meeting(**data), "effective_on": effective_on}


class FindingSchema(Schema):
    """Something to think about in a rulebook."""

    level = fields.String(required=True)
    code = fields.String(required=True)
    item = fields.String(required=True)
    field = fields.String(required=True)
    message = fields.String(required=True)
    remedy = fields.String(required=True)
    place = fields.String(required=True)


class CapAnswer(Schema):
    """A cap as answered."""

    times = fields.Integer(required=True)
    per = fields.String(required=True)


class ItemAnswer(Schema):
    """One item as everybody may read it."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    initials = fields.String(required=True, metadata={"example": "tyzj"})
    heading = fields.String(required=True)
    kind = fields.String(required=True, metadata={"example": "positive"})
    points_min = fields.String(required=True, metadata={"example": "2.00"})
    points_max = fields.String(required=True, metadata={"example": "5.00"})
    step = fields.String(required=True, metadata={"example": "0.50"})
    unit = fields.String(required=True)
    cap = fields.Nested(CapAnswer, required=True, allow_none=True)
    photo_required = fields.Boolean(required=True)
    place_required = fields.Boolean(required=True)
    declarable = fields.Boolean(required=True)
    loggers = fields.List(fields.String(), required=True)
    notice_detail = fields.String(required=True)
    evidence = fields.String(required=True)
    explanation = fields.String(required=True)
    consequences = fields.List(fields.String(), required=True)


class RulebookAnswer(Schema):
    """A rulebook with its place in the village's history."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    version = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True)
    effective_on = fields.Date(required=True, allow_none=True)
    meeting = fields.Dict(required=True, allow_none=True)
    title = fields.String(required=True)
    source = fields.String(required=True)
    illustrative = fields.Boolean(required=True)
    base_points = fields.String(required=True)
    base_counts_for_balance = fields.Boolean(required=True)
    negative_balance = fields.Boolean(required=True)
    exemption_classes = fields.Dict(required=True)
    consequences = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(ItemAnswer), required=True)


class DraftAnswer(RulebookAnswer):
    """A draft, with what may stand but should be thought about."""

    findings = fields.List(fields.Nested(FindingSchema), required=True)


class RulebookList(Schema):
    """All rulebooks a village has adopted, newest first."""

    items = fields.List(fields.Nested(RulebookAnswer), required=True)


class CurrentQuery(Schema):
    """Which village, on which day (default today)."""

    village = f.division_code(required=True)
    on = fields.Date()


class VillageQuery(Schema):
    """Which village."""

    village = f.division_code(required=True)


class ReplayQuery(Schema):
    """Which months, both counted."""

    first = f.month(required=True, data_key="from")
    last = f.month(required=True, data_key="to")


class ReplayLine(Schema):
    """One household and item that would have been different; `name` is null where the item is gone."""

    household = fields.String(required=True)
    item = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    old_points = f.Points(required=True)
    new_points = f.Points(required=True)
    change = f.Points(required=True)
    old_records = fields.Integer(required=True)
    new_records = fields.Integer(required=True)


class ReplayAnswer(Schema):
    """What a rulebook would have changed; the sums are over all records of the months."""

    rulebook = f.identifier(required=True)
    village = fields.String(required=True)
    first = fields.String(required=True, data_key="from", attribute="from")
    last = fields.String(required=True, data_key="to", attribute="to")
    records = fields.Integer(required=True)
    households = fields.Integer(required=True)
    households_changed = fields.Integer(required=True)
    old_points = f.Points(required=True)
    new_points = f.Points(required=True)
    items = fields.List(fields.Nested(ReplayLine), required=True)
