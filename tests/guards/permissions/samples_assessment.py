"""Samples of assessments. The cycles of the world belong to the first village; `zhao_min` is assessed in them,
so that a part in a cycle is something that nobody of the matrix has.
"""

from __future__ import annotations

from server.people.access import Permission
from tests.guards.permissions.samples import At, Sample

P = Permission
# who reads a cycle's process; whoever has a part in it instead is tested beside the routes
PROCESS = frozenset({P.ASSESSMENT_READ, P.ASSESSMENT_OVERSEE})
NOT_YOURS = frozenset({"not_allowed", "own_case"})
API = "/api/v1/assessments"
CYCLE = f"{API}/cycles/<cycle_id>"
BEGUN = {"cycle_id": "@cycle"}
LINKED = {"cycle_id": "@cycle_linked"}
STANDING = {"cycle_id": "@cycle_standing"}
_ENTRY = {"subject": "S1", "indicator": "bonus", "value": "1", "kind": "commended"}


def _process(route: str, path: dict[str, str], **more: object) -> Sample:
    return Sample(route, At.VILLAGE, path=path, acts=PROCESS, refusals=NOT_YOURS, **more)  # type: ignore[arg-type]


SAMPLES = (
    Sample(f"GET {API}/packs", once=True),
    Sample(f"GET {API}/packs/<pack>", path={"pack": "dongguan"}, once=True),
    Sample(f"GET {API}/packs/<pack>/template", path={"pack": "hangjin"}, once=True),
    Sample(f"POST {API}/cycles", At.VILLAGE, body={"pack": "hangjin", "division": "@village"}),
    Sample(f"GET {API}/cycles", At.VILLAGE, query={"limit": 5}, acts=PROCESS, filtered=True),
    _process(f"GET {CYCLE}", BEGUN),
    Sample(f"POST {CYCLE}/opening", At.VILLAGE, path={"cycle_id": "@cycle_preparing"}),
    Sample(f"POST {CYCLE}/cancellation", At.VILLAGE, path=BEGUN, body={"reason": "方案要改"}),
    Sample(
        f"POST {CYCLE}/subjects",
        At.VILLAGE,
        path=BEGUN,
        body={"subjects": [{"code": "S9", "name": "新来的", "category": "member", "unit": "T1"}]},
    ),
    _process(f"GET {CYCLE}/subjects", BEGUN),
    Sample(f"POST {CYCLE}/duties", At.VILLAGE, path=BEGUN, body={"person": "@head"}),
    _process(f"GET {CYCLE}/duties", BEGUN),
    Sample(f"DELETE {API}/duties/<duty_id>", At.VILLAGE, path={"duty_id": "@duty"}),
    Sample(f"GET {API}/register", At.VILLAGE, query={"division": "@village", "pack": "hangjin"}),
    Sample(
        f"POST {API}/register",
        At.VILLAGE,
        query={"division": "@village", "pack": "hangjin"},
        files={"file": "register"},
    ),
    _process(f"POST {CYCLE}/entries", BEGUN, body={"entries": [_ENTRY]}),
    _process(f"POST {CYCLE}/entries/file", BEGUN, files={"file": "entries"}),
    _process(f"GET {CYCLE}/entries", BEGUN),
    _process(f"POST {API}/entries/<entry_id>/withdrawal", {"entry_id": "@score"}, body={"reason": "写错"}),
    _process(f"GET {CYCLE}/results", BEGUN),
    _process(f"GET {CYCLE}/results/file", BEGUN, query={"format": "csv"}),
    Sample(f"GET {API}/packs/<pack>/score-form.pdf", path={"pack": "nanjiang-achievement"}, once=True),
    _process(f"GET {CYCLE}/ranking.pdf", BEGUN),
    _process(f"GET {CYCLE}/filing.pdf", STANDING),
    _process(f"GET {CYCLE}/subjects/<code>/form.pdf", STANDING | {"code": "S1"}),
    _process(f"GET {CYCLE}/tasks.pdf", BEGUN),
    _process(f"GET {CYCLE}/subjects/<code>/explanation", BEGUN | {"code": "S1"}),
    _process(f"POST {CYCLE}/what-if", BEGUN, body={"changes": {"quant_most": "500"}}),
    _process(f"GET {CYCLE}/sensitivity", BEGUN),
    _process(f"POST {CYCLE}/steps/<position>/completion", BEGUN | {"position": "1"}, body={}),
    _process(
        f"POST {CYCLE}/subjects/<code>/opinion",
        BEGUN | {"code": "S1"},
        body={"verdict": "stated", "text": "好"},
    ),
    _process(f"GET {CYCLE}/opinions", BEGUN),
    _process(f"POST {CYCLE}/objections", STANDING, body={"subject": "S1", "text": "少记了"}),
    _process(f"GET {CYCLE}/objections", STANDING),
    _process(
        f"POST {API}/objections/<objection_id>/answer",
        {"objection_id": "@result_objection"},
        body={"upheld": False, "reason": "核实无误"},
    ),
    _process(f"GET {CYCLE}/proposals", STANDING),
    Sample(
        f"POST {API}/proposals/<proposal_id>/decision",
        At.VILLAGE,
        path={"proposal_id": "@proposal"},
        body={"approved": True, "reason": "会议研究同意", "decided_on": "2027-01-11"},
    ),
    Sample(
        f"POST {CYCLE}/rectifications",
        At.VILLAGE,
        path=STANDING,
        body={"subject": "S1", "demand": "补齐台账", "days": 10},
    ),
    _process(f"GET {CYCLE}/rectifications", STANDING),
    # reports are for who is told to put something right
    Sample(
        f"POST {API}/rectifications/<key>/report",
        At.VILLAGE,
        path={"key": "@rectification"},
        body={"text": "补齐了"},
        acts=PROCESS,
        refusals=NOT_YOURS,
        settled=frozenset({"not_allowed"}),
    ),
    _process(
        f"POST {API}/rectifications/<key>/closure",
        {"key": "@rectification_reported"},
        body={"accepted": True, "remark": "属实"},
    ),
    Sample(f"POST {CYCLE}/tasks", At.VILLAGE, path=BEGUN, body={"title": "通水"}),
    _process(
        f"PUT {CYCLE}/subjects/<code>/linked",
        LINKED | {"code": "ZJ1"},
        body={"people": [{"code": "P1", "name": "李工", "coefficient": "1.05"}]},
    ),
    _process(f"GET {CYCLE}/linked", LINKED),
    Sample(f"GET {API}/linked", once=True),
    Sample(
        f"PUT {CYCLE}/contest/<period>",
        At.VILLAGE,
        path=LINKED | {"period": "2026-07"},
        body={"communities": [{"code": "C1", "name": "东社区", "points": "12.5"}]},
    ),
    _process(f"GET {CYCLE}/contest", LINKED),
    _process(f"GET {CYCLE}/tasks", BEGUN),
    _process(
        f"POST {API}/tasks/<task_id>/progress",
        {"task_id": "@task"},
        body={"period": "2027-01", "percent": 10},
    ),
    Sample(
        f"POST {API}/tasks/<task_id>/closure",
        At.VILLAGE,
        path={"task_id": "@task"},
        body={"status": "done", "remark": "通了"},
    ),
    Sample(f"POST {CYCLE}/draws", At.VILLAGE, path=BEGUN, body={}),
    _process(f"GET {CYCLE}/draws", BEGUN),
    _process(
        f"POST {API}/draws/<draw_id>/findings", {"draw_id": "@draw"}, body={"subject": "T1", "text": "齐"}
    ),
    Sample(
        f"POST {CYCLE}/pairings",
        At.VILLAGE,
        path=BEGUN,
        body={"model": "S1", "follower": "S2", "goal": "都到 800"},
    ),
    _process(f"GET {CYCLE}/pairings", BEGUN),
    _process(f"POST {API}/pairings/<key>/follow-ups", {"key": "@pairing"}, body={"text": "一起走访"}),
    Sample(f"POST {API}/pairings/<key>/closure", At.VILLAGE, path={"key": "@pairing"}, body={"met": True}),
    _process(f"POST {CYCLE}/reports", BEGUN, body={"subject": "S1", "text": "反映一件事"}),
    _process(f"GET {CYCLE}/reports", BEGUN),
    Sample(
        f"POST {API}/reports/<key>/check",
        At.VILLAGE,
        path={"key": "@conduct_report"},
        acts=frozenset({P.ASSESSMENT_OVERSEE}),
    ),
    Sample(
        f"POST {API}/reports/<key>/answer",
        At.VILLAGE,
        path={"key": "@conduct_report"},
        body={"confirmed": False, "finding": "没有这回事"},
        acts=frozenset({P.ASSESSMENT_OVERSEE}),
        settled=frozenset({"state_changed"}),
    ),
    Sample(f"POST {CYCLE}/appraisals", At.VILLAGE, path=BEGUN, body={"indicator": "qual.5", "days": 5}),
    _process(f"GET {CYCLE}/appraisals", BEGUN),
    Sample(f"POST {API}/appraisals/<key>/codes", At.VILLAGE, path={"key": "@appraisal"}, body={"count": 2}),
    Sample(f"POST {API}/appraisals/<key>/slips", At.VILLAGE, path={"key": "@appraisal"}, body={"count": 2}),
    Sample(f"POST {API}/appraisals/<key>/closure", At.VILLAGE, path={"key": "@appraisal"}),
    Sample(f"POST {API}/appraisal-form", body={"code": "@appraisal_code"}, once=True),
    Sample(
        f"POST {API}/appraisal-sheets", body={"code": "@appraisal_code", "scores": {"S1": "60"}}, once=True
    ),
)
