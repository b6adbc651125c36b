"""Routes of what is printed: the blank score form, rankings, registration forms, the file, the task list."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.assessment.paper.score_form import score_form_pdf
from server.assessment.process import packs, printing, score_schemas
from server.assessment.process.http import attachment
from server.assessment.process.standing import standing
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("assessment_paper", __name__, description="考核：打印")
PDF = "application/pdf"
_CYCLE = "/assessments/cycles/<cycle_id>"


@endpoint(
    blueprint,
    "GET",
    "/assessments/packs/<pack>/score-form.pdf",
    needs=Permission.OWN,
    query=score_schemas.FormQuery,
    content_type=PDF,
)
def print_score_form(call: Call, query: dict[str, Any], pack: str) -> Response:
    """The empty score form of a scheme for the pen: of one category, or of all."""
    found = packs.shipped(pack)
    category = packs.category_of(found, query.get("category"))
    return attachment(score_form_pdf(found, category, call.now), PDF, f"{pack}-form.pdf")


@endpoint(blueprint, "GET", f"{_CYCLE}/ranking.pdf", needs=Permission.OWN, content_type=PDF)
def print_ranking(call: Call, cycle_id: str) -> Response:
    """The ranking to hang up or hand in; marked as provisional while results do not stand."""
    held = standing(call.session, call.actor, cycle_id)
    return attachment(printing.ranking(call.session, held, call.now), PDF, f"{held.cycle.pack}-ranking.pdf")


@endpoint(blueprint, "GET", f"{_CYCLE}/filing.pdf", needs=Permission.OWN, content_type=PDF)
def print_filing(call: Call, cycle_id: str) -> Response:
    """The file of a cycle: steps, rankings, decisions, and the registration form of each subject."""
    held = standing(call.session, call.actor, cycle_id)
    return attachment(printing.filing(call.session, held, call.now), PDF, f"{held.cycle.pack}-filing.pdf")


@endpoint(blueprint, "GET", f"{_CYCLE}/subjects/<code>/form.pdf", needs=Permission.OWN, content_type=PDF)
def print_registration(call: Call, cycle_id: str, code: str) -> Response:
    """The registration form of one subject: for the person, and for those who read the process."""
    held = standing(call.session, call.actor, cycle_id)
    content = printing.registration(call.session, held, code, call.now)
    return attachment(content, PDF, f"{held.cycle.pack}-registration.pdf")


@endpoint(blueprint, "GET", f"{_CYCLE}/tasks.pdf", needs=Permission.OWN, content_type=PDF)
def print_tasks(call: Call, cycle_id: str) -> Response:
    """The task list: target sheet, progress sheet or result sheet, as of today."""
    held = standing(call.session, call.actor, cycle_id)
    return attachment(printing.task_list(call.session, held, call.now), PDF, f"{held.cycle.pack}-tasks.pdf")
