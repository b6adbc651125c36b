"""The inbox: own and own household's messages, read per person, pages without overlap."""

from __future__ import annotations

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.errors import NotFound
from server.kit.transaction import transaction
from server.messages.api import Note, notify_household, notify_households, notify_person
from server.messages.service import inbox, mark_read
from tests.cast import Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def texts(cast: Cast, name: str) -> list[str]:
    with transaction(writes=False) as session:
        return [message.text for message in inbox(session, cast.actor(session, name), None, 50)[0]]


def test_everybody_sees_the_own(cast: Cast) -> None:
    now = cast.clock.now()
    with transaction() as session:
        notify_household(session, cast.households["zhao"], "record.verdict", "甲", now, {"record": "r"})
        notify_person(session, cast.persons["zhao_min"], "note", "乙", now)
        notify_person(session, cast.persons["wang_fang"], "note", "丙", now)
        notify_households(
            session, [Note(cast.households[name], "note", "丁") for name in ("qian", "li")], now
        )
    assert texts(cast, "zhao_min") == ["乙", "甲"]
    assert texts(cast, "wang_fang") == ["丙"]
    assert texts(cast, "qian_yun") == texts(cast, "li_mei") == ["丁"]
    assert texts(cast, "head_chen") == []


def test_reading_is_noted_once_and_per_person(cast: Cast) -> None:
    with transaction() as session:
        notify_household(session, cast.households["zhou"], "note", "甲", cast.clock.now())
        actor = cast.actor(session, "panel_zhou")
        (message,), _ = inbox(session, actor, None, 10)
        assert not message.read
        for _ in range(2):
            assert mark_read(session, actor, message.id, cast.clock.now()).read
        assert [m.read for m in inbox(session, actor, None, 10)[0]] == [True]
        with pytest.raises(NotFound):
            mark_read(session, cast.actor(session, "li_mei"), message.id, cast.clock.now())
