"""Something worth keeping: two villages, a posted month, a photo, a phone number."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from tests.cast import Cast, build
from tests.settled import Months
from tests.spare import Place, place_of


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    """Two villages with a posted month, records, a photo and a message on its way."""
    cast = build(app, clock)
    months = Months(cast)
    months.approved("zhao", "3.50")
    photo = cast.as_("wang_fang").photo()
    cast.log("wang_fang", "qian", photos=[photo])
    with transaction() as session:
        seal = app.extensions["jifen_seal"]
        phone = {"phone": seal.close("13900001111"), "household": cast.households["zhao"]}
        session.execute(
            text("UPDATE members SET phone_sealed = :phone WHERE household_code = :household"), phone
        )
    months.go(days=33)
    months.on_notice()
    months.go(days=8)
    assert months.account("zhao")[1] == "3.50"
    return cast


@pytest.fixture
def here(cast: Cast) -> Place:
    return place_of(cast.app)
