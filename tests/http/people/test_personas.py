"""Sign-in without a password: the demo's people, in the order and shape of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.config import load
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import Person
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build

NAMES = {
    "admin": "admin_zhu",
    "villager_1": "zhao_min",
    "grid_worker_1": "wang_fang",
    "committee_head": "head_chen",
    "other_keeper": "other_head",
}


@pytest.fixture
def cast(tmp_path: Path, clock: SetClock, database_url: str) -> Cast:
    settings = load({}, data=str(tmp_path), mode="demo", database_url=database_url, scheduler="false")
    app: Flask = create_app(settings, clock)
    with app.app_context():
        made = build(app, clock, adopted=False)
        with transaction() as session:
            for persona, name in NAMES.items():
                session.get_one(Person, made.persons[name]).persona = persona
    return made


def test_the_list_is_what_the_start_page_needs(cast: Cast) -> None:
    with cast.app.app_context():
        found = cast.as_(None).get("/auth/demo").get_json()
    assert [row["persona"] for row in found] == [
        "villager_1",
        "grid_worker_1",
        "committee_head",
        "admin",
        "other_keeper",
    ]
    villager, worker, head, _, keeper = found
    assert villager["household"] == cast.households["zhao"]
    assert villager["plate"] == cast.plates["zhao"]
    assert worker["grid"] == cast.grids["east"]
    assert worker["plate"] in (cast.plates["zhao"], cast.plates["qian"], cast.plates["sun"])
    assert (head["village"], head["village_name"]) == (VILLAGE, "大槐树村")
    assert "plate" not in head
    assert keeper["village"] == OTHER_VILLAGE


def test_a_persona_signs_in_as_that_person(cast: Cast) -> None:
    with cast.app.app_context():
        answer = cast.as_(None).post("/auth/demo", {"persona": "grid_worker_1"})
        found = answer.get_json()
        assert (answer.status_code, found["person"]["name"]) == (200, "王芳")
        headers = {"Authorization": f"Bearer {found['access_token']}"}
        me = cast.app.test_client().get("/api/v1/me", headers=headers).get_json()
        assert [(role["role"], role["scope"]) for role in me["roles"]] == [
            ("grid_worker", cast.grids["east"])
        ]
        unknown = cast.as_(None).post("/auth/demo", {"persona": "king"})
        assert (unknown.status_code, unknown.get_json()["code"]) == (404, "persona_unknown")
