"""The map of grids: outlines for those who see coverage, each within the own scope."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import VILLAGE, Cast, build
from tests.settled import ok
from tests.shop import patch

PLACES = {"zhao": ("106.100", "38.60"), "qian": ("106.102", "38.60"), "sun": ("106.101", "38.61")}


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def test_outlines_of_placed_households(cast: Cast) -> None:
    for household, (east, north) in PLACES.items():
        path = f"/households/{cast.households[household]}"
        ok(patch(cast, "head_chen", path, {"longitude": east, "latitude": north}))
    items = ok(cast.as_("he_ping").get("/grids/map", village=VILLAGE))["items"]
    assert [(one["grid"]["name"], one["placed"]) for one in items] == [("east", 3), ("west", 0)]
    assert items[0]["outline"] == [
        {"longitude": 106.1, "latitude": 38.6},
        {"longitude": 106.102, "latitude": 38.6},
        {"longitude": 106.101, "latitude": 38.61},
    ]
    assert items[1]["outline"] == []
    own = ok(cast.as_("ma_dong").get("/grids/map", village=VILLAGE))["items"]
    assert [one["grid"]["name"] for one in own] == ["west"]
    assert cast.as_("zhao_min").get("/grids/map", village=VILLAGE).status_code == 403
