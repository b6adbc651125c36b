"""Shapes of the records API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from server.conduct.meetings import Minutes
from server.conduct.panel import Verdict
from server.conduct.rules import RecordStatus
from server.conduct.service import Effort, NewRecord
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f

_DAYS = validate.Range(date(2000, 1, 1), date(2100, 1, 1), error="日期不对，请核对年份。")
_SIX_PLACES = Decimal("0.000001")


class Coordinate(fields.Field[str]):
    """Degrees: a decimal string or number outside, text with at most six places inside."""

    def __init__(self, limit: int, **kwargs: Any) -> None:
        self._limit = limit
        super().__init__(metadata={"type": "string", "example": "38.690123"}, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        try:
            number = Decimal(str(value)) if plain and len(str(value)) <= 40 else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or abs(number) > self._limit:
            raise ValidationError("位置不对，请重新定位。")
        return format(number.quantize(_SIX_PLACES).normalize() + 0, "f")


class LocationSchema(Schema):
    """Where it was."""

    latitude = Coordinate(90, required=True)
    longitude = Coordinate(180, required=True)


CLIENTS = ("phone", "console", "import")


class EffortBody(Schema):
    """What logging this record cost, as the client counted it; read in sums only, never by person."""

    client = fields.String(required=True, validate=validate.OneOf(CLIENTS))
    taps = fields.Integer(strict=True, required=True, validate=validate.Range(0, 1000))
    seconds = fields.Integer(strict=True, required=True, validate=validate.Range(0, 86400))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Effort:
        """As a value."""
        return Effort(**data)


class RecordBody(Schema):
    """One record. The household is named by its plate's token or by its code."""

    id = f.identifier(required=True)
    plate = f.text(1, 64)
    household = f.household_code()
    item = f.text(1, 16, required=True)
    points = f.Points(required=True)
    occurred_on = fields.Date(required=True, validate=_DAYS)
    note = f.text(0, 500, load_default="")
    member = f.identifier(allow_none=True, load_default=None)
    photos = fields.List(f.identifier(), load_default=list, validate=validate.Length(max=20))
    location = fields.Nested(LocationSchema, allow_none=True, load_default=None)
    device_time = f.Instant(allow_none=True, load_default=None)
    on_behalf = fields.Boolean(load_default=False)
    group = f.identifier(
        allow_none=True, load_default=None, metadata={"description": "几户一起做的一件事，各条记录共用的编号"}
    )
    effort = fields.Nested(EffortBody, allow_none=True, load_default=None)

    @validates_schema
    def one_household(self, data: dict[str, Any], **_: Any) -> None:
        """Plate or code, not both; no photo twice."""
        if ("plate" in data) == ("household" in data):
            raise ValidationError("请扫门牌，或写户编号，只写一样。", "household")
        photos = data.get("photos", [])
        if len(set(photos)) != len(photos):
            raise ValidationError("同一张照片写了两次。", "photos")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewRecord:
        """As a value."""
        return NewRecord(**{**data, "photos": tuple(data["photos"])})


class RecordAnswer(Schema):
    """A record as everybody who may read it sees it."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    household = fields.String(required=True)
    grid = fields.String(required=True, allow_none=True)
    item = fields.String(required=True, metadata={"example": "J1"})
    name = fields.String(required=True, metadata={"description": "the item's name"})
    heading = fields.String(required=True)
    kind = fields.String(required=True, metadata={"example": "positive"})
    points = fields.String(required=True, metadata={"example": "2.00"})
    logged_points = fields.String(required=True, metadata={"example": "2.00"})
    occurred_on = fields.String(required=True, metadata={"format": "date"})
    note = fields.String(required=True)
    group = fields.String(required=True, allow_none=True)
    member = fields.String(required=True, allow_none=True)
    photos = fields.List(fields.String(), required=True)
    location = fields.Nested(LocationSchema, required=True, allow_none=True)
    device_time = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    source = fields.String(
        required=True, validate=validate.OneOf(["scan", "declaration", "committee", "on_behalf"])
    )
    logged_by = fields.String(required=True)
    logged_by_name = fields.String(required=True)
    logged_at = fields.String(required=True, metadata={"format": "date-time"})
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in RecordStatus]))
    report = fields.String(required=True, allow_none=True)
    month = fields.String(required=True, allow_none=True, metadata={"example": "2026-11"})
    round = fields.Integer(required=True)
    to_meeting = fields.Boolean(required=True)
    reply_until = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    decided_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    reason = fields.String(required=True)


class ReviewAnswer(Schema):
    """One panel member's verdict."""

    round = fields.Integer(required=True)
    reviewer = fields.String(required=True)
    reviewer_name = fields.String(required=True)
    verdict = fields.String(required=True)
    points = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    at = fields.String(required=True)


class ReplyAnswer(Schema):
    """What the household said."""

    text = fields.String(required=True)
    at = fields.String(required=True)


class DecisionAnswer(Schema):
    """One step of the record."""

    source = fields.String(required=True, data_key="from")
    target = fields.String(required=True, data_key="to")
    reason = fields.String(required=True)
    at = fields.String(required=True)


class RecordStory(RecordAnswer):
    """A record with everything that led to it."""

    reviews = fields.List(fields.Nested(ReviewAnswer), required=True)
    reply = fields.Nested(ReplyAnswer, required=True, allow_none=True)
    meeting = fields.Dict(required=True, allow_none=True)
    decisions = fields.List(fields.Nested(DecisionAnswer), required=True)


class AsSent(fields.Nested):
    """Documented like the nested schema, but handed on as it came: each record is judged by itself."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return value


class BatchBody(Schema):
    """Up to 200 records of a phone that was offline, or of one action for many households."""

    records = fields.List(AsSent(RecordBody), required=True, validate=validate.Length(max=200))


class BatchResult(Schema):
    """What became of one record of a batch."""

    id = fields.String(required=True, allow_none=True)
    status = fields.Integer(required=True, metadata={"example": 201})
    record = fields.Nested(RecordAnswer)
    problem = fields.Dict()


class BatchAnswer(Schema):
    """One result per record, in the order sent."""

    results = fields.List(fields.Nested(BatchResult), required=True)


class RecordQuery(Schema):
    """Narrows the list; `from` and `to` are days of conduct, both counted."""

    village = f.division_code()
    household = f.household_code()
    grid = f.identifier()
    status = fields.String(validate=validate.OneOf([status.value for status in RecordStatus]))
    item = f.text(1, 16)
    report = f.identifier()
    group = f.identifier()
    month = f.month(metadata={"description": "记入哪个月的汇总，如 2026-11"})
    since = fields.Date(data_key="from", validate=_DAYS)
    until = fields.Date(data_key="to", validate=_DAYS)
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class RecordPage(Schema):
    """A page of records, newest first."""

    items = fields.List(fields.Nested(RecordAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RecordWithdrawalBody(Schema):
    """Why; may be left out within 30 seconds of logging."""

    reason = f.text(0, 500, load_default="")


def _verdict() -> fields.String:
    choices = [verdict.value for verdict in Verdict]
    rule = validate.OneOf(choices, error="只能是 " + "、".join(choices) + "。")
    return fields.String(required=True, validate=rule)


class ReviewBody(Schema):
    """A verdict: points with amend, a reason with amend and reject."""

    verdict = _verdict()
    points = f.Points(allow_none=True, load_default=None)
    reason = f.text(0, 500, load_default="")


class ReviewBatchBody(ReviewBody):
    """The same verdict on many records."""

    records = fields.List(f.identifier(), required=True, validate=validate.Length(1, 200))

    @validates_schema
    def distinct(self, data: dict[str, Any], **_: Any) -> None:
        """No record twice."""
        if len(set(data.get("records", []))) != len(data.get("records", [])):
            raise ValidationError("同一条记录写了两次。", "records")


class ReplyBody(Schema):
    """What the household says."""

    text = f.text(1, 1000, required=True)


def _votes(**kwargs: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, 1000), **kwargs)


class MeetingDecisionBody(ReviewBody):
    """What a recorded meeting of the committee decided."""

    minutes_number = f.text(1, 60, required=True)
    held_on = fields.Date(required=True, validate=_DAYS)
    attended = fields.List(f.identifier(), required=True, validate=validate.Length(1, 100))
    votes_for = _votes(data_key="for", required=True)
    votes_against = _votes(data_key="against", load_default=0)
    votes_abstained = _votes(data_key="abstained", load_default=0)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The minutes as a value, beside verdict, points and reason."""
        own = {name: data.pop(name) for name in ("verdict", "points", "reason")}
        return {"minutes": Minutes(**{**data, "attended": tuple(data["attended"])}), **own}


class ReportQuery(Schema):
    """Narrows the list of weekly reports."""

    village = f.division_code()
    grid = f.identifier()
    week = fields.String(validate=validate.Regexp("^[0-9]{4}-W[0-9]{2}$", error="周写成 2026-W47 这样。"))
    status = fields.String(validate=validate.OneOf(["open", "submitted"]))


class ReportAnswer(Schema):
    """A weekly report; its records are in GET /records?report=."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    grid = fields.String(required=True, allow_none=True)
    grid_name = fields.String(required=True, allow_none=True)
    week = fields.String(required=True, metadata={"example": "2026-W47"})
    period = fields.String(required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    due_at = fields.String(required=True)
    status = fields.String(required=True)
    records = fields.Integer(required=True)
    remark = fields.String(required=True)
    submitted_at = fields.String(required=True, allow_none=True)
    submitted_by = fields.String(required=True, allow_none=True)
    automatic = fields.Boolean(required=True)


class ReportList(Schema):
    """Weekly reports, newest first."""

    items = fields.List(fields.Nested(ReportAnswer), required=True)


class RemarkBody(Schema):
    """What the leader remarks."""

    remark = f.text(0, 500, load_default="")
