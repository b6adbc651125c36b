"""A household declines the programme or public naming by itself, without disadvantage, and takes it back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import Village
from tests.cast import VILLAGE, Cast, build
from tests.settled import Months, ok, refused

AFTER_CUTOFF = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


@pytest.fixture
def months(cast: Cast) -> Months:
    found = Months(cast)
    found.go(minutes=1)
    return found


def put(cast: Cast, by: str, household: str, **body: object):  # type: ignore[no-untyped-def]
    caller = cast.as_(by)
    path = f"/api/v1/households/{cast.households[household]}/participation"
    return caller.app.test_client().put(path, json=body, headers=caller.headers)


def test_declining_refuses_new_records_and_takes_nothing_away(cast: Cast, months: Months) -> None:
    cast.log("wang_fang", "zhao")
    before = months.account("zhao")
    answer = ok(put(cast, "zhao_min", "zhao", takes_part=False))
    assert (answer["takes_part"], answer["named"]) == (False, True) and answer["chosen_at"]
    body = cast.record("zhao")
    said = refused(cast.as_("wang_fang").post("/records", body), 422, "household_out_of_programme")
    assert "各项权利不受影响" in said["detail"]
    assert months.account("zhao") == before
    ok(cast.as_("zhao_min").get(f"/households/{cast.households['zhao']}/account"))
    assert ok(cast.as_("zhao_min").get("/inbox"))["items"][0]["kind"] == "household_choice"
    ok(put(cast, "zhao_min", "zhao", takes_part=True))
    cast.log("wang_fang", "zhao")
    assert months.account("zhao") == before, "taking part again gives no second base points"


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    first = ok(put(cast, "zhao_min", "zhao", named=False))
    assert ok(put(cast, "zhao_min", "zhao", named=False)) == first
    code = cast.households["zhao"]
    assert ok(cast.as_("head_chen").get(f"/households/{code}/participation")) == first


def test_unnamed_means_no_name_on_notice_and_no_place_on_a_shown_ranking(cast: Cast, months: Months) -> None:
    with transaction() as session:
        session.get_one(Village, VILLAGE).ranking = "all"
    for household in ("zhao", "qian"):
        months.approved(household, "4.00")
    ok(put(cast, "zhao_min", "zhao", named=False))
    months.go_to(AFTER_CUTOFF)
    notice = months.on_notice()
    lines = ok(cast.as_("qian_yun").get(f"/notices/{notice['id']}"))["lines"]
    names = {line["number"]: line["name"] for line in lines}
    assert names == {"0001": "", "0002": "户**"}
    shown = ok(cast.as_("qian_yun").get("/ranking", village=VILLAGE))
    assert cast.households["zhao"] not in [place["household"] for place in shown["items"]]
    own = ok(cast.as_("zhao_min").get("/ranking", village=VILLAGE))["own"]
    assert own["household"] == cast.households["zhao"]


def test_on_behalf_takes_the_committee_and_the_signed_slip(cast: Cast) -> None:
    refused(put(cast, "head_chen", "sun", takes_part=False), 422, "on_behalf_needed")
    refused(put(cast, "head_chen", "sun", takes_part=False, on_behalf=True), 422, "slip_missing")
    slip = cast.as_("head_chen").photo()
    answer = ok(put(cast, "head_chen", "sun", takes_part=False, on_behalf=True, photos=[slip]))
    assert answer["takes_part"] is False
    refused(
        put(cast, "zhao_min", "zhao", named=False, on_behalf=True, photos=[slip]), 422, "on_behalf_needed"
    )


@pytest.mark.parametrize(("by", "status"), [("qian_yun", 404), ("wang_fang", 403), ("other_head", 404)])
def test_nobody_else_chooses_for_a_household(cast: Cast, by: str, status: int) -> None:
    assert put(cast, by, "zhao", takes_part=False).status_code == status
    assert ok(cast.as_("zhao_min").get(f"/households/{cast.households['zhao']}/participation"))["takes_part"]
