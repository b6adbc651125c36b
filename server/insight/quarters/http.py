"""Routes of the quarterly summary."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response
from flask_smorest import Blueprint

from server.insight.quarters import service
from server.insight.quarters.document import report
from server.insight.quarters.rules import Quarter, as_json
from server.insight.quarters.schemas import QuarterAnswer, QuarterList, QuarterQuery
from server.insight.quarters.service import Summary
from server.kit.clock import iso
from server.kit.errors import NotFound
from server.paper.api import WORD, report_docx, report_pdf
from server.people.api import Permission
from server.web.routes import Call, endpoint, json_response

blueprint = Blueprint("quarters", __name__, description="季度小结")


@endpoint(blueprint, "GET", "/summaries", needs=Permission.TALLY_READ, query=QuarterQuery, answer=QuarterList)
def list_summaries(call: Call, query: dict[str, Any]) -> Any:
    """The quarters of a village, township or county, newest first."""
    rows = service.listed(call.session, call.actor, query["division"])
    return {
        "items": [{"quarter": str(one), "closed": closed, "villages": all_} for one, closed, all_ in rows]
    }


@endpoint(
    blueprint,
    "GET",
    "/summaries/<division>/<quarter>",
    needs=Permission.TALLY_READ,
    answer=QuarterAnswer,
)
def read_summary(call: Call, division: str, quarter: str) -> Any:
    """A quarter by grid or by village: closed, or as it stands."""
    return json_response(_shown(_found(call, division, quarter)))


@endpoint(
    blueprint,
    "GET",
    "/summaries/<division>/<quarter>/summary.pdf",
    needs=Permission.TALLY_READ,
    content_type="application/pdf",
)
def print_summary(call: Call, division: str, quarter: str) -> Response:
    """The summary on A4, to hand in."""
    found = _found(call, division, quarter)
    paper = report_pdf(report(found, call.actor.name, call.now), call.now)
    return _file(paper, "application/pdf", found, "pdf")


@endpoint(
    blueprint,
    "GET",
    "/summaries/<division>/<quarter>/summary.docx",
    needs=Permission.TALLY_READ,
    content_type=WORD,
)
def write_summary(call: Call, division: str, quarter: str) -> Response:
    """The summary as a Word document, to go on writing in."""
    found = _found(call, division, quarter)
    return _file(report_docx(report(found, call.actor.name, call.now), call.now), WORD, found, "docx")


def _found(call: Call, division: str, quarter: str) -> Summary:
    try:
        wanted = Quarter.parse(quarter)
    except ValueError:
        raise NotFound() from None
    return service.read(call.session, call.actor, division, wanted, call.now)


def _file(content: bytes, kind: str, found: Summary, ending: str) -> Response:
    name = quote(f"{found.name}{found.quarter}积分小结.{ending}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
    }
    return Response(content, content_type=kind, headers=headers)


def _shown(found: Summary) -> dict[str, Any]:
    return {
        "division": found.division,
        "name": found.name,
        "level": found.level,
        "quarter": str(found.quarter),
        "months": [str(month) for month in found.quarter.months()],
        "closed_at": iso(found.closed_at) if found.closed_at else None,
        "sentences": list(found.sentences),
        "figures": as_json(found.figures),
        "parts": [{"code": code, "name": name, "figures": as_json(one)} for code, name, one in found.parts],
        "movers": list(found.movers),
        "fell": found.fell,
        "cover": found.cover,
        "waiting": list(found.waiting),
    }
