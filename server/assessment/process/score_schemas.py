"""Shapes of entries, results, explanations and what-if in the API. Scores are decimal strings."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.assessment.process.schemas import Paged, one_of
from server.web import fields as f

_VALUE = {"example": "27.5", "description": "小数，写成文字"}


class EntryBody(Schema):
    """One row of the entry sheet; a subject of the cycle needs no name, category or unit."""

    subject = f.text(0, 64, required=True, metadata={"example": "T-01"})
    name = f.text(0, 100, load_default="")
    category = f.text(0, 64, load_default="")
    unit = f.text(0, 64, load_default="")
    indicator = f.text(0, 64, required=True, metadata={"example": "economic"})
    rater = f.text(0, 64, load_default="")
    value = f.text(0, 64, required=True, metadata=_VALUE)
    kind = f.text(0, 64, load_default="")
    note = f.text(0, 1000, load_default="")
    period = f.text(0, 16, load_default="")
    date = f.text(0, 32, load_default="", metadata={"example": "2026-03-05"})


class EntriesBody(Schema):
    """Rows of the entry sheet, all or nothing."""

    entries = fields.List(fields.Nested(EntryBody), required=True, validate=validate.Length(1, 10_000))


class KeptEntries(Schema):
    """The ids of what was kept, in the order of the rows."""

    entries = fields.List(f.identifier(), required=True)


class EntrySchema(Schema):
    """One entry with its author."""

    id = f.identifier(required=True)
    subject = fields.String(required=True)
    indicator = fields.String(required=True)
    rater = fields.String(required=True)
    value = fields.String(required=True, metadata=_VALUE)
    kind = fields.String(required=True)
    note = fields.String(required=True)
    period = fields.String(required=True)
    date = fields.Date(required=True, allow_none=True, attribute="day")
    source = fields.String(required=True, validate=one_of("form", "file", "task", "appraisal"))
    author = fields.String(required=True, allow_none=True, metadata={"description": "匿名测评的没有"})
    entered_at = f.Instant(required=True)
    withdrawn_at = f.Instant(required=True, allow_none=True)
    withdrawn_reason = fields.String(required=True)


class EntryQuery(Paged):
    """Which entries."""

    subject = f.text(1, 64)


class EntryPage(Schema):
    """Entries in the order in which they came."""

    items = fields.List(fields.Nested(EntrySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ResultQuery(Paged):
    """How many results, and whether with their explanations."""

    limit = fields.Integer(load_default=200, validate=validate.Range(1, 1000))
    explanation = fields.Boolean(load_default=True)


class ConsequenceSchema(Schema):
    """A proposal; the engine decides nothing."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    decided_by = fields.String(required=True)
    deadline_days = fields.Integer()


class ResultSchema(Schema):
    """One subject's result; of others only place, score and grade are told."""

    subject = fields.String(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)
    unit = fields.String(required=True)
    final = fields.String(required=True, metadata={"example": "83.09"})
    rank = fields.Integer(required=True)
    grade = fields.String(required=True, allow_none=True)
    grades = fields.Dict(required=True)
    components = fields.Dict(required=True, metadata={"example": {"coefficient": "1.025"}})
    flags = fields.List(fields.String(), required=True)
    consequences = fields.List(fields.Nested(ConsequenceSchema), required=True)
    explanation = fields.Dict(allow_none=True, metadata={"description": "只有自己的和组织考核的人才看得到"})


class ResultPage(Schema):
    """Results by category, rank, id. `standing`: they count; `provisional`: as entries are now; `pending`:
    nothing to be seen yet.
    """

    pack = fields.String(required=True)
    cycle = f.identifier(required=True)
    status = fields.String(required=True, validate=one_of("pending", "provisional", "standing"))
    round = fields.Integer(required=True)
    computed_at = f.Instant(required=True, allow_none=True)
    visibility = fields.List(fields.String(), required=True)
    units = fields.List(fields.Dict(), required=True)
    results = fields.List(fields.Nested(ResultSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class FileQuery(Schema):
    """As which kind of file."""

    format = fields.String(load_default="xlsx", validate=one_of("xlsx", "csv"))


class FormQuery(Schema):
    """For which category; all where none is named."""

    category = f.text(1, 64, metadata={"example": "field_office"})


class ExplanationSchema(Schema):
    """One result down to its entries; `status` as of the results."""

    subject = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True, validate=one_of("provisional", "standing"))
    final = fields.String(required=True)
    rank = fields.Integer(required=True)
    grade = fields.String(required=True, allow_none=True)
    explanation = fields.Dict(required=True)


class WhatIfBody(Schema):
    """Another shipped scheme, or other parameters, or both."""

    other = f.text(1, 60, data_key="with", metadata={"example": "dinghai-2017"})
    changes = fields.Dict(
        keys=f.text(1, 60), values=f.text(1, 60), load_default=dict, metadata={"example": {"step": "0.01"}}
    )


class MoveSchema(Schema):
    """One subject before and after."""

    subject = fields.String(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)
    final = fields.List(fields.String(), required=True)
    rank = fields.List(fields.Integer(), required=True)
    climbed = fields.Integer(required=True)
    grade = fields.List(fields.String(allow_none=True), required=True)
    flags = fields.List(fields.List(fields.String()), required=True)
    reasons = fields.List(fields.Dict(), required=True)


class WhatIfSchema(Schema):
    """Who moves and why, the greatest move first."""

    pack = fields.String(required=True)
    other = fields.String(required=True, data_key="with", attribute="with")
    changes = fields.Dict(required=True)
    moves = fields.List(fields.Nested(MoveSchema), required=True)


class SensitivityQuery(Schema):
    """Which weight; all where it is left out."""

    weight = f.text(1, 60)


class RangeSchema(Schema):
    """Within these ends the first three of the category keep their ranks; null: no limit met."""

    parameter = fields.String(required=True)
    title = fields.String(required=True)
    category = fields.String(required=True)
    value = fields.String(required=True)
    lowest = fields.String(required=True, allow_none=True)
    highest = fields.String(required=True, allow_none=True)
    rivals_at_lowest = fields.List(fields.String(), required=True)
    rivals_at_highest = fields.List(fields.String(), required=True)
    exact = fields.Boolean(required=True)


class SensitivitySchema(Schema):
    """Each weight's range."""

    pack = fields.String(required=True)
    ranges = fields.List(fields.Nested(RangeSchema), required=True)
