"""Sign-in by WeChat against a stand-in that behaves as documented: codes, error codes, the one-time binding."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import AuditRow
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.messages.wechat.identity import REFUSALS
from server.people import passwords, set_up, sign_in
from server.people.models import Person, WechatAccount
from tests.cast import Cast, build
from tests.wechat_stand_in import Wechat, wechat

_NUMBERS = itertools.count()


@pytest.fixture
def service() -> Iterator[Wechat]:
    with wechat() as state:
        yield state


@pytest.fixture
def cast(app: Flask, clock: SetClock, service: Wechat) -> Cast:
    settings = app.extensions["jifen_settings"]
    app.extensions["jifen_settings"] = replace(
        settings, wechat_app_id="wx1", wechat_secret="s", wechat_address=service.address
    )
    return build(app, clock, adopted=False)


def login(cast: Cast, name: str, **more: Any) -> TestResponse:
    """What the mini-program does with the code of `wx.login`, on the phone of `name`."""
    return cast.as_(None).post("/auth/wechat", {"code": f"{name}-{next(_NUMBERS)}", **more})


def token(cast: Cast, name: str) -> str:
    answer = login(cast, name)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unbound")
    return str(answer.get_json()["binding_token"])


def invite(cast: Cast, person: str, **more: Any) -> str:
    answer = cast.as_("head_chen").post("/invitations", {"person": cast.persons[person], **more})
    return str(answer.get_json()["invitation"])


def bind(cast: Cast, binding_token: str, invitation: str) -> TestResponse:
    body = {"binding_token": binding_token, "invitation": invitation}
    return cast.as_(None).post("/auth/wechat/bind", body)


def bound(cast: Cast, name: str, person: str) -> TestResponse:
    answer = bind(cast, token(cast, name), invite(cast, person))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_once_bound_by_invitation_a_tap_signs_in(cast: Cast) -> None:
    found = bound(cast, "yun", "qian_yun").get_json()
    assert found["person"]["household"] == cast.households["qian"]
    assert cast.as_("qian_yun").get("/me").status_code == 401, "older sessions end"
    again = login(cast, "yun").get_json()
    headers = {"Authorization": f"Bearer {again['access_token']}"}
    assert cast.app.test_client().get("/api/v1/me", headers=headers).get_json()["name"] == "钱芸"
    with transaction(writes=False) as session:
        acts = session.scalars(select(AuditRow.action).where(AuditRow.entity == "person")).all()
    assert acts.count("wechat.bind") == 1


def test_password_and_wechat_lead_to_the_same_person(cast: Cast) -> None:
    body = {"invitation": invite(cast, "qian_yun"), "username": "qianyun", "password": "huaishu-2026"}
    by_password = cast.as_(None).post("/auth/invitations/accept", body).get_json()
    by_wechat = bound(cast, "yun", "qian_yun").get_json()
    assert by_wechat["person"]["id"] == by_password["person"]["id"]
    again = cast.as_(None).post("/auth/password", {"username": "qianyun", "password": "huaishu-2026"})
    assert again.status_code == 200, "name and password stay"


def test_the_answer_gives_the_open_id_away_to_nobody(cast: Cast) -> None:
    answer = login(cast, "yun")
    assert answer.content_type == "application/problem+json"
    assert "o-yun" not in answer.get_data(as_text=True) + bound(cast, "yun", "qian_yun").get_data(
        as_text=True
    )


def test_a_lost_answer_is_given_again_and_nobody_else_uses_the_invitation(cast: Cast) -> None:
    waiting, text = token(cast, "yun"), invite(cast, "qian_yun")
    assert [bind(cast, waiting, text).status_code for _ in range(2)] == [200, 200]
    assert code_of(bind(cast, token(cast, "thief"), text)) == (409, "invitation_used")
    assert code_of(login(cast, "thief")) == (401, "unbound")


def test_two_phones_use_one_invitation_one_wins(cast: Cast) -> None:
    text = invite(cast, "qian_yun")
    tokens = [token(cast, f"phone{n}") for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: bind(cast, one, text).status_code, tokens))
    assert sorted(answers) == [200, 409, 409, 409]
    with transaction(writes=False) as session:
        assert len(session.scalars(select(WechatAccount)).all()) == 1


def test_one_wechat_for_two_people_at_once_is_one_persons(cast: Cast) -> None:
    waiting = token(cast, "yun")
    texts = [invite(cast, person) for person in ("qian_yun", "zhao_min", "li_mei")]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda text: bind(cast, waiting, text), texts))
    refused = [answer for answer in answers if answer.status_code != 200]
    assert [code_of(answer) for answer in refused] == [(409, "wechat_taken")] * 2
    taken = [text for text, answer in zip(texts, answers, strict=True) if answer in refused]
    assert bind(cast, token(cast, "other"), taken[0]).status_code == 200, "a refusal uses no invitation up"


def test_a_new_wechat_takes_the_place_of_the_old_one(cast: Cast) -> None:
    bound(cast, "old", "qian_yun")
    bound(cast, "new", "qian_yun")
    assert login(cast, "new").status_code == 200
    assert code_of(login(cast, "old")) == (401, "unbound")


def test_a_lost_phone_signs_in_no_more(cast: Cast) -> None:
    bound(cast, "yun", "qian_yun")
    invite(cast, "qian_yun")
    assert login(cast, "yun").status_code == 200, "an invitation alone ends nothing"
    invite(cast, "qian_yun", lost_phone=True)
    assert code_of(login(cast, "yun")) == (401, "unbound")


def test_a_reset_on_the_server_ends_the_binding(cast: Cast) -> None:
    bound(cast, "chen", "head_chen")
    with transaction() as session:
        set_up.reset(session, "head_chen", passwords.hashed("once-1234"), cast.clock.now())
    assert code_of(login(cast, "chen")) == (401, "unbound")


def test_somebody_disabled_does_not_sign_in(cast: Cast) -> None:
    bound(cast, "yun", "qian_yun")
    with transaction() as session:
        session.get_one(Person, cast.persons["qian_yun"]).disabled = True
    assert code_of(login(cast, "yun")) == (401, "unbound")


def test_unbinding_is_ones_own_and_may_be_said_twice(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {bound(cast, 'yun', 'qian_yun').get_json()['access_token']}"}
    client = cast.app.test_client()
    assert [client.delete("/api/v1/me/wechat", headers=headers).status_code for _ in range(2)] == [204, 204]
    assert code_of(login(cast, "yun")) == (401, "unbound")
    assert client.delete("/api/v1/me/wechat").status_code == 401


def test_a_binding_waits_a_quarter_of_an_hour(cast: Cast) -> None:
    waiting, text = token(cast, "yun"), invite(cast, "qian_yun")
    cast.clock.advance(minutes=16)
    assert code_of(bind(cast, waiting, text)) == (401, "binding_ended")
    assert bind(cast, token(cast, "yun"), text).status_code == 200


@pytest.mark.parametrize("forged", ["x", "", "sealed phone"])
def test_only_tokens_of_ours_bind(cast: Cast, forged: str) -> None:
    seal = cast.app.extensions["jifen_seal"]
    given = seal.close("13812345678") if forged == "sealed phone" else forged
    wanted = (401, "binding_ended") if given else (422, "invalid")
    assert code_of(bind(cast, given, invite(cast, "qian_yun"))) == wanted


STATUS = {
    "wechat_code_wrong": 401,
    "wechat_blocked": 403,
    "wechat_busy": 429,
    "wechat_away": 503,
    "wechat_set_up": 503,
}


@pytest.mark.parametrize("code", [*REFUSALS, 99999])
def test_every_documented_code_of_sign_in_has_its_answer(cast: Cast, service: Wechat, code: int) -> None:
    bound(cast, "yun", "qian_yun")
    service.code_answers = [code]
    refused = login(cast, "yun")
    said = REFUSALS.get(code, REFUSALS[-1])()
    assert code_of(refused) == (STATUS[said.code], said.code)
    assert refused.get_json()["detail"] == said.message
    assert login(cast, "yun").status_code == 200, "the next tap may be better"


def test_a_code_is_good_once(cast: Cast) -> None:
    bound(cast, "yun", "qian_yun")
    phone = cast.as_(None)
    answers = [phone.post("/auth/wechat", {"code": "yun-same"}) for _ in range(2)]
    assert answers[0].status_code == 200
    assert code_of(answers[1]) == (401, "wechat_code_wrong")
    assert code_of(phone.post("/auth/wechat", {"code": "bad"})) == (401, "wechat_code_wrong")


def test_wechat_away_and_wechat_silent_are_said(cast: Cast, service: Wechat) -> None:
    service.drop = 1
    assert code_of(login(cast, "yun")) == (503, "wechat_away")
    settings = cast.app.extensions["jifen_settings"]
    cast.app.extensions["jifen_settings"] = replace(settings, wechat_address="http://127.0.0.1:1")
    assert code_of(login(cast, "yun")) == (503, "wechat_away")
    cast.app.extensions["jifen_settings"] = replace(settings, wechat_secret="wrong")
    assert code_of(login(cast, "yun")) == (503, "wechat_set_up")


def test_without_an_app_id_it_is_switched_off_and_says_so(cast: Cast) -> None:
    waiting = token(cast, "yun")
    settings = cast.app.extensions["jifen_settings"]
    cast.app.extensions["jifen_settings"] = replace(settings, wechat_app_id="")
    assert code_of(login(cast, "yun")) == (404, "wechat_off")
    assert code_of(bind(cast, waiting, "x")) == (404, "wechat_off")


def test_guesses_are_counted_for_their_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "ADDRESS_TRIES", 5)
    waiting = token(cast, "yun")
    assert [login(cast, "yun").status_code for _ in range(8)] == [401] * 8, "unbound is no wrong guess"
    answers = [bind(cast, waiting, f"GUES-SEDA-GAIN-{n:04d}").status_code for n in range(8)]
    assert answers == [404] * 5 + [429] * 3
    assert login(cast, "yun").status_code == 429


def test_the_second_factor_is_asked_for_and_cannot_be_guessed(cast: Cast) -> None:
    bound(cast, "chen", "head_chen")
    headers = {"Authorization": f"Bearer {login(cast, 'chen').get_json()['access_token']}"}
    client = cast.app.test_client()
    secret = pyotp.TOTP(client.post("/api/v1/me/totp", headers=headers).get_json()["secret"])
    now = cast.clock.now()
    client.post("/api/v1/me/totp/confirmation", json={"otp": secret.at(now)}, headers=headers)
    cast.clock.advance(minutes=1)
    assert code_of(login(cast, "chen")) == (401, "otp_required")
    assert login(cast, "chen", otp=secret.at(cast.clock.now())).status_code == 200
    answers = [code_of(login(cast, "chen", otp="000000")) for _ in range(7)]
    assert answers[0] == (401, "otp_wrong") and answers[-1] == (429, "locked_out")
