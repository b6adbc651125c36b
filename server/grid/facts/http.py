"""Routes of the household's file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, current_app
from flask_smorest import Blueprint

from server.audit import api as audit
from server.grid.facts import reading, service
from server.grid.facts.paper import file_pdf
from server.grid.facts.schemas import (
    CorrectionBody,
    EntryPage,
    FactId,
    FactsAnswer,
    FactsBody,
    FileQuery,
    FileSchema,
    PagedQuery,
)
from server.grid.facts.service import Correction
from server.grid.facts.sheet import MEDIA_TYPE, file_xlsx
from server.kit.transaction import transaction
from server.people.api import Permission, Seal
from server.web.routes import Call, endpoint

blueprint = Blueprint("facts", __name__, description="一户一册")


def _seal() -> Seal:
    found: Seal = current_app.extensions["jifen_seal"]
    return found


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/file",
    needs=Permission.HOUSEHOLD_FILE,
    query=FileQuery,
    answer=FileSchema,
    own_transaction=True,  # looking at a file is noted, so this read writes
)
def read_household_file(call: Call, query: dict[str, Any], code: str) -> Any:
    """The household's file as of a day: what was known then. Who looked is on record for the household."""
    with transaction() as session:
        return reading.file_of(
            session, call.actor, code, _seal(), query.get("as_of"), query.get("purpose"), call.now
        )


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/file.pdf",
    needs=Permission.HOUSEHOLD_FILE,
    query=FileQuery,
    content_type="application/pdf",
    own_transaction=True,
)
def household_file_pdf(call: Call, query: dict[str, Any], code: str) -> Any:
    """The file to print."""
    file = _exported(call, query, code)
    return _download(file_pdf(file, call.actor.name, call.now), "application/pdf", f"一户一册-{code}.pdf")


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/file.xlsx",
    needs=Permission.HOUSEHOLD_FILE,
    query=FileQuery,
    content_type=MEDIA_TYPE,
    own_transaction=True,
)
def household_file_xlsx(call: Call, query: dict[str, Any], code: str) -> Any:
    """The file as an Excel file."""
    return _download(file_xlsx(_exported(call, query, code)), MEDIA_TYPE, f"一户一册-{code}.xlsx")


def _exported(call: Call, query: dict[str, Any], code: str) -> dict[str, Any]:
    with transaction() as session:
        file = reading.file_of(
            session, call.actor, code, _seal(), query.get("as_of"), query.get("purpose"), call.now
        )
        after = {"purpose": query["purpose"]} if "purpose" in query else None
        village = file["village"]["code"]
        audit.record(
            session, call.actor, "household.export", "household", code, call.now, village, after=after
        )
    return file


def _download(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


@endpoint(
    blueprint,
    "POST",
    "/households/<code>/facts",
    needs=Permission.FACT_WRITE,
    body=FactsBody,
    answer=FactsAnswer,
    status=201,
    also={200: FactsAnswer},
)
def add_facts(call: Call, body: dict[str, Any], code: str) -> Any:
    """Write down what changed; the same ids and content again change nothing."""
    first = service.add(call.session, call.actor, code, body["facts"], call.now)
    return {"facts": [fact.id for fact in body["facts"]]}, 201 if first else 200


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/facts",
    needs=Permission.HOUSEHOLD_FILE,
    query=PagedQuery,
    answer=EntryPage,
)
def list_facts(call: Call, query: dict[str, Any], code: str) -> Any:
    """Everything that was ever written down about a household, newest first."""
    rows, following = reading.history(call.session, call.actor, code, query.get("cursor"), query["limit"])
    return {"items": rows, "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/facts/<key>/correction",
    needs=Permission.FACT_WRITE,
    body=CorrectionBody,
    answer=FactId,
    status=201,
)
def correct_fact(call: Call, body: dict[str, Any], key: str) -> Any:
    """Put a right entry in the place of a wrong one; the wrong one stays readable in the history."""
    what = Correction(body["reason"], body["fact"])
    return {"id": service.correct(call.session, call.actor, key, what, call.now)}
