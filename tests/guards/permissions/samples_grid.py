"""Samples of grid work: visits, coverage, the household's file, events, household changes."""

from __future__ import annotations

from server.people.access import Permission
from tests.guards.permissions.samples import At, Sample

P = Permission

VISITS = (
    Sample("GET /api/v1/grid-vocabulary"),
    Sample("POST /api/v1/visits", At.HOUSEHOLD, body={"id": "@new", "household": "@household"}),
    Sample(
        "POST /api/v1/visits/batch",
        At.HOUSEHOLD,
        body={"visits": [{"id": "@new", "household": "@household"}]},
        batch=True,
    ),
    Sample("GET /api/v1/visits", At.HOUSEHOLD, query={"household": "@household"}, filtered=True),
    Sample("GET /api/v1/round", At.GRID, query={"grid": "@grid"}),
    Sample("GET /api/v1/grids/<grid>/coverage", At.GRID, path={"grid": "@grid"}),
    Sample("GET /api/v1/coverage", At.GRIDS, query={"village": "@village"}, filtered=True),
    Sample("GET /api/v1/grids/map", At.GRIDS, query={"village": "@village"}, filtered=True),
)

EVENTS = (
    Sample(
        "POST /api/v1/events",
        At.HOUSEHOLD,
        body={"id": "@new", "type": "hazard", "text": "路灯坏了", "household": "@household"},
    ),
    Sample("GET /api/v1/events", At.HOUSEHOLD, query={"village": "@village"}, filtered=True),
    Sample("GET /api/v1/events/figures", At.VILLAGE, query={"village": "@village"}),
    Sample("GET /api/v1/events/<key>", At.HOUSEHOLD, path={"key": "@event"}),
    Sample("GET /api/v1/events/<key>/handlers", At.HOUSEHOLD, path={"key": "@event"}),
    Sample(
        "POST /api/v1/events/<key>/transition",
        At.HOUSEHOLD,
        path={"key": "@event"},
        body={"to": "handled", "reason": "换了灯泡"},
        acts=frozenset({P.EVENT_HANDLE}),
    ),
)

_FACT = {"id": "@new", "kind": "house_empty"}
_OF_FILE = {"code": "@household"}
FILES = (
    Sample("GET /api/v1/households/<code>/file", At.HOUSEHOLD, path=_OF_FILE),
    Sample("GET /api/v1/households/<code>/file.pdf", At.HOUSEHOLD, path=_OF_FILE),
    Sample("GET /api/v1/households/<code>/file.xlsx", At.HOUSEHOLD, path=_OF_FILE),
    Sample("POST /api/v1/households/<code>/facts", At.HOUSEHOLD, path=_OF_FILE, body={"facts": [_FACT]}),
    Sample("GET /api/v1/households/<code>/facts", At.HOUSEHOLD, path=_OF_FILE),
    Sample(
        "POST /api/v1/facts/<key>/correction",
        At.HOUSEHOLD,
        path={"key": "@fact"},
        body={"reason": "记错了一户"},
    ),
)

_AGREEMENT = {"number": "户〔2027〕1号", "signed_on": "2027-01-10"}
CHANGES = (
    Sample(
        "POST /api/v1/household-changes",
        At.HOUSEHOLD,
        body={"id": "@new", "kind": "end", "household": "@household", "agreement": _AGREEMENT},
    ),
    Sample("GET /api/v1/household-changes", At.VILLAGE, query={"village": "@village"}),
    Sample("GET /api/v1/household-changes/<key>", At.VILLAGE, path={"key": "@change"}),
    Sample(
        "POST /api/v1/household-changes/<key>/arrival",
        At.VILLAGE,
        path={"key": "@change_arriving"},
        body={},
    ),
    Sample(
        "POST /api/v1/household-changes/<key>/cancellation",
        At.VILLAGE,
        path={"key": "@change"},
        body={"reason": "不分了"},
    ),
)

_WANTED = {"name": "东片", "households": ["@household"]}
GRIDS = (
    Sample("GET /api/v1/villages/<code>/grid-suggestion", At.VILLAGE, path={"code": "@village"}),
    Sample(
        "POST /api/v1/villages/<code>/grid-suggestion",
        At.VILLAGE,
        path={"code": "@village"},
        body={"grids": [_WANTED]},
    ),
    Sample("GET /api/v1/grids/report", At.VILLAGE, query={"village": "@village"}, filtered=True),
    Sample("PATCH /api/v1/grids/<grid>", At.GRID, path={"grid": "@grid"}, body={"area": "东片区"}),
    Sample("GET /api/v1/duties", At.VILLAGE, query={"village": "@village"}),
)

SAMPLES = VISITS + EVENTS + FILES + CHANGES + GRIDS
