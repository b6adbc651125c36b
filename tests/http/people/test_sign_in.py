"""Sign-in over HTTP: passwords, lock-out under parallel guesses, one-time passwords, sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people import passwords, set_up, sign_in
from server.people.models import Person
from tests.cast import Cast, build

PASSWORD = "huaishu-2026"


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    made = build(app, clock, adopted=False)
    with transaction() as session:
        person = session.get_one(Person, made.persons["head_chen"])
        person.password_hash = passwords.hashed(PASSWORD)
    return made


def attempt(cast: Cast, password: str, username: str = "head_chen", **environ: Any) -> TestResponse:
    body = {"username": username, "password": password}
    return cast.app.test_client().post("/api/v1/auth/password", json=body, environ_overrides=environ)


def test_a_sign_in_answers_tokens_and_roles(cast: Cast) -> None:
    answer = attempt(cast, PASSWORD, "Head_Chen")
    found = answer.get_json()
    assert answer.status_code == 200, found
    roles = [(role["role"], role["scope"]) for role in found["person"]["roles"]]
    assert roles == [("committee_head", "990101101201")]
    assert found["expires_at"] == "2026-09-14T11:00:00.000+08:00"
    headers = {"Authorization": f"Bearer {found['access_token']}"}
    assert cast.app.test_client().get("/api/v1/me", headers=headers).get_json()["name"] == "陈立"


@pytest.mark.parametrize("username", ["head_chen", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_alike(cast: Cast, username: str) -> None:
    answer = attempt(cast, "wrong-password", username)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "credentials_wrong")
    assert answer.get_json()["detail"] == "用户名或密码不对。"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How many passwords were really verified; verifying takes no time."""
    seen: Counter[str] = Counter()

    def verify(password: str, stored: str | None) -> bool:
        seen[password] += 1
        return password == PASSWORD and stored is not None

    monkeypatch.setattr(passwords, "verify", verify)
    yield seen


def test_of_200_parallel_guesses_only_the_free_ones_are_verified(cast: Cast, counted: Counter[str]) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: attempt(cast, f"guess-{n:04d}").status_code, range(200)))
    assert counted.total() <= sign_in.FREE_TRIES
    assert Counter(answers)[429] == 200 - counted.total()
    assert attempt(cast, PASSWORD).status_code == 429, "the right password does not help while locked"
    cast.clock.advance(minutes=15, seconds=1)
    assert attempt(cast, PASSWORD).status_code == 200


def test_a_lock_says_how_long(cast: Cast, counted: Counter[str]) -> None:
    for _ in range(sign_in.FREE_TRIES + 1):
        attempt(cast, "wrong")
    answer = attempt(cast, "wrong")
    assert answer.get_json()["code"] == "locked_out"
    assert int(answer.headers["Retry-After"]) == 15 * 60 + 1


def test_a_success_forgets_the_tries(cast: Cast, counted: Counter[str]) -> None:
    for _ in range(4):
        for _ in range(sign_in.FREE_TRIES - 1):
            attempt(cast, "wrong")
        assert attempt(cast, PASSWORD).status_code == 200


def test_one_address_cannot_try_all_accounts(
    cast: Cast, counted: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "ADDRESS_TRIES", 20)
    answers = [
        attempt(cast, "spring2026", f"user{n}", REMOTE_ADDR="203.0.113.7").status_code for n in range(30)
    ]
    assert answers == [401] * 20 + [429] * 10
    assert attempt(cast, PASSWORD, REMOTE_ADDR="203.0.113.8").status_code == 200


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(
    cast: Cast, counted: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "ADDRESS_TRIES", 3)
    assert [attempt(cast, PASSWORD).status_code for _ in range(10)] == [200] * 10


def test_a_one_time_password_opens_one_session_and_asks_for_a_new_one(cast: Cast) -> None:
    once = set_up.one_time_password()
    with transaction() as session:
        set_up.reset(session, "HEAD_CHEN", passwords.hashed(once), cast.clock.now())
    assert cast.as_("head_chen").get("/me").status_code == 401, "what was signed in is out"
    assert attempt(cast, PASSWORD).status_code == 401
    first = attempt(cast, once)
    assert first.get_json()["person"]["password_change_needed"] is True
    assert attempt(cast, once).status_code == 401
    headers = {"Authorization": f"Bearer {first.get_json()['access_token']}"}
    client = cast.app.test_client()
    changed = client.put("/api/v1/me/password", json={"password": "neues-passwort"}, headers=headers)
    assert changed.status_code == 204
    assert attempt(cast, "neues-passwort").get_json()["person"]["password_change_needed"] is False


def test_two_at_once_with_a_one_time_password_one_wins(cast: Cast, counted: Counter[str]) -> None:
    with transaction() as session:
        set_up.reset(session, "head_chen", "any hash", cast.clock.now())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: attempt(cast, PASSWORD).status_code, range(4)))
    assert sorted(answers) == [200, 401, 401, 401]


def test_changing_the_password_ends_the_other_devices(cast: Cast) -> None:
    here = attempt(cast, PASSWORD).get_json()["access_token"]
    there = attempt(cast, PASSWORD).get_json()["access_token"]
    client = cast.app.test_client()

    def put(body: dict[str, str]) -> TestResponse:
        headers = {"Authorization": f"Bearer {here}"}
        return client.put("/api/v1/me/password", json=body, headers=headers)

    assert put({"password": "weiter-weg-1"}).get_json()["code"] == "current_password_missing"
    wrong = put({"current_password": "nein", "password": "weiter-weg-1"})
    assert wrong.get_json()["code"] == "current_password_wrong"
    weak = put({"current_password": PASSWORD, "password": "kurz"})
    assert (weak.status_code, weak.get_json()["code"]) == (422, "password_weak")
    assert put({"current_password": PASSWORD, "password": "weiter-weg-1"}).status_code == 204
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {here}"}).status_code == 200
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {there}"}).status_code == 401


def test_devices_are_listed_and_signed_out_by_their_owner_only(cast: Cast) -> None:
    attempt(cast, PASSWORD)
    mine = cast.as_("head_chen").get("/sessions").get_json()["items"]
    assert [device["current"] for device in mine] == [False, True]
    client = cast.app.test_client()
    path = f"/api/v1/sessions/{mine[0]['id']}"
    assert client.delete(path, headers=cast.as_("member_feng").headers).status_code == 404
    assert client.delete(path, headers=cast.as_("head_chen").headers).status_code == 204
    assert len(cast.as_("head_chen").get("/sessions").get_json()["items"]) == 1
    assert client.delete("/api/v1/sessions/x%00y", headers=cast.as_("head_chen").headers).status_code == 404


def test_personas_are_not_found_outside_the_demo(cast: Cast) -> None:
    stranger = cast.as_(None)
    assert stranger.get("/auth/demo").status_code == 404
    assert stranger.post("/auth/demo", {"persona": "admin"}).status_code == 404
