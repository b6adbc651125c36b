"""The audit log's chain: what is done behind the program is found, what is cut leaves a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.audit import api as audit
from server.audit import chain, closing
from server.config import ConfigError, load
from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import snapshot, transaction
from tests.cast import VILLAGE, Cast, build

CLOSERS = closing.closers()


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def note(cast: Cast, count: int = 1) -> None:
    with transaction() as session:
        actor = cast.actor(session, "head_chen")
        for number in range(count):
            after = {"number": number, "words": "改了"}
            audit.record(
                session, actor, "thing.change", "thing", new_id(), cast.clock.now(), VILLAGE, None, after
            )
        audit.record_many(session, None, "thing.made", "thing", {new_id(): VILLAGE}, cast.clock.now())


def sealed(cast: Cast) -> None:
    cast.clock.advance(hours=1)
    run_due(cast.clock.now(), closers=CLOSERS)


def report(cast: Cast) -> chain.Report:
    with snapshot() as session:
        return chain.verify(session, cast.app.extensions["jifen_seal"])


def test_acts_are_sealed_an_hour_later_in_one_chain(cast: Cast) -> None:
    note(cast, 3)
    assert run_due(cast.clock.now(), closers=CLOSERS) == []
    assert (report(cast).waiting, report(cast).differences) == (4, [])
    sealed(cast)
    note(cast)
    sealed(cast)
    found = report(cast)
    assert (found.sealed, found.waiting, found.differences) == (6, 0, [])
    assert run_due(cast.clock.now(), closers=CLOSERS) == []


def test_a_large_day_is_sealed_in_parts(cast: Cast) -> None:
    note(cast, 24)
    with transaction() as session:
        assert chain.seal(session, cast.clock.now(), most=10) == 10
        assert chain.seal(session, cast.clock.now(), most=10) == 10
        assert chain.seal(session, cast.clock.now(), most=10) == 5
        assert chain.seal(session, cast.clock.now(), most=10) == 0
    assert report(cast).differences == []


@pytest.fixture
def without_triggers(cast: Cast) -> Iterator[None]:
    """Somebody at the database itself: triggers do not stop him."""
    names = ("audit_log", "audit_seals", "audit_checkpoints")
    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            for name in names:
                for verb in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER {name}_no_{verb}"))
        else:
            for name in names:
                session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    yield
    if cast.app.extensions["jifen_settings"].url.startswith("postgresql"):
        with transaction() as session:
            for name in names:
                session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))


THIRD = "(SELECT audit_id FROM audit_seals WHERE number = 3)"
TAMPERED = {
    "another act": f"UPDATE audit_log SET action = 'x' WHERE id = {THIRD}",
    "another person": f"UPDATE audit_log SET person_id = NULL WHERE id = {THIRD}",
    "another content": "UPDATE audit_log SET after = '{\"number\": 99}' WHERE id = " + THIRD,
    "another village": f"UPDATE audit_log SET village_code = '990101101202' WHERE id = {THIRD}",
    "an act taken out": f"DELETE FROM audit_log WHERE id = {THIRD}",
    "act and seal taken out": f"DELETE FROM audit_log WHERE id = {THIRD}; DELETE FROM audit_seals WHERE number = 3",
    "the last seal taken out": "DELETE FROM audit_seals WHERE number = 5",
    "another hash": "UPDATE audit_seals SET hash = 'f' || substr(hash, 2) || '' WHERE number = 3 "
    "AND hash NOT LIKE 'f%'; UPDATE audit_seals SET hash = '0' || substr(hash, 2) WHERE number = 4",
    "another head": "UPDATE audit_head SET number = 4",
    "an act slipped in": "INSERT INTO audit_log (id, at, action, entity, entity_id) SELECT 'slipped', at, "
    "'thing.change', 'thing', 'x' FROM audit_log LIMIT 1",
    "an act slipped out of the queue": "DELETE FROM audit_unsealed",
}


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_is_found(cast: Cast, how: str) -> None:
    note(cast, 4)
    sealed(cast)
    note(cast)
    assert report(cast).differences == []
    with transaction() as session:
        for sql in TAMPERED[how].split(";"):
            session.execute(text(sql))
    assert report(cast).differences != []


def test_what_is_old_is_cut_and_a_checkpoint_stands_for_it(cast: Cast) -> None:
    note(cast, 4)
    sealed(cast)
    cast.clock.advance(days=420)
    note(cast, 2)
    sealed(cast)
    assert report(cast).cut == 0
    cast.clock.advance(days=11)
    closed = run_due(cast.clock.now(), closers=CLOSERS)
    assert [one.closer for one in closed] == [closing.CUT]
    sealed(cast)
    found = report(cast)
    assert (found.cut, found.sealed, found.differences) == (5, 4, [])
    with transaction(writes=False) as session:
        oldest = session.scalar(text("SELECT min(at) FROM audit_log"))
        assert oldest is not None
        kept = session.scalar(text("SELECT count(*) FROM audit_log"))
    assert kept == 4, "three of the second day, and the note that something was cut"


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize("column", ["hash", "signature", "public_key", "number"])
def test_a_forged_checkpoint_is_found(cast: Cast, column: str) -> None:
    test_what_is_old_is_cut_and_a_checkpoint_stands_for_it(cast)
    value = "number - 1" if column == "number" else f"substr('0f' || {column}, 1, length({column}))"
    with transaction() as session:
        session.execute(text(f"UPDATE audit_checkpoints SET {column} = {value}"))
    assert report(cast).differences != []


@pytest.mark.parametrize("table", ["audit_log", "audit_seals", "audit_checkpoints"])
def test_nothing_else_is_removed(cast: Cast, table: str) -> None:
    test_what_is_old_is_cut_and_a_checkpoint_stands_for_it(cast)
    for sql in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET {'at' if table == 'audit_log' else 'hash'} = NULL",
    ):
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(text(sql))


def test_a_rolled_back_act_leaves_no_place_in_the_queue(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="changed my mind"), transaction() as session:
        audit.record(session, None, "thing.change", "thing", new_id(), cast.clock.now())
        raise RuntimeError("changed my mind")
    assert (report(cast).waiting, report(cast).differences) == (0, [])


def test_the_least_time_is_kept_whatever_is_set(cast: Cast) -> None:
    with pytest.raises(ConfigError, match="JIFEN_AUDIT_DAYS"):
        load({"JIFEN_AUDIT_DAYS": "90"})
    assert timedelta(days=load({}).audit_days) >= timedelta(days=183)
