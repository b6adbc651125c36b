"""One deed of several households under one common id, and what logging a record cost."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.cast import Cast, build
from tests.settled import ok, refused


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def test_a_clean_up_day_is_one_deed_with_a_record_each(cast: Cast) -> None:
    deed = new_id()
    bodies = [cast.record(name, "J6", "1.00", group=deed) for name in ("zhao", "qian", "sun")]
    answer = ok(cast.as_("wang_fang").post("/records/batch", {"records": bodies}))
    assert [one["status"] for one in answer["results"]] == [201, 201, 201]
    cast.log("wang_fang", "zhao", "J6", "1.00")
    listed = ok(cast.as_("ma_ling").get("/records", group=deed))["items"]
    assert {one["household"] for one in listed} == {one["household"] for one in bodies}
    assert {one["group"] for one in listed} == {deed}
    again = ok(cast.as_("wang_fang").post("/records/batch", {"records": bodies}))
    assert [one["status"] for one in again["results"]] == [200, 200, 200]
    other = bodies[0] | {"group": new_id()}
    refused(cast.as_("wang_fang").post("/records", other), 409, "record_id_reused")


@pytest.mark.parametrize("change", ["item", "day", "person"])
def test_another_item_day_or_person_is_another_deed(cast: Cast, change: str) -> None:
    deed, by = new_id(), "wang_fang"
    cast.log(by, "zhao", "J6", "1.00", group=deed)
    body = cast.record("qian", "J6", "1.00", group=deed)
    if change == "item":
        body["item"], body["points"] = "J1", "2.00"
    elif change == "day":
        cast.clock.move_to(cast.clock.now().replace(day=15))
        body["occurred_on"] = "2026-09-15"
    else:
        by = "ma_ling"
    refused(cast.as_(by).post("/records", body), 409, "group_mixed")


def test_a_household_does_not_declare_for_others(cast: Cast) -> None:
    body = cast.record("zhao", "J1", group=new_id())
    refused(cast.as_("zhao_min").post("/records", body), 422, "group_by_logger")


def test_effort_is_taken_and_not_shown_with_the_record(cast: Cast) -> None:
    effort = {"client": "phone", "taps": 4, "seconds": 21}
    body = cast.record("zhao", "J6", "1.00", effort=effort)
    record = ok(cast.as_("wang_fang").post("/records", body), 201)
    assert "effort" not in record and not [name for name in record if name.startswith("effort")]
    # a phone that sends again may count anew
    ok(cast.as_("wang_fang").post("/records", body | {"effort": effort | {"taps": 5}}))
    bad = cast.record("zhao", "J6", "1.00", effort=effort | {"taps": -1})
    assert cast.as_("wang_fang").post("/records", bad).status_code == 422
