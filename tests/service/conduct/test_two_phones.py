"""Several phones at once, in threads: caps hold, one id is one record, panel votes are all counted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.cast import Cast, build, picture
from tests.service.conduct.steps import submit_all

PHONES = 8


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all acts in threads that start together."""
    start = threading.Barrier(len(acts))

    def wait_and_act(act: Callable[[], Any]) -> Any:
        start.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(wait_and_act, acts, timeout=120))


def test_a_cap_holds(cast: Cast) -> None:
    for household in ("zhao", "qian", "sun"):
        bodies = [cast.record(household) for _ in range(PHONES)]
        statuses = at_once(
            [lambda b=body: cast.as_("wang_fang").post("/records", b).status_code for body in bodies]  # type: ignore[misc]
        )
        assert Counter(statuses) == {201: 4, 409: PHONES - 4}


def test_one_id_is_one_record(cast: Cast) -> None:
    body = cast.record("zhao", "J5", "5.00")  # once a year: the cap must not refuse the repeats
    answers = at_once([lambda: cast.as_("wang_fang").post("/records", body)] * PHONES)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: PHONES - 1}
    assert len({answer.get_data() for answer in answers}) == 1
    assert len(cast.as_("head_chen").get("/records").get_json()["items"]) == 1


def test_one_id_with_different_content_is_one_record(cast: Cast) -> None:
    body = cast.record("zhao", "J6", "1.00")
    acts = [
        lambda n=n: cast.as_("wang_fang").post("/records", body | {"note": str(n)}).status_code  # type: ignore[misc]
        for n in range(PHONES)
    ]
    assert Counter(at_once(acts)) == {201: 1, 409: PHONES - 1}


def test_one_photo_is_attached_once(cast: Cast) -> None:
    photo = cast.as_("wang_fang").photo()
    bodies = [cast.record("zhao", "J6", "1.00", photos=[photo]) for _ in range(PHONES)]
    statuses = at_once(
        [lambda b=body: cast.as_("wang_fang").post("/records", b).status_code for body in bodies]  # type: ignore[misc]
    )
    assert Counter(statuses) == {201: 1, 422: PHONES - 1}


def test_one_upload_is_one_photo(cast: Cast) -> None:
    key, content = new_id(), picture("red", (600, 400))
    answers = at_once([lambda: cast.as_("wang_fang").upload(content, key)] * 4)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 3}


def test_two_members_at_once_are_both_counted(cast: Cast) -> None:
    keys = [cast.log("wang_fang", "zhao", "J6", "1.00")["id"] for _ in range(6)]
    submit_all(cast)
    for key in keys:
        acts = [
            lambda n=name, k=key: (
                cast.as_(n).post(f"/records/{k}/reviews", {"verdict": "approve"}).status_code
            )  # type: ignore[misc]
            for name in ("panel_zhou", "panel_wu")
        ]
        assert at_once(acts) == [200, 200]
        assert cast.as_("head_chen").get(f"/records/{key}").get_json()["status"] == "approved"


def test_batches_in_opposite_order_do_not_lock_each_other_out(cast: Cast) -> None:
    keys = [cast.log("wang_fang", "zhao", "J6", "1.00")["id"] for _ in range(20)]
    submit_all(cast)
    acts = [
        lambda: cast.as_("panel_zhou").post("/reviews/batch", {"records": keys, "verdict": "approve"}),
        lambda: cast.as_("panel_wu").post("/reviews/batch", {"records": keys[::-1], "verdict": "approve"}),
    ]
    assert [answer.status_code for answer in at_once(acts)] == [200, 200]
    shown = cast.as_("head_chen").get("/records", limit=50).get_json()["items"]
    assert {record["status"] for record in shown} == {"approved"}


def test_withdrawing_and_submitting_at_once(cast: Cast) -> None:
    key = cast.log("wang_fang", "zhao")["id"]
    submit_all(cast, submit=False)
    (report,) = (r for r in cast.as_("ma_ling").get("/weekly-reports").get_json()["items"] if r["records"])
    acts = [
        lambda: cast.as_("wang_fang").post(f"/records/{key}/withdrawal", {"reason": "记错"}).status_code,
        lambda: cast.as_("ma_ling").post(f"/weekly-reports/{report['id']}/submission").status_code,
    ]
    withdrawn, submitted = at_once(acts)
    assert submitted == 200 and withdrawn in (200, 409)
    expected = "withdrawn" if withdrawn == 200 else "submitted"
    assert cast.as_("head_chen").get(f"/records/{key}").get_json()["status"] == expected
