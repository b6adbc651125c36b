"""What every read carries: the server's time for phones whose clock is wrong, and a tag for those that kept it."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    """The two villages."""
    return build(app, clock)


def test_an_answer_that_the_phone_kept_is_not_sent_again(cast: Cast) -> None:
    first = cast.as_("wang_fang").get("/me")
    kept = {"If-None-Match": first.headers["ETag"]}
    client = cast.app.test_client()
    again = client.get("/api/v1/me", headers=cast.as_("wang_fang").headers | kept)
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/api/v1/me", headers=cast.as_("head_chen").headers | kept)
    assert (other.status_code, other.json["name"] != first.json["name"]) == (200, True)


def test_every_answer_says_what_time_it_is_here(cast: Cast) -> None:
    for answer in (cast.as_("head_chen").get("/me"), cast.app.test_client().get("/api/v1/me")):
        assert answer.headers["Jifen-Now"] == "2026-09-14T09:00:00.000+08:00"
