"""Shapes of the month's API."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.kit.exact import ZERO
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.settlement.votes import VOTES
from server.web import fields as f

_TALLY_STATES = ("open", "resolved", "on_notice", "posted")
_LINE_STATES = ("pending", "held", "posted")
_OBJECTION_STATES = ("open", "escalated", "upheld", "dismissed", "lapsed")


def _one_of(*values: str) -> validate.OneOf:
    return validate.OneOf(values, error="只能是 " + "、".join(values) + "。")


def _period() -> fields.String:
    """A month; opening balances are numbered 00, before the months of their year."""
    rule = validate.Regexp("^[0-9]{4}-(0[0-9]|1[0-2])$", error="月份写成 2026-11 这样。")
    return fields.String(required=True, validate=rule, metadata={"example": "2026-11"})


def _kind() -> fields.String:
    return fields.String(required=True, validate=_one_of("month", "opening"))


class _Paged(Schema):
    cursor = f.text(1, 200)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class TallyQuery(_Paged):
    """Which tallies."""

    village = f.division_code()
    month = f.month()


class TallyLineSchema(Schema):
    """One household's month."""

    household = f.household_code(required=True)
    records = fields.Integer(required=True)
    added = f.Points(required=True)
    deducted = f.Points(required=True)
    score_change = f.Points(required=True)
    balance_change = f.Points(required=True)
    status = fields.String(required=True, validate=_one_of(*_LINE_STATES))
    entry = fields.String(required=True, allow_none=True)
    cut = f.Points(
        required=True, allow_none=True, metadata={"description": "按月度上限削减掉的分；没有削减是 null"}
    )


class TallyVoteSchema(Schema):
    """One member's vote in the present round."""

    person = fields.String(attribute="person_id", required=True)
    vote = fields.String(required=True, validate=_one_of(*VOTES))
    at = f.Instant(required=True)


class ResolutionSchema(Schema):
    """The minutes of the present round."""

    minutes_number = fields.String(required=True)
    held_on = fields.Date(required=True)
    attended = fields.List(fields.String(), required=True)
    votes_for = fields.Integer(required=True, data_key="for")
    votes_against = fields.Integer(required=True, data_key="against")
    abstained = fields.Integer(required=True)
    status = fields.String(required=True)
    entered_by = fields.String(required=True)
    confirmed_by = fields.String(required=True, allow_none=True)


class CeilingSchema(Schema):
    """What exceeds a monthly ceiling, and how the committee settled it (null: not yet)."""

    village = fields.String(required=True, allow_none=True)
    household = fields.String(required=True, allow_none=True)
    added = fields.String(required=True)
    households_over = fields.Integer(required=True)
    settled = fields.String(required=True, allow_none=True, validate=_one_of("cut", "reason"))
    reason = fields.String(required=True)


class TallySchema(Schema):
    """A month of a village."""

    id = f.identifier(required=True)
    village = fields.String(required=True)
    month = _period()
    kind = _kind()
    ceiling = fields.Nested(CeilingSchema, required=True, allow_none=True)
    status = fields.String(required=True, validate=_one_of(*_TALLY_STATES))
    frozen = fields.Boolean(required=True, metadata={"description": "名单已定稿；之前各行按记录现算"})
    cutoff_at = f.Instant(required=True)
    freeze_due = f.Instant(required=True)
    vote_due = f.Instant(required=True)
    resolved_at = f.Instant(required=True, allow_none=True)
    posted_at = f.Instant(required=True, allow_none=True)
    members = fields.Integer(required=True, metadata={"description": "村委会委员人数，过半数同意才算通过"})
    votes = fields.List(fields.Nested(TallyVoteSchema), required=True)
    resolution = fields.Nested(ResolutionSchema, required=True, allow_none=True)
    notice = fields.String(required=True, allow_none=True, metadata={"description": "现行公示的编号"})
    lines = fields.List(fields.Nested(TallyLineSchema), metadata={"description": "列表里只有写了 month 才带"})


class TallyPage(Schema):
    """A page of tallies, newest last."""

    items = fields.List(fields.Nested(TallySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class VoteBody(Schema):
    """One member's vote."""

    vote = fields.String(required=True, validate=_one_of(*VOTES), metadata={"example": "for"})


class CeilingBody(Schema):
    """How a breach of the monthly ceiling is settled: `cut`, or a `reason` for none; refused without a
    breach.
    """

    cut = fields.Boolean()
    reason = f.text(0, 500)


class ResolutionBody(Schema):
    """The minutes of a committee meeting."""

    minutes_number = f.text(1, 60, required=True, metadata={"example": "2026-11-3"})
    held_on = fields.Date(required=True)
    attended = fields.List(f.identifier(), required=True, validate=validate.Length(1, 100))
    votes_for = fields.Integer(required=True, data_key="for", validate=validate.Range(0, 100))
    against = fields.Integer(required=True, validate=validate.Range(0, 100))
    abstained = fields.Integer(required=True, validate=validate.Range(0, 100))
    ceiling = fields.Nested(CeilingBody, allow_none=True)


class OpeningLine(Schema):
    """What one household brings along; `score` counts for the running score year."""

    household = f.household_code(required=True)
    balance = f.Points(required=True)
    score = f.Points(load_default=ZERO)


class OpeningBody(Schema):
    """Opening balances, one line per household."""

    lines = fields.List(fields.Nested(OpeningLine), required=True, validate=validate.Length(1, 5000))


class SendBackBody(Schema):
    """A record that the panel is to look at again."""

    record = f.identifier(required=True)
    reason = f.text(1, 500, required=True)


class NoticeBody(Schema):
    """How long the notice lasts, not under the village's setting."""

    days = fields.Integer(validate=validate.Range(1, 365))


class WithdrawalBody(Schema):
    """Why."""

    reason = f.text(1, 500, required=True)


class PublicNoticeQuery(_Paged):
    """Whose notices."""

    village = f.division_code()


class VillageName(Schema):
    """A village by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class NoticeSummary(Schema):
    """A notice without its lines."""

    id = f.identifier(required=True)
    village = fields.Nested(VillageName, required=True)
    month = _period()
    kind = _kind()
    status = fields.String(required=True, validate=_one_of("active", "ended", "withdrawn", "taken_down"))
    published_at = f.Instant(required=True)
    ends_at = f.Instant(required=True)
    ledger_head = fields.String(required=True)
    page = fields.String(required=True, metadata={"example": "/notices/0197…"})


class NoticePage(Schema):
    """The notices that are public now, newest first."""

    items = fields.List(fields.Nested(NoticeSummary), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PublicLine(Schema):
    """One household in public: number and total, nothing else."""

    household = fields.String(required=True)
    number = fields.String(required=True, metadata={"example": "0137"})
    score_change = fields.String(required=True, metadata={"example": "12.50"})
    status = fields.String(required=True, validate=_one_of(*_LINE_STATES))


class PublicCorrection(Schema):
    """What an upheld objection changed."""

    household = fields.String(required=True)
    number = fields.String(required=True)
    at = f.Instant(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class PublicNotice(NoticeSummary):
    """A notice as everybody may read it."""

    covers = fields.Dict(required=True, metadata={"example": {"from": "2026-10-13", "to": "2026-11-12"}})
    days = fields.Integer(required=True)
    resolved = fields.Dict(
        required=True, metadata={"example": {"by": "vote", "on": "2026-11-17", "members": 5, "for": 4}}
    )
    ceiling = fields.Nested(CeilingSchema, required=True, allow_none=True)
    totals = fields.Dict(required=True)
    lines = fields.List(fields.Nested(PublicLine), required=True)
    corrections = fields.List(fields.Nested(PublicCorrection), required=True)


class HeadingSum(Schema):
    """Points of one household under one heading, or for one item."""

    name = fields.String(required=True)
    points = f.Points(required=True)


class NamedLineSchema(Schema):
    """One household as its village sees it."""

    household = fields.String(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True, metadata={"example": "王**", "description": "未成年人不显示姓名"})
    records = fields.Integer(required=True)
    added = f.Points(required=True)
    deducted = f.Points(required=True)
    score_change = f.Points(required=True)
    status = fields.String(required=True)
    headings = fields.List(fields.Nested(HeadingSum), required=True)
    details = fields.List(fields.Nested(HeadingSum), required=True)


class VillageNotice(NoticeSummary):
    """A notice as its village sees it."""

    tally = f.identifier(required=True)
    covers = fields.Dict(required=True)
    days = fields.Integer(required=True)
    resolved = fields.Dict(required=True)
    ceiling = fields.Nested(CeilingSchema, required=True, allow_none=True)
    totals = fields.Dict(required=True)
    reason = fields.String(required=True, metadata={"description": "撤回的理由"})
    corrections = fields.List(fields.Nested(PublicCorrection), required=True)
    lines = fields.List(fields.Nested(NamedLineSchema), required=True)


class NoticeAnswer(Schema):
    """The notice that was published or withdrawn."""

    notice = fields.Nested(NoticeSummary, required=True)


class PosterQuery(Schema):
    """Which paper."""

    paper = fields.String(load_default="A4", validate=_one_of("A4", "A3"))


class ObjectionBody(Schema):
    """An objection to a line, or to one record of it."""

    household = f.household_code(required=True)
    record = f.identifier(allow_none=True)
    text = f.text(1, 1000, required=True)
    photos = fields.List(f.identifier(), load_default=list, validate=validate.Length(max=9))
    on_behalf = fields.Boolean(load_default=False, metadata={"description": "委员替没有手机的村民登记"})


class ObjectionAnswerBody(Schema):
    """The answer. `points` only with a record and only where upheld; without, an upheld record is
    rejected.
    """

    upheld = fields.Boolean(required=True)
    reason = f.text(1, 500, required=True)
    points = f.Points(allow_none=True)


class ObjectionQuery(_Paged):
    """Which objections."""

    village = f.division_code()
    notice = f.identifier()
    status = fields.String(validate=_one_of(*_OBJECTION_STATES))


class ObjectionSchema(Schema):
    """An objection; `person` only for those who answer or oversee, and for the person."""

    id = f.identifier(required=True)
    notice = fields.String(required=True)
    tally = fields.String(required=True)
    village = fields.String(required=True)
    household = fields.String(required=True)
    record = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    on_behalf = fields.Boolean(required=True)
    person = fields.String(required=True, allow_none=True)
    made_at = f.Instant(required=True)
    due_at = f.Instant(required=True)
    status = fields.String(required=True, validate=_one_of(*_OBJECTION_STATES))
    reason = fields.String(required=True)
    answered_at = f.Instant(required=True, allow_none=True)


class ObjectionPage(Schema):
    """A page of objections, newest first."""

    items = fields.List(fields.Nested(ObjectionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RankingQuery(Schema):
    """Which ranking: the running year (left out), a year, or a month."""

    village = f.division_code(required=True)
    period = fields.String(
        validate=validate.Regexp("^[0-9]{4}(-(0[1-9]|1[0-2]))?$", error="写成 2026 或 2026-11 这样。")
    )


class RankingPlace(Schema):
    """One household's place."""

    rank = fields.Integer(required=True)
    household = fields.String(required=True)
    number = fields.String(required=True)
    points = fields.String(required=True)


class RankingSchema(Schema):
    """The ranking as the village shows it."""

    village = fields.Nested(VillageName, required=True)
    period = fields.String(required=True)
    shows = fields.String(required=True, validate=_one_of("own", "first_ten", "all"))
    households = fields.Integer(required=True)
    items = fields.List(fields.Nested(RankingPlace), required=True)
    own = fields.Nested(RankingPlace, required=True, allow_none=True)
