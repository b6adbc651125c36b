"""Visits as phones send them: scan, tick, done; offline queues; rounds; coverage; last week and month's end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from server.grid.visits.reading import plate_mark
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.messages.models import Message
from tests.cast import VILLAGE, Cast, build
from tests.settled import Months, ok, refused


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def visit(cast: Cast, household: str, **more: Any) -> dict[str, Any]:
    return {"id": new_id(), "household": cast.households[household]} | more


def told(kind: str) -> list[tuple[str | None, str]]:
    with transaction(writes=False) as session:
        rows = session.execute(select(Message.person_id, Message.text).where(Message.kind == kind))
        return [tuple(row) for row in rows]


def test_a_scan_a_tick_and_done_and_the_same_again_is_one_visit(cast: Cast) -> None:
    body = {"id": new_id(), "plate": cast.plates["zhao"], "duties": ["sanitation", "welfare"]}
    first = ok(cast.as_("wang_fang").post("/visits", body), 201)
    assert first["household"] == cast.households["zhao"] and first["visited_on"] == "2026-09-14"
    assert ok(cast.as_("wang_fang").post("/visits", body), 200) == first
    refused(cast.as_("wang_fang").post("/visits", body | {"note": "别的"}), 409, "id_reused")
    refused(cast.as_("ma_ling").post("/visits", body), 409, "id_reused")
    seen = ok(cast.as_("zhao_min").get("/visits", household=cast.households["zhao"]))["items"]
    assert [(row["visited_by"], row["duties"]) for row in seen] == [("王芳", ["sanitation", "welfare"])]


def test_a_phone_may_not_visit_where_it_does_not_work(cast: Cast) -> None:
    for body in (visit(cast, "li"), visit(cast, "other"), {"id": new_id(), "plate": "x" * 32}):
        refused(cast.as_("wang_fang").post("/visits", body), 404, "household_not_found")
    refused(cast.as_("head_chen").post("/visits", visit(cast, "zhao")), 403, "not_allowed")


def test_a_queue_is_taken_in_with_every_refusal_named(cast: Cast, clock: SetClock) -> None:
    now = clock.now()
    good = visit(cast, "zhao", device_time=(now - timedelta(days=3)).isoformat())
    queue = [
        good,
        visit(cast, "li"),
        visit(cast, "qian", device_time=(now - timedelta(days=15)).isoformat()),
        visit(cast, "qian", duties=["no_such"]),
        visit(cast, "sun"),
        good,
    ]
    results = ok(cast.as_("wang_fang").post("/visits/batch", {"visits": queue}))["results"]
    assert [row["status"] for row in results] == [201, 404, 422, 422, 201, 200]
    assert results[2]["problem"]["code"] == "too_old"
    assert results[0]["visit"]["visited_on"] == "2026-09-11"
    again = ok(cast.as_("wang_fang").post("/visits/batch", {"visits": queue}))["results"]
    assert [row["status"] for row in again] == [200, 404, 422, 422, 200, 200]
    with transaction(writes=False) as session:
        assert session.scalar(text("SELECT count(*) FROM visits")) == 2


def test_an_old_plate_is_good_for_scans_before_it_was_replaced(cast: Cast, clock: SetClock) -> None:
    old, scanned = cast.plates["zhao"], clock.now()
    clock.advance(hours=1)
    ok(cast.as_("head_chen").post(f"/plates/{cast.households['zhao']}/reissue"), 201)
    body = {"id": new_id(), "plate": old}
    refused(cast.as_("wang_fang").post("/visits", body), 422, "plate_revoked")
    ok(cast.as_("wang_fang").post("/visits", body | {"device_time": scanned.isoformat()}), 201)


def test_the_round_holds_no_more_than_the_door(cast: Cast, clock: SetClock) -> None:
    clock.move_to(datetime(2026, 9, 29, 1, 0, tzinfo=UTC))
    ok(cast.as_("wang_fang").post("/visits", visit(cast, "qian")), 201)
    clock.advance(days=1)
    found = ok(cast.as_("wang_fang").get("/round"))
    assert (found["grid"]["id"], found["households"], found["visited"]) == (cast.grids["east"], 3, 1)
    assert found["last_week"] is True and found["ends_on"] == "2026-09-30"
    stops = {row["household"]: row for row in found["items"]}
    assert set(stops) == {cast.households["zhao"], cast.households["sun"]}
    stop = stops[cast.households["zhao"]]
    assert stop["plate_mark"] == plate_mark(cast.plates["zhao"]) and stop["done"] is False
    assert set(stop) == {"household", "label", "plate_mark", "last_visit_on", "days_since", "done"}
    assert cast.plates["zhao"] not in str(found)
    ok(cast.as_("wang_fang").post("/visits", visit(cast, "zhao")), 201)
    after = ok(cast.as_("wang_fang").get("/round", grid=cast.grids["east"]))
    assert [row["household"] for row in after["items"]] == [row["household"] for row in found["items"]]
    assert {row["household"] for row in after["items"] if row["done"]} == {cast.households["zhao"]}
    refused(cast.as_("wang_fang").get("/round", grid=cast.grids["west"]), 404, "not_found")
    refused(cast.as_("he_ping").get("/round"), 422, "grid_needed")


def test_the_last_week_warns_and_the_months_end_goes_one_tier_up(cast: Cast, clock: SetClock) -> None:
    months = Months(cast)
    ok(cast.as_("wang_fang").post("/visits", visit(cast, "zhao")), 201)
    months.go_to(datetime(2026, 9, 23, 16, 30, tzinfo=UTC))  # 24 September, half past midnight
    warned = dict(told("visits_left"))
    assert set(warned) == {cast.persons["wang_fang"], cast.persons["wang_jun"]}
    assert "2 户" in warned[cast.persons["wang_fang"]] and "3 户" in warned[cast.persons["wang_jun"]]
    for household in ("li", "zhou", "wu"):
        ok(cast.as_("wang_jun").post("/visits", visit(cast, household)), 201)
    months.go_to(datetime(2026, 9, 30, 16, 30, tzinfo=UTC))
    assert [person for person, _ in told("visits_missed")] == [cast.persons["ma_ling"]]
    east = ok(cast.as_("ma_ling").get(f"/grids/{cast.grids['east']}/coverage", month="2026-09"))
    assert (east["households"], east["visited"], east["closed"], east["escalated_to"]) == (3, 1, True, 2)
    assert [row["household"] for row in east["left"]] == [cast.households["qian"], cast.households["sun"]]
    village = ok(cast.as_("he_ping").get("/coverage", village=VILLAGE, month="2026-09"))["items"]
    assert [(row["grid"]["name"], row["visited"], row["escalated_to"]) for row in village] == [
        ("east", 1, 2),
        ("west", 3, None),
    ]
    late = visit(cast, "sun", device_time=datetime(2026, 9, 30, 8, 0, tzinfo=UTC).isoformat())
    ok(cast.as_("wang_fang").post("/visits", late), 201)
    assert (
        ok(cast.as_("ma_ling").get(f"/grids/{cast.grids['east']}/coverage", month="2026-09"))["visited"] == 2
    )
    assert ok(cast.as_("ma_ling").get("/coverage", village=VILLAGE))["items"][0]["month"] == "2026-10"
    months.go_to(datetime(2026, 10, 31, 16, 30, tzinfo=UTC))
    again = ok(cast.as_("he_ping").get("/coverage", village=VILLAGE, month="2026-10"))["items"]
    assert [(row["visited"], row["escalated_to"]) for row in again] == [(0, 3), (0, 2)]


def test_nobody_is_reminded_where_no_visit_was_ever_made(cast: Cast) -> None:
    Months(cast).go(days=60)
    assert told("visits_left") == [] and told("visits_missed") == []
