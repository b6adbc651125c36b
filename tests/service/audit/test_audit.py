"""The audit log and decisions: written once, never changed, found by auditors of the place only."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.audit import api as audit
from server.audit.service import AuditFilter, search
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def note(cast: Cast, village: str, action: str = "thing.change") -> str:
    key = new_id()
    with transaction() as session:
        actor = cast.actor(session, "head_chen")
        audit.record(
            session, actor, action, "thing", key, cast.clock.now(), village, before={"n": "一"}, after=None
        )
    return key


def test_an_act_is_found_with_what_it_changed(cast: Cast) -> None:
    key = note(cast, VILLAGE)
    with transaction(writes=False) as session:
        rows, following = search(
            session, cast.actor(session, "auditor_yang"), AuditFilter(entity_id=key), None, 10
        )
        assert following is None
        (row,) = rows
        assert (row.action, row.before, row.after, row.at) == (
            "thing.change",
            {"n": "一"},
            None,
            cast.clock.now(),
        )
        assert row.person_id == cast.persons["head_chen"] and row.session_id is not None


def test_pages_do_not_overlap(cast: Cast) -> None:
    keys = [note(cast, VILLAGE) for _ in range(5)]
    seen: list[str] = []
    cursor = None
    with transaction(writes=False) as session:
        auditor = cast.actor(session, "auditor_yang")
        while True:
            rows, cursor = search(session, auditor, AuditFilter(entity="thing"), cursor, 2)
            seen += [row.entity_id for row in rows]
            if cursor is None:
                break
    assert seen == keys[::-1]


def test_an_auditor_of_one_village_sees_no_other(cast: Cast) -> None:
    note(cast, OTHER_VILLAGE)
    own = note(cast, VILLAGE)
    cast.grant("keeper_jiang", "auditor", VILLAGE)
    with transaction(writes=False) as session:
        actor = cast.actor(session, "keeper_jiang")
        rows, _ = search(session, actor, AuditFilter(entity="thing"), None, 10)
        assert [row.entity_id for row in rows] == [own]


@pytest.mark.parametrize("table", ["audit_log", "decisions"])
@pytest.mark.parametrize("change", ["UPDATE {} SET entity = 'x'", "DELETE FROM {}"])
def test_nothing_is_changed_behind_the_program(cast: Cast, table: str, change: str) -> None:
    note(cast, VILLAGE)
    with transaction() as session:
        audit.decide(session, None, "thing", new_id(), "open", "closed", cast.clock.now(), "到期")
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(change.format(table)))


def test_decisions_are_read_in_order(cast: Cast) -> None:
    key = new_id()
    with transaction() as session:
        actor = cast.actor(session, "head_chen")
        grant = actor.grants[0]
        audit.decide(session, actor, "thing", key, "a", "b", cast.clock.now(), "理由", grant)
        audit.decide_many(session, None, "thing", [key], "b", "c", cast.clock.now())
        steps = audit.decisions_of(session, "thing", [key])[key]
    assert [(step.source, step.target, step.reason, step.grant_id) for step in steps] == [
        ("a", "b", "理由", grant.id),
        ("b", "c", "", None),
    ]
