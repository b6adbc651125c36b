"""Photos are kept as long as they are needed: pictures go, hashes stay, what is still needed is not touched."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.cycles.api import run_due
from server.evidence import api as evidence
from server.evidence.models import Photo
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.access import Place
from tests.cast import VILLAGE, Cast, build, picture
from tests.settled import Months, refused


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def age_files(cast: Cast) -> list[Path]:
    """Let every file be of yesterday; gives them."""
    files = list(evidence.folder_in(cast.app.extensions["jifen_settings"].data).rglob("*.jpg"))
    for path in files:
        os.utime(path, (0, 0))
    return files


def attached(cast: Cast, photo: str, kind: str) -> None:
    with transaction() as session:
        place = Place(VILLAGE, cast.grids["east"], cast.households["zhao"])
        evidence.attach(session, [photo], cast.actor(session, "wang_fang"), new_id(), place, kind)


def pass_days(cast: Cast, days: int) -> None:
    for _ in range(days // 4):
        cast.clock.advance(days=4)
        run_due(cast.clock.now())


def state(photo: str) -> tuple[bool, bool]:
    """(is blanked, its file is still to be removed)."""
    with transaction(writes=False) as session:
        row = session.scalars(select(Photo).where(Photo.id == photo)).one()
        assert len(row.content_hash) == 64, "the hash stays"
        return row.blanked_at is not None, row.remove_after is not None


def test_what_was_never_used_goes_after_a_week(cast: Cast) -> None:
    worker = cast.as_("wang_fang")
    photo = worker.photo()
    files = age_files(cast)
    assert len(files) == 2
    cast.clock.advance(days=6)
    run_due(cast.clock.now())
    assert state(photo) == (False, False) and worker.get(f"/photos/{photo}").status_code == 200
    cast.clock.advance(days=1)
    run_due(cast.clock.now())
    assert state(photo) == (True, True)
    refused(worker.get(f"/photos/{photo}"), 404, "photo_expired")
    refused(worker.post("/records", cast.record("zhao", photos=[photo])), 422, "photo_not_usable")
    assert all(path.exists() for path in files)
    cast.clock.advance(days=1)
    run_due(cast.clock.now())
    assert state(photo) == (True, False) and not any(path.exists() for path in files)


def test_a_file_that_another_photo_needs_stays(cast: Cast) -> None:
    worker = cast.as_("wang_fang")
    unused = worker.photo("red")
    used = worker.photo("red")
    cast.log("wang_fang", "zhao", photos=[used])
    age_files(cast)
    pass_days(cast, 12)
    assert state(unused) == (True, False) and worker.get(f"/photos/{used}").status_code == 200


def test_a_file_that_was_just_sent_again_stays(cast: Cast) -> None:
    worker = cast.as_("wang_fang")
    unused = worker.photo("red")
    age_files(cast)
    cast.clock.advance(days=7)
    run_due(cast.clock.now())
    again = worker.upload(picture("red"))
    assert again.status_code == 201
    cast.clock.advance(days=1)
    run_due(cast.clock.now())
    assert state(unused) == (True, False)
    assert worker.get(f"/photos/{again.get_json()['id']}").status_code == 200


def test_photos_of_a_month_go_ninety_days_after_its_posting(cast: Cast) -> None:
    months, worker = Months(cast), cast.as_("wang_fang")
    photo = worker.photo()
    record = months.approved("zhao", "3.00")
    with transaction() as session:
        place = Place(VILLAGE, cast.grids["east"], cast.households["zhao"])
        evidence.attach(session, [photo], cast.actor(session, "wang_fang"), record, place)
    months.go(days=33)
    months.on_notice()
    months.go(days=8)
    assert months.account("zhao")[1] == "3.00"
    posted = cast.clock.now()
    months.go_to(posted + timedelta(days=88))
    assert state(photo) == (False, False)
    months.go_to(posted + timedelta(days=92))
    assert state(photo)[0]
    assert months.account("zhao")[1] == "3.00"


@pytest.mark.parametrize(("kind", "goes"), [("redemption", True), ("goods", False), ("record", False)])
def test_other_photos_go_by_their_age_and_those_of_goods_stay(cast: Cast, kind: str, goes: bool) -> None:
    photo = cast.as_("wang_fang").photo()
    attached(cast, photo, kind)
    pass_days(cast, 80)
    assert not state(photo)[0]
    pass_days(cast, 20)
    assert state(photo)[0] is goes
