"""GET /audit: for auditors only, with a stable page shape."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def test_an_auditor_finds_the_adoption(cast: Cast) -> None:
    answer = cast.as_("auditor_yang").get("/audit", action="rulebook.adopt", limit=1)
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["next_cursor"] and body["items"][0]["entity"] == "rulebook"
    second = (
        cast.as_("auditor_yang").get("/audit", action="rulebook.adopt", cursor=body["next_cursor"]).get_json()
    )
    assert len(second["items"]) == 1 and second["next_cursor"] is None


@pytest.mark.parametrize(("name", "status"), [(None, 401), ("head_chen", 403), ("zhao_min", 403)])
def test_nobody_else(cast: Cast, name: str | None, status: int) -> None:
    assert cast.as_(name).get("/audit").status_code == status


def test_a_foreign_cursor_is_refused(cast: Cast) -> None:
    answer = cast.as_("auditor_yang").get("/audit", cursor="kaputt")
    assert answer.status_code == 422 and answer.get_json()["code"] == "cursor_invalid"
