"""Invitations over HTTP and on the plain page: one-time, reissued, raced for."""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people import passwords
from server.people.models import Invitation
from tests.cast import VILLAGE, Cast, build

PASSWORD = "huaishu-2026"


@pytest.fixture
def cast(app: Flask, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash of {password}")
    monkeypatch.setattr(passwords, "verify", lambda password, stored: stored == f"hash of {password}")
    return build(app, clock, adopted=False)


def invite(cast: Cast, by: str = "head_chen", person: str | None = None, **more: Any) -> dict[str, Any]:
    body = {"person": person or cast.persons["qian_yun"], **more}
    answer = cast.as_(by).post("/invitations", body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.get_json())


def accept(cast: Cast, text: str, username: str = "qianyun", password: str = PASSWORD) -> TestResponse:
    body = {"invitation": text, "username": username, "password": password}
    return cast.as_(None).post("/auth/invitations/accept", body)


def test_an_invitation_is_text_address_and_a_qr_that_says_the_address(cast: Cast) -> None:
    made = invite(cast)
    assert made["url"] == f"http://127.0.0.1:8000/i/{made['invitation']}"
    kind, _, data = made["qr"].partition(",")
    assert kind == "data:image/png;base64"
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert zxingcpp.read_barcode(picture.convert("L")).text == made["url"]
    with transaction(writes=False) as session:
        kept = session.scalars(select(Invitation)).one()
        assert made["invitation"] not in (kept.token_hash, kept.id)
        assert len(kept.token_hash) == 64


def test_accepting_opens_the_account_and_signs_in(cast: Cast) -> None:
    answer = accept(cast, invite(cast)["invitation"].lower().replace("-", " "))
    found = answer.get_json()
    assert answer.status_code == 200, found
    assert found["person"]["household"] == cast.households["qian"]
    assert cast.as_("qian_yun").get("/me").status_code == 401, "older sessions end"
    again = cast.as_(None).post("/auth/password", {"username": "QianYun", "password": PASSWORD})
    assert again.status_code == 200


def test_the_same_acceptance_again_signs_in_and_another_one_is_refused(cast: Cast) -> None:
    text = invite(cast)["invitation"]
    assert accept(cast, text).status_code == 200
    assert accept(cast, text).status_code == 200, "the first answer was lost on the way"
    assert accept(cast, text, password="other-password").status_code == 401
    refused = accept(cast, text, username="somebody")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "invitation_used")


def test_two_accept_one_invitation_one_wins(cast: Cast) -> None:
    text = invite(cast)["invitation"]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: accept(cast, text, f"name{n}").status_code, range(6)))
    assert sorted(answers) == [200, 409, 409, 409, 409, 409]


def test_a_newer_invitation_ends_the_older_and_time_ends_both(cast: Cast) -> None:
    old, new = invite(cast)["invitation"], invite(cast)["invitation"]
    assert accept(cast, old).get_json()["code"] == "invitation_expired"
    cast.clock.advance(days=14)
    assert accept(cast, new).get_json()["code"] == "invitation_expired"
    unknown = accept(cast, "AAAA-BBBB-CCCC-DDDD-EEEE")
    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "invitation_unknown")


def test_a_lost_phone_is_signed_out_at_once(cast: Cast) -> None:
    invite(cast)
    assert cast.as_("qian_yun").get("/me").status_code == 200
    invite(cast, lost_phone=True)
    assert cast.as_("qian_yun").get("/me").status_code == 401


def test_a_name_that_is_taken_uses_nothing_up(cast: Cast) -> None:
    text = invite(cast)["invitation"]
    refused = accept(cast, text, username="Head_Chen")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "username_taken")
    weak = accept(cast, text, password="kurz")
    assert (weak.status_code, weak.get_json()["code"]) == (422, "password_weak")
    assert accept(cast, text).status_code == 200


@pytest.mark.parametrize(
    ("by", "person", "status"),
    [
        ("member_feng", "zhao_min", 201),
        ("member_feng", "wang_fang", 201),
        ("member_feng", "head_chen", 403),
        ("member_feng", "panel_zhou", 403),
        ("head_chen", "panel_zhou", 201),
        ("head_chen", "admin_zhu", 403),
        ("head_chen", "other_villager", 404),
        ("township_han", "head_chen", 201),
        ("admin_zhu", "auditor_yang", 201),
        ("wang_fang", "zhao_min", 403),
        ("zhao_min", "zhao_min", 403),
    ],
)
def test_who_may_invite_whom(cast: Cast, by: str, person: str, status: int) -> None:
    answer = cast.as_(by).post("/invitations", {"person": cast.persons[person]})
    assert answer.status_code == status, answer.get_json()


def test_the_page_behind_the_qr_opens_the_account(cast: Cast) -> None:
    text = invite(cast)["invitation"]
    client = cast.app.test_client()
    form = client.get(f"/i/{text}")
    assert form.status_code == 200
    assert "钱芸" in form.get_data(as_text=True)
    assert "http" not in form.get_data(as_text=True), "nothing comes from elsewhere"
    weak = client.post(f"/i/{text}", data={"username": "qianyun", "password": "kurz"})
    assert (weak.status_code, "太容易猜" in weak.get_data(as_text=True)) == (422, True)
    hostile = client.post(f"/i/{text}", data={"username": '"><script>', "password": PASSWORD})
    assert "<script>" not in hostile.get_data(as_text=True)
    done = client.post(f"/i/{text}", data={"username": "qianyun", "password": PASSWORD})
    assert (done.status_code, "账号开好了" in done.get_data(as_text=True)) == (200, True)
    assert client.get(f"/i/{text}").status_code == 409
    assert client.get("/i/nothing").status_code == 404


def test_a_new_person_is_invited_and_sees_the_own_household(cast: Cast) -> None:
    body = {"name": "孙丽", "village": VILLAGE, "household": cast.households["sun"]}
    person = cast.as_("member_feng").post("/people", body).get_json()
    assert [(role["role"], role["scope"]) for role in person["roles"]] == [
        ("villager", cast.households["sun"])
    ]
    token = accept(cast, invite(cast, person=person["id"])["invitation"], "sunli").get_json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    client = cast.app.test_client()
    own = client.get(f"/api/v1/households/{cast.households['sun']}", headers=headers)
    other = client.get(f"/api/v1/households/{cast.households['zhao']}", headers=headers)
    assert (own.status_code, other.status_code) == (200, 404)
