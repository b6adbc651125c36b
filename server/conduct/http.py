"""Routes of records, weekly reports and reviews."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import ValidationError

from server.conduct import meetings, queries, replies, reports, reviews, service
from server.conduct.panel import Verdict
from server.conduct.reviews import Opinion
from server.conduct.schemas import (
    BatchAnswer,
    BatchBody,
    MeetingDecisionBody,
    RecordAnswer,
    RecordBody,
    RecordPage,
    RecordQuery,
    RecordStory,
    RecordWithdrawalBody,
    RemarkBody,
    ReplyBody,
    ReportAnswer,
    ReportList,
    ReportQuery,
    ReviewBatchBody,
    ReviewBody,
)
from server.kit.errors import DomainError, Invalid
from server.kit.transaction import transaction
from server.people.api import Permission
from server.web import problems
from server.web.routes import Call, endpoint, json_response

blueprint = Blueprint("conduct", __name__, description="记录、周报送与评议")
_RECORD = RecordBody()


@endpoint(
    blueprint,
    "POST",
    "/records",
    needs=Permission.RECORD_ADD,
    body=_RECORD,
    answer=RecordAnswer,
    status=201,
    also={200: RecordAnswer},
)
def log_record(call: Call, body: service.NewRecord) -> Response:
    """Log one record; the same id and content again gives the same record with 200."""
    record, first = service.log_record(call.session, call.actor, body, call.now)
    return json_response(record, 201 if first else 200)


@endpoint(
    blueprint,
    "POST",
    "/records/batch",
    needs=Permission.RECORD_ADD,
    body=BatchBody,
    answer=BatchAnswer,
    own_transaction=True,
)
def log_records(call: Call, body: dict[str, Any]) -> Response:
    """Log many records, each in a transaction of its own: one fault stops none of the others."""
    results = [_log_one(call, raw) for raw in body["records"]]
    return json_response({"results": results})


def _log_one(call: Call, raw: Any) -> dict[str, Any]:
    key = raw.get("id") if isinstance(raw, dict) and isinstance(raw.get("id"), str) else None
    try:
        new = _parsed(raw)
        with transaction() as session:
            record, first = service.log_record(session, call.actor, new, call.now)
    except DomainError as error:
        return _problem(key, error)
    return {"id": key, "status": 201 if first else 200, "record": record}


def _parsed(raw: Any) -> service.NewRecord:
    try:
        loaded: service.NewRecord = _RECORD.load(raw)
    except ValidationError as error:
        faults = problems.flatten(error.messages)
        raise Invalid("invalid", "有内容不对，请按提示改正。", faults) from None
    return loaded


def _problem(key: str | None, error: DomainError) -> dict[str, Any]:
    problem = problems.of(error)
    return {"id": key, "status": problem["status"], "problem": problem}


@endpoint(blueprint, "GET", "/records", needs=Permission.RECORD_READ, query=RecordQuery, answer=RecordPage)
def list_records(call: Call, query: dict[str, Any]) -> Response:
    """Records that the person signed in may read, newest first."""
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    wanted = queries.RecordFilter(**query)
    items, following = queries.records(call.session, call.actor, wanted, cursor, limit)
    return json_response({"items": items, "next_cursor": following})


@endpoint(blueprint, "GET", "/records/<key>", needs=Permission.RECORD_READ, answer=RecordStory)
def read_record(call: Call, key: str) -> Response:
    """One record with its reviews, reply and decisions."""
    return json_response(queries.story(call.session, call.actor, key))


@endpoint(
    blueprint,
    "POST",
    "/records/<key>/withdrawal",
    needs=Permission.RECORD_ADD,
    body=RecordWithdrawalBody,
    answer=RecordAnswer,
)
def withdraw_record(call: Call, body: dict[str, Any], key: str) -> Response:
    """Take a record back: undo within 30 seconds, with a reason until the week is submitted."""
    return json_response(service.withdraw(call.session, call.actor, key, body["reason"], call.now))


@endpoint(
    blueprint,
    "POST",
    "/records/<key>/reviews",
    needs=Permission.RECORD_REVIEW,
    body=ReviewBody,
    answer=RecordStory,
)
def review_record(call: Call, body: dict[str, Any], key: str) -> Response:
    """A panel member's verdict; decided as soon as the panel agrees."""
    reviews.review(call.session, call.actor, key, _opinion(body), call.now)
    return json_response(queries.story(call.session, call.actor, key))


@endpoint(
    blueprint,
    "POST",
    "/reviews/batch",
    needs=Permission.RECORD_REVIEW,
    body=ReviewBatchBody,
    answer=BatchAnswer,
)
def review_records(call: Call, body: dict[str, Any]) -> Response:
    """The same verdict on up to 200 records; one that cannot be reviewed stops none of the others."""
    keys = body["records"]
    errors = reviews.review_many(call.session, call.actor, keys, _opinion(body), call.now)
    accepted = [key for key in keys if errors[key] is None]
    found = {record["id"]: record for record in queries.some(call.session, accepted)}
    results = [_reviewed(key, errors[key], found) for key in keys]
    return json_response({"results": results})


def _reviewed(key: str, error: DomainError | None, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if error is not None:
        return _problem(key, error)
    return {"id": key, "status": 200, "record": found[key]}


def _opinion(body: dict[str, Any]) -> Opinion:
    return Opinion(Verdict(body["verdict"]), body["points"], body["reason"])


@endpoint(
    blueprint,
    "POST",
    "/records/<key>/reply",
    needs=Permission.RECORD_REPLY,
    body=ReplyBody,
    answer=RecordStory,
)
def reply_to_record(call: Call, body: dict[str, Any], key: str) -> Response:
    """What the household says to a record that counts against it, before the verdict."""
    replies.reply(call.session, call.actor, key, body["text"], call.now)
    return json_response(queries.story(call.session, call.actor, key))


@endpoint(
    blueprint,
    "POST",
    "/records/<key>/meeting-decision",
    needs=Permission.MEETING_DECIDE,
    body=MeetingDecisionBody,
    answer=RecordStory,
)
def decide_by_meeting(call: Call, body: dict[str, Any], key: str) -> Response:
    """What a recorded committee meeting decided: veto items, and where the panel cannot."""
    meetings.decide(call.session, call.actor, key, body["minutes"], _opinion(body), call.now)
    return json_response(queries.story(call.session, call.actor, key))


@endpoint(
    blueprint, "GET", "/weekly-reports", needs=Permission.REPORT_READ, query=ReportQuery, answer=ReportList
)
def list_weekly_reports(call: Call, query: dict[str, Any]) -> Response:
    """Weekly reports of the grids that the person signed in may see."""
    wanted = reports.ReportFilter(**query)
    return json_response({"items": reports.list_reports(call.session, call.actor, wanted)})


@endpoint(
    blueprint,
    "POST",
    "/weekly-reports/<key>/submission",
    needs=Permission.REPORT_SUBMIT,
    body=RemarkBody,
    answer=ReportAnswer,
)
def submit_weekly_report(call: Call, body: dict[str, Any], key: str) -> Response:
    """The leader of the grid hands the week to the panel."""
    return json_response(reports.submit(call.session, call.actor, key, body["remark"], call.now))
