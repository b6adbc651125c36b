"""Taps and seconds per record: medians by item and client, never where one person's pace could be read off."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server.insight.burden import middle
from server.kit.clock import SetClock
from tests.cast import VILLAGE, Cast, build
from tests.settled import ok

SPAN = {"from": "2026-09-14", "to": "2026-09-30"}


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def burden(cast: Cast, by: str = "supervisor_shen") -> dict[str, Any]:
    return ok(cast.as_(by).get(f"/villages/{VILLAGE}/burden", **SPAN))


def log(cast: Cast, by: str, household: str, taps: int, seconds: int, item: str = "J6") -> dict[str, Any]:
    effort = {"client": "phone", "taps": taps, "seconds": seconds}
    return cast.log(by, household, item, "1.00", effort=effort)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([(3, 1)], 3), ([(9, 1), (1, 1)], 1), ([(9, 2), (1, 1)], 9), ([(5, 3), (1, 1), (8, 1)], 5)],
)
def test_the_middle_one(values: list[tuple[int, int]], expected: int) -> None:
    assert middle(values) == expected


def test_two_people_are_too_few_three_are_enough(cast: Cast) -> None:
    for taps, seconds in ((3, 10), (4, 12), (9, 90)):
        log(cast, "wang_fang", "zhao", taps, seconds)
        log(cast, "ma_ling", "qian", taps, seconds)
    cast.log("wang_fang", "zhao", "J6", "1.00")
    found = burden(cast)
    assert (found["records"], found["measured"], found["clients"], found["items"]) == (7, 6, [], [])
    log(cast, "he_ping", "sun", 4, 14)
    found = burden(cast)
    whole = {"client": "phone", "records": 7, "taps": 4, "seconds": 12}
    assert found["clients"] == [{"item": None} | whole] and found["items"] == [{"item": "J6"} | whole]
    assert "logged_by" not in str(found) and cast.persons["wang_fang"] not in str(found)


def test_what_was_taken_back_and_entered_anew_is_counted(cast: Cast) -> None:
    first = log(cast, "wang_fang", "zhao", 3, 10)
    ok(cast.as_("wang_fang").post(f"/records/{first['id']}/withdrawal", {"reason": "记错了"}))
    assert burden(cast)["entered_again"] == 0
    log(cast, "wang_fang", "zhao", 3, 10)
    assert burden(cast)["entered_again"] == 1


@pytest.mark.parametrize(("by", "status"), [("head_chen", 200), ("wang_fang", 403), ("other_head", 404)])
def test_who_may_ask(cast: Cast, by: str, status: int) -> None:
    assert cast.as_(by).get(f"/villages/{VILLAGE}/burden", **SPAN).status_code == status
