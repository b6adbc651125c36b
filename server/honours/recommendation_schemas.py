"""Shapes of consents and recommendation lists."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.honours.recommendations import PURPOSES
from server.honours.states import ConsentStatus, ListStatus
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


def _purpose() -> fields.String:
    error = "只能推荐参军（army）、入党（party）、村干部选拔（cadre）。"
    return fields.String(required=True, validate=validate.OneOf(list(PURPOSES), error=error))


class _Paged(Schema):
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class ConsentBody(Schema):
    """A household's word that a member may be recommended; on behalf with the signed slip."""

    household = f.household_code(required=True)
    member = f.identifier(required=True)
    purpose = _purpose()
    on_behalf = fields.Boolean(load_default=False)
    photos = fields.List(f.identifier(), load_default=list, validate=validate.Length(max=9))


class ConsentQuery(_Paged):
    """Which consents."""

    village = f.division_code()
    household = f.household_code()


class ConsentSchema(Schema):
    """A consent; the name is desensitised."""

    id = f.identifier(required=True)
    household = f.household_code(required=True)
    member = f.identifier(required=True)
    name = fields.String(required=True)
    purpose = _purpose()
    status = fields.String(required=True, validate=validate.OneOf(list(ConsentStatus)))
    on_behalf = fields.Boolean(required=True)
    given_at = f.Instant(required=True)
    withdrawn_at = f.Instant(required=True, allow_none=True)


class ConsentPage(Schema):
    """A page of consents, newest first."""

    items = fields.List(fields.Nested(ConsentSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RecommendationBody(Schema):
    """Draw up a list of those who consented and whose household reached the score."""

    village = f.division_code(required=True)
    year = fields.Integer(required=True, validate=validate.Range(2000, 2999), metadata={"example": 2026})
    purpose = _purpose()
    least_score = f.Points(required=True)


class RecommendationQuery(_Paged):
    """Whose lists."""

    village = f.division_code()


class ListReasonBody(Schema):
    """Why a list is taken back."""

    reason = f.text(2, 300, required=True)


class RecommendedSchema(Schema):
    """One person, desensitised; the household's score."""

    household = f.household_code(required=True)
    member = f.identifier(required=True)
    name = fields.String(required=True)
    score = f.Points(required=True)


class RecommendationSchema(Schema):
    """A list, by household: advice, and no order of merit."""

    id = f.identifier(required=True)
    village = f.division_code(required=True)
    year = fields.Integer(required=True)
    purpose = _purpose()
    least_score = f.Points(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(ListStatus)))
    made_by = fields.String(required=True)
    made_at = f.Instant(required=True)
    issued_at = f.Instant(required=True, allow_none=True)
    reason = fields.String(required=True)
    advice = fields.String(required=True)
    people = fields.List(fields.Nested(RecommendedSchema), required=True)
    gone = fields.Integer(required=True, metadata={"description": "撤回同意的人数"})


class RecommendationPage(Schema):
    """A page of lists, newest first."""

    items = fields.List(fields.Nested(RecommendationSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
