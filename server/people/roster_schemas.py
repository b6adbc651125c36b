"""Shapes of a roster import: what was understood, what is wrong, what would change. Phones are masked."""

from __future__ import annotations

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields

from server.people.roster import Imported, Preview
from server.transfer.api import Fault, ReadColumn, RosterPlan, Understood, describe_changes
from server.web import fields as f

SHOWN = 500  # households listed of each kind; their number is always told


class RosterQuery(Schema):
    """First with `dry_run`, then with the plan's hash as `confirm`."""

    dry_run = fields.Boolean(load_default=True)
    skip_faulty = fields.Boolean(load_default=False)
    confirm = f.text(64, 64)


class RosterFile(Schema):
    """The roster, .xlsx or .csv."""

    file = Upload(required=True)


class RosterFaultSchema(Schema):
    """One thing that cannot be accepted as it stands."""

    sheet = fields.String(required=True)
    row = fields.Integer(required=True)
    column = fields.String(required=True)
    title = fields.String(required=True)
    value = fields.String(required=True)
    code = fields.String(required=True)
    reason = fields.String(required=True)
    remedy = fields.String(required=True)
    severity = fields.String(required=True)
    skip = fields.String(required=True)


class RosterPlanSchema(Schema):
    """What an import would do: counts, and the first households of each kind."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    additions = fields.List(fields.Dict(), required=True)
    changed = fields.List(fields.Dict(), required=True)
    missing = fields.List(fields.Dict(), required=True)
    ambiguous = fields.List(fields.Dict(), required=True)


class RosterAnswer(Schema):
    """A roster, read and compared; `imported` after it was imported."""

    understood = fields.Dict(required=True)
    faults = fields.List(fields.Nested(RosterFaultSchema), required=True)
    plan = fields.Nested(RosterPlanSchema, required=True)
    plan_hash = fields.String(required=True)
    may_import = fields.Boolean(required=True)
    imported = fields.Dict(required=True, allow_none=True)


def answer(seen: Preview, skip_faulty: bool, imported: Imported | None) -> dict[str, Any]:
    """The whole answer as plain values."""
    reading = seen.reading
    counts = {"households": len(reading.households), "people": reading.people, "departed": reading.departed}
    return {
        "understood": {**_understood(reading.understood), **counts},
        "faults": [fault_answer(fault) for fault in reading.faults],
        "plan": plan_answer(seen.plan),
        "plan_hash": seen.plan_hash,
        "may_import": seen.may_import(skip_faulty),
        "imported": vars(imported) if imported else None,
    }


def _understood(read: Understood) -> dict[str, Any]:
    return {
        "sheets": list(read.sheets),
        "header_rows": list(read.header_rows),
        "title": read.title,
        "village_name": read.village_name,
        "columns": [_column(column) for column in read.columns],
        "ignored": [_column(column) for column in read.ignored],
        "rows": read.rows,
        "blank_rows": list(read.blank_rows),
        "other_rows": list(read.other_rows),
        "example_rows": list(read.example_rows),
        "totals": [{"row": t.row, "households": t.households, "people": t.people} for t in read.totals],
        "merged_households": read.merged_households,
        "remarks": [{"text": r.text, "meaning": r.meaning, "rows": len(r.rows)} for r in read.remarks],
        "observations": [{"code": o.code, "text": o.text, "rows": list(o.rows)} for o in read.observations],
    }


def _column(column: ReadColumn) -> dict[str, Any]:
    return {
        "sheet": column.sheet,
        "letter": column.letter,
        "title": column.title,
        "field": column.field,
        "meaning": column.meaning,
    }


def fault_answer(fault: Fault) -> dict[str, Any]:
    """A fault as plain values."""
    names = ("sheet", "row", "column", "title", "value", "code", "reason", "remedy")
    shown: dict[str, Any] = {name: getattr(fault, name) for name in names}
    return shown | {"severity": fault.severity.value, "skip": fault.skip.value}


def plan_answer(plan: RosterPlan) -> dict[str, Any]:
    """A plan as plain values."""
    return {
        "counts": {
            "additions": len(plan.additions),
            "changed": len(plan.changed),
            "unchanged": len(plan.unchanged),
            "missing": len(plan.missing),
            "ambiguous": len(plan.ambiguous),
            "to_confirm": len(plan.to_confirm),
        },
        "additions": [
            {
                "row": house.row,
                "code": house.code,
                "label": house.label,
                "head": house.head_name,
                "members": len(house.members),
            }
            for house in plan.additions[:SHOWN]
        ],
        "changed": [
            {
                "row": match.roster.row,
                "code": match.existing.code,
                "by": match.by.value,
                "lines": describe_changes(match),
            }
            for match in plan.changed[:SHOWN]
        ],
        "missing": [
            {"code": house.code, "door": house.door, "head": house.head_name}
            for house in plan.missing[:SHOWN]
        ],
        "ambiguous": [
            {
                "row": doubt.roster.row,
                "head": doubt.roster.head_name,
                "reason": doubt.reason,
                "candidates": [house.code for house in doubt.candidates],
            }
            for doubt in plan.ambiguous[:SHOWN]
        ],
    }
