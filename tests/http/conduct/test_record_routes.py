"""Records over HTTP: shapes of the contract, sources, repeats, batches, lists, who sees what."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def test_a_record_as_the_contract_has_it(cast: Cast) -> None:
    place = {"latitude": 38.6901234, "longitude": "115.780"}
    body = cast.record("zhao", "J4", "3", note="疏通了村口的沟", location=place)
    answer = cast.as_("wang_fang").post("/records", body)
    assert answer.status_code == 201 and answer.headers["Cache-Control"] == "no-store"
    record = answer.get_json()
    assert record["points"] == record["logged_points"] == "3.00"
    assert record["location"] == {"latitude": "38.690123", "longitude": "115.78"}
    expected = {
        "id": body["id"],
        "village": VILLAGE,
        "household": cast.households["zhao"],
        "grid": cast.grids["east"],
        "item": "J4",
        "name": "清理沟渠",
        "status": "recorded",
        "source": "scan",
        "logged_by": cast.persons["wang_fang"],
        "logged_by_name": "王芳",
        "note": "疏通了村口的沟",
        "occurred_on": "2026-09-14",
        "month": None,
        "reply_until": None,
    }
    assert {name: record[name] for name in expected} == expected
    read = cast.as_("wang_fang").get(f"/records/{body['id']}").get_json()
    assert {name: read[name] for name in record} == record, "written and read are the same"
    assert read["reviews"] == read["decisions"] == [] and read["reply"] is None


def test_the_same_again(cast: Cast) -> None:
    body = cast.record("zhao", note="一样")
    first, second = (cast.as_("wang_fang").post("/records", body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    retyped = {**body, "points": "2.0", "device_time": "2026-09-14T08:00:00+08:00"}
    assert cast.as_("wang_fang").post("/records", retyped).status_code == 200, "the same content, typed anew"
    by_plate = {**{k: v for k, v in body.items() if k != "household"}, "plate": cast.plates["zhao"]}
    assert cast.as_("wang_fang").post("/records", by_plate).status_code == 200
    cast.clock.advance(days=20)
    assert cast.as_("wang_fang").post("/records", body).status_code == 200, "a repeat is never too late"
    assert len(cast.as_("wang_fang").get("/records").get_json()["items"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"points": "3.00"},
        {"note": "别的"},
        {"item": "J6"},
        {"occurred_on": "2026-09-13"},
        {"on_behalf": True},
    ],
)
def test_the_same_id_with_other_content(cast: Cast, change: dict[str, Any]) -> None:
    body = cast.record("zhao")
    cast.as_("wang_fang").post("/records", body)
    answer = cast.as_("wang_fang").post("/records", body | change)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "record_id_reused")


def test_somebody_elses_id_tells_nothing(cast: Cast) -> None:
    body = cast.record("zhao", "J6")
    cast.as_("wang_fang").post("/records", body)
    answer = cast.as_("head_chen").post("/records", body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "record_id_reused")
    assert "household" not in answer.get_json()


def test_idempotency_keys_work_beside_ids(cast: Cast) -> None:
    body, key = cast.record("zhao"), new_id()
    first = cast.as_("wang_fang").post("/records", body, key=key)
    second = cast.as_("wang_fang").post("/records", body, key=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_data() == second.get_data()
    other = cast.as_("wang_fang").post("/records", body | {"note": "别的"}, key=key)
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("by", "household", "item", "points", "source"),
    [
        ("wang_fang", "zhao", "J6", "1.00", "scan"),
        ("ma_ling", "zhao", "J6", "1.00", "scan"),
        ("he_ping", "li", "J6", "1.00", "scan"),
        ("zhao_min", "zhao", "J1", "2.00", "declaration"),
        ("member_feng", "li", "J6", "1.00", "committee"),
        ("head_chen", "zhao", "V1", "-20.00", "committee"),
    ],
)
def test_sources(cast: Cast, by: str, household: str, item: str, points: str, source: str) -> None:
    assert cast.log(by, household, item, points)["source"] == source


def test_on_behalf_with_the_signed_slip(cast: Cast) -> None:
    slip = cast.as_("wang_fang").photo()
    record = cast.log("wang_fang", "zhao", on_behalf=True, photos=[slip])
    assert (record["source"], record["photos"]) == ("on_behalf", [slip])


@pytest.mark.parametrize(
    ("household", "item", "points", "status", "code"),
    [
        ("zhao", "J6", "1.00", 422, "not_declarable"),
        ("zhao", "F1", "-1.00", 422, "not_declarable"),
        ("qian", "J1", "2.00", 404, "household_not_found"),
        ("other", "J1", "2.00", 404, "household_not_found"),
    ],
)
def test_what_a_villager_may_not_declare(
    cast: Cast, household: str, item: str, points: str, status: int, code: str
) -> None:
    answer = cast.as_("zhao_min").post("/records", cast.record(household, item, points))
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_for_the_own_household_a_worker_too_declares(cast: Cast) -> None:
    cast.grant("zhao_min", "grid_worker", cast.grids["east"])
    assert cast.log("zhao_min", "zhao")["source"] == "declaration"
    answer = cast.as_("zhao_min").post("/records", cast.record("zhao", "J6", "20.00"))
    assert answer.get_json()["code"] == "not_declarable"
    assert cast.log("zhao_min", "qian", "J6", "1.00")["source"] == "scan"


def test_a_batch_where_one_fault_stops_none_of_the_others(cast: Cast) -> None:
    good, twice = cast.record("zhao"), cast.record("qian")
    records: list[Any] = [
        good,
        cast.record("zhao", points="99.00"),
        twice,
        twice,
        cast.record("li"),
        {"id": "what"},
        "nothing",
        cast.record("sun"),
    ]
    answer = cast.as_("wang_fang").post("/records/batch", {"records": records})
    assert answer.status_code == 200
    results = answer.get_json()["results"]
    assert [result["status"] for result in results] == [201, 422, 201, 200, 404, 422, 422, 201]
    assert [result["id"] for result in results[:6]] == [*(r["id"] for r in records[:5]), "what"]
    assert results[6]["id"] is None
    assert results[0]["record"]["household"] == cast.households["zhao"]
    assert results[1]["problem"]["code"] == "points_out_of_range"
    assert results[2]["record"] == results[3]["record"]
    again = cast.as_("wang_fang").post("/records/batch", {"records": records}).get_json()["results"]
    assert [result["status"] for result in again] == [200, 422, 200, 200, 404, 422, 422, 200]
    assert len(cast.as_("head_chen").get("/records").get_json()["items"]) == 3


def test_a_batch_has_a_limit(cast: Cast) -> None:
    answer = cast.as_("wang_fang").post("/records/batch", {"records": [{}] * 201})
    assert answer.status_code == 422
    assert cast.as_("wang_fang").post("/records/batch", {"records": []}).get_json() == {"results": []}


def test_lists_are_paged_without_gap_or_overlap(cast: Cast) -> None:
    logged = [
        cast.log("wang_fang", name, "J6", "1.00")["id"] for name in ("zhao", "qian", "sun", "zhao", "qian")
    ]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            cast.as_("wang_fang")
            .get("/records", limit=2, **({"cursor": cursor} if cursor else {}))
            .get_json()
        )
        seen += [record["id"] for record in page["items"]]
        cursor = page["next_cursor"]
        if len(seen) == 2:  # one more arrives meanwhile
            cast.clock.advance(minutes=1)
            cast.log("wang_fang", "zhao", "J6", "2.00")
    assert sorted(seen) == sorted(logged) and len(seen) == 5


def test_filters(cast: Cast) -> None:
    zhao = cast.log("wang_fang", "zhao")["id"]
    cast.clock.advance(days=1)
    qian = cast.log("wang_fang", "qian", "F1", "-1.00")["id"]
    cast.as_("wang_fang").post(f"/records/{zhao}/withdrawal", {"reason": "记错了"})

    def found(**query: Any) -> list[str]:
        return [record["id"] for record in cast.as_("head_chen").get("/records", **query).get_json()["items"]]

    assert found() == [qian, zhao]
    assert found(status="withdrawn") == [zhao] and found(status="recorded") == [qian]
    assert found(status="posted") == []
    assert found(household=cast.households["qian"]) == [qian]
    assert found(**{"from": "2026-09-15"}) == [qian] and found(to="2026-09-14") == [zhao]
    assert found(item="F1") == [qian] and found(grid=cast.grids["west"]) == []
    assert found(village=VILLAGE) == [qian, zhao] and found(village=OTHER_VILLAGE) == []
    assert cast.as_("head_chen").get("/records", status="nonsense").status_code == 422
    assert cast.as_("head_chen").get("/records", cursor="nonsense").status_code == 422
    assert cast.as_("head_chen").get("/records", limit=0).status_code == 422


def test_who_sees_what(cast: Cast) -> None:
    zhao = cast.log("wang_fang", "zhao")["id"]
    li = cast.log("wang_jun", "li")["id"]
    other = cast.log("other_worker", "other")["id"]
    expected = {
        "zhao_min": {zhao},
        "li_mei": {li},
        "qian_yun": set(),
        "wang_fang": {zhao},
        "ma_dong": {li},
        "he_ping": {zhao, li},
        "panel_zheng": {zhao, li},
        "head_chen": {zhao, li},
        "supervisor_shen": {zhao, li},
        "auditor_yang": {zhao, li, other},
        "other_villager": {other},
        "other_head": {other},
    }
    unknown = cast.as_("zhao_min").get(f"/records/{new_id()}")
    for name, visible in expected.items():
        listed = {record["id"] for record in cast.as_(name).get("/records").get_json()["items"]}
        assert listed == visible, name
        for key in (zhao, li, other):
            answer = cast.as_(name).get(f"/records/{key}")
            assert answer.status_code == (200 if key in visible else 404), (name, key)
            if key not in visible:
                assert answer.get_json() == unknown.get_json()
    for name in ("keeper_jiang", "township_han", "admin_zhu"):
        assert cast.as_(name).get("/records").status_code == 403
        assert cast.as_(name).get(f"/records/{zhao}").status_code == 403


def test_panel_members_see_their_own_household_too(cast: Cast) -> None:
    key = cast.log("wang_jun", "wu")["id"]
    assert cast.as_("panel_wu").get(f"/records/{key}").status_code == 200


@pytest.mark.parametrize(
    ("seconds", "reason", "status"), [(30, "", 200), (31, "", 422), (3600, "记错了", 200)]
)
def test_undo_and_withdrawal(cast: Cast, seconds: int, reason: str, status: int) -> None:
    key = cast.log("wang_fang", "zhao")["id"]
    cast.clock.advance(seconds=seconds)
    answer = cast.as_("wang_fang").post(f"/records/{key}/withdrawal", {"reason": reason})
    assert answer.status_code == status
    shown = cast.as_("wang_fang").get(f"/records/{key}").get_json()
    assert shown["status"] == ("withdrawn" if status == 200 else "recorded")
    if status == 200:
        again = cast.as_("wang_fang").post(f"/records/{key}/withdrawal", {"reason": reason})
        assert again.get_json() == answer.get_json() and again.status_code == 200
        assert [(step["from"], step["to"]) for step in shown["decisions"]] == [("recorded", "withdrawn")]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("ma_ling", 403, "not_your_record"),
        ("head_chen", 403, "not_your_record"),
        ("zhao_min", 403, "not_your_record"),
        ("wang_jun", 404, "not_found"),
        ("other_worker", 404, "not_found"),
        ("keeper_jiang", 403, "not_allowed"),
    ],
)
def test_only_who_logged_it_takes_it_back(cast: Cast, name: str, status: int, code: str) -> None:
    key = cast.log("wang_fang", "zhao")["id"]
    answer = cast.as_(name).post(f"/records/{key}/withdrawal", {"reason": "不对"})
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_the_household_is_told_of_what_counts_against_it(cast: Cast) -> None:
    cast.log("wang_fang", "zhao")
    assert cast.as_("zhao_min").get("/inbox").get_json()["items"] == []
    bad = cast.log("wang_fang", "zhao", "F1", "-1.50")
    assert bad["reply_until"] == "2026-09-17T09:00:00.000+08:00"
    (message,) = cast.as_("zhao_min").get("/inbox").get_json()["items"]
    assert message["kind"] == "record.negative" and message["refs"] == {"record": bad["id"]}
    assert "−1.50 分" in message["text"] and "9月17日" in message["text"]
    cast.clock.advance(seconds=5)
    cast.as_("wang_fang").post(f"/records/{bad['id']}/withdrawal")
    assert cast.as_("zhao_min").get("/inbox").get_json()["items"][0]["kind"] == "record.withdrawn"
