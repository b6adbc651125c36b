"""Samples of grid work: visits, coverage, the household's file, events, household changes."""

from __future__ import annotations

from tests.guards.permissions.samples import At, Sample

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
)

SAMPLES = VISITS
