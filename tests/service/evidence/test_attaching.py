"""Attaching photos: once, by the uploader only."""

from __future__ import annotations

import pytest
from flask import Flask

from server.evidence.api import attach, photos_of
from server.kit.clock import SetClock
from server.kit.errors import Invalid
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.access import Place
from tests.cast import VILLAGE, Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def test_once_and_by_the_uploader_only(cast: Cast) -> None:
    mine = [cast.as_("wang_fang").photo(colour) for colour in ("red", "blue")]
    foreign = cast.as_("wang_jun").photo()
    place, record = Place(VILLAGE, cast.grids["east"], cast.households["zhao"]), new_id()
    with transaction() as session:
        attach(session, mine, cast.actor(session, "wang_fang"), record, place)
    with transaction(writes=False) as session:
        assert photos_of(session, [record, "x"]) == {record: mine, "x": []}
    fresh = cast.as_("wang_fang").photo("white")
    with pytest.raises(Invalid) as refused, transaction() as session:
        wanted = [fresh, mine[0], foreign, new_id()]
        attach(session, wanted, cast.actor(session, "wang_fang"), new_id(), place)
    assert [fault.field for fault in refused.value.faults] == ["photos.1", "photos.2", "photos.3"]
    assert len({fault.message for fault in refused.value.faults}) == 1
