"""Routes of entries, results, explanations, what-if and sensitivity."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.assessment.faults import Faulty
from server.assessment.process import analysis, entries, errors, packs, reading, score_schemas, uploads
from server.assessment.process.http import XLSX, attachment
from server.assessment.process.schemas import ReasonBody, SheetFile
from server.assessment.process.standing import standing
from server.kit.transaction import transaction
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("assessment_scores", __name__, description="考核：分数、结果、说明、推演")
_CYCLE = "/assessments/cycles/<cycle_id>"


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/entries",
    needs=Permission.OWN,
    body=score_schemas.EntriesBody,
    answer=score_schemas.KeptEntries,
    status=201,
)
def submit_entries(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Enter scores: what is assigned to one, or anything by whoever runs the cycle (new subjects too).

    Rows are numbered as in a sheet (the first is 2); one fault and nothing is kept, every fault is told.
    """
    rows = list(enumerate(body["entries"], 2))
    return {"entries": entries.submit(call.session, call.actor, cycle_id, rows, "form", call.now)}


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/entries/file",
    needs=Permission.OWN,
    body=SheetFile,
    body_location="files",
    answer=score_schemas.KeptEntries,
    status=201,
    own_transaction=True,  # reading a workbook must not hold the database
)
def upload_entries(call: Call, files: dict[str, Any], cycle_id: str) -> Any:
    """Enter scores by an Excel or CSV sheet in the shape of the template."""
    with transaction(writes=False) as session:
        pack = packs.pack_of(session, standing(session, call.actor, cycle_id).cycle)
    try:
        rows, found = uploads.rows_of(pack, files["file"].read())
    except Faulty as unusable:
        raise errors.faulty(unusable) from None
    with transaction() as session:
        kept = entries.submit(session, call.actor, cycle_id, rows, "file", call.now, found)
    return {"entries": kept}


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/entries",
    needs=Permission.OWN,
    query=score_schemas.EntryQuery,
    answer=score_schemas.EntryPage,
)
def list_entries(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """Entries with their authors: all for those who read the process, else the own ones and, once results
    stand, those about oneself.
    """
    held = standing(call.session, call.actor, cycle_id)
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows, following = entries.listed(call.session, held, query, cursor, limit)
    return {"items": [_entry(row, name) for row, name in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/assessments/entries/<entry_id>/withdrawal",
    needs=Permission.OWN,
    body=ReasonBody,
    answer=score_schemas.EntrySchema,
)
def withdraw_entry(call: Call, body: dict[str, Any], entry_id: str) -> Any:
    """Take a wrong entry back, before the results stand."""
    row = entries.withdraw(call.session, call.actor, entry_id, body["reason"], call.now)
    return _entry(row, None)


def _entry(row: Any, name: str | None) -> dict[str, Any]:
    names = ("id", "subject", "indicator", "rater", "value", "kind", "note", "period", "day", "source")
    told = {key: getattr(row, key) for key in (*names, "entered_at", "withdrawn_at", "withdrawn_reason")}
    return told | {"author": name}


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/results",
    needs=Permission.OWN,
    query=score_schemas.ResultQuery,
    answer=score_schemas.ResultPage,
)
def list_results(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """The results that one may see, as the scheme's visibility says; before they stand, what the entries
    would yield, for those who read the process.
    """
    held = standing(call.session, call.actor, cycle_id)
    return reading.results_page(call.session, held, query.get("cursor"), query["limit"], query["explanation"])


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/results/file",
    needs=Permission.OWN,
    query=score_schemas.FileQuery,
    content_type=(XLSX, "text/csv"),
)
def download_results(call: Call, query: dict[str, Any], cycle_id: str) -> Response:
    """The ranking as it is handed in, with the explanations on a second sheet (XLSX), or as CSV."""
    held = standing(call.session, call.actor, cycle_id)
    content = reading.results_file(call.session, held, query["format"])
    kind = XLSX if query["format"] == "xlsx" else "text/csv; charset=utf-8"
    return attachment(content, kind, f"{held.cycle.pack}-{held.cycle.period}.{query['format']}")


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/subjects/<code>/explanation",
    needs=Permission.OWN,
    answer=score_schemas.ExplanationSchema,
)
def explain_result(call: Call, cycle_id: str, code: str) -> Any:
    """How one result came about, down to each entry, its author and what it rests on."""
    held = standing(call.session, call.actor, cycle_id)
    return reading.explanation(call.session, held, code)


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/what-if",
    needs=Permission.OWN,
    body=score_schemas.WhatIfBody,
    answer=score_schemas.WhatIfSchema,
)
def run_what_if(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Who would move, and why, under another scheme or other parameters. Nothing is changed."""
    held = standing(call.session, call.actor, cycle_id)
    return analysis.moves(call.session, held, body.get("other"), body["changes"])


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/sensitivity",
    needs=Permission.OWN,
    query=score_schemas.SensitivityQuery,
    answer=score_schemas.SensitivitySchema,
)
def read_sensitivity(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """How far each weight may move before the first three of a category change places."""
    held = standing(call.session, call.actor, cycle_id)
    return analysis.ranges(call.session, held, query.get("weight"))
