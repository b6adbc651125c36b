"""Routes of the annual evaluation: honours, nominations, the vote, the notice, objections."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.honours import (
    awarding,
    catalogue,
    evaluations,
    minutes,
    nominations,
    objections,
    queries,
    reading,
    schemas,
    voting,
)
from server.honours.models import Evaluation, HonourObjection
from server.honours.nominations import Nominee
from server.honours.objections import Challenge
from server.honours.places import of_village
from server.honours.rules import qualifies
from server.kit.paging import decode_cursor, page
from server.people.api import Permission
from server.web.routes import PUBLIC, Call, endpoint, json_response

blueprint = Blueprint("honours", __name__, description="年度评比")


@endpoint(
    blueprint,
    "GET",
    "/honours",
    needs=Permission.HONOUR_READ,
    query=schemas.VillageQuery,
    answer=schemas.HonourList,
)
def list_honours(call: Call, query: dict[str, Any]) -> Any:
    """The honours of a village with their conditions in words."""
    village = query["village"]
    of_village(call.session, call.actor, Permission.HONOUR_READ, village)
    names = queries.item_names(call.session, village, call.now)
    found = catalogue.of_village(call.session, village)
    return {"items": [reading.honour_json(one, names) for one in found]}


@endpoint(
    blueprint,
    "POST",
    "/honours",
    needs=Permission.HONOUR_MANAGE,
    body=schemas.HonourBody,
    answer=schemas.HonourSchema,
)
def keep_honour(call: Call, body: dict[str, Any]) -> Any:
    """Add an honour of the village's own, change one, or retire it; running evaluations stay as they are."""
    village, active = body.pop("village"), body.pop("active")
    honour = catalogue.keep(call.session, call.actor, village, body, active, call.now)
    return reading.honour_json(honour, queries.item_names(call.session, village, call.now))


@endpoint(
    blueprint,
    "GET",
    "/evaluations",
    needs=Permission.HONOUR_READ,
    query=schemas.EvaluationQuery,
    answer=schemas.EvaluationPage,
)
def list_evaluations(call: Call, query: dict[str, Any]) -> Any:
    """The annual evaluations of a village, the latest year first."""
    rows, following = evaluations.listed(
        call.session, call.actor, query["village"], query.get("cursor"), query["limit"]
    )
    return {"items": [reading.summary(row) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/evaluations",
    needs=Permission.HONOUR_MANAGE,
    body=schemas.EvaluationBody,
    answer=schemas.EvaluationSchema,
    status=201,
)
def open_evaluation(call: Call, body: dict[str, Any]) -> Any:
    """Begin nominations before the year is over; otherwise they begin by themselves when it is posted."""
    row = evaluations.open_year(call.session, call.actor, body["village"], body["year"], call.now)
    return _shown(call, row)


@endpoint(
    blueprint,
    "GET",
    "/evaluations/<key>",
    needs=Permission.HONOUR_READ,
    answer=schemas.EvaluationSchema,
)
def read_evaluation(call: Call, key: str) -> Any:
    """An evaluation with every nomination, each condition with its reason, and the votes."""
    return _shown(call, evaluations.readable(call.session, call.actor, key))


def _shown(call: Call, row: Evaluation) -> dict[str, Any]:
    return reading.as_village(call.session, call.actor, row, call.now)


@endpoint(
    blueprint,
    "GET",
    "/evaluations/<key>/candidates",
    needs=Permission.HONOUR_MANAGE,
    query=schemas.CandidateQuery,
    answer=schemas.CandidatePage,
)
def list_candidates(call: Call, query: dict[str, Any], key: str) -> Any:
    """Every household by code: who fulfils the conditions of an honour, and why not."""
    found = evaluations.candidates(call.session, call.actor, key, query["honour"], call.now)
    after = decode_cursor(query["cursor"], str)[0] if "cursor" in query else ""
    rest = [one for one in found if one[0].household > after][: query["limit"] + 1]
    shown, following = page(rest, query["limit"], lambda one: (one[0].household,))
    items = [
        {
            "household": facts.household,
            "score": facts.score,
            "qualifies": qualifies(looked),
            "checks": [reading.vars_of(one) for one in looked],
        }
        for facts, looked in shown
    ]
    return {"items": items, "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/evaluations/<key>/nominations",
    needs=Permission.HONOUR_NOMINATE,
    body=schemas.NominationBody,
    answer=schemas.NominationSchema,
    status=201,
)
def nominate(call: Call, body: dict[str, Any], key: str) -> Any:
    """Nominate a household or one of its members; the household is told and may decline."""
    who = Nominee(body["honour"], body["household"], body.get("member"), body["reason"])
    made = nominations.nominate(call.session, call.actor, key, who, call.now)
    return reading.nomination_json(call.session, made, call.now)


@endpoint(
    blueprint,
    "POST",
    "/nominations/<key>/withdrawal",
    needs=Permission.HONOUR_SPEAK,
    body=schemas.ReasonBody,
    answer=schemas.NominationSchema,
)
def withdraw_nomination(call: Call, body: dict[str, Any], key: str) -> Any:
    """The household declines, or the committee takes the nomination back."""
    row = nominations.withdraw(call.session, call.actor, key, body["reason"], call.now)
    return reading.nomination_json(call.session, row, call.now)


@endpoint(
    blueprint,
    "POST",
    "/evaluations/<key>/voting",
    needs=Permission.HONOUR_MANAGE,
    answer=schemas.EvaluationSchema,
)
def start_voting(call: Call, key: str) -> Any:
    """End the nominations: conditions are looked at on the whole year and kept, the committee votes."""
    return _shown(call, voting.start_voting(call.session, call.actor, key, call.now))


@endpoint(
    blueprint,
    "POST",
    "/nominations/<key>/votes",
    needs=Permission.HONOUR_VOTE,
    body=schemas.NominationVoteBody,
    answer=schemas.NominationSchema,
)
def vote_on_nomination(call: Call, body: dict[str, Any], key: str) -> Any:
    """A committee member's vote; whom the nomination concerns steps aside."""
    row = voting.cast(call.session, call.actor, key, body["vote"], call.now)
    return reading.nomination_json(call.session, row, call.now)


@endpoint(
    blueprint,
    "POST",
    "/evaluations/<key>/result",
    needs=Permission.HONOUR_MANAGE,
    answer=schemas.EvaluationSchema,
)
def count_votes(call: Call, key: str) -> Any:
    """Count the votes: a majority of those who may vote, at most as many as the honour has."""
    return _shown(call, voting.resolve(call.session, call.actor, key, call.now))


@endpoint(
    blueprint,
    "POST",
    "/evaluations/<key>/minutes",
    needs=Permission.HONOUR_MANAGE,
    body=schemas.MinutesBody,
    answer=schemas.EvaluationSchema,
)
def enter_honour_minutes(call: Call, body: dict[str, Any], key: str) -> Any:
    """Enter the minutes of the meeting that voted; another member confirms them."""
    results = {
        one["nomination"]: (one["votes_for"], one["against"], one["abstained"]) for one in body["results"]
    }
    what = minutes.Meeting(body["minutes_number"], body["held_on"], body["kind"], body["attended"], results)
    minutes.enter_minutes(call.session, call.actor, key, what, call.now)
    return _shown(call, call.session.get_one(Evaluation, key))


@endpoint(
    blueprint,
    "POST",
    "/evaluations/<key>/minutes/confirmation",
    needs=Permission.HONOUR_MANAGE,
    answer=schemas.EvaluationSchema,
)
def confirm_honour_minutes(call: Call, key: str) -> Any:
    """A second member confirms the minutes: the nominations are decided."""
    return _shown(call, minutes.confirm_minutes(call.session, call.actor, key, call.now))


@endpoint(
    blueprint,
    "POST",
    "/evaluations/<key>/notice",
    needs=Permission.HONOUR_MANAGE,
    body=schemas.PublishBody,
    answer=schemas.EvaluationSchema,
)
def publish_honours(call: Call, body: dict[str, Any], key: str) -> Any:
    """Put those chosen on public notice; objections are open until it ends."""
    return _shown(call, awarding.publish(call.session, call.actor, key, body.get("days"), call.now))


@endpoint(
    blueprint,
    "GET",
    "/public/evaluations/<key>",
    needs=PUBLIC,
    answer=schemas.PublicEvaluation,
)
def read_public_evaluation(call: Call, key: str) -> Any:
    """An evaluation as everybody may read it: conditions, household numbers, votes."""
    response = json_response(reading.as_public(call.session, key))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@endpoint(
    blueprint,
    "POST",
    "/nominations/<key>/objections",
    needs=Permission.OBJECTION_MAKE,
    body=schemas.HonourObjectionBody,
    answer=schemas.HonourObjectionSchema,
    status=201,
)
def object_to_honour(call: Call, body: dict[str, Any], key: str) -> Any:
    """Object to an honour on notice; it is not given before the answer."""
    what = Challenge(body["text"], body["photos"], body["on_behalf"])
    return _objection(call, objections.make(call.session, call.actor, key, what, call.now))


@endpoint(
    blueprint,
    "GET",
    "/honour-objections",
    needs=Permission.OBJECTION_READ,
    query=schemas.HonourObjectionQuery,
    answer=schemas.HonourObjectionPage,
)
def list_honour_objections(call: Call, query: dict[str, Any]) -> Any:
    """Objections in reach, newest first."""
    rows, following = objections.listed(
        call.session, call.actor, query.get("evaluation"), query.get("cursor"), query["limit"]
    )
    return {"items": [_objection(call, row) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/honour-objections/<key>/answer",
    needs=Permission.OBJECTION_ANSWER,
    body=schemas.HonourObjectionAnswer,
    answer=schemas.HonourObjectionSchema,
)
def answer_honour_objection(call: Call, body: dict[str, Any], key: str) -> Any:
    """Answer: upheld, the honour is taken back with the reason; dismissed, it can be given."""
    row = objections.answer(call.session, call.actor, key, body["upheld"], body["reason"], call.now)
    return _objection(call, row)


def _objection(call: Call, row: HonourObjection) -> dict[str, Any]:
    return {
        "id": row.id,
        "nomination": row.nomination_id,
        "evaluation": row.evaluation_id,
        "household": row.household_code,
        "text": row.text,
        "on_behalf": row.on_behalf,
        "person": row.person_id if objections.may_know_person(call.actor, row) else None,
        "made_at": row.made_at,
        "due_at": row.due_at,
        "status": row.status,
        "reason": row.reason,
        "answered_at": row.answered_at,
    }
