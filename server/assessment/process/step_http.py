"""Routes of the workflow: steps, opinions, objections, proposals and rectification."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.assessment.process import case_schemas, objections, opinions, rectifications, workflow
from server.assessment.process.case_models import ResultObjection
from server.assessment.process.http import shown
from server.assessment.process.listing import by_whom, page_of
from server.assessment.process.models import Cycle
from server.assessment.process.schemas import CycleSchema, Paged
from server.assessment.process.standing import Standing, standing
from server.kit.errors import FieldFault, Invalid, NotFound
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("assessment_steps", __name__, description="考核：流程、异议、建议、整改")
_CYCLE = "/assessments/cycles/<cycle_id>"
_OBJECTION = ("id", "subject", "text", "made_at", "due_at", "status", "reason", "answered_at")


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/steps/<position>/completion",
    needs=Permission.OWN,
    body=case_schemas.CompletionBody,
    answer=CycleSchema,
)
def complete_step(call: Call, body: dict[str, Any], cycle_id: str, position: str) -> Any:
    """End a step before its time limit; the next one opens, and where results are to stand they are settled."""
    if not (position.isascii() and position.isdecimal() and len(position) < 4):
        raise NotFound()
    given = (int(position), body["remark"], body["document_number"])
    workflow.complete(call.session, call.actor, cycle_id, *given, call.now)
    return shown(call, call.session.get_one(Cycle, cycle_id))


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/subjects/<code>/opinion",
    needs=Permission.OWN,
    body=case_schemas.OpinionBody,
    answer=case_schemas.OpinionSchema,
)
def give_opinion(call: Call, body: dict[str, Any], cycle_id: str, code: str) -> Any:
    """Self-assessment, review, the meeting's vote on one person, confirmation, check: as the open step asks."""
    if "votes_for" not in body and (body["votes_against"] or body["votes_abstained"]):
        fault = FieldFault("votes_for", "请填写赞成的票数。")
        raise Invalid("opinion_wrong", "票数不全。", [fault])
    votes = None
    if "votes_for" in body:
        votes = (body["votes_for"], body["votes_against"], body["votes_abstained"])
    said = opinions.Said(body["verdict"], body["text"], votes)
    return opinions.say(call.session, call.actor, cycle_id, code, said, call.now)


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/opinions",
    needs=Permission.OWN,
    query=Paged,
    answer=case_schemas.OpinionPage,
)
def list_opinions(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """What was said in each step, as far as one may know it."""
    return page_of(call, cycle_id, query, opinions.listed)


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/objections",
    needs=Permission.OWN,
    body=case_schemas.ObjectionBody,
    answer=case_schemas.ObjectionSchema,
    status=201,
)
def make_result_objection(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Object to a result on notice that one may see."""
    row = objections.make(call.session, call.actor, cycle_id, body["subject"], body["text"], call.now)
    return _objection(row, standing(call.session, call.actor, cycle_id))


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/objections",
    needs=Permission.OWN,
    query=Paged,
    answer=case_schemas.ObjectionPage,
)
def list_result_objections(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """Objections, newest first, as far as one may know of them."""
    return page_of(call, cycle_id, query, objections.listed, _objection)


@endpoint(
    blueprint,
    "POST",
    "/assessments/objections/<objection_id>/answer",
    needs=Permission.OWN,
    body=case_schemas.ObjectionAnswerBody,
    answer=case_schemas.ObjectionSchema,
)
def answer_result_objection(call: Call, body: dict[str, Any], objection_id: str) -> Any:
    """Answer an objection; one that is upheld names the entries that go and come, and results settle anew."""
    rows = list(enumerate(body["entries"], 2))
    given = objections.Answer(body["upheld"], body["reason"], tuple(body["withdraw"]), rows)
    row = objections.answer(call.session, call.actor, objection_id, given, call.now)
    return _objection(row, standing(call.session, call.actor, row.cycle_id))


def _objection(row: ResultObjection, held: Standing) -> dict[str, Any]:
    return by_whom(row, _OBJECTION, held.sees_process, held)


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/proposals",
    needs=Permission.OWN,
    query=Paged,
    answer=case_schemas.ProposalPage,
)
def list_proposals(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """Consequences that the scheme proposes, with what was decided; one's own, or all for the process."""
    return page_of(call, cycle_id, query, rectifications.proposals)


@endpoint(
    blueprint,
    "POST",
    "/assessments/proposals/<proposal_id>/decision",
    needs=Permission.ASSESSMENT_MANAGE,
    body=case_schemas.DecisionBody,
    answer=case_schemas.ProposalSchema,
)
def decide_proposal(call: Call, body: dict[str, Any], proposal_id: str) -> Any:
    """Put on record what the deciding body resolved; the program decides nothing about a person."""
    given = rectifications.Decided(**body)
    return rectifications.decide(call.session, call.actor, proposal_id, given, call.now)


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/rectifications",
    needs=Permission.ASSESSMENT_MANAGE,
    body=case_schemas.RectificationBody,
    answer=case_schemas.RectificationSchema,
    status=201,
)
def issue_rectification(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Issue a notice of rectification with its deadline."""
    given = (body["subject"], body["demand"], body["days"])
    return rectifications.issue(call.session, call.actor, cycle_id, *given, call.now)


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/rectifications",
    needs=Permission.OWN,
    query=Paged,
    answer=case_schemas.RectificationPage,
)
def list_rectifications(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """Notices of rectification: one's own, or all for the process."""
    return page_of(call, cycle_id, query, rectifications.listed)


@endpoint(
    blueprint,
    "POST",
    "/assessments/rectifications/<key>/report",
    needs=Permission.OWN,
    body=case_schemas.TextBody,
    answer=case_schemas.RectificationSchema,
)
def report_rectification(call: Call, body: dict[str, Any], key: str) -> Any:
    """Tell what was put right."""
    return rectifications.report(call.session, call.actor, key, body["text"], call.now)


@endpoint(
    blueprint,
    "POST",
    "/assessments/rectifications/<key>/closure",
    needs=Permission.OWN,
    body=case_schemas.ClosureBody,
    answer=case_schemas.RectificationSchema,
)
def close_rectification(call: Call, body: dict[str, Any], key: str) -> Any:
    """Close it after checking, or send the report back with a new deadline."""
    given = (body["accepted"], body["remark"], body["days"])
    return rectifications.close(call.session, call.actor, key, *given, call.now)
