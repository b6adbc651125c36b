"""Shapes of the annual evaluation."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from server.honours.minutes import MEETINGS
from server.honours.rules import VOTES, Kind, Subject
from server.honours.states import EvaluationStatus, NominationStatus, ObjectionStatus
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


def _one_of(*values: str) -> validate.OneOf:
    return validate.OneOf(values, error="只能是 " + "、".join(values) + "。")


def _code() -> fields.String:
    rule = validate.Regexp("^[A-Z][A-Z0-9]{1,11}$", error="代号用 2–12 个大写字母或数字。")
    return fields.String(required=True, validate=rule, metadata={"example": "ZMJT"})


def _year() -> fields.Integer:
    return fields.Integer(required=True, validate=validate.Range(2000, 2999), metadata={"example": 2026})


def _photos() -> fields.List[str]:
    return fields.List(f.identifier(), load_default=list, validate=validate.Length(max=9))


class _Paged(Schema):
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class VillageQuery(Schema):
    """Whose honours."""

    village = f.division_code(required=True)


class ConditionSchema(Schema):
    """One condition; which fields it has depends on its kind."""

    kind = fields.String(required=True, validate=_one_of(*Kind))
    points = fields.String(
        validate=validate.Regexp(r"^[0-9]{1,7}(\.[0-9]{1,2})?$", error="分数写成 4 或 4.50 这样。")
    )
    heading = f.text(1, 30)
    items = fields.List(f.text(1, 16), validate=validate.Length(1, 30))
    times = fields.Integer(validate=validate.Range(1, 400))

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A mapping has a method `items`, which is not what is asked for."""
        return obj.get(attr, default)


class HonourBody(Schema):
    """A village's own honour, or its change of a shipped one; `active` false retires it."""

    village = f.division_code(required=True)
    code = _code()
    name = f.text(2, 20, required=True)
    subject = fields.String(required=True, validate=_one_of(*Subject))
    most = fields.Integer(required=True, validate=validate.Range(1, 200))
    citation = f.text(2, 60, required=True)
    conditions = fields.List(
        fields.Nested(ConditionSchema), load_default=list, validate=validate.Length(max=12)
    )
    active = fields.Boolean(load_default=True)


class HonourSchema(Schema):
    """An honour with its conditions, also in words."""

    code = _code()
    name = fields.String(required=True)
    subject = fields.String(required=True, validate=_one_of(*Subject))
    most = fields.Integer(required=True)
    citation = fields.String(required=True)
    conditions = fields.List(fields.Nested(ConditionSchema), required=True)
    asks = fields.List(fields.String(), required=True)


class HonourList(Schema):
    """The honours that a village gives."""

    items = fields.List(fields.Nested(HonourSchema), required=True)


class EvaluationQuery(_Paged):
    """Which evaluations."""

    village = f.division_code(required=True)


class EvaluationBody(Schema):
    """Begin nominations before the year is over."""

    village = f.division_code(required=True)
    year = _year()


class EvaluationSummary(Schema):
    """An evaluation in a list."""

    id = f.identifier(required=True)
    village = f.division_code(required=True)
    year = fields.Integer(required=True)
    status = fields.String(required=True, validate=_one_of(*EvaluationStatus))
    opened_at = fields.String(required=True)
    year_posted = fields.Boolean(
        required=True, metadata={"description": "本年度最后一个月是否已经入账，入账后才能表决"}
    )
    published_at = fields.String(required=True, allow_none=True)
    ends_at = fields.String(required=True, allow_none=True)
    awarded_at = fields.String(required=True, allow_none=True)
    page = fields.String(required=True, allow_none=True)


class EvaluationPage(Schema):
    """A page of evaluations, newest first."""

    items = fields.List(fields.Nested(EvaluationSummary), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CheckSchema(Schema):
    """One condition looked at."""

    asks = fields.String(required=True)
    met = fields.Boolean(required=True)
    found = fields.String(required=True)


class NominationSchema(Schema):
    """One nomination; names are desensitised."""

    id = f.identifier(required=True)
    evaluation = f.identifier(required=True)
    honour = fields.String(required=True)
    household = f.household_code(required=True)
    number = fields.String(required=True)
    head = fields.String(required=True)
    member = fields.String(required=True, allow_none=True)
    member_name = fields.String(required=True)
    status = fields.String(required=True, validate=_one_of(*NominationStatus))
    why = fields.String(required=True)
    votes_for = fields.Integer(data_key="for", attribute="for", required=True, allow_none=True)
    against = fields.Integer(required=True, allow_none=True)
    abstained = fields.Integer(required=True, allow_none=True)
    voters = fields.Integer(required=True, allow_none=True)
    certificate = fields.String(required=True, allow_none=True)


class NominationVoteSchema(Schema):
    """One member's vote."""

    person = f.identifier(required=True)
    vote = fields.String(required=True, validate=_one_of(*VOTES))
    at = fields.String(required=True)


class NominationFull(NominationSchema):
    """A nomination with its conditions and votes."""

    reason = fields.String(required=True)
    checks = fields.List(fields.Nested(CheckSchema), required=True)
    final = fields.Boolean(required=True, metadata={"description": "条件是否已按全年定下"})
    votes = fields.List(fields.Nested(NominationVoteSchema), required=True)
    may_vote = fields.Integer(required=True, metadata={"description": "能投票的委员数（回避的除外）"})
    mine = fields.String(required=True, allow_none=True)
    recused = fields.Boolean(required=True)
    objections_open = fields.Integer(required=True)


class MinutesSchema(Schema):
    """The minutes of the meeting that voted."""

    status = fields.String(required=True)
    minutes_number = fields.String(required=True)
    held_on = fields.Date(required=True)
    kind = fields.String(required=True, validate=_one_of(*MEETINGS))
    attended = fields.Integer(required=True)
    entered_by = fields.String(required=True)
    confirmed_by = fields.String(required=True, allow_none=True)


class EvaluationSchema(EvaluationSummary):
    """An evaluation as its village sees it."""

    ledger_head = fields.String(required=True, allow_none=True)
    members = fields.Integer(required=True)
    honours = fields.List(fields.Nested(HonourSchema), required=True)
    nominations = fields.List(fields.Nested(NominationFull), required=True)
    minutes = fields.Nested(MinutesSchema, required=True, allow_none=True)


class CandidateQuery(_Paged):
    """For which honour."""

    honour = _code()


class CandidateSchema(Schema):
    """A household and each condition."""

    household = f.household_code(required=True)
    score = f.Points(required=True)
    qualifies = fields.Boolean(required=True)
    checks = fields.List(fields.Nested(CheckSchema), required=True)


class CandidatePage(Schema):
    """Households by code: who fulfils the conditions and why not; no order of merit."""

    items = fields.List(fields.Nested(CandidateSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NominationBody(Schema):
    """Who is nominated for what, and why."""

    honour = _code()
    household = f.household_code(required=True)
    member = f.identifier(allow_none=True)
    reason = f.text(2, 300, required=True)


class ReasonBody(Schema):
    """Why."""

    reason = f.text(2, 300, required=True)


class NominationVoteBody(Schema):
    """One vote."""

    vote = fields.String(required=True, validate=_one_of(*VOTES))


class MinutesResult(Schema):
    """The votes on one nomination."""

    nomination = f.identifier(required=True)
    votes_for = fields.Integer(data_key="for", required=True, validate=validate.Range(0, 10000))
    against = fields.Integer(required=True, validate=validate.Range(0, 10000))
    abstained = fields.Integer(load_default=0, validate=validate.Range(0, 10000))


class MinutesBody(Schema):
    """The minutes of a meeting that voted on every nomination that still stands."""

    minutes_number = f.text(1, 60, required=True)
    held_on = fields.Date(required=True)
    kind = fields.String(required=True, validate=_one_of(*MEETINGS))
    attended = fields.Integer(required=True, validate=validate.Range(1, 10000))
    results = fields.List(fields.Nested(MinutesResult), required=True, validate=validate.Length(1, 500))


class PublishBody(Schema):
    """For how long; the village's setting where it is not said."""

    days = fields.Integer(validate=validate.Range(1, 60))


class HonourObjectionBody(Schema):
    """An objection; on behalf of somebody with the signed slip."""

    text = f.text(2, 1000, required=True)
    photos = _photos()
    on_behalf = fields.Boolean(load_default=False)


class HonourObjectionQuery(_Paged):
    """Which objections."""

    evaluation = f.identifier()


class HonourObjectionAnswer(Schema):
    """The answer with its reason."""

    upheld = fields.Boolean(required=True)
    reason = f.text(2, 500, required=True)


class HonourObjectionSchema(Schema):
    """An objection; `person` for those who answer and oversee, and for the person."""

    id = f.identifier(required=True)
    nomination = f.identifier(required=True)
    evaluation = f.identifier(required=True)
    household = f.household_code(required=True)
    text = fields.String(required=True)
    on_behalf = fields.Boolean(required=True)
    person = fields.String(required=True, allow_none=True)
    made_at = f.Instant(required=True)
    due_at = f.Instant(required=True)
    status = fields.String(required=True, validate=_one_of(*ObjectionStatus))
    reason = fields.String(required=True)
    answered_at = f.Instant(required=True, allow_none=True)


class HonourObjectionPage(Schema):
    """A page of objections, newest first."""

    items = fields.List(fields.Nested(HonourObjectionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CertificateSchema(Schema):
    """What stands on a certificate."""

    number = fields.String(required=True)
    village = fields.String(required=True)
    year = fields.Integer(required=True)
    honour = fields.String(required=True)
    citation = fields.String(required=True)
    name = fields.String(required=True)
    whole = fields.Boolean(required=True)
    how = fields.String(required=True)
    notice = fields.List(fields.Date(), required=True)
    awarded_on = fields.Date(required=True)
    ledger_head = fields.String(required=True)
    page = fields.String(required=True)


class PublicPlace(Schema):
    """A village by code and name."""

    code = f.division_code(required=True)
    name = fields.String(required=True)


class PublicHonoured(Schema):
    """One household by number, with the votes; `held` while an objection waits."""

    number = fields.String(required=True)
    household = f.household_code(required=True)
    status = fields.String(required=True, validate=_one_of("chosen", "awarded", "held"))
    votes_for = fields.Integer(data_key="for", attribute="for", required=True, allow_none=True)
    against = fields.Integer(required=True, allow_none=True)
    abstained = fields.Integer(required=True, allow_none=True)


class PublicHonour(Schema):
    """One honour on the notice."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    subject = fields.String(required=True)
    most = fields.Integer(required=True)
    asks = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(PublicHonoured), required=True)


class PublicEvaluation(Schema):
    """The evaluation as everybody may read it."""

    id = f.identifier(required=True)
    village = fields.Nested(PublicPlace, required=True)
    year = fields.Integer(required=True)
    status = fields.String(required=True, validate=_one_of("on_notice", "awarded"))
    published_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    awarded_at = fields.String(required=True, allow_none=True)
    page = fields.String(required=True)
    days = fields.Integer(required=True)
    ledger_head = fields.String(required=True)
    honours = fields.List(fields.Nested(PublicHonour), required=True)
