"""What every answer carries, what no answer carries, and how much of one thing one person may do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, request

from server.app import create_app
from server.config import ConfigError, load
from server.kit.clock import SetClock
from server.kit.errors import TooMany
from server.kit.transaction import transaction
from server.web import rates
from tests.cast import Cast, build
from tests.settled import refused

PAGES = (
    "/healthz",
    "/notices",
    "/api/openapi.json",
    "/api/docs",
    "/not/there",
    "/api/v1/me",
    "/api/v1/nothing",
)


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_headers_and_sets_no_cookie(cast: Cast, path: str) -> None:
    answer = cast.app.test_client().get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert (
        "script-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers, "without cookies no foreign page can act for anybody"


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.9"), (2, "203.0.113.7")])
def test_an_address_is_taken_from_trusted_proxies_only(tmp_path: Path, proxies: int, seen: str) -> None:
    given = {"mode": "test", "scheduler": "false", "trusted_proxies": str(proxies)}
    app = create_app(load({}, data=str(tmp_path), public_url="https://village.example", **given))
    found: list[str | None] = []
    app.before_request(lambda: found.append(request.remote_addr))
    headers = {"X-Forwarded-For": "203.0.113.7, 198.51.100.9"}
    answer = app.test_client().get("/healthz", headers=headers)
    assert found == [seen]
    assert answer.headers["Strict-Transport-Security"]


def test_a_rate_is_counted_for_each_subject_and_window(cast: Cast) -> None:
    rate, now = rates.Rate("thing", 3, timedelta(minutes=10)), cast.clock.now()
    for _ in range(3):
        with transaction() as session:
            rates.count(session, rate, "a", now)
    with pytest.raises(TooMany) as refusal, transaction() as session:
        rates.count(session, rate, "a", now + timedelta(minutes=9))
    assert 0 < refusal.value.retry_after <= 61
    with transaction() as session:
        rates.count(session, rate, "b", now)
        rates.count(session, rate, "a", now + timedelta(minutes=10))


def test_phone_numbers_are_opened_one_by_one_not_by_the_hundred(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.people.household_http.PHONES", rates.Rate("phones", 2, timedelta(hours=1)))
    path = f"/households/{cast.households['zhao']}"
    for _ in range(2):
        assert cast.as_("head_chen").get(path, purpose="通知领取物资").status_code == 200
    answer = cast.as_("head_chen").get(path, purpose="通知领取物资")
    refused(answer, 429, "too_often")
    assert int(answer.headers["Retry-After"]) > 0
    assert cast.as_("head_chen").get(path).status_code == 200


def test_an_upload_that_is_too_large_is_refused(cast: Cast) -> None:
    answer = cast.as_("wang_fang").upload(b"x" * (cast.app.config["MAX_CONTENT_LENGTH"] + 1))
    refused(answer, 413, "too_large")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://jifen:geheim@db/jifen\n")
    assert load({"JIFEN_DATABASE_URL_FILE": str(tmp_path / "url")}).url.startswith(
        "postgresql+psycopg://jifen:geheim@"
    )
    with pytest.raises(ConfigError, match="JIFEN_WECHAT_SECRET_FILE"):
        load({"JIFEN_WECHAT_SECRET_FILE": str(tmp_path / "missing")})
