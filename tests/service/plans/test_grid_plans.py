"""Lists of grid work read by index on both databases: visits, rounds, coverage, events, facts, files, changes, and
what the closers of grid work look for.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.cast import TOWNSHIP, VILLAGE, Cast, build
from tests.plans import scans
from tests.settled import ok
from tests.watching import sent

GROWING = frozenset(
    {
        *("visits", "coverage_months", "missed_visits", "household_facts", "events", "household_changes"),
        *("household_pasts", "households", "members", "plates", "persons", "grants", "sessions"),
        *("audit_log", "decisions", "messages"),
    }
)
LISTS: list[tuple[str, str, dict[str, str]]] = [
    ("wang_fang", "/round", {}),
    ("wang_fang", "/round", {"grid": "{east}"}),
    ("wang_fang", "/visits", {"household": "{zhao}"}),
    ("zhao_min", "/visits", {"household": "{zhao}"}),
    ("ma_ling", "/grids/{east}/coverage", {}),
    ("he_ping", "/coverage", {"village": VILLAGE}),
    ("he_ping", "/coverage", {"village": VILLAGE, "month": "2026-09"}),
    ("zhao_min", "/events", {"reported": "true"}),
    ("wang_fang", "/events", {"assigned": "true"}),
    ("wang_fang", "/events", {"grid": "{east}"}),
    ("ma_ling", "/events", {"village": VILLAGE, "status": "reported"}),
    ("he_ping", "/events", {"village": VILLAGE}),
    ("township_han", "/events", {"village": VILLAGE}),
    ("he_ping", "/events/figures", {"village": VILLAGE, "from": "2026-09-01"}),
    ("wang_fang", "/events/{event}", {}),
    ("wang_fang", "/households/{zhao}/facts", {}),
    ("zhao_min", "/households/{zhao}/file", {"as_of": "2026-09-14"}),
    ("zhao_min", "/households/{zhao}/looks", {}),
    ("head_chen", "/household-changes", {"village": VILLAGE}),
    ("head_chen", "/grids/report", {"village": VILLAGE}),
]


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def places(cast: Cast) -> dict[str, str]:
    """What stands in braces, after a month in which something of each kind happened."""
    worker, names = cast.as_("wang_fang"), {**cast.grids, **cast.households}
    fact = {"id": new_id(), "kind": "safety_checked", "value": "没问题"}
    ok(worker.post("/visits", {"id": new_id(), "household": names["zhao"], "facts": [fact]}), 201)
    event = {"id": new_id(), "type": "hazard", "urgency": "soon", "text": "井盖松了"}
    ok(cast.as_("zhao_min").post("/events", event), 201)
    cast.clock.advance(days=30)
    run_due(cast.clock.now())
    return names | {"event": event["id"]}


@pytest.mark.parametrize(("who", "path", "query"), LISTS, ids=[f"{w} {p} {'&'.join(q)}" for w, p, q in LISTS])
def test_a_list_reads_by_index(cast: Cast, who: str, path: str, query: dict[str, str]) -> None:
    names = places(cast)
    asked: dict[str, Any] = {name: value.format_map(names) for name, value in query.items()}
    with sent() as statements:
        answer = cast.as_(who).get(path.format_map(names), **asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert len(statements) >= 2
    assert scans(statements, GROWING) == []


def test_a_page_after_the_first_reads_by_index(cast: Cast) -> None:
    names = places(cast)
    worker = cast.as_("wang_fang")
    for _ in range(2):
        cast.clock.advance(days=1)
        fact = {"id": new_id(), "kind": "insured", "member": cast.members["zhao"], "value": "2026"}
        visit = {"id": new_id(), "household": names["zhao"], "facts": [fact]}
        ok(worker.post("/visits", visit), 201)
        event = {"id": new_id(), "type": "hazard", "urgency": "soon", "text": "井盖松了"}
        ok(cast.as_("zhao_min").post("/events", event), 201)
    lists: list[tuple[str, dict[str, str]]] = [
        ("/visits", {"household": names["zhao"]}), ("/events", {"grid": names["east"]}),
        (f"/households/{names['zhao']}/facts", {}),
    ]  # fmt: skip
    for path, query in lists:
        first = ok(worker.get(path, **query, limit=1))
        with sent() as statements:
            following = ok(worker.get(path, **query, limit=1, cursor=first["next_cursor"]))
        assert following["items"] and following["items"] != first["items"]
        assert scans(statements, GROWING) == [], path


def test_a_phones_queue_and_a_step_read_by_index(cast: Cast) -> None:
    names = places(cast)
    queue = [{"id": new_id(), "plate": cast.plates[name]} for name in ("zhao", "qian", "sun")]
    with sent() as statements:
        ok(cast.as_("wang_fang").post("/visits/batch", {"visits": queue}))
        step = {"to": "handled", "reason": "换了新的"}
        ok(cast.as_("ma_ling").post(f"/events/{names['event']}/transition", step))
    # a statement that inserts several visits names the tables that refer to visits; they are not read
    assert scans(statements, GROWING - {"missed_visits"}) == []


def test_closers_of_grid_work_look_by_index(cast: Cast) -> None:
    """A look that finds nothing due, and the months and steps that close."""
    places(cast)
    with sent() as statements:
        run_due(cast.clock.now())
        cast.clock.advance(days=31)
        closed = {one.closer for one in run_due(cast.clock.now())}
    assert {"grid.visits_month", "grid.visits_warning"} <= closed
    assert scans(statements, GROWING) == []


def test_those_above_see_their_villages_without_reading_all(cast: Cast) -> None:
    """A township's officer asks without naming a village: newest first, a page is a page."""
    places(cast)
    cast.grant("township_han", "chief_grid_leader", TOWNSHIP)
    cast.clock.advance(minutes=1)
    with sent() as statements:
        answer = cast.as_("township_han").get("/events")
    assert answer.status_code == 200 and answer.get_json()["items"]
    listing = [pair for pair in statements if "FROM events" in pair[0]]
    assert all("LIMIT" in sql for sql, _ in listing)
    assert scans(statements, GROWING - {"events"}) == []
