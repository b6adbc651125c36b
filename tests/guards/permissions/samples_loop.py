"""Samples of rulebooks, records, reviews, tallies, notices, objections, ranking, photos."""

from __future__ import annotations

from typing import Any

from server.people.access import Permission
from tests.guards.permissions.samples import At, Sample

P = Permission
TODAY = "2027-01-12"
LOGGING = frozenset({P.RECORD_LOG, P.RECORD_DECLARE})
_MEETING = {"held_on": TODAY, "kind": "representatives", "attended": 30, "for": 28}


def _record(**more: Any) -> dict[str, Any]:
    own = {"id": "@new", "household": "@household", "item": "J1", "points": "2.00", "occurred_on": TODAY}
    return own | more


_MINUTES: dict[str, Any] = {
    "minutes_number": "2027-01-1",
    "held_on": TODAY,
    "attended": ["@head", "@member_1", "@member_2", "@member_3", "@member_4"],
    "for": 5,
    "against": 0,
}

RULEBOOKS = (
    Sample("GET /api/v1/rulebooks/current", query={"village": "@village"}),
    Sample("POST /api/v1/rulebooks", At.VILLAGE, body={"village": "@village", "rulebook": "@document"}),
    Sample("GET /api/v1/rulebooks", At.VILLAGE, query={"village": "@village"}),
    Sample("GET /api/v1/rulebooks/<key>", At.VILLAGE, path={"key": "@rulebook"}),
    Sample(
        "POST /api/v1/rulebooks/<key>/adoption",
        At.VILLAGE,
        path={"key": "@rulebook"},
        body=_MEETING,
    ),
    Sample(
        "GET /api/v1/rulebooks/<key>/replay",
        At.VILLAGE,
        path={"key": "@rulebook"},
        query={"from": "2026-10", "to": "2026-12"},
    ),
    Sample("GET /api/v1/public/rulebooks", query={"village": "@village"}),
)

RECORDS = (
    Sample("POST /api/v1/records", At.HOUSEHOLD, body=_record()),
    Sample("POST /api/v1/records/batch", At.HOUSEHOLD, body={"records": [_record()]}, batch=True),
    Sample("GET /api/v1/records", At.HOUSEHOLD, query={"household": "@household"}, filtered=True),
    Sample("GET /api/v1/records/<key>", At.HOUSEHOLD, path={"key": "@record_new"}),
    Sample(
        "POST /api/v1/records/<key>/withdrawal",
        At.HOUSEHOLD,
        path={"key": "@record_new"},
        body={"reason": "记错了"},
        refusals=frozenset({"not_your_record"}),
        settled=frozenset({"not_your_record"}),
    ),
    Sample(
        "POST /api/v1/records/<key>/reviews",
        At.HOUSEHOLD,
        path={"key": "@record_before_panel"},
        body={"verdict": "approve"},
    ),
    Sample(
        "POST /api/v1/reviews/batch",
        At.HOUSEHOLD,
        body={"records": ["@record_before_panel"], "verdict": "approve"},
        batch=True,
    ),
    Sample(
        "POST /api/v1/records/<key>/reply",
        At.HOUSEHOLD,
        path={"key": "@record_negative"},
        body={"text": "已经清了"},
    ),
    Sample(
        "POST /api/v1/records/<key>/meeting-decision",
        At.HOUSEHOLD,
        path={"key": "@record_veto"},
        body=_MINUTES | {"verdict": "reject", "reason": "查无此事"},
    ),
    Sample("GET /api/v1/weekly-reports", At.GRID, query={"grid": "@grid"}, filtered=True),
    Sample("POST /api/v1/weekly-reports/<key>/submission", At.GRID, path={"key": "@report"}, body={}),
    Sample("POST /api/v1/photos", files={"id": "@new", "file": "photo"}),
    Sample("GET /api/v1/photos/<key>", At.HOUSEHOLD, path={"key": "@photo"}, acts=frozenset({P.PHOTO_READ})),
)

MONTH = (
    Sample("GET /api/v1/insight/figures", At.VILLAGE, query={"village": "@village"}),
    Sample("GET /api/v1/insight/villages"),
    Sample("GET /api/v1/tallies", At.VILLAGE, query={"village": "@village"}, filtered=True),
    Sample("GET /api/v1/tallies/<tally_id>", At.VILLAGE, path={"tally_id": "@tally_open"}),
    Sample(
        "POST /api/v1/tallies/<tally_id>/votes",
        At.VILLAGE,
        path={"tally_id": "@tally_open"},
        body={"vote": "for"},
    ),
    Sample(
        "POST /api/v1/tallies/<tally_id>/resolution",
        At.VILLAGE,
        path={"tally_id": "@tally_open"},
        body=_MINUTES | {"abstained": 0},
    ),
    Sample(
        "POST /api/v1/tallies/<tally_id>/ceiling",
        At.VILLAGE,
        path={"tally_id": "@tally_open"},
        body={"cut": True},
        settled=frozenset({"no_ceiling"}),
    ),
    Sample(
        "POST /api/v1/villages/<code>/opening-balances",
        At.VILLAGE,
        path={"code": "@village"},
        body={"lines": [{"household": "@household", "balance": "12.00"}]},
    ),
    Sample(
        "POST /api/v1/tallies/<tally_id>/resolution/confirmation",
        At.VILLAGE,
        path={"tally_id": "@tally_open"},
        settled=frozenset({"resolution_missing"}),
    ),
    Sample(
        "POST /api/v1/tallies/<tally_id>/returns",
        At.VILLAGE,
        path={"tally_id": "@tally_open"},
        body={"record": "@record_open", "reason": "照片看不清"},
    ),
    Sample(
        "POST /api/v1/tallies/<tally_id>/notice", At.VILLAGE, path={"tally_id": "@tally_resolved"}, body={}
    ),
    Sample("GET /api/v1/notices/<notice_id>", At.BELONGING, path={"notice_id": "@notice"}),
    Sample("GET /api/v1/notices/<notice_id>/poster", At.BELONGING, path={"notice_id": "@notice"}),
    Sample(
        "POST /api/v1/notices/<notice_id>/withdrawal",
        At.VILLAGE,
        path={"notice_id": "@notice"},
        body={"reason": "有一户算错"},
    ),
    Sample(
        "POST /api/v1/notices/<notice_id>/objections",
        At.VILLAGERS,
        path={"notice_id": "@notice"},
        body={"household": "@household", "text": "少记了一次"},
    ),
    Sample("GET /api/v1/objections", At.HOUSEHOLD, query={"notice": "@notice"}, filtered=True),
    Sample(
        "POST /api/v1/objections/<objection_id>/answer",
        At.VILLAGE,
        path={"objection_id": "@objection"},
        body={"upheld": False, "reason": "核实无误"},
    ),
    Sample("GET /api/v1/public/notices", query={"village": "@village"}),
    Sample("GET /api/v1/public/notices/<notice_id>", path={"notice_id": "@notice"}),
    Sample("GET /api/v1/ranking", query={"village": "@village"}),
)

APPEALS = (
    Sample(
        "POST /api/v1/entries/<entry_id>/appeals",
        At.ACCOUNT,
        path={"entry_id": "@entry_month"},
        body={"text": "少记了一次"},
        settled=frozenset({"already_appealed"}),
    ),
    Sample("GET /api/v1/appeals", At.ACCOUNT, query={"household": "@household"}, filtered=True),
    Sample(
        "POST /api/v1/appeals/<appeal_id>/answer",
        At.VILLAGE,
        path={"appeal_id": "@appeal"},
        body={"upheld": False, "reason": "核实无误"},
    ),
)

COMPLAINTS = (
    Sample(
        "GET /api/v1/villages/<code>/burden",
        At.VILLAGE,
        path={"code": "@village"},
        query={"from": "2026-09-14", "to": TODAY},
    ),
    Sample(
        "GET /api/v1/villages/<code>/fairness",
        At.VILLAGE,
        path={"code": "@village"},
        query={"from": "2026-09-14", "to": TODAY},
    ),
    Sample(
        "POST /api/v1/complaints",
        body={"about": "program", "text": "字太小"},
        once=True,
    ),
    Sample(
        "GET /api/v1/complaints",
        At.VILLAGE,
        query={"village": "@village"},
        filtered=True,
        acts=frozenset({P.COMPLAINT_READ}),
    ),
    Sample(
        "POST /api/v1/complaints/<complaint_id>/answer",
        At.VILLAGE,
        path={"complaint_id": "@complaint"},
        body={"text": "已经提醒过了"},
        settled=frozenset({"complaint_tier"}),
    ),
)

_QUARTER = {"division": "@village", "quarter": "2026-Q4"}
_SUMMARY = "GET /api/v1/summaries/<division>/<quarter>"
SUMMARIES = (
    Sample("GET /api/v1/summaries", At.VILLAGE, query={"division": "@village"}),
    Sample(_SUMMARY, At.VILLAGE, path=_QUARTER),
    Sample(f"{_SUMMARY}/summary.pdf", At.VILLAGE, path=_QUARTER),
    Sample(f"{_SUMMARY}/summary.docx", At.VILLAGE, path=_QUARTER),
)

SAMPLES = SUMMARIES + APPEALS + COMPLAINTS + RULEBOOKS + RECORDS + MONTH
