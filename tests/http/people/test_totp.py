"""The second factor: asked for when it is on, each code good once, guesses counted, a lost phone is no dead end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people import passwords, set_up, sign_in
from server.people.models import Person, Totp
from tests.cast import Cast, build
from tests.settled import ok, refused

PASSWORD = "huaishu-2026"


@pytest.fixture
def cast(app: Flask, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(passwords, "verify", lambda password, stored: stored == f"hash of {password}")
    made = build(app, clock, adopted=False)
    with transaction() as session:
        session.get_one(Person, made.persons["head_chen"]).password_hash = f"hash of {PASSWORD}"
    return made


def attempt(cast: Cast, **more: Any) -> TestResponse:
    body = {"username": "head_chen", "password": PASSWORD, **more}
    return cast.app.test_client().post("/api/v1/auth/password", json=body)


def turned_on(cast: Cast) -> pyotp.TOTP:
    head = cast.as_("head_chen")
    code = pyotp.TOTP(ok(head.post("/me/totp"), 201)["secret"])
    assert attempt(cast).status_code == 200, "not in force before it is confirmed"
    assert head.post("/me/totp/confirmation", {"otp": code.at(cast.clock.now())}).status_code == 204
    assert ok(head.get("/me/totp")) == {"enabled": True}
    cast.clock.advance(seconds=60)
    return code


def test_a_code_is_asked_for_and_is_good_once(cast: Cast) -> None:
    code = turned_on(cast)
    refused(attempt(cast), 401, "otp_required")
    now = code.at(cast.clock.now())
    refused(attempt(cast, otp="000000" if now != "000000" else "111111"), 401, "otp_wrong")
    ok(attempt(cast, otp=now))
    refused(attempt(cast, otp=now), 401, "otp_wrong")
    cast.clock.advance(seconds=30)
    refused(attempt(cast, password="wrong", otp=code.at(cast.clock.now())), 401, "credentials_wrong")
    ok(attempt(cast, otp=code.at(cast.clock.now())))


def test_of_two_sessions_with_one_code_one_opens(cast: Cast) -> None:
    code = turned_on(cast)
    now = code.at(cast.clock.now())
    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(lambda _: attempt(cast, otp=now).status_code, range(4)))
    assert answers == [200, 401, 401, 401]


def test_codes_cannot_be_guessed(cast: Cast) -> None:
    code = turned_on(cast)
    right = code.at(cast.clock.now())
    wrong = [f"{n:06d}" for n in range(20) if f"{n:06d}" != right]
    answers = [attempt(cast, otp=one).status_code for one in wrong]
    assert answers.count(401) == sign_in.FREE_TRIES and set(answers[sign_in.FREE_TRIES :]) == {429}
    assert attempt(cast, otp=right).status_code == 429


def test_the_secret_is_sealed_and_a_lost_phone_is_no_dead_end(cast: Cast) -> None:
    code = turned_on(cast)
    with transaction() as session:
        kept = session.get_one(Totp, cast.persons["head_chen"]).secret_sealed
        assert code.secret not in kept
        set_up.reset(session, "head_chen", "hash of once-only-1", cast.clock.now())
    ok(attempt(cast, password="once-only-1"))


def test_it_is_turned_off_with_a_code(cast: Cast) -> None:
    code = turned_on(cast)
    head = cast.as_("head_chen")
    refused(head.post("/me/totp"), 409, "totp_on")
    refused(head.post("/me/totp/removal", {"otp": "12345x"}), 422, "otp_wrong")
    assert head.post("/me/totp/removal", {"otp": code.at(cast.clock.now())}).status_code == 204
    ok(attempt(cast))
