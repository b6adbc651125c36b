"""Exchange days over HTTP and in time: planned ahead, moved on by closers and people, moved and cancelled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from mall import api as mall
from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build
from tests.counter import Counter, ask, open_counter, tomorrow, whole
from tests.shop import patch


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    return open_counter(build(app, clock), rice=5, oil=5)


def closed(counter: Counter) -> list[str]:
    """Let the shop's closers work now; the names of those of exchange days that did in the first village."""
    done = run_due(counter.now, closers=mall.closers())
    return [one.closer for one in done if one.village == VILLAGE and one.closer.startswith("mall.exchange")]


def listed(counter: Counter, by: str = "zhao_min", **query: str) -> list[dict[str, object]]:
    answer = counter.cast.as_(by).get("/mall/exchange-days", village=VILLAGE, **query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(answer.get_json()["items"])


def test_twelve_months_are_planned_from_the_rule_and_everybody_sees_them(counter: Counter) -> None:
    closed(counter)
    days = listed(counter)
    assert [day["day"] for day in days][:3] == ["2026-10-01", "2026-11-01", "2026-12-01"]
    assert len(days) == 12 and days[-1]["day"] == "2027-09-01"
    assert {day["status"] for day in days} == {"planned"}
    assert days[0]["opens_at"] == "08:30"
    assert closed(counter) == [], "planned once"


def test_time_takes_a_day_from_planned_to_redeeming(counter: Counter) -> None:
    closed(counter)
    key = listed(counter)[0]["id"]
    states = []
    for at in ("2026-09-16T15:59", "2026-09-16T16:00", "2026-09-30T10:00", "2026-09-30T16:00"):
        counter.cast.clock.move_to(datetime.fromisoformat(at).replace(tzinfo=UTC))
        closed(counter)
        answer = counter.cast.as_("keeper_jiang").get(f"/mall/exchange-days/{key}")
        states.append(answer.get_json()["status"])
    assert states == ["planned", "open", "closed", "redeeming"]
    with transaction(writes=False) as session:
        steps = ask(
            session, "SELECT source, target FROM decisions WHERE entity_id = :key ORDER BY id", key=key
        )
    assert steps == [("planned", "open"), ("open", "closed"), ("closed", "redeeming")]


def test_three_weeks_without_power_are_caught_up_in_order(counter: Counter) -> None:
    closed(counter)
    counter.cast.clock.advance(days=40)
    names = closed(counter)
    # October is planned for on the 1st, in which the day of 1 October goes through its states
    assert names.count("mall.exchange_day") == 4  # 1 October: three steps, 1 November: opened
    assert names.count("mall.exchange_plan") == 1
    assert listed(counter)[0]["day"] == "2026-11-01"
    assert [day["status"] for day in listed(counter)][:2] == ["open", "planned"]


def test_a_new_rule_replaces_the_days_nobody_had_a_hand_in(counter: Counter) -> None:
    closed(counter)
    first = listed(counter)[0]["id"]
    moved = {"day": "2026-10-03", "reason": "国庆放假"}
    assert counter.cast.as_("head_chen").post(f"/mall/exchange-days/{first}/move", moved).status_code == 200
    with transaction() as session:
        from mall.settings.service import change_settings  # noqa: PLC0415

        actor = counter.cast.actor(session, "head_chen")
        rule = {"kind": "quarterly", "day": 1}
        change_settings(session, actor, VILLAGE, {"exchange_rule": rule, "place": "村部"}, None, counter.now)
    counter.cast.clock.advance(minutes=1)
    assert closed(counter) == ["mall.exchange_plan"]
    days = listed(counter)
    assert [day["day"] for day in days] == ["2026-10-03", "2027-01-01", "2027-04-01", "2027-07-01"]
    assert days[1]["place"] == "村部"


def test_a_cancelled_day_does_not_come_back(counter: Counter) -> None:
    closed(counter)
    first = listed(counter)[0]["id"]
    path = f"/mall/exchange-days/{first}/transition"
    cancelled = counter.cast.as_("keeper_jiang").post(path, {"to": "cancelled", "reason": "停电"})
    assert cancelled.get_json()["status"] == "cancelled"
    counter.cast.clock.advance(days=10)
    closed(counter)
    assert [day["status"] for day in listed(counter, to="2026-10-31")] == ["cancelled"]


def test_moving_keeps_reservations_and_tells_their_households(counter: Counter) -> None:
    day = counter.day(tomorrow(counter.cast, 5))
    made = counter.reserve(rice=1)
    to = (tomorrow(counter.cast, 9)).isoformat()
    answer = counter.cast.as_("head_chen").post(
        f"/mall/exchange-days/{day}/move", {"day": to, "reason": "进货晚到"}
    )
    assert answer.status_code == 200 and answer.get_json()["day"] == to
    kept = counter.cast.as_("zhao_min").get(f"/mall/reservations/{made['id']}").get_json()
    assert (kept["status"], kept["day"]) == ("open", to)
    assert counter.inbox()[0]["kind"] == "exchange_day_moved" and "进货晚到" in counter.inbox()[0]["text"]
    assert counter.inbox("qian_yun") == []
    assert counter.delete("zhao_min", f"/mall/reservations/{made['id']}").get_json()["status"] == "cancelled"


def test_cancelling_gives_everything_back_and_says_why(counter: Counter) -> None:
    day = counter.day(tomorrow(counter.cast, 5))
    made = [counter.reserve(rice=2), counter.reserve("qian_yun", "qian", oil=1)]
    counter.step("day", "cancelled", reason="暴雨")
    assert counter.points() == ("100.00", "0.00") and counter.points("qian") == ("100.00", "0.00")
    assert counter.stock("rice") == (5, 0) and counter.stock("oil") == (5, 0)
    for one, by in zip(made, ("zhao_min", "qian_yun"), strict=True):
        assert counter.cast.as_(by).get(f"/mall/reservations/{one['id']}").get_json()["status"] == "released"
        assert "暴雨" in counter.inbox(by)[0]["text"]
    refused = counter.cast.as_("zhao_min").post("/mall/reservations", counter.basket(rice=1))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "day_closed")
    with transaction(writes=False) as session:
        whole(session)
        assert ask(session, "SELECT ended_at IS NOT NULL FROM exchange_days WHERE id = :day", day=day) in (
            [(1,)],
            [(True,)],
        )


@pytest.mark.parametrize(
    ("state", "to", "status", "code"),
    [
        ("planned", "closed", 409, "transition_impossible"),
        ("open", "planned", 409, "transition_impossible"),
        ("open", "cancelled", 422, "reason_needed"),
        ("redeeming", "settled", 409, "signatures_needed"),
        ("redeeming", "open", 409, "transition_impossible"),
    ],
)
def test_steps_that_are_refused(counter: Counter, state: str, to: str, status: int, code: str) -> None:
    day = counter.day(tomorrow(counter.cast, 5), state)
    answer = counter.cast.as_("keeper_jiang").post(f"/mall/exchange-days/{day}/transition", {"to": to})
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_days_that_cannot_be(counter: Counter) -> None:
    keeper = counter.cast.as_("keeper_jiang")
    there = tomorrow(counter.cast, 5)
    day = counter.day(there, "redeeming")

    def create(**more: object) -> tuple[int, str]:
        body = {"id": new_id(), "village": VILLAGE, "day": tomorrow(counter.cast, 7).isoformat()} | more
        answer = keeper.post("/mall/exchange-days", body)
        return answer.status_code, answer.get_json().get("code", "")

    assert create(day=there.isoformat()) == (409, "exchange_day_exists")
    assert create(day="2026-09-14") == (422, "day_past")
    assert create(opens_at="17:00", closes_at="09:00") == (422, "hours_wrong")
    assert create(opens_at="25:00") == (422, "invalid")
    assert create(id=day) == (409, "id_reused")
    moved = keeper.post(f"/mall/exchange-days/{day}/move", {"day": "2026-12-24", "reason": "x"})
    assert (moved.status_code, moved.get_json()["code"]) == (409, "not_movable")


def test_slots_have_places(counter: Counter) -> None:
    day = counter.day(tomorrow(counter.cast, 5))
    slots = {"slots": [{"starts_at": "08:30", "ends_at": "09:30", "places": 1}]}
    answer = counter.cast.as_("keeper_jiang").post(f"/mall/exchange-days/{day}/slots", slots)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    slot = answer.get_json()["slots"][0]["id"]
    first = counter.cast.as_("zhao_min").post("/mall/reservations", counter.basket(rice=1) | {"slot": slot})
    assert first.status_code == 201
    second = counter.basket("qian", rice=1) | {"slot": slot}
    refused = counter.cast.as_("qian_yun").post("/mall/reservations", second)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "slot_full")
    assert counter.stock("rice") == (5, 1), "nothing is held for a refused one"
    counter.delete("zhao_min", f"/mall/reservations/{first.get_json()['id']}")
    assert counter.cast.as_("qian_yun").post("/mall/reservations", second).status_code == 201


def test_who_may(counter: Counter) -> None:
    day = counter.day(tomorrow(counter.cast, 5))
    cast: Cast = counter.cast
    body = {"village": VILLAGE, "day": "2026-12-24"}
    assert cast.as_(None).get("/mall/exchange-days", village=VILLAGE).status_code == 401
    assert cast.as_("zhao_min").post("/mall/exchange-days", body).status_code == 403
    assert cast.as_("other_head").post("/mall/exchange-days", body).status_code == 404
    to = {"to": "closed"}
    assert cast.as_("other_head").post(f"/mall/exchange-days/{day}/transition", to).status_code == 404
    unknown = cast.as_("other_head").post(f"/mall/exchange-days/{new_id()}/transition", to)
    known = cast.as_("other_head").post(f"/mall/exchange-days/{day}/transition", to)
    assert unknown.get_json() == known.get_json(), "unknown and forbidden look alike"
    assert cast.as_("other_villager").get("/mall/exchange-days", village=VILLAGE).status_code == 404
    assert cast.as_("other_villager").get(f"/mall/exchange-days/{day}").status_code == 404
    assert cast.as_("other_villager").get("/mall/exchange-days", village=OTHER_VILLAGE).status_code == 200
    assert patch(cast, "zhao_min", f"/mall/exchange-days/{day}", {}).status_code == 405
    far = {"village": VILLAGE, "from": "2020-01-01", "to": "2030-01-01"}
    assert cast.as_("zhao_min").get("/mall/exchange-days", **far).status_code == 422


def test_two_people_at_once_move_a_day_once(counter: Counter) -> None:
    counter.day(tomorrow(counter.cast, 5), "planned")
    counter.step("day", "open")
    again = counter.cast.as_("head_chen").post(
        f"/mall/exchange-days/{counter.days['day']}/transition", {"to": "open"}
    )
    assert again.get_json()["code"] == "transition_impossible"
    assert date.fromisoformat(listed(counter)[0]["day"]) == (counter.now + timedelta(days=5)).date()  # type: ignore[arg-type]
