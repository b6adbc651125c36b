"""Addresses that name nothing: the answer is the same "not found" on both databases."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from tests.cast import Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/records/%00"),
        ("POST", "/api/v1/tallies/%00/notice"),
        ("GET", "/api/v1/households/99010100100%0A/account"),
        ("GET", "/h/%00"),
        ("GET", "/%7F"),
    ],
)
def test_an_address_with_a_control_character_names_nothing(cast: Cast, method: str, path: str) -> None:
    headers = cast.as_("head_chen").headers
    answer = cast.app.test_client().open(path, method=method, headers=headers, json={})
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "not_found"
