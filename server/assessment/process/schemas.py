"""Shapes of packs, cycles, subjects, duties and the register in the API."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from server.assessment.process import rules
from server.assessment.process.states import CycleStatus, StepStatus
from server.kit.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from server.web import fields as f


def one_of(*values: str) -> validate.OneOf:
    """One of these words."""
    return validate.OneOf(values, error="只能是 " + "、".join(values) + "。")


class Paged(Schema):
    """A cursor and how many."""

    cursor = f.text(1, 400)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, LARGEST_LIMIT))


class CategorySchema(Schema):
    """A category of a scheme."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    subject = fields.String(required=True, validate=one_of("person", "unit"))


class ParameterSchema(Schema):
    """A figure or word that a county may change."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    value = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)
    weight = fields.Boolean(required=True)
    illustrative = fields.Boolean(required=True)


class PackSummary(Schema):
    """A shipped scheme in short."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.String(required=True)
    cycle = fields.String(required=True, metadata={"description": "month、quarter、half_year 或 year"})
    categories = fields.List(fields.Nested(CategorySchema), required=True)
    parameters = fields.List(fields.Nested(ParameterSchema), required=True)
    counts = fields.Dict(required=True, metadata={"example": {"aspect": 4, "item": 32}})


class PackList(Schema):
    """The shipped schemes."""

    items = fields.List(fields.Nested(PackSummary), required=True)


class StepBody(Schema):
    """One step of a workflow of one's own."""

    step = fields.String(required=True, validate=one_of(*rules.STEPS))
    title = f.text(1, 200, required=True)
    role = f.text(1, 40, required=True, metadata={"example": "assessment_office"})
    days = fields.Integer(required=True, validate=validate.Range(1, 366), metadata={"example": 5})


class CycleBody(Schema):
    """A new cycle; everything but the scheme may be left out."""

    pack = f.text(1, 60, metadata={"example": "gaoyang-thousand", "description": "自带方案的编号"})
    pack_text = f.text(1, 500_000, metadata={"description": "自己的方案文件的全文（YAML），代替 pack"})
    division = f.division_code()
    title = f.text(1, 200)
    period = fields.String(
        validate=validate.Regexp(
            "^[12][0-9]{3}(Q[1-4]|H[12]|-(0[1-9]|1[0-2])|-W([0-4][0-9]|5[0-3]))?$",
            error="写成 2026、2026H1、2026Q3 或 2026-07。",
        ),
        metadata={"example": "2026H1"},
    )
    parameters = fields.Dict(
        keys=f.text(1, 60), values=f.text(1, 60), load_default=dict, metadata={"example": {}}
    )
    workflow = fields.List(fields.Nested(StepBody), validate=validate.Length(1, 30))
    starts_on = fields.Date(metadata={"description": "到这一天自己开始；不填就等人来开始"})


class StepSchema(Schema):
    """One step as it stands."""

    position = fields.Integer(required=True)
    step = fields.String(required=True, validate=one_of(*rules.STEPS))
    title = fields.String(required=True)
    role = fields.String(required=True)
    days = fields.Integer(required=True)
    status = fields.String(required=True, validate=one_of(*StepStatus))
    opened_at = f.Instant(required=True, allow_none=True)
    due_at = f.Instant(required=True, allow_none=True)
    ended_at = f.Instant(required=True, allow_none=True)
    remark = fields.String(required=True)
    document_number = fields.String(required=True)
    mine = fields.Boolean(required=True, metadata={"description": "这一步由我来办"})


class MineSchema(Schema):
    """What the reader is in a cycle."""

    manages = fields.Boolean(required=True)
    reads = fields.Boolean(required=True)
    oversees = fields.Boolean(required=True)
    duties = fields.List(fields.String(), required=True)
    subjects = fields.List(fields.String(), required=True)


class CycleSchema(Schema):
    """A cycle with its steps."""

    id = f.identifier(required=True)
    division = fields.String(required=True)
    pack = fields.String(required=True)
    pack_version = fields.String(required=True)
    pack_digest = fields.String(required=True, metadata={"description": "所用方案全文的 SHA-256"})
    title = fields.String(required=True)
    period = fields.String(required=True)
    parameters = fields.Dict(required=True)
    status = fields.String(required=True, validate=one_of(*CycleStatus))
    starts_on = fields.Date(required=True, allow_none=True)
    created_at = f.Instant(required=True)
    frozen_at = f.Instant(required=True, allow_none=True, metadata={"description": "结果定下的时间"})
    round = fields.Integer(required=True)
    ended_at = f.Instant(required=True, allow_none=True)
    visibility = fields.List(fields.String(), required=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)
    mine = fields.Nested(MineSchema, required=True)


class CycleQuery(Paged):
    """Which cycles."""

    division = f.division_code()
    pack = f.text(1, 60)
    status = fields.String(validate=one_of(*CycleStatus))


class CyclePage(Schema):
    """Cycles, newest first."""

    items = fields.List(fields.Nested(CycleSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ReasonBody(Schema):
    """Why."""

    reason = f.text(1, 500, required=True)


class SubjectBody(Schema):
    """A person or unit to be assessed."""

    code = f.text(1, 64, required=True, metadata={"example": "P-017"})
    name = f.text(1, 100, required=True, metadata={"example": "王建国"})
    category = f.text(1, 64, required=True, metadata={"example": "member"})
    unit = f.text(0, 64, load_default="", metadata={"example": "T-01"})
    person = f.identifier(allow_none=True, load_default=None)


class SubjectsBody(Schema):
    """Subjects one by one, or everybody whom the register names on a day."""

    subjects = fields.List(fields.Nested(SubjectBody), validate=validate.Length(1, 20_000))
    register_on = fields.Date(metadata={"description": "代替 subjects：取名册在这一天的全部人和单位"})


class SubjectSchema(Schema):
    """A subject of a cycle."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)
    unit = fields.String(required=True)
    person = fields.String(required=True, allow_none=True, attribute="person_id")


class SubjectPage(Schema):
    """Subjects, by code."""

    items = fields.List(fields.Nested(SubjectSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class AddedSubjects(Schema):
    """How many are in it now."""

    added = fields.Integer(required=True)


class DutyBody(Schema):
    """Who does what."""

    person = f.identifier(required=True)
    role = f.text(1, 40, load_default="rater", metadata={"example": "rater"})
    rater = f.text(0, 64, load_default="", metadata={"example": "superior:1"})
    indicators = fields.List(f.text(1, 64), load_default=list, validate=validate.Length(0, 500))
    category = f.text(0, 64, load_default="")
    unit = f.text(0, 64, load_default="")


class DutySchema(Schema):
    """A duty with the person's name."""

    id = f.identifier(required=True)
    person = fields.Dict(required=True, metadata={"example": {"id": "…", "name": "周海燕"}})
    role = fields.String(required=True)
    rater = fields.String(required=True)
    indicators = fields.List(fields.String(), required=True)
    category = fields.String(required=True)
    unit = fields.String(required=True)


class DutyList(Schema):
    """The duties of a cycle."""

    items = fields.List(fields.Nested(DutySchema), required=True)


class RegisterQuery(Paged):
    """Whose register, for which scheme, on which day."""

    division = f.division_code(required=True)
    pack = f.text(1, 60, required=True)
    on = fields.Date()


class RegisterRowSchema(Schema):
    """One membership."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)
    unit = fields.String(required=True)
    person = fields.String(required=True, allow_none=True, attribute="person_id")
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True, metadata={"description": "不含这一天"})


class RegisterPage(Schema):
    """Memberships, by code."""

    items = fields.List(fields.Nested(RegisterRowSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RegisterFileQuery(Schema):
    """Whose register, for which scheme."""

    division = f.division_code(required=True)
    pack = f.text(1, 60, required=True)


class SheetFile(Schema):
    """An Excel or CSV file."""

    file = Upload(required=True)


class RegisterDone(Schema):
    """What an import did."""

    added = fields.Integer(required=True)
    ended = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
