"""Shapes of what people do in a cycle: steps, opinions, objections, proposals, rectification, reports, tasks,
draws, pairings.
"""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.assessment.process.schemas import one_of
from server.assessment.process.score_schemas import EntryBody
from server.assessment.process.states import (
    ObjectionStatus,
    PairingStatus,
    ProposalStatus,
    RectificationStatus,
    ReportStatus,
    TaskStatus,
)
from server.web import fields as f

_SUBJECT = {"example": "M-001"}


def page_of(schema: type[Schema], name: str) -> type[Schema]:
    """A page of something."""
    own = {
        "items": fields.List(fields.Nested(schema), required=True),
        "next_cursor": fields.String(required=True, allow_none=True),
        "__module__": __name__,
        "__doc__": "A page.",
    }
    return type(name, (Schema,), own)


class CompletionBody(Schema):
    """A step that is done: what came of it, and the number of the document where there is one."""

    remark = f.text(0, 2000, load_default="")
    document_number = f.text(0, 60, load_default="", metadata={"example": "高组发〔2026〕12号"})


class OpinionBody(Schema):
    """What is said on a subject in the step that is open."""

    verdict = fields.String(required=True, validate=one_of("stated", "agreed", "returned", "confirmed"))
    text = f.text(0, 4000, load_default="")
    votes_for = fields.Integer(validate=validate.Range(0, 10_000))
    votes_against = fields.Integer(validate=validate.Range(0, 10_000), load_default=0)
    votes_abstained = fields.Integer(validate=validate.Range(0, 10_000), load_default=0)


class OpinionSchema(Schema):
    """One opinion."""

    position = fields.Integer(required=True)
    subject = fields.String(required=True)
    verdict = fields.String(required=True)
    text = fields.String(required=True)
    votes_for = fields.Integer(required=True, allow_none=True)
    votes_against = fields.Integer(required=True, allow_none=True)
    votes_abstained = fields.Integer(required=True, allow_none=True)
    person = fields.String(required=True, attribute="person_id")
    at = f.Instant(required=True)


class ObjectionBody(Schema):
    """A challenge to a result."""

    subject = f.text(1, 64, required=True, metadata=_SUBJECT)
    text = f.text(1, 2000, required=True)


class ObjectionSchema(Schema):
    """An objection; who made it is told to those who read the process and to who made it."""

    id = f.identifier(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    person = fields.String(required=True, allow_none=True)
    made_at = f.Instant(required=True)
    due_at = f.Instant(required=True)
    status = fields.String(required=True, validate=one_of(*ObjectionStatus))
    reason = fields.String(required=True)
    answered_at = f.Instant(required=True, allow_none=True)


class ObjectionAnswerBody(Schema):
    """The answer; upheld with the entries that go and those that come."""

    upheld = fields.Boolean(required=True)
    reason = f.text(1, 2000, required=True)
    withdraw = fields.List(f.identifier(), load_default=list, validate=validate.Length(0, 200))
    entries = fields.List(fields.Nested(EntryBody), load_default=list, validate=validate.Length(0, 200))


class ProposalSchema(Schema):
    """A proposed consequence and what was decided."""

    id = f.identifier(required=True)
    subject = fields.String(required=True)
    unit = fields.String(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    decided_by = fields.String(required=True, metadata={"description": "由谁决定；系统不决定"})
    deadline_days = fields.Integer(required=True, allow_none=True)
    status = fields.String(required=True, validate=one_of(*ProposalStatus))
    reason = fields.String(required=True)
    document_number = fields.String(required=True)
    decided_on = fields.Date(required=True, allow_none=True)


class DecisionBody(Schema):
    """What the deciding body resolved."""

    approved = fields.Boolean(required=True)
    reason = f.text(1, 2000, required=True)
    decided_on = fields.Date(required=True)
    document_number = f.text(0, 60, load_default="")
    demand = f.text(0, 2000, load_default="", metadata={"description": "整改要求；不填就用建议的标题"})


class RectificationBody(Schema):
    """A notice of rectification."""

    subject = f.text(1, 64, required=True, metadata=_SUBJECT)
    demand = f.text(1, 2000, required=True)
    days = fields.Integer(required=True, validate=validate.Range(1, 366))


class RectificationSchema(Schema):
    """A notice of rectification and how it goes."""

    id = f.identifier(required=True)
    subject = fields.String(required=True)
    proposal = fields.String(required=True, allow_none=True, attribute="proposal_id")
    demand = fields.String(required=True)
    issued_at = f.Instant(required=True)
    due_at = f.Instant(required=True)
    status = fields.String(required=True, validate=one_of(*RectificationStatus))
    report = fields.String(required=True)
    reported_at = f.Instant(required=True, allow_none=True)
    remark = fields.String(required=True)
    closed_at = f.Instant(required=True, allow_none=True)


class TextBody(Schema):
    """Words."""

    text = f.text(1, 4000, required=True)


class ClosureBody(Schema):
    """Whether a report is accepted; one that is sent back gets a new deadline."""

    accepted = fields.Boolean(required=True)
    remark = f.text(1, 2000, required=True)
    days = fields.Integer(load_default=15, validate=validate.Range(1, 366))


class ReportSchema(Schema):
    """A report about a person; who made it is told to the overseer only."""

    id = f.identifier(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    person = fields.String(required=True, allow_none=True)
    made_at = f.Instant(required=True)
    status = fields.String(required=True, validate=one_of(*ReportStatus))
    finding = fields.String(required=True)
    answered_at = f.Instant(required=True, allow_none=True)


class ReportAnswerBody(Schema):
    """What checking found."""

    confirmed = fields.Boolean(required=True)
    finding = f.text(1, 4000, required=True)


class TaskBody(Schema):
    """A goal of the task list."""

    title = f.text(1, 200, required=True)
    goal = f.text(0, 2000, load_default="")
    area = f.text(0, 60, load_default="")
    subject = f.text(0, 64, load_default="", metadata=_SUBJECT)
    parent = f.identifier(allow_none=True, load_default=None)
    due_on = fields.Date(allow_none=True, load_default=None)


class ProgressBody(Schema):
    """How far a task is in a period."""

    period = f.text(4, 16, required=True, metadata={"example": "2026-07"})
    percent = fields.Integer(required=True, validate=validate.Range(0, 100))
    text = f.text(0, 2000, load_default="")


class ProgressSchema(Schema):
    """One progress report."""

    period = fields.String(required=True)
    percent = fields.Integer(required=True)
    text = fields.String(required=True)
    reported_at = f.Instant(required=True)


class TaskSchema(Schema):
    """A goal with its progress."""

    id = f.identifier(required=True)
    parent = fields.String(required=True, allow_none=True, attribute="parent_id")
    level = fields.Integer(required=True)
    subject = fields.String(required=True)
    title = fields.String(required=True)
    goal = fields.String(required=True)
    area = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    status = fields.String(required=True, validate=one_of(*TaskStatus))
    remark = fields.String(required=True)
    progress = fields.List(fields.Nested(ProgressSchema), required=True)


class TaskList(Schema):
    """The task list; `levels` names its levels, top first."""

    levels = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(TaskSchema), required=True)


class TaskClosureBody(Schema):
    """How a task ended; a missed one may cost points."""

    status = fields.String(required=True, validate=one_of("done", "missed", "dropped"))
    remark = f.text(1, 900, required=True)
    loss = f.text(1, 20, metadata={"example": "2", "description": "扣分，正数；单位和责任人一并扣"})


class DrawBody(Schema):
    """How much to draw; the scheme's share where it is left out."""

    share = fields.String(
        validate=validate.Regexp(r"^(0\.[0-9]{1,4}|1)$", error="写成 0.1 这样，大于 0，不超过 1。"),
        metadata={"example": "0.1"},
    )


class FindingBody(Schema):
    """What was found at a subject that was drawn."""

    subject = f.text(1, 64, required=True, metadata=_SUBJECT)
    text = f.text(1, 4000, required=True)


class FindingSchema(Schema):
    """One finding."""

    subject = fields.String(required=True)
    text = fields.String(required=True)
    at = f.Instant(required=True)


class DrawSchema(Schema):
    """A draw with what repeats it."""

    id = f.identifier(required=True)
    seed = fields.String(required=True)
    share = fields.String(required=True)
    groups = fields.Dict(required=True, metadata={"description": "从哪些名单里抽"})
    drawn = fields.Dict(required=True, metadata={"description": "抽到谁"})
    drawn_at = f.Instant(required=True)
    repeated = fields.Boolean(required=True, metadata={"description": "用这个种子重抽一遍，结果一样"})
    findings = fields.List(fields.Nested(FindingSchema), required=True)


class DrawList(Schema):
    """Every draw, newest first."""

    items = fields.List(fields.Nested(DrawSchema), required=True)


class PairingBody(Schema):
    """A model takes somebody along."""

    model = f.text(1, 64, required=True, metadata=_SUBJECT)
    follower = f.text(1, 64, required=True, metadata={"example": "M-002"})
    goal = f.text(1, 1000, required=True)


class PairingClosureBody(Schema):
    """How a pairing ended."""

    met = fields.Boolean(required=True)
    remark = f.text(0, 1000, load_default="")


class FollowUpSchema(Schema):
    """One note."""

    text = fields.String(required=True)
    person = fields.String(required=True, attribute="person_id")
    at = f.Instant(required=True)


class PairingSchema(Schema):
    """A pairing with its notes."""

    id = f.identifier(required=True)
    model = fields.String(required=True)
    follower = fields.String(required=True)
    goal = fields.String(required=True)
    status = fields.String(required=True, validate=one_of(*PairingStatus))
    begun_at = f.Instant(required=True)
    remark = fields.String(required=True)
    ended_at = f.Instant(required=True, allow_none=True)
    follow_ups = fields.List(fields.Nested(FollowUpSchema), required=True)


class PairingList(Schema):
    """The pairings of a cycle."""

    items = fields.List(fields.Nested(PairingSchema), required=True)


OpinionPage = page_of(OpinionSchema, "OpinionPage")
ObjectionPage = page_of(ObjectionSchema, "ObjectionPage")
ProposalPage = page_of(ProposalSchema, "ProposalPage")
RectificationPage = page_of(RectificationSchema, "RectificationPage")
ReportPage = page_of(ReportSchema, "ReportPage")
