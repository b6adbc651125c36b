"""A proposal is looked at, edited, accepted; the report says what is left; duties with their history."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import insert

from server.cli import jifen
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import Household
from tests.cast import TOWNSHIP, VILLAGE, Cast, build
from tests.settled import ok, refused
from tests.shop import patch


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    """The first village has 100 households more, in no grid."""
    cast = build(app, clock, adopted=False)
    rows = [
        {
            "code": f"{VILLAGE}{number:04d}",
            "village_code": VILLAGE,
            "head": "户主",
            "door": f"大街{number}号",
            "label": f"大街{number}号",
            "flags": [],
            "created_at": clock.now(),
        }
        for number in range(100, 200)
    ]
    with transaction() as session:
        session.execute(insert(Household), rows)
    return cast


def proposed(cast: Cast) -> list[dict[str, Any]]:
    found = ok(cast.as_("head_chen").get(f"/villages/{VILLAGE}/grid-suggestion"))
    assert found["by"] == "doors"
    return [{"name": g["name"], "households": [h["code"] for h in g["households"]]} for g in found["grids"]]


def test_proposed_edited_accepted_and_reported(cast: Cast) -> None:
    before = ok(cast.as_("head_chen").get("/grids/report"))["items"]
    assert [(len(one["without"]), one["wrong"]) for one in before] == [(100, {"east": 3, "west": 3})]
    grids = proposed(cast)
    assert [len(grid["households"]) for grid in grids] == [35, 36, 35] or len(grids) == 3
    assert sum(len(grid["households"]) for grid in grids) == 106
    moved = grids[0]["households"].pop()
    grids[1]["households"].append(moved)  # a person edits it
    left = ok(cast.as_("head_chen").post(f"/villages/{VILLAGE}/grid-suggestion", {"grids": grids}))
    assert left == {"items": []}
    listed = ok(cast.as_("head_chen").get("/grids", village=VILLAGE))["items"]
    assert {g["name"]: g["households"] for g in listed if g["households"]} == {
        grid["name"]: len(grid["households"]) for grid in grids
    }


def test_a_household_in_two_grids_changes_nothing(cast: Cast) -> None:
    grids = proposed(cast)
    grids[1]["households"].append(grids[0]["households"][0])
    path = f"/villages/{VILLAGE}/grid-suggestion"
    refused(cast.as_("head_chen").post(path, {"grids": grids}), 422, "household_twice")
    assert len(ok(cast.as_("head_chen").get("/grids/report"))["items"][0]["without"]) == 100


def test_areas_are_named(cast: Cast) -> None:
    path = f"/grids/{cast.grids['east']}"
    assert ok(patch(cast, "head_chen", path, {"area": "村东责任片区"}))["area"] == "村东责任片区"
    refused(patch(cast, "head_chen", path, {"name": "west"}), 409, "grid_exists")


def test_duties_have_tiers_dates_and_history(cast: Cast, clock: SetClock) -> None:
    cast.grant("auditor_yang", "chief_grid_leader", TOWNSHIP)
    first = ok(cast.as_("he_ping").get("/duties", village=VILLAGE))["items"]
    assert [(d["tier"], d["title"]) for d in first] == [
        (1, "村网格员"),
        (1, "村网格员"),
        (2, "村网格长"),
        (2, "村网格长"),
        (3, "村总网格长"),
        (6, "镇总网格长"),
    ]
    worker = next(d for d in first if d["name"] == "王芳")
    clock.advance(days=10)
    grants = {"person": cast.persons["ma_ling"], "role": "grid_worker", "scope": cast.grids["east"]}
    ok(cast.as_("head_chen").post("/grants", grants), 201)
    headers = cast.as_("head_chen").headers
    cast.app.test_client().delete(f"/api/v1/grants/{worker['id']}", headers=headers)
    clock.advance(days=1)
    then = ok(cast.as_("he_ping").get("/duties", village=VILLAGE, on="2026-09-15"))["items"]
    now = ok(cast.as_("he_ping").get("/duties", village=VILLAGE, on="2026-09-25"))["items"]
    east = cast.grids["east"]
    assert [d["name"] for d in then if d["tier"] == 1 and d["scope"] == east] == ["王芳"]
    assert [d["name"] for d in now if d["tier"] == 1 and d["scope"] == east] == ["马玲"]
    assert len(ok(cast.as_("he_ping").get("/duties", village=VILLAGE))["items"]) == 7


def test_the_command_proposes_and_accepts(cast: Cast) -> None:
    url = cast.app.extensions["jifen_settings"].url
    environment = {"JIFEN_DATABASE_URL": url, "JIFEN_DATA": str(cast.app.extensions["jifen_settings"].data)}
    for more, said in (((), "还没有改动"), (("--accept",), "已照此划分")):
        result = CliRunner().invoke(jifen, ["grids", "suggest", "--village", VILLAGE, *more], env=environment)
        assert result.exit_code == 0 and said in result.output, result.output
    result = CliRunner().invoke(jifen, ["grids", "report"], env=environment)
    assert "小柳庄" in result.output and "大槐树村" not in result.output
