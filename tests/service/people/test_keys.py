"""A new key: everything sealed anew, while the program runs; old keys open what was sealed before."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from flask import Flask
from sqlalchemy import select

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import Member
from server.people.sealing import Seal
from tests.cast import Cast, build
from tests.spare import place_of

PHONES = {"zhao": "13900001111", "qian": "13900002222"}


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    cast = build(app, clock, adopted=False)
    with transaction() as session:
        for name, phone in PHONES.items():
            session.get_one(Member, cast.members[name]).phone_sealed = app.extensions["jifen_seal"].close(
                phone
            )
    return cast


def sealed(cast: Cast) -> dict[str, str | None]:
    with transaction(writes=False) as session:
        found = {row.id: row.phone_sealed for row in session.scalars(select(Member))}
    return {name: found[cast.members[name]] for name in PHONES}


def test_a_new_key_while_the_program_runs(cast: Cast, app: Flask) -> None:
    running: Seal = app.extensions["jifen_seal"]
    path = app.extensions["jifen_settings"].secret_key_path
    old, before = Seal(path.read_text().split()), sealed(cast)
    done = place_of(app).run("keys", "rotate")
    assert done.exit_code == 0 and "2 个值" in done.output, done.output
    assert len(path.read_text().split()) == 2 and path.stat().st_mode & 0o077 == 0
    after = sealed(cast)
    assert set(after.values()).isdisjoint(before.values())
    with pytest.raises(InvalidToken):
        old.open(after["zhao"])
    assert {name: running.open(value) for name, value in after.items()} == PHONES
    assert running.open(before["zhao"]) == PHONES["zhao"], (
        "an old backup opens as long as the old key is there"
    )


def test_dropping_the_old_key(cast: Cast, app: Flask) -> None:
    here, path = place_of(app), app.extensions["jifen_settings"].secret_key_path
    assert here.run("keys", "rotate").exit_code == 0
    done = here.run("keys", "drop", "--yes")
    assert done.exit_code == 0, done.output
    (only,) = path.read_text().split()
    assert {name: Seal([only]).open(value) for name, value in sealed(cast).items()} == PHONES
