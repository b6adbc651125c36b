"""Routes of the complaint box."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.complaints import service
from server.complaints.models import Complaint
from server.complaints.rules import About
from server.complaints.schemas import ComplaintAnswerBody, ComplaintBody, ComplaintPage, ComplaintQuery
from server.complaints.schemas import ComplaintSchema as ComplaintShape
from server.complaints.service import NewComplaint
from server.people.api import Permission, Role
from server.web.routes import Call, endpoint

blueprint = Blueprint("complaints", __name__, description="意见箱")


@endpoint(
    blueprint,
    "POST",
    "/complaints",
    needs=Permission.OWN,
    body=ComplaintBody,
    answer=ComplaintShape,
    status=201,
)
def make_complaint(call: Call, body: dict[str, Any]) -> Any:
    """Complain about a person, a rule or the program; it goes one tier above, which has seven days."""
    role = Role(body.pop("role")) if body.get("role") else body.pop("role", None)
    new = NewComplaint(**{**body, "about": About(body["about"]), "role": role})
    return _shown(call, service.make(call.session, call.actor, new, call.now))


@endpoint(
    blueprint,
    "GET",
    "/complaints",
    needs=Permission.OWN,
    query=ComplaintQuery,
    answer=ComplaintPage,
)
def list_complaints(call: Call, query: dict[str, Any]) -> Any:
    """One's own, and those that one answers or oversees, newest first."""
    rows, following = service.listed(
        call.session,
        call.actor,
        query.get("village"),
        query.get("status"),
        query.get("cursor"),
        query["limit"],
    )
    return {"items": [_shown(call, row) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/complaints/<complaint_id>/answer",
    needs=Permission.COMPLAINT_ANSWER,
    body=ComplaintAnswerBody,
    answer=ComplaintShape,
)
def answer_complaint(call: Call, body: dict[str, Any], complaint_id: str) -> Any:
    """Answer a complaint that is with one's tier."""
    return _shown(call, service.answer(call.session, call.actor, complaint_id, body["text"], call.now))


def _shown(call: Call, row: Complaint) -> dict[str, Any]:
    return {
        "id": row.id,
        "village": row.village_code,
        "about": row.about,
        "against": row.against,
        "role": row.against_role,
        "text": row.text,
        "on_behalf": row.on_behalf,
        "person": row.person_id if service.may_know_person(call.actor, row) else None,
        "made_at": row.made_at,
        "tier": row.tier,
        "due_at": row.due_at,
        "overdue": row.status == "open" and row.due_at <= call.now,
        "status": row.status,
        "answer": row.answer,
        "answered_at": row.answered_at,
    }
