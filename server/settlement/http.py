"""Routes of the month: tallies, votes, minutes, notices, objections, ranking."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint
from sqlalchemy import select

from server.config import Settings
from server.kit.paging import decode_cursor, page
from server.people.api import Permission, Village
from server.settlement import (
    ceilings,
    notices,
    objections,
    poster,
    public,
    ranking,
    reading,
    schemas,
    tallies,
    votes,
)
from server.settlement.models import Notice, Objection, Tally
from server.settlement.months import kind_of, month_from, month_number
from server.settlement.rules import Minutes
from server.settlement.states import NoticeStatus
from server.web.fields import parsed_month
from server.web.routes import PUBLIC, Call, endpoint, json_response

blueprint = Blueprint("settlement", __name__, description="月度研究确定、公示、异议、排名")


@endpoint(
    blueprint,
    "GET",
    "/tallies",
    needs=Permission.TALLY_READ,
    query=schemas.TallyQuery,
    answer=schemas.TallyPage,
)
def list_tallies(call: Call, query: dict[str, Any]) -> Any:
    """The months of the villages in reach, newest last; with `month` their lines as well."""
    month = month_number(parsed_month(query["month"])) if "month" in query else None
    after = decode_cursor(query["cursor"], int, str) if "cursor" in query else None
    rows = tallies.listed(call.session, call.actor, query.get("village"), month, after, query["limit"] + 1)
    shown, following = page(rows, query["limit"], lambda row: (row.month, row.id))
    return {"items": [tally_answer(call, row, month is not None) for row in shown], "next_cursor": following}


@endpoint(blueprint, "GET", "/tallies/<tally_id>", needs=Permission.TALLY_READ, answer=schemas.TallySchema)
def read_tally(call: Call, tally_id: str) -> Any:
    """One month of a village with its lines; while not frozen, computed from the records."""
    return tally_answer(call, tallies.find(call.session, call.actor, Permission.TALLY_READ, tally_id)[0])


def settling(body: dict[str, Any] | None) -> ceilings.Settling | None:
    """How a breach of the ceiling is settled, as a value."""
    return None if body is None else ceilings.Settling(body.get("cut", False), body.get("reason", ""))


def tally_answer(call: Call, tally: Tally, with_lines: bool = True) -> dict[str, Any]:
    """A month by the names of the API."""
    notice = call.session.scalar(
        select(Notice.id).where(Notice.tally_id == tally.id, Notice.status != NoticeStatus.WITHDRAWN)
    )
    answer = {
        "id": tally.id,
        "village": tally.village_code,
        "month": str(month_from(tally.month)),
        "kind": kind_of(tally.month),
        "ceiling": tally.ceiling,
        "status": tally.status,
        "frozen": tally.frozen_at is not None,
        "cutoff_at": tally.cutoff_at,
        "freeze_due": tally.freeze_due,
        "vote_due": tally.vote_due,
        "resolved_at": tally.resolved_at,
        "posted_at": tally.posted_at,
        "members": len(votes.members(call.session, tally.village_code, call.now)),
        "votes": votes.votes(call.session, tally),
        "resolution": votes.standing_minutes(call.session, tally),
        "notice": notice,
    }
    return answer | ({"lines": tallies.lines(call.session, tally)} if with_lines else {})


@endpoint(
    blueprint,
    "POST",
    "/tallies/<tally_id>/votes",
    needs=Permission.TALLY_VOTE,
    body=schemas.VoteBody,
    answer=schemas.TallySchema,
)
def vote_on_tally(call: Call, body: dict[str, Any], tally_id: str) -> Any:
    """A committee member's vote; a majority of all members for it resolves the month."""
    return tally_answer(call, votes.cast_vote(call.session, call.actor, tally_id, body["vote"], call.now))


@endpoint(
    blueprint,
    "POST",
    "/tallies/<tally_id>/resolution",
    needs=Permission.TALLY_RESOLVE,
    body=schemas.ResolutionBody,
    answer=schemas.TallySchema,
)
def enter_resolution(call: Call, body: dict[str, Any], tally_id: str) -> Any:
    """Enter the minutes of the meeting that resolved the month; another member confirms them."""
    minutes = Minutes(
        number=body["minutes_number"],
        held_on=body["held_on"],
        attended=tuple(body["attended"]),
        votes_for=body["votes_for"],
        votes_against=body["against"],
        abstained=body["abstained"],
    )
    ceiling = settling(body.get("ceiling"))
    votes.enter_minutes(call.session, call.actor, tally_id, minutes, call.now, ceiling)
    return tally_answer(call, call.session.get_one(Tally, tally_id))


@endpoint(
    blueprint,
    "POST",
    "/tallies/<tally_id>/resolution/confirmation",
    needs=Permission.TALLY_RESOLVE,
    answer=schemas.TallySchema,
)
def confirm_resolution(call: Call, tally_id: str) -> Any:
    """A second member confirms the minutes: the month is resolved."""
    votes.confirm_minutes(call.session, call.actor, tally_id, call.now)
    return tally_answer(call, call.session.get_one(Tally, tally_id))


@endpoint(
    blueprint,
    "POST",
    "/tallies/<tally_id>/returns",
    needs=Permission.TALLY_RESOLVE,
    body=schemas.SendBackBody,
    answer=schemas.TallySchema,
)
def send_record_back(call: Call, body: dict[str, Any], tally_id: str) -> Any:
    """Send one record back to the panel: the tally is open again, its votes are void."""
    return tally_answer(
        call,
        votes.send_back(call.session, call.actor, tally_id, body["record"], body["reason"], call.now),
    )


@endpoint(
    blueprint,
    "POST",
    "/tallies/<tally_id>/notice",
    needs=Permission.NOTICE_PUBLISH,
    body=schemas.NoticeBody,
    answer=schemas.NoticeAnswer,
    status=201,
)
def publish_notice(call: Call, body: dict[str, Any], tally_id: str) -> Any:
    """Put a resolved month on public notice."""
    notice = notices.publish(call.session, call.actor, tally_id, body.get("days"), call.now)
    return {"notice": _summary(call, notice)}


@endpoint(
    blueprint,
    "POST",
    "/notices/<notice_id>/withdrawal",
    needs=Permission.NOTICE_PUBLISH,
    body=schemas.WithdrawalBody,
    answer=schemas.NoticeAnswer,
)
def withdraw_notice(call: Call, body: dict[str, Any], notice_id: str) -> Any:
    """Withdraw a notice with a reason: the tally opens again."""
    notice = notices.withdraw(call.session, call.actor, notice_id, body["reason"], call.now)
    return {"notice": _summary(call, notice)}


def _summary(call: Call, notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "village": call.session.get_one(Village, notice.village_code),
        "month": str(month_from(notice.month)),
        "kind": kind_of(notice.month),
        "status": notice.status,
        "published_at": notice.published_at,
        "ends_at": notice.ends_at,
        "ledger_head": notice.ledger_head,
        "page": f"/notices/{notice.id}",
    }


@endpoint(
    blueprint,
    "GET",
    "/public/notices",
    needs=PUBLIC,
    query=schemas.PublicNoticeQuery,
    answer=schemas.NoticePage,
)
def list_public_notices(call: Call, query: dict[str, Any]) -> Any:
    """The notices that are public now, newest first."""
    rows, following = public.listed(call.session, query.get("village"), query.get("cursor"), query["limit"])
    return {"items": [_summary(call, notice) for notice in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "GET",
    "/public/notices/<notice_id>",
    needs=PUBLIC,
    answer=schemas.PublicNotice,
    also={304: None},
)
def read_public_notice(call: Call, notice_id: str) -> Response:
    """A notice as everybody may read it: household numbers and totals, the ledger head."""
    return public.notice_response(call.session, notice_id)


@endpoint(
    blueprint, "GET", "/notices/<notice_id>", needs=Permission.NOTICE_READ, answer=schemas.VillageNotice
)
def read_notice(call: Call, notice_id: str) -> Any:
    """A notice as its village sees it: desensitised names, sums by heading."""
    notice, found, lines = reading.notice_for(call.session, call.actor, notice_id)
    return json_response(reading.village_json(notice, found, lines))


@endpoint(
    blueprint,
    "GET",
    "/notices/<notice_id>/poster",
    needs=Permission.NOTICE_READ,
    query=schemas.PosterQuery,
    content_type="application/pdf",
)
def print_notice(call: Call, query: dict[str, Any], notice_id: str) -> Response:
    """The notice as a poster, A4 or A3."""
    settings: Settings = current_app.extensions["jifen_settings"]
    pdf = poster.poster(call.session, call.actor, notice_id, query["paper"], settings.public_url, call.now)
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="notice-{query["paper"]}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@endpoint(
    blueprint,
    "POST",
    "/notices/<notice_id>/objections",
    needs=Permission.OBJECTION_MAKE,
    body=schemas.ObjectionBody,
    answer=schemas.ObjectionSchema,
    status=201,
)
def make_objection(call: Call, body: dict[str, Any], notice_id: str) -> Any:
    """Object to a line or a record on notice; the line is held until the answer."""
    what = objections.Challenge(
        household=body["household"],
        text=body["text"],
        record=body.get("record"),
        photos=body["photos"],
        on_behalf=body["on_behalf"],
    )
    return _objection(call, objections.make(call.session, call.actor, notice_id, what, call.now))


@endpoint(
    blueprint,
    "GET",
    "/objections",
    needs=Permission.OBJECTION_READ,
    query=schemas.ObjectionQuery,
    answer=schemas.ObjectionPage,
)
def list_objections(call: Call, query: dict[str, Any]) -> Any:
    """Objections in reach, newest first."""
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows, following = objections.listed(call.session, call.actor, query, cursor, limit)
    return {"items": [_objection(call, row) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/objections/<objection_id>/answer",
    needs=Permission.OBJECTION_ANSWER,
    body=schemas.ObjectionAnswerBody,
    answer=schemas.ObjectionSchema,
)
def answer_objection(call: Call, body: dict[str, Any], objection_id: str) -> Any:
    """Answer an objection: upheld with its consequence for the record, or dismissed with the reason."""
    what = objections.Answer(body["upheld"], body["reason"], body.get("points"))
    return _objection(call, objections.answer(call.session, call.actor, objection_id, what, call.now))


def _objection(call: Call, row: Objection) -> dict[str, Any]:
    known = objections.may_know_person(call.actor, row)
    return {
        "id": row.id,
        "notice": row.notice_id,
        "tally": row.tally_id,
        "village": row.village_code,
        "household": row.household_code,
        "record": row.record_id,
        "text": row.text,
        "on_behalf": row.on_behalf,
        "made_at": row.made_at,
        "due_at": row.due_at,
        "status": row.status,
        "reason": row.reason,
        "person": row.person_id if known else None,
        "answered_at": row.answered_at,
    }


@endpoint(
    blueprint,
    "GET",
    "/ranking",
    needs=PUBLIC,
    query=schemas.RankingQuery,
    answer=schemas.RankingSchema,
    also={304: None},
)
def read_ranking(call: Call, query: dict[str, Any]) -> Any:
    """The ranking of households as far as the village shows it; signed in also the own place."""
    if call.stranger:
        return public.cacheable(ranking.public_ranking(call.session, query["village"], query.get("period")))
    return ranking.ranking_for(call.session, call.actor, query["village"], query.get("period"))
