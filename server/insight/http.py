"""The route of fairness and burden: hints to supervisors and panel, never a ranking of workers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from server.insight import service
from server.insight.rules import Kind
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("insight", __name__, description="公平与负担")
_DAYS = validate.Range(date(2000, 1, 1), date(2100, 1, 1), error="日期不对，请核对年份。")


class FairnessQuery(Schema):
    """Which span, both days counted; `weeks` without a record before a household counts as unseen."""

    since = fields.Date(required=True, data_key="from", validate=_DAYS)
    until = fields.Date(required=True, data_key="to", validate=_DAYS)
    weeks = fields.Integer(load_default=8, validate=validate.Range(1, 52))


class SpanQuery(Schema):
    """Which span, both days counted."""

    since = fields.Date(required=True, data_key="from", validate=_DAYS)
    until = fields.Date(required=True, data_key="to", validate=_DAYS)


class CostSchema(Schema):
    """What half of these records cost at most."""

    item = fields.String(required=True, allow_none=True)
    client = fields.String(required=True, metadata={"example": "phone"})
    records = fields.Integer(required=True)
    taps = fields.Integer(required=True)
    seconds = fields.Integer(required=True)


class BurdenSchema(Schema):
    """Never by person; only where at least three people and five records are behind a figure."""

    records = fields.Integer(required=True)
    measured = fields.Integer(required=True)
    entered_again = fields.Integer(required=True)
    clients = fields.List(fields.Nested(CostSchema), required=True)
    items = fields.List(fields.Nested(CostSchema), required=True)


class HintSchema(Schema):
    """Something to look at; nothing follows from it by itself."""

    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    subject = fields.String(required=True, metadata={"description": "人、户、网格的编号，或照片的特征"})
    said = fields.String(required=True)
    records = fields.List(fields.String(), required=True)


class ParticipationSchema(Schema):
    """Who gets points, by kind of household."""

    kind = fields.String(required=True)
    households = fields.Integer(required=True)
    with_records = fields.Integer(required=True)
    records = fields.Integer(required=True)


class FairnessSchema(Schema):
    """Hints in no order of merit, participation, and households nobody logged for weeks."""

    records = fields.Integer(required=True)
    hints = fields.List(fields.Nested(HintSchema), required=True)
    participation = fields.List(fields.Nested(ParticipationSchema), required=True)
    unseen = fields.List(fields.String(), required=True)


@endpoint(
    blueprint,
    "GET",
    "/villages/<code>/fairness",
    needs=Permission.FAIRNESS_READ,
    query=FairnessQuery,
    answer=FairnessSchema,
)
def read_fairness(call: Call, query: dict[str, Any], code: str) -> Any:
    """Whether the programme treats people alike: hints with the figures that raised them."""
    return service.fairness(call.session, call.actor, code, query["since"], query["until"], query["weeks"])


@endpoint(
    blueprint,
    "GET",
    "/villages/<code>/burden",
    needs=Permission.BURDEN_READ,
    query=SpanQuery,
    answer=BurdenSchema,
)
def read_burden(call: Call, query: dict[str, Any], code: str) -> Any:
    """What the programme costs those who log: taps and seconds per record, and what was entered twice."""
    return service.burden_of(call.session, call.actor, code, query["since"], query["until"])
