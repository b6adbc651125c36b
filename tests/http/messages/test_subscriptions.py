"""Consent to messages on WeChat over HTTP: yes and no kind by kind, used up message by message."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from server.config import ConfigError, load
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.messages import consent, sending
from server.messages.api import notify_household
from server.people.models import WechatAccount
from tests.cast import Cast, build
from tests.wechat_stand_in import Wechat, wechat

NOTICE, VERDICT = "notice_published", "record.verdict"


@pytest.fixture
def service() -> Iterator[Wechat]:
    with wechat() as state:
        yield state


@pytest.fixture
def cast(app: Flask, clock: SetClock, service: Wechat) -> Cast:
    settings = app.extensions["jifen_settings"]
    app.extensions["jifen_settings"] = replace(
        settings,
        wechat_app_id="wx1",
        wechat_secret="s",
        wechat_address=service.address,
        wechat_templates=f"{NOTICE}=t-notice, {VERDICT}=t-verdict",
    )
    cast = build(app, clock, adopted=False)
    with transaction() as session:
        session.add(WechatAccount(person_id=cast.persons["zhao_min"], open_id="o-min", bound_at=clock.now()))
    return cast


def say(cast: Cast, *answers: tuple[str, str], by: str = "zhao_min", key: str | None = None) -> Any:
    body = {"answers": [{"kind": kind, "answer": word} for kind, word in answers]}
    return cast.as_(by).post("/me/subscriptions", body, key)


def remaining(cast: Cast, by: str = "zhao_min") -> dict[str, int]:
    items = cast.as_(by).get("/me/subscriptions").get_json()["items"]
    return {item["kind"]: item["remaining"] for item in items}


def tell(cast: Cast, kind: str = NOTICE) -> None:
    with transaction() as session:
        notify_household(session, cast.households["zhao"], kind, "十二月积分开始公示。", cast.clock.now())


def arrived(cast: Cast, service: Wechat) -> list[str]:
    sending.ring(cast.app)
    return [one["template_id"] for one in service.arrived]


def test_what_is_offered_is_said_in_words_with_its_template(cast: Cast) -> None:
    found = cast.as_("zhao_min").get("/me/subscriptions").get_json()
    assert (found["available"], found["bound"]) == (True, True)
    assert [(item["kind"], item["template"]) for item in found["items"]] == [
        (NOTICE, "t-notice"),
        (VERDICT, "t-verdict"),
    ]
    assert all(item["title"] and item["text"] and item["remaining"] == 0 for item in found["items"])
    assert cast.as_("qian_yun").get("/me/subscriptions").get_json()["bound"] is False
    assert cast.as_(None).get("/me/subscriptions").status_code == 401


def test_nothing_is_sent_without_a_yes_and_each_yes_is_used_up_once(cast: Cast, service: Wechat) -> None:
    tell(cast)
    assert arrived(cast, service) == []
    assert say(cast, (NOTICE, "yes"), (VERDICT, "no")).status_code == 200
    assert say(cast, (NOTICE, "yes")).get_json()["items"][0]["remaining"] == 2
    for _ in range(3):
        tell(cast)
        tell(cast, VERDICT)
    assert arrived(cast, service) == ["t-notice", "t-notice"]
    assert remaining(cast) == {NOTICE: 0, VERDICT: 0}
    assert service.arrived[0]["page"] == "pages/inbox/inbox"


def test_a_no_ends_what_was_agreed_to_and_what_waits(cast: Cast, service: Wechat) -> None:
    say(cast, (NOTICE, "yes"), (VERDICT, "yes"))
    say(cast, (NOTICE, "yes"), (VERDICT, "yes"))
    tell(cast)
    tell(cast, VERDICT)
    say(cast, (NOTICE, "no"))
    assert remaining(cast) == {NOTICE: 0, VERDICT: 1}
    assert arrived(cast, service) == ["t-verdict"]


def test_unbinding_ends_all_of_it(cast: Cast, service: Wechat) -> None:
    say(cast, (NOTICE, "yes"), (VERDICT, "yes"))
    tell(cast)
    headers = cast.as_("zhao_min").headers
    assert cast.app.test_client().delete("/api/v1/me/wechat", headers=headers).status_code == 204
    assert remaining(cast) == {NOTICE: 0, VERDICT: 0}
    assert arrived(cast, service) == []


def test_a_yes_that_is_sent_again_counts_once(cast: Cast) -> None:
    assert [say(cast, (NOTICE, "yes"), key="the-same-tap").status_code for _ in range(2)] == [200, 200]
    assert remaining(cast)[NOTICE] == 1


def test_two_phones_say_yes_at_once(cast: Cast) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: say(cast, (NOTICE, "yes")).status_code, range(8)))
    assert answers == [200] * 8 and remaining(cast)[NOTICE] == 8


def test_a_yes_needs_a_wechat_and_a_no_does_not(cast: Cast) -> None:
    refused = say(cast, (NOTICE, "yes"), by="qian_yun")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "wechat_unbound")
    assert say(cast, (NOTICE, "no"), by="qian_yun").status_code == 200


@pytest.mark.parametrize(
    "answers", [[("month_posted", "yes")], [(NOTICE, "yes"), (NOTICE, "no")], [("nothing", "no")]]
)
def test_a_kind_that_is_not_offered_changes_nothing(cast: Cast, answers: list[tuple[str, str]]) -> None:
    refused = say(cast, *answers)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "kind_unknown")
    assert remaining(cast) == {NOTICE: 0, VERDICT: 0}


def test_yeses_are_kept_up_to_a_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "MOST", 2)
    assert [say(cast, (NOTICE, "yes")).status_code for _ in range(4)] == [200] * 4
    assert remaining(cast)[NOTICE] == 2


def test_without_an_app_id_nothing_is_offered(cast: Cast) -> None:
    settings = cast.app.extensions["jifen_settings"]
    cast.app.extensions["jifen_settings"] = replace(settings, wechat_app_id="")
    found = cast.as_("zhao_min").get("/me/subscriptions").get_json()
    assert found == {"available": False, "bound": True, "items": []}
    assert say(cast, (NOTICE, "yes")).status_code == 422


@pytest.mark.parametrize(
    ("templates", "said"),
    [
        ("nothing=t1", "没有这种消息"),
        (f"{NOTICE}=", "没有写模板编号"),
        (f"{NOTICE}=t1,{VERDICT}=t1", "一个模板编号只能用于一种消息"),
    ],
)
def test_wrong_templates_are_named_at_start(templates: str, said: str, tmp_path: Any) -> None:
    settings = load({}, data=str(tmp_path), wechat_templates=templates)
    with pytest.raises(ConfigError, match=said):
        consent.check_templates(settings)
    consent.check_templates(load({}, data=str(tmp_path), wechat_templates=f"{NOTICE}=t1, {VERDICT}=t2"))
