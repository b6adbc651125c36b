"""Events as people bring them through: reported, given, handled, checked, rated, reopened, one tier up."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.messages.models import Message
from tests.cast import TOWNSHIP, VILLAGE, Cast, build
from tests.settled import Months, ok, refused


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def body(**more: Any) -> dict[str, Any]:
    return {"id": new_id(), "type": "hazard", "urgency": "urgent", "text": "巷口的井盖松了"} | more


def reported(cast: Cast, by: str = "zhao_min", **more: Any) -> dict[str, Any]:
    return ok(cast.as_(by).post("/events", body(**more)), 201)


def step(cast: Cast, by: str, event: dict[str, Any], to: str, **more: Any) -> dict[str, Any]:
    return ok(cast.as_(by).post(f"/events/{event['id']}/transition", {"to": to} | more))


def told(kind: str) -> list[str | None]:
    with transaction(writes=False) as session:
        rows = session.execute(
            select(Message.person_id, Message.household_code).where(Message.kind == kind).order_by(Message.id)
        )
        return [person or household for person, household in rows]


def test_reported_given_handled_checked_and_rated(cast: Cast) -> None:
    sent = body()
    event = ok(cast.as_("zhao_min").post("/events", sent), 201)
    assert (event["status"], event["tier"], event["mine"]) == ("reported", 1, True)
    assert event["household"] == cast.households["zhao"] and event["grid"]["id"] == cast.grids["east"]
    assert ok(cast.as_("zhao_min").post("/events", sent), 200)["id"] == event["id"]
    refused(cast.as_("zhao_min").post("/events", sent | {"text": "别的"}), 409, "id_reused")
    assert told("event_waiting") == [cast.persons["wang_fang"]]
    people = ok(cast.as_("ma_ling").get(f"/events/{event['id']}/handlers"))["items"]
    assert [(one["name"], one["title"]) for one in people][:1] == [("王芳", "村网格员")]
    refused(cast.as_("zhao_min").get(f"/events/{event['id']}/handlers"), 403, "not_allowed")
    given = step(cast, "ma_ling", event, "assigned", assignee=people[0]["id"])
    assert given["assigned_to"]["name"] == "王芳" and told("event_assigned") == [cast.persons["wang_fang"]]
    step(cast, "wang_fang", event, "handled", reason="换了新井盖")
    assert told("event_handled") == [cast.households["zhao"]]
    assert ok(cast.as_("zhao_min").get(f"/events/{event['id']}"))["handled_by"]["name"] == "王芳"
    refused(
        cast.as_("wang_fang").post(f"/events/{event['id']}/transition", {"to": "closed", "rating": 5}),
        403,
        "not_the_reporter",
    )
    path = f"/events/{event['id']}/transition"
    refused(cast.as_("zhao_min").post(path, {"to": "closed"}), 422, "rating_missing")
    refused(cast.as_("zhao_min").post(path, {"to": "closed", "rating": 6}), 422, "invalid")
    closed = step(cast, "zhao_min", event, "closed", rating=4)
    assert (closed["status"], closed["rating"]) == ("closed", 4)
    assert [(s["from"], s["to"]) for s in closed["steps"]] == [
        ("reported", "assigned"),
        ("assigned", "handled"),
        ("handled", "closed"),
    ]
    figures = ok(cast.as_("head_chen").get("/events/figures", village=VILLAGE))
    assert (figures["reported"], figures["settled"], figures["settled_in_grid"]) == (1, 1, 1)
    assert figures["ratings"] == {"4": 1}


def test_it_may_be_reopened_once(cast: Cast, clock: SetClock) -> None:
    event = reported(cast)
    path = f"/events/{event['id']}/transition"
    step(cast, "wang_fang", event, "handled", reason="看过了")
    refused(cast.as_("zhao_min").post(path, {"to": "reopened"}), 422, "reason_missing")
    step(cast, "zhao_min", event, "closed", rating=2)
    again = step(cast, "zhao_min", event, "reopened", reason="第二天又松了")
    assert (again["status"], again["round"], again["rating"]) == ("reopened", 2, None)
    step(cast, "wang_fang", event, "handled", reason="浇了水泥")
    refused(cast.as_("zhao_min").post(path, {"to": "reopened", "reason": "还是不行"}), 409, "reopened_before")
    step(cast, "zhao_min", event, "closed", rating=5)


def test_unhandled_past_its_time_it_goes_up_through_the_tiers(cast: Cast, clock: SetClock) -> None:
    cast.grant("auditor_yang", "grid_leader", TOWNSHIP)
    months, event = Months(cast), reported(cast)
    seen = []
    for _ in range(5):
        months.go(hours=24, minutes=1)
        now = ok(cast.as_("he_ping").get(f"/events/{event['id']}"))
        seen.append((now["status"], now["tier"]))
    # worker → leader → chief → the township's leader (it has no worker and no chief): there it stays
    assert seen == [("escalated", 2), ("escalated", 3), ("escalated", 5), ("escalated", 5), ("escalated", 5)]
    assert told("event_waiting") == [
        cast.persons[name] for name in ("wang_fang", "ma_ling", "he_ping", "auditor_yang")
    ]
    story = ok(cast.as_("zhao_min").get(f"/events/{event['id']}"))
    assert story["due_at"] is None and all(s["by_system"] for s in story["steps"])
    step(cast, "auditor_yang", event, "handled", reason="镇里派人修好了")
    months.go(days=8)
    closed = ok(cast.as_("zhao_min").get(f"/events/{event['id']}"))
    assert (closed["status"], closed["rating"]) == ("closed", None)
    figures = ok(cast.as_("head_chen").get("/events/figures", village=VILLAGE))
    assert (figures["settled"], figures["settled_in_grid"], figures["by_tier"]) == (1, 0, {"5": 1})


def test_a_worker_asks_the_tier_above(cast: Cast) -> None:
    event = reported(cast, by="wang_fang", grid=cast.grids["east"], urgency="normal")
    path = f"/events/{event['id']}/transition"
    refused(cast.as_("wang_fang").post(path, {"to": "escalated"}), 422, "reason_missing")
    up = step(cast, "wang_fang", event, "escalated", reason="要村里出钱")
    assert up["tier"] == 2
    step(cast, "wang_fang", event, "escalated", reason="组里也定不了")
    refused(cast.as_("wang_fang").post(path, {"to": "escalated", "reason": "再往上"}), 409, "top_tier")


def test_nobody_rates_the_own_handling(cast: Cast) -> None:
    event = reported(cast, by="wang_fang", grid=cast.grids["east"])
    step(cast, "wang_fang", event, "handled", reason="自己修好了")
    path = f"/events/{event['id']}/transition"
    refused(cast.as_("wang_fang").post(path, {"to": "closed", "rating": 5}), 422, "own_handling")
    assert step(cast, "wang_fang", event, "closed")["rating"] is None


def test_on_behalf_of_a_household_the_household_checks(cast: Cast) -> None:
    event = reported(cast, by="wang_fang", household=cast.households["zhao"], on_behalf=True)
    assert event["household"] == cast.households["zhao"]
    step(cast, "ma_ling", event, "handled", reason="修好了")
    assert step(cast, "zhao_min", event, "closed", rating=3)["rating"] == 3
    refused(
        cast.as_("wang_fang").post("/events", body(on_behalf=True, grid=cast.grids["east"])),
        422,
        "on_behalf_of_whom",
    )


def test_what_a_worker_finds_at_a_door_is_not_told_to_that_door(cast: Cast) -> None:
    event = reported(cast, by="wang_fang", household=cast.households["zhao"])
    assert event["household"] is None and event["about_household"] == cast.households["zhao"]
    refused(cast.as_("zhao_min").get(f"/events/{event['id']}"), 404, "not_found")
    assert ok(cast.as_("zhao_min").get("/events"))["items"] == []


def test_who_reported_is_known_to_those_who_handle_it_only(cast: Cast) -> None:
    event = reported(cast)
    assert ok(cast.as_("wang_fang").get(f"/events/{event['id']}"))["reported_by"] == "赵敏"
    cast.grant("auditor_yang", "county_officer", "990101000000")
    seen = ok(cast.as_("auditor_yang").get(f"/events/{event['id']}"))
    assert seen["reported_by"] is None and seen["household"] is None
    for stranger in ("qian_yun", "wang_jun", "other_worker"):
        refused(cast.as_(stranger).get(f"/events/{event['id']}"), 404, "not_found")


def test_it_is_given_only_to_somebody_of_the_net(cast: Cast) -> None:
    event = reported(cast)
    path = f"/events/{event['id']}/transition"
    for unfit in ("wang_jun", "zhao_min", "keeper_jiang"):
        asked = {"to": "assigned", "assignee": cast.persons[unfit]}
        refused(cast.as_("ma_ling").post(path, asked), 422, "assignee_unfit")
    refused(cast.as_("wang_jun").post(path, {"to": "assigned"}), 404, "not_found")


def test_lists_are_narrowed_and_turned_over(cast: Cast) -> None:
    first, second = reported(cast), reported(cast, type="request", urgency="normal")
    step(cast, "wang_fang", second, "assigned")
    step(cast, "zhao_min", first, "withdrawn")
    assert [e["id"] for e in ok(cast.as_("wang_fang").get("/events", assigned=True))["items"]] == [
        second["id"]
    ]
    assert [e["id"] for e in ok(cast.as_("ma_ling").get("/events", status="withdrawn"))["items"]] == [
        first["id"]
    ]
    page = ok(cast.as_("zhao_min").get("/events", reported=True, limit=1))
    rest = ok(cast.as_("zhao_min").get("/events", reported=True, limit=1, cursor=page["next_cursor"]))
    assert [page["items"][0]["id"], rest["items"][0]["id"]] == [second["id"], first["id"]]
    refused(
        cast.as_("wang_fang").post(f"/events/{first['id']}/transition", {"to": "handled", "reason": "x"}),
        409,
        "event_state",
    )
    figures = ok(cast.as_("head_chen").get("/events/figures", village=VILLAGE))
    assert (figures["reported"], figures["waiting"]) == (1, 1)


def test_photos_go_with_it_and_are_seen_where_it_is(cast: Cast) -> None:
    photo = cast.as_("zhao_min").photo()
    event = reported(cast, photos=[photo])
    assert event["photos"] == [photo]
    assert cast.as_("wang_fang").get(f"/photos/{photo}").status_code == 200
    assert cast.as_("wang_jun").get(f"/photos/{photo}").status_code == 404
    after = cast.as_("wang_fang").photo("red")
    done = step(cast, "wang_fang", event, "handled", reason="修好了", photos=[after])
    assert done["photos"] == [photo, after]
