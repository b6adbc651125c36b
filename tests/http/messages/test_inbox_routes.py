"""GET /inbox and marking as read."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.messages.api import notify_household
from tests.cast import Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def test_paging_and_reading(cast: Cast) -> None:
    with transaction() as session:
        for number in range(3):
            notify_household(session, cast.households["zhao"], "note", f"第{number}条", cast.clock.now())
    phone = cast.as_("zhao_min")
    first = phone.get("/inbox", limit=2).get_json()
    assert [item["text"] for item in first["items"]] == ["第2条", "第1条"]
    second = phone.get("/inbox", limit=2, cursor=first["next_cursor"]).get_json()
    assert [item["text"] for item in second["items"]] == ["第0条"] and second["next_cursor"] is None
    key = second["items"][0]["id"]
    assert phone.post(f"/inbox/{key}/read").get_json()["read"] is True
    assert phone.get("/inbox").get_json()["items"][2]["read"] is True
    assert cast.as_("qian_yun").post(f"/inbox/{key}/read").status_code == 404
    assert cast.as_(None).get("/inbox").status_code == 401
