"""Messages that go out: to those who agreed, never twice, each documented code with its reaction, one token for all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.messages import sending
from server.messages.holding import hold
from server.messages.models import Agreement, Hold, OutboxRow
from server.messages.service import notify_household, notify_person
from server.messages.wechat import client, tokens
from server.messages.wechat.client import Account
from server.messages.wechat.codes import REACTIONS, Reaction
from server.people.models import WechatAccount
from tests.cast import Cast, build
from tests.wechat_stand_in import Wechat, wechat

KIND = "record.verdict"


@pytest.fixture
def service() -> Iterator[Wechat]:
    with wechat() as state:
        yield state


@pytest.fixture
def cast(app: Flask, clock: SetClock, service: Wechat) -> Cast:
    cast = build(app, clock, adopted=False)
    settings = app.extensions["jifen_settings"]
    app.extensions["jifen_settings"] = replace(
        settings,
        wechat_app_id="wx1",
        wechat_secret="s",
        wechat_address=service.address,
        wechat_templates=f"{KIND}=template-1",
    )
    with transaction() as session:
        for name, agreed in (("zhao_min", 3), ("qian_yun", 0)):
            person = cast.persons[name]
            session.add(WechatAccount(person_id=person, open_id=f"o-{name}", bound_at=clock.now()))
            session.add(Agreement(person_id=person, template=KIND, remaining=agreed, agreed_at=clock.now()))
    return cast


def tell(cast: Cast, to: str = "zhao", kind: str = KIND) -> None:
    with transaction() as session:
        notify_household(
            session, cast.households[to], kind, "一条记录通过了评议，加 2 分。", cast.clock.now()
        )


def rows() -> list[OutboxRow]:
    with transaction(writes=False) as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def ring(cast: Cast, minutes: float = 0) -> list[str]:
    cast.clock.advance(minutes=minutes)
    sending.ring(cast.app)
    return [row.status for row in rows()]


def test_who_agreed_gets_as_many_as_were_agreed_to(cast: Cast, service: Wechat) -> None:
    for _ in range(4):
        tell(cast)
    tell(cast, "qian")
    tell(cast, kind="something.else")
    with transaction() as session:
        notify_person(session, cast.persons["wang_fang"], KIND, "x", cast.clock.now())
    assert ring(cast) == ["sent"] * 3
    assert [one["touser"] for one in service.arrived] == ["o-zhao_min"] * 3
    assert (
        service.arrived[0]["template_id"] == "template-1"
        and len(service.arrived[0]["data"]["thing1"]["value"]) <= 20
    )
    assert ring(cast) == ["sent"] * 3 and len(service.arrived) == 3


def test_a_message_of_a_rolled_back_fact_does_not_go_out(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="no"), transaction() as session:
        notify_household(session, cast.households["zhao"], KIND, "x", cast.clock.now())
        raise RuntimeError("no")
    assert ring(cast) == []


def test_several_senders_send_each_message_once(cast: Cast, service: Wechat) -> None:
    with transaction() as session:
        session.get_one(Agreement, (cast.persons["zhao_min"], KIND)).remaining = 40
    for _ in range(40):
        tell(cast)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: sending.ring(cast.app), range(4)))
    assert sum(sent) == 40 and len(service.arrived) == 40
    assert {row.status for row in rows()} == {"sent"}
    assert len(service.fetched) == 1, "one token for all"


def test_a_sender_that_died_leaves_a_message_that_is_not_sent_again(cast: Cast, service: Wechat) -> None:
    tell(cast)
    assert sending.claim(cast.clock.now()) is not None  # and then the process is gone
    assert ring(cast) == ["sending"]
    assert ring(cast, minutes=6) == ["unknown"]
    assert ring(cast, minutes=600) == ["unknown"] and service.arrived == []


def test_an_answer_that_is_lost_is_not_asked_for_again(cast: Cast, service: Wechat) -> None:
    service.drop = 1
    tell(cast)
    assert ring(cast) == ["unknown"] and len(service.arrived) == 1
    assert ring(cast, minutes=600) == ["unknown"] and len(service.arrived) == 1


def test_a_service_that_is_away_is_tried_again(cast: Cast, service: Wechat) -> None:
    tell(cast)
    here = cast.app.extensions["jifen_settings"]
    cast.app.extensions["jifen_settings"] = replace(here, wechat_address="http://127.0.0.1:1")
    assert ring(cast) == ["waiting"]
    cast.app.extensions["jifen_settings"] = here
    assert ring(cast) == ["waiting"], "not at once"
    assert ring(cast, minutes=2) == ["sent"] and len(service.arrived) == 1


AFTER = {
    Reaction.SOON: ("waiting", 3, "sent"),
    Reaction.TOMORROW: ("waiting", 24 * 60, "sent"),
    Reaction.SET_UP: ("waiting", 31, "sent"),
    Reaction.RENEW_TOKEN: ("sent", 0, "sent"),
    Reaction.NEVER: ("refused", 24 * 60, "refused"),
    Reaction.NOT_AGREED: ("refused", 24 * 60, "refused"),
}


@pytest.mark.parametrize("code", [code for code in REACTIONS if code != 0] + [99999])
def test_every_documented_code_has_its_reaction(cast: Cast, service: Wechat, code: int) -> None:
    found = REACTIONS.get(code, Reaction.SOON)
    service.answers = [code]
    tell(cast)
    first, minutes, then = AFTER[found]
    assert ring(cast) == [first]
    assert ring(cast, minutes=minutes) == [then]
    assert len(service.arrived) == (1 if then == "sent" else 0)
    with transaction(writes=False) as session:
        left = session.get_one(Agreement, (cast.persons["zhao_min"], KIND)).remaining
    assert left == (0 if found is Reaction.NOT_AGREED else 2)
    if found is not Reaction.TOMORROW:  # by then the token has run out
        assert len(service.fetched) == (2 if found is Reaction.RENEW_TOKEN else 1)


def test_a_busy_service_is_not_asked_for_ever(cast: Cast, service: Wechat) -> None:
    service.answers = [-1] * 50
    tell(cast)
    for _ in range(12):
        ring(cast, minutes=300)
    assert ring(cast) == ["refused"] and len(service.answers) == 50 - sending.MOST_ATTEMPTS


def test_a_token_that_was_refused_is_renewed_once_for_all(cast: Cast, service: Wechat) -> None:
    seal = cast.app.extensions["jifen_seal"]
    account = Account("wx1", "s", service.address)
    now = cast.clock.now()

    def use(_: int) -> str:
        with cast.app.app_context():
            return tokens.access_token(account, seal, now)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(8))) == {"token-1"}
    assert [tokens.drop(account, seal, "token-1") for _ in range(3)] == [True, False, False]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(8))) == {"token-2"}
    assert service.fetched == [False, True], "the second by force: the first would have been given again"
    assert not tokens.drop(account, seal, "token-1"), "who comes late with the old one drops nothing"
    cast.clock.advance(hours=2)
    assert tokens.access_token(account, seal, cast.clock.now()) == "token-3"


def test_nothing_goes_out_after_a_restore_until_all_is_caught_up(cast: Cast, service: Wechat) -> None:
    tell(cast)
    with transaction() as session:
        assert hold(session, "restore", cast.clock.now()) == 1
    tell(cast)
    assert [row.status for row in rows()] == ["withheld", "withheld"]
    assert ring(cast) == ["withheld", "withheld"], "nothing is due, so the hold is over"
    with transaction(writes=False) as session:
        assert None not in session.scalars(select(Hold.ended_at)).all()
    tell(cast)
    assert ring(cast) == ["withheld", "withheld", "sent"] and len(service.arrived) == 1


def test_who_signs_in(service: Wechat) -> None:
    account = Account("wx1", "s", service.address)
    assert client.code_to_session(account, "abc")["openid"] == "o-abc"
    with pytest.raises(client.Refused) as refused:
        client.code_to_session(account, "bad")
    assert refused.value.code == 40029


def test_without_an_app_id_nothing_is_queued(cast: Cast, service: Wechat) -> None:
    settings = cast.app.extensions["jifen_settings"]
    cast.app.extensions["jifen_settings"] = replace(settings, wechat_app_id="")
    tell(cast)
    assert ring(cast) == [] and service.fetched == []
