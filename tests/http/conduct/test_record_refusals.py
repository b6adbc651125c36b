"""POST /records: every refusal of spec 01, with a stable code and the field it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from server.grid.models import Plate
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import Household
from server.rulebook.items import Unit
from tests.cast import VILLAGE, Cast, adopt_rulebook, build
from tests.rulebooks import item, small_rulebook


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def refused(
    cast: Cast, by: str, body: dict[str, Any], status: int, code: str, field: str | None = None
) -> None:
    answer = cast.as_(by).post("/records", body)
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert problem["detail"], "a sentence for a person"
    if field is not None:
        assert field in {fault["field"] for fault in problem["errors"]}, problem
    assert cast.as_("head_chen").get("/records").get_json()["items"] == [], "nothing was written"


@pytest.mark.parametrize(
    ("household", "change", "code", "field"),
    [
        ("zhao", {"item": "J99"}, "item_not_in_force", "item"),
        ("zhao", {"occurred_on": "2026-09-13"}, "item_not_in_force", "item"),  # adopted on the 14th
        ("zhao", {"points": "1.50"}, "points_out_of_range", "points"),
        ("zhao", {"points": "5.50"}, "points_out_of_range", "points"),
        ("zhao", {"points": "2.25"}, "points_off_step", "points"),
        ("zhao", {"points": "-2.00"}, "points_out_of_range", "points"),
        ("zhao", {"item": "F1", "points": "1.00"}, "points_out_of_range", "points"),
        ("zhao", {"occurred_on": "2026-09-15"}, "date_in_future", "occurred_on"),
        ("zhao", {"item": "J3", "points": "10.00"}, "photo_missing", "photos"),
        ("zhao", {"item": "J4", "points": "3.00"}, "place_missing", "location"),
        ("zhao", {"item": "V1", "points": "-20.00"}, "may_not_log", "item"),
        ("sun", {"item": "J2", "points": "1.00"}, "household_exempt", "item"),
        ("zhao", {"on_behalf": True}, "photo_missing", "photos"),
        ("zhao", {"item": "J6", "points": "1.00", "on_behalf": True}, "photo_missing", "item"),
    ],
)
def test_what_the_rulebook_refuses(
    cast: Cast, household: str, change: dict[str, Any], code: str, field: str
) -> None:
    refused(cast, "wang_fang", cast.record(household) | change, 422, code, field)


def test_too_old(cast: Cast) -> None:
    cast.clock.advance(days=15)
    refused(
        cast, "wang_fang", cast.record("zhao", occurred_on="2026-09-14"), 422, "date_too_old", "occurred_on"
    )
    day_before = cast.record("zhao", occurred_on="2026-09-15")
    assert cast.as_("wang_fang").post("/records", day_before).status_code == 201, "14 days back is allowed"


def test_the_day_is_the_one_in_shanghai(cast: Cast) -> None:
    cast.clock.advance(hours=14, minutes=59)  # 23:59 in Shanghai, 15:59 UTC
    refused(cast, "wang_fang", cast.record("zhao", occurred_on="2026-09-15"), 422, "date_in_future")
    cast.clock.advance(minutes=1)
    cast.log("wang_fang", "zhao", occurred_on="2026-09-15")


@pytest.mark.parametrize("status", ["declined", "ended"])
def test_households_that_take_no_part(cast: Cast, status: str) -> None:
    with transaction() as session:
        code = cast.households["zhao"]
        session.execute(update(Household).where(Household.code == code).values(status=status))
    refused(cast, "wang_fang", cast.record("zhao"), 422, "household_out_of_programme", "household")


def scanned(cast: Cast, household: str, **more: Any) -> dict[str, Any]:
    body = cast.record(household, plate=cast.plates[household], **more)
    return {name: value for name, value in body.items() if name != "household"}


def test_unknown_plates_and_foreign_households_look_alike(cast: Cast) -> None:
    known = cast.as_("wang_fang").post("/records", scanned(cast, "zhao"))
    assert known.status_code == 201 and known.get_json()["household"] == cast.households["zhao"]
    nowhere = {**scanned(cast, "zhao"), "plate": "A" * 32}
    nobody = cast.record("zhao") | {"household": f"{VILLAGE}9999"}
    bodies = [
        nowhere,
        nobody,
        cast.record("li"),
        scanned(cast, "li"),
        cast.record("other"),
        scanned(cast, "other"),
    ]
    answers = [cast.as_("wang_fang").post("/records", body) for body in bodies]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_data() for answer in answers}) == 1
    assert answers[0].get_json()["code"] == "household_not_found"


def test_a_plate_revoked_before_the_scan(cast: Cast) -> None:
    revoked_at = cast.clock.now() + timedelta(hours=1)
    with transaction() as session:
        session.execute(update(Plate).where(Plate.token == cast.plates["zhao"]).values(revoked_at=revoked_at))
    cast.clock.advance(hours=2)
    refused(cast, "wang_fang", scanned(cast, "zhao"), 422, "plate_revoked", "plate")
    late = (cast.clock.now() - timedelta(minutes=30)).isoformat()
    refused(cast, "wang_fang", scanned(cast, "zhao", device_time=late), 422, "plate_revoked", "plate")
    before = (cast.clock.now() - timedelta(minutes=90)).isoformat()
    offline = cast.as_("wang_fang").post("/records", scanned(cast, "zhao", device_time=before))
    assert offline.status_code == 201, "scanned while the plate was good, sent later"
    assert offline.get_json()["device_time"] == "2026-09-14T09:30:00.000+08:00"


@pytest.mark.parametrize(
    ("code", "points", "times", "days"),
    [("J1", "2.00", 4, 1), ("J2", "1.00", 1, 0), ("J4", "3.00", 2, 1), ("J5", "5.00", 1, 1)],
)
def test_caps(cast: Cast, code: str, points: str, times: int, days: int) -> None:
    place = {"latitude": "38.69", "longitude": "115.78"}
    for _ in range(times):
        cast.log("wang_fang", "zhao", code, points, location=place)
        cast.clock.advance(days=days)
    answer = cast.as_("wang_fang").post("/records", cast.record("zhao", code, points, location=place))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "cap_exceeded")
    cast.log("wang_fang", "qian", code, points, location=place)  # a household of its own


def test_a_cap_counts_by_the_date_of_conduct(cast: Cast) -> None:
    cast.clock.advance(days=13)  # Sunday, 27 September
    for day in (21, 27):  # two in the week from Monday the 21st
        place = {"latitude": "38.69", "longitude": "115.78"}
        cast.log("wang_fang", "zhao", "J4", "3.00", occurred_on=f"2026-09-{day}", location=place)
    third = cast.record("zhao", "J4", "3.00", occurred_on="2026-09-24", location=place)
    assert cast.as_("wang_fang").post("/records", third).get_json()["code"] == "cap_exceeded"
    cast.log("wang_fang", "zhao", "J4", "3.00", occurred_on="2026-09-20", location=place)


def test_a_cap_follows_the_code_across_versions(cast: Cast) -> None:
    cast.log("wang_fang", "zhao", "J5", "5.00")
    renamed = small_rulebook(items=(item("J5", "庭院很好", "5.00", unit=Unit.YEAR),), exemption_classes={})
    adopt_rulebook(cast, VILLAGE, "head_chen", renamed)
    answer = cast.as_("wang_fang").post("/records", cast.record("zhao", "J5", "5.00"))
    assert answer.get_json()["code"] == "cap_exceeded"


def test_what_was_withdrawn_frees_the_cap(cast: Cast) -> None:
    first = cast.log("wang_fang", "zhao", "J5", "5.00")
    assert cast.as_("wang_fang").post("/records", cast.record("zhao", "J5", "5.00")).status_code == 409
    cast.as_("wang_fang").post(f"/records/{first['id']}/withdrawal")
    cast.log("wang_fang", "zhao", "J5", "5.00")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": 2.0}, "points"),
        ({"points": "2.001"}, "points"),
        ({"points": "two"}, "points"),
        ({"id": "no-uuid"}, "id"),
        ({"occurred_on": "14.9.2026"}, "occurred_on"),
        ({"occurred_on": "0001-01-01"}, "occurred_on"),
        ({"occurred_on": "9999-12-31"}, "occurred_on"),
        ({"household": "12"}, "household"),
        ({"plate": "A" * 32}, "household"),  # both
        ({"note": "x" * 501}, "note"),
        ({"note": "\x00"}, "note"),
        ({"device_time": "2026-09-14T09:00:00"}, "device_time"),
        ({"location": {"latitude": "91", "longitude": "0"}}, "location.latitude"),
        ({"location": {"latitude": "NaN", "longitude": "0"}}, "location.latitude"),
        ({"location": {"latitude": True, "longitude": "0"}}, "location.latitude"),
        ({"photos": ["x"]}, "photos.0"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_no_record_at_all(cast: Cast, change: dict[str, Any], field: str) -> None:
    refused(cast, "wang_fang", cast.record("zhao") | change, 422, "invalid", field)


def test_members_and_photos_must_be_right(cast: Cast) -> None:
    refused(
        cast, "wang_fang", cast.record("zhao", member=cast.members["qian"]), 422, "member_unknown", "member"
    )
    refused(cast, "wang_fang", cast.record("zhao", photos=[new_id()]), 422, "photo_not_usable", "photos.0")
    photos = [cast.as_("wang_fang").photo() for _ in range(10)]
    refused(cast, "wang_fang", cast.record("zhao", photos=photos), 422, "too_many_photos", "photos")
    refused(cast, "wang_fang", cast.record("zhao", photos=photos[:1] * 2), 422, "invalid", "photos")
    done = cast.log("wang_fang", "zhao", member=cast.members["zhao"], photos=photos[:9])
    assert done["photos"] == photos[:9] and done["member"] == cast.members["zhao"]
    again = cast.as_("wang_fang").post("/records", cast.record("qian", photos=photos[:1]))
    assert again.get_json()["code"] == "photo_not_usable", "a photo is attached once"


@pytest.mark.parametrize(
    ("name", "status"),
    [(None, 401), ("keeper_jiang", 403), ("supervisor_shen", 403), ("township_han", 403), ("admin_zhu", 403)],
)
def test_who_logs_nothing(cast: Cast, name: str | None, status: int) -> None:
    assert cast.as_(name).post("/records", cast.record("zhao")).status_code == status


def test_before_any_rulebook(app: Flask, clock: SetClock) -> None:
    fresh = build(app, clock, adopted=False)
    answer = fresh.as_("wang_fang").post("/records", fresh.record("zhao"))
    assert answer.get_json()["code"] == "item_not_in_force"
