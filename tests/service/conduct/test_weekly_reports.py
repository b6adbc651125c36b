"""The week of each grid becomes a report; the leader or after two days the system hands it to the panel."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from server.audit.api import Decision
from server.conduct.api import closers
from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import Household
from tests.cast import VILLAGE, Cast, build
from tests.service.conduct.steps import next_monday, status

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def reports(cast: Cast, by: str = "he_ping", **query: Any) -> list[dict[str, Any]]:
    return list(cast.as_(by).get("/weekly-reports", **query).get_json()["items"])


def move_to(cast: Cast, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
    cast.clock.move_to(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI))
    run_due(cast.clock.now(), closers=closers())


def test_nothing_before_monday_midnight(cast: Cast) -> None:
    cast.log("wang_fang", "zhao")
    move_to(cast, 9, 20, 23, 59)
    assert reports(cast) == []
    move_to(cast, 9, 21)
    found = reports(cast)
    assert {report["grid_name"]: report["records"] for report in found} == {"east": 1, "west": 0}
    (east,) = reports(cast, grid=cast.grids["east"], week="2026-W38")
    assert east["starts_at"] == "2026-09-14T00:00:00.000+08:00"
    assert east["ends_at"] == "2026-09-21T00:00:00.000+08:00"
    assert (east["status"], east["automatic"]) == ("open", False)
    assert reports(cast, week="2026-W39") == []


def test_a_record_belongs_to_the_week_in_which_it_was_logged(cast: Cast) -> None:
    move_to(cast, 9, 20, 23, 59)
    sunday = cast.log("wang_fang", "zhao", "J6", "1.00")["id"]
    cast.clock.advance(minutes=2)
    monday = cast.log("wang_fang", "zhao", "J6", "1.00", occurred_on="2026-09-20")["id"]
    run_due(cast.clock.now(), closers=closers())
    (east,) = reports(cast, grid=cast.grids["east"])
    records = cast.as_("he_ping").get("/records", report=east["id"]).get_json()["items"]
    assert [record["id"] for record in records] == [sunday]
    next_monday(cast)
    second = reports(cast, grid=cast.grids["east"])[0]
    records = cast.as_("he_ping").get("/records", report=second["id"]).get_json()["items"]
    assert [record["id"] for record in records] == [monday]


def test_the_leader_submits_with_a_remark(cast: Cast) -> None:
    kept, gone = (cast.log("wang_fang", "zhao", "J6", "1.00")["id"] for _ in range(2))
    next_monday(cast)
    assert cast.as_("wang_fang").post(f"/records/{gone}/withdrawal", {"reason": "记错了"}).status_code == 200
    (east,) = reports(cast, "ma_ling")
    assert east["records"] == 1
    answer = cast.as_("ma_ling").post(f"/weekly-reports/{east['id']}/submission", {"remark": "都看过了"})
    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["status"], body["remark"], body["automatic"]) == ("submitted", "都看过了", False)
    assert body["submitted_by"] == cast.persons["ma_ling"]
    assert (status(cast, kept), status(cast, gone)) == ("submitted", "withdrawn")
    again = cast.as_("ma_ling").post(f"/weekly-reports/{east['id']}/submission")
    assert (again.status_code, again.get_json()["code"]) == (409, "state_changed")
    late = cast.as_("wang_fang").post(f"/records/{kept}/withdrawal", {"reason": "记错了"})
    assert (late.status_code, late.get_json()["code"]) == (409, "state_changed")


@pytest.mark.parametrize(
    ("name", "code"),
    [("ma_dong", 404), ("wang_fang", 403), ("head_chen", 403), ("zhao_min", 403), ("he_ping", 200)],
)
def test_only_that_grids_leader(cast: Cast, name: str, code: int) -> None:
    cast.log("wang_fang", "zhao")
    next_monday(cast)
    (east,) = reports(cast, grid=cast.grids["east"])
    assert cast.as_(name).post(f"/weekly-reports/{east['id']}/submission").status_code == code


def test_after_two_days_the_system_submits_and_says_so(cast: Cast) -> None:
    key = cast.log("wang_fang", "zhao")["id"]
    move_to(cast, 9, 22, 23, 59)
    assert status(cast, key) == "recorded"
    move_to(cast, 9, 23)
    assert status(cast, key) == "submitted"
    for report in reports(cast):
        assert (report["status"], report["automatic"], report["submitted_by"]) == ("submitted", True, None)
    with transaction(writes=False) as session:
        steps = session.scalars(select(Decision).where(Decision.entity == "weekly_report")).all()
        assert [(step.source, step.target, step.person_id) for step in steps] == [
            ("open", "submitted", None)
        ] * 3  # two grids here, one in the other village


def test_the_cut_off_divides_a_week(cast: Cast) -> None:
    move_to(cast, 10, 12, 10)  # Monday, and the cut-off day
    first = cast.log("wang_fang", "zhao", "J6", "1.00")["id"]
    move_to(cast, 10, 13)
    (part,) = reports(cast, week="2026-W42")  # grids without records have none in this part
    assert (part["period"], part["grid_name"]) == ("2026-W42/2026-10", "east")
    assert part["ends_at"] == "2026-10-13T00:00:00.000+08:00"
    cast.clock.advance(hours=9)
    second = cast.log("wang_fang", "zhao", "J6", "1.00")["id"]
    move_to(cast, 10, 19)
    rest = next(report for report in reports(cast, week="2026-W42") if report["period"] == "2026-W42")
    assert rest["starts_at"] == "2026-10-13T00:00:00.000+08:00"
    by_record = {
        record["id"]: record["report"] for record in cast.as_("he_ping").get("/records").get_json()["items"]
    }
    east_rest = next(r for r in reports(cast, grid=cast.grids["east"]) if r["period"] == "2026-W42")
    assert by_record == {first: part["id"], second: east_rest["id"]}


def test_three_weeks_without_power_are_caught_up(cast: Cast) -> None:
    key = cast.log("wang_fang", "zhao")["id"]
    cast.clock.advance(days=21)
    closed = run_due(cast.clock.now(), closers=closers())
    weeks = [c.period for c in closed if c.closer == "conduct.week_report" and c.village == VILLAGE]
    assert weeks == ["2026-W38", "2026-W39", "2026-W40"]
    assert status(cast, key) == "submitted"
    assert run_due(cast.clock.now(), closers=closers()) == []


def test_who_sees_reports(cast: Cast) -> None:
    next_monday(cast)
    assert len(reports(cast, "head_chen")) == len(reports(cast, "panel_wu")) == 2
    assert [report["grid_name"] for report in reports(cast, "ma_dong")] == ["west"]
    assert [report["grid_name"] for report in reports(cast, "other_worker")] == ["other_grid"]
    assert cast.as_("zhao_min").get("/weekly-reports").status_code == 403
    assert cast.as_("ma_ling").get("/weekly-reports", week="W38").status_code == 422


def test_households_without_a_grid_are_not_forgotten(cast: Cast) -> None:
    with transaction() as session:
        session.get_one(Household, cast.households["zhao"]).grid_id = None
    key = cast.log("member_feng", "zhao", "J6", "1.00")["id"]
    next_monday(cast)
    lone = next(report for report in reports(cast) if report["grid"] is None)
    assert lone["records"] == 1
    cast.clock.advance(days=2)
    run_due(cast.clock.now(), closers=closers())
    assert status(cast, key) == "submitted"
