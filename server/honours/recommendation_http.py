"""Routes of consents and recommendation lists."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response
from flask_smorest import Blueprint

from server.audit import api as audit
from server.honours import recommendation_schemas as schemas
from server.honours import recommendations
from server.honours.models import Consent, RecommendationList
from server.honours.recommendation_paper import report
from server.kit.transaction import transaction
from server.paper.api import WORD, Report, report_docx, report_pdf
from server.people.api import Member, Permission, Village
from server.people.household_api import masked_name
from server.web.routes import Call, endpoint

blueprint = Blueprint("recommendations", __name__, description="推荐名单")
_PDF = "application/pdf"


@endpoint(
    blueprint,
    "POST",
    "/consents",
    needs=Permission.HONOUR_SPEAK,
    body=schemas.ConsentBody,
    answer=schemas.ConsentSchema,
    status=201,
)
def give_consent(call: Call, body: dict[str, Any]) -> Any:
    """A household says that one of its members may be recommended for a purpose."""
    row = recommendations.give(
        call.session, call.actor, body["household"], body["member"], body["purpose"],
        body["on_behalf"], body["photos"], call.now,
    )  # fmt: skip
    return _consent(row, masked_name(call.session.get_one(Member, row.member_id).name))


@endpoint(
    blueprint,
    "GET",
    "/consents",
    needs=Permission.HONOUR_SPEAK,
    query=schemas.ConsentQuery,
    answer=schemas.ConsentPage,
)
def list_consents(call: Call, query: dict[str, Any]) -> Any:
    """The own household's consents; for the committee the village's."""
    rows, following = recommendations.consents(
        call.session,
        call.actor,
        query.get("village"),
        query.get("household"),
        query.get("cursor"),
        query["limit"],
    )
    return {"items": [_consent(row, name) for row, name in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/consents/<key>/withdrawal",
    needs=Permission.HONOUR_SPEAK,
    answer=schemas.ConsentSchema,
)
def take_consent_back(call: Call, key: str) -> Any:
    """Take a consent back, at any time, without a reason."""
    row = recommendations.take_back(call.session, call.actor, key, call.now)
    return _consent(row, masked_name(call.session.get_one(Member, row.member_id).name))


def _consent(row: Consent, name: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "household": row.household_code,
        "member": row.member_id,
        "name": name,
        "purpose": row.purpose,
        "status": row.status,
        "on_behalf": row.on_behalf,
        "given_at": row.given_at,
        "withdrawn_at": row.withdrawn_at,
    }


@endpoint(
    blueprint,
    "POST",
    "/recommendation-lists",
    needs=Permission.RECOMMENDATION_MANAGE,
    body=schemas.RecommendationBody,
    answer=schemas.RecommendationSchema,
    status=201,
)
def draw_up_list(call: Call, body: dict[str, Any]) -> Any:
    """Draw up a draft of those who consented and whose household reached the score."""
    wanted = (body["village"], body["year"], body["purpose"], body["least_score"])
    return _list(call, recommendations.draw_up(call.session, call.actor, *wanted, call.now))


@endpoint(
    blueprint,
    "GET",
    "/recommendation-lists",
    needs=Permission.RECOMMENDATION_READ,
    query=schemas.RecommendationQuery,
    answer=schemas.RecommendationPage,
)
def list_recommendations(call: Call, query: dict[str, Any]) -> Any:
    """The lists in reach, newest first; those above the village see issued ones."""
    rows, following = recommendations.listed(
        call.session, call.actor, query.get("village"), query.get("cursor"), query["limit"]
    )
    return {"items": [_list(call, row) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "GET",
    "/recommendation-lists/<key>",
    needs=Permission.RECOMMENDATION_READ,
    answer=schemas.RecommendationSchema,
)
def read_recommendation(call: Call, key: str) -> Any:
    """One list with desensitised names."""
    return _list(call, recommendations.readable(call.session, call.actor, key))


@endpoint(
    blueprint,
    "POST",
    "/recommendation-lists/<key>/confirmation",
    needs=Permission.RECOMMENDATION_MANAGE,
    answer=schemas.RecommendationSchema,
)
def issue_list(call: Call, key: str) -> Any:
    """A second member of the committee issues the draft."""
    return _list(call, recommendations.issue(call.session, call.actor, key, call.now))


@endpoint(
    blueprint,
    "POST",
    "/recommendation-lists/<key>/withdrawal",
    needs=Permission.RECOMMENDATION_MANAGE,
    body=schemas.ListReasonBody,
    answer=schemas.RecommendationSchema,
)
def take_list_back(call: Call, body: dict[str, Any], key: str) -> Any:
    """Take a list back with the reason."""
    return _list(call, recommendations.withdraw(call.session, call.actor, key, body["reason"], call.now))


@endpoint(
    blueprint,
    "GET",
    "/recommendation-lists/<key>/list.pdf",
    needs=Permission.RECOMMENDATION_READ,
    content_type=_PDF,
    own_transaction=True,  # full names go out, which is noted, so this read writes
)
def print_recommendation(call: Call, key: str) -> Response:
    """The list on A4, marked as advice, with full names."""
    made = _report(call, key)
    return _file(report_pdf(made, call.now), _PDF, f"{made.title}.pdf")


@endpoint(
    blueprint,
    "GET",
    "/recommendation-lists/<key>/list.docx",
    needs=Permission.RECOMMENDATION_READ,
    content_type=WORD,
    own_transaction=True,
)
def write_recommendation(call: Call, key: str) -> Response:
    """The list as a Word document, marked as advice, with full names."""
    made = _report(call, key)
    return _file(report_docx(made, call.now), WORD, f"{made.title}.docx")


def _report(call: Call, key: str) -> Report:
    with transaction() as session:
        row = recommendations.readable(session, call.actor, key)
        people, gone = recommendations.people(session, row, full=True)
        after = {"people": len(people)}
        audit.record(
            session, call.actor, "recommendation.export", "recommendation_list", row.id, call.now,
            row.village_code, after=after,
        )  # fmt: skip
        village = session.get_one(Village, row.village_code).name
        return report(row, village, people, gone, call.actor.name, call.now)


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, content_type=kind, headers=headers)


def _list(call: Call, row: RecommendationList) -> dict[str, Any]:
    people, gone = recommendations.people(call.session, row, full=False)
    return {
        "id": row.id,
        "village": row.village_code,
        "year": row.year,
        "purpose": row.purpose,
        "least_score": row.least_score,
        "status": row.status,
        "made_by": row.made_by,
        "made_at": row.made_at,
        "issued_at": row.issued_at,
        "reason": row.reason,
        "advice": recommendations.ADVICE,
        "people": people,
        "gone": gone,
    }
