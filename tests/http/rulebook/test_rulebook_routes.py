"""The rulebook over HTTP: shapes of the contract, drafting, adopting, reading without sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from tests.cast import VILLAGE, Cast, build
from tests.rulebooks import small_rulebook

MEETING = {"held_on": "2026-09-10", "kind": "representatives", "attended": 30, "for": 28, "against": 2}


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def draft(cast: Cast, **changes: Any) -> Any:
    body = {"village": VILLAGE, "rulebook": small_rulebook().to_document() | changes}
    return cast.as_("head_chen").post("/rulebooks", body)


def test_from_draft_to_the_rulebook_in_force(cast: Cast) -> None:
    made = draft(cast)
    assert made.status_code == 201, made.get_json()
    assert made.get_json()["version"] is None and made.get_json()["status"] == "draft"
    missing = cast.as_("wang_fang").get("/rulebooks/current", village=VILLAGE)
    assert missing.status_code == 404 and missing.get_json()["code"] == "rulebook_not_found"

    adopted = cast.as_("member_feng").post(f"/rulebooks/{made.get_json()['id']}/adoption", MEETING)
    assert adopted.status_code == 200, adopted.get_json()
    assert adopted.get_json()["effective_on"] == "2026-09-14"

    current = cast.as_("wang_fang").get("/rulebooks/current", village=VILLAGE).get_json()
    assert current["version"] == 1
    first = current["items"][0]
    wanted = {"code", "name", "heading", "kind", "points_min", "points_max", "step", "unit", "cap"}
    assert wanted | {"photo_required", "declarable"} <= set(first)
    assert (first["points_min"], first["points_max"], first["step"]) == ("2.00", "5.00", "0.50")
    assert first["cap"] == {"times": 4, "per": "month"}
    assert current["meeting"]["for"] == 28


def test_on_a_day_before_adoption_there_is_none(cast: Cast) -> None:
    key = draft(cast).get_json()["id"]
    cast.as_("head_chen").post(f"/rulebooks/{key}/adoption", MEETING)
    answer = cast.as_("head_chen").get("/rulebooks/current", village=VILLAGE, on="2026-09-13")
    assert answer.status_code == 404


def test_everybody_may_read_adopted_rulebooks(cast: Cast) -> None:
    key = draft(cast).get_json()["id"]
    assert cast.as_(None).get("/public/rulebooks", village=VILLAGE).get_json() == {"items": []}
    cast.as_("head_chen").post(f"/rulebooks/{key}/adoption", MEETING)
    listed = cast.as_(None).get("/public/rulebooks", village=VILLAGE).get_json()["items"]
    assert [(book["id"], book["version"]) for book in listed] == [(key, 1)]


def test_faults_name_their_field(cast: Cast) -> None:
    document = small_rulebook().to_document()
    document["items"][0]["points_min"] = 2.0  # floats are refused
    document["items"][1]["points_min"] = "9.00"
    answer = cast.as_("head_chen").post("/rulebooks", {"village": VILLAGE, "rulebook": document})
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.get_json()["errors"]] == ["rulebook.items.0.points_min"]
    document["items"][0]["points_min"] = "2.00"
    answer = cast.as_("head_chen").post("/rulebooks", {"village": VILLAGE, "rulebook": document})
    assert answer.status_code == 422 and answer.get_json()["code"] == "rulebook_invalid"
    assert {fault["field"] for fault in answer.get_json()["errors"]} == {"rulebook.items.1.points_min"}


@pytest.mark.parametrize(("name", "status"), [(None, 401), ("wang_fang", 403), ("other_head", 404)])
def test_who_may_adopt(cast: Cast, name: str | None, status: int) -> None:
    key = draft(cast).get_json()["id"]
    assert cast.as_(name).post(f"/rulebooks/{key}/adoption", MEETING).status_code == status
    assert cast.as_(name).get(f"/rulebooks/{key}").status_code == status


def test_unknown_looks_like_forbidden(cast: Cast) -> None:
    key = draft(cast).get_json()["id"]
    other = cast.as_("other_head")
    forbidden, unknown = other.get(f"/rulebooks/{key}"), other.get(f"/rulebooks/{new_id()}")
    assert (forbidden.status_code, forbidden.get_json()) == (unknown.status_code, unknown.get_json())
