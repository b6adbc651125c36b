"""Grids and plates over HTTP: membership, what a scan says by who asks, reissue, pictures, the plain page."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.grid.models import Grid, Plate
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.people.models import Household
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def put(cast: Cast, by: str, grid: str, households: list[str]) -> TestResponse:
    path = f"/api/v1/grids/{cast.grids.get(grid, grid)}/households"
    body = {"households": households}
    return cast.app.test_client().put(path, json=body, headers=cast.as_(by).headers)


def members(cast: Cast) -> dict[str, list[str]]:
    """Households by grid, both by the names of the cast."""
    names = {code: name for name, code in cast.households.items()}
    with transaction(writes=False) as session:
        rows = session.execute(
            select(Household.code, Grid.name).outerjoin(Grid, Grid.id == Household.grid_id)
        ).all()
    found: dict[str, list[str]] = {}
    for code, grid in sorted((code, grid or "none") for code, grid in rows):
        found.setdefault(grid, []).append(names[code])
    return found


def test_a_grid_is_exactly_what_was_put_into_it(cast: Cast) -> None:
    wanted = [cast.households[name] for name in ("zhao", "li")]
    answer = put(cast, "head_chen", "east", wanted)
    assert answer.get_json() == {"households": 2, "added": 1, "removed": 2}
    assert members(cast) == {
        "east": ["zhao", "li"],
        "west": ["zhou", "wu"],
        "none": ["qian", "sun"],
        "other_grid": ["other"],
    }
    again = put(cast, "head_chen", "east", wanted)
    assert again.get_json() == {"households": 2, "added": 0, "removed": 0}


def test_a_household_of_another_village_changes_nothing(cast: Cast) -> None:
    before = members(cast)
    answer = put(cast, "head_chen", "east", [cast.households["li"], cast.households["other"]])
    assert (answer.status_code, answer.get_json()["code"]) == (422, "not_in_village")
    assert [fault["field"] for fault in answer.get_json()["errors"]] == ["households.1"]
    assert members(cast) == before


@pytest.mark.parametrize(
    ("by", "grid", "status"),
    [
        ("other_head", "east", 404),
        ("head_chen", "other_grid", 404),
        ("head_chen", "01234567-89ab-7def-8123-456789abcdef", 404),
        ("head_chen", "no id", 404),
        ("ma_ling", "east", 403),
        ("township_han", "other_grid", 200),
    ],
)
def test_who_fills_grids(cast: Cast, by: str, grid: str, status: int) -> None:
    assert put(cast, by, grid, []).status_code == status


def test_making_and_listing_grids(cast: Cast) -> None:
    body = {"village": VILLAGE, "name": "南网格", "area": "一片"}
    made = cast.as_("head_chen").post("/grids", body)
    assert (made.status_code, made.get_json()["households"]) == (201, 0)
    twice = cast.as_("head_chen").post("/grids", body)
    assert (twice.status_code, twice.get_json()["code"]) == (409, "grid_exists")
    assert cast.as_("other_head").post("/grids", body).status_code == 404
    listed = cast.as_("head_chen").get("/grids", village=VILLAGE).get_json()["items"]
    assert {row["name"]: row["households"] for row in listed} == {"east": 3, "west": 3, "南网格": 0}


@pytest.mark.parametrize(
    ("by", "seen"),
    [("wang_fang", ["east"]), ("zhao_min", ["east"]), ("other_head", []), ("panel_zhou", ["east", "west"])],
)
def test_grids_that_one_may_know_of(cast: Cast, by: str, seen: list[str]) -> None:
    listed = cast.as_(by).get("/grids", village=VILLAGE).get_json()["items"]
    assert [row["name"] for row in listed] == seen


STRANGE = {"village": {"code": VILLAGE, "name": "大槐树村"}}


@pytest.mark.parametrize(
    ("by", "actions"),
    [
        (None, None),
        ("other_villager", None),
        ("qian_yun", None),
        ("wang_jun", None),
        ("zhao_min", ["declare", "household", "account"]),
        ("wang_fang", ["record", "household"]),
        ("keeper_jiang", ["household", "account", "redeem"]),
        ("head_chen", ["record", "household", "account", "reissue"]),
        ("panel_zhou", ["record", "household"]),
    ],
)
def test_a_scan_answers_by_who_asks(cast: Cast, by: str | None, actions: list[str] | None) -> None:
    answer = cast.as_(by).get(f"/plates/{cast.plates['zhao']}")
    if actions is None:
        assert answer.get_json() == STRANGE
        return
    household = {"code": cast.households["zhao"], "label": "", **STRANGE}
    assert answer.get_json() == {"household": household, "actions": actions}


@pytest.mark.parametrize("by", [None, "zhao_min", "head_chen"])
def test_unknown_and_revoked_plates_look_alike(cast: Cast, by: str | None) -> None:
    old = cast.plates["zhao"]
    made = cast.as_("head_chen").post(f"/plates/{cast.households['zhao']}/reissue")
    assert made.status_code == 201
    unknown = cast.as_(by).get(f"/plates/{'x' * 32}")
    revoked = cast.as_(by).get(f"/plates/{old}")
    assert (unknown.status_code, revoked.status_code) == (404, 404)
    assert unknown.get_json() == revoked.get_json()
    assert cast.as_(by).get(f"/plates/{made.get_json()['token']}").status_code == 200


def test_a_declining_household_offers_no_records(cast: Cast) -> None:
    with transaction() as session:
        session.get_one(Household, cast.households["zhao"]).status = "declined"
    assert cast.as_("wang_fang").get(f"/plates/{cast.plates['zhao']}").get_json()["actions"] == ["household"]


def test_the_printed_code_works_where_the_household_is_known(cast: Cast) -> None:
    with transaction(writes=False) as session:
        code = session.get_one(Plate, cast.plates["zhao"]).short_code
    typed = f"{code[:4].lower()}-{code[4:]}"
    assert (
        cast.as_("wang_fang").get(f"/plates/{typed}").get_json()["household"]["code"]
        == cast.households["zhao"]
    )
    for nobody in (None, "wang_jun", "other_villager"):
        assert cast.as_(nobody).get(f"/plates/{typed}").status_code == 404


@pytest.mark.parametrize(
    ("by", "status"), [("head_chen", 201), ("admin_zhu", 201), ("wang_fang", 403), ("other_head", 404)]
)
def test_who_reissues(cast: Cast, by: str, status: int) -> None:
    assert cast.as_(by).post(f"/plates/{cast.households['zhao']}/reissue").status_code == status


def test_reissued_at_once_by_several_one_plate_is_in_force(cast: Cast) -> None:
    path = f"/plates/{cast.households['zhao']}/reissue"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: cast.as_("head_chen").post(path), range(4)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    with transaction(writes=False) as session:
        mine = select(Plate.token).where(Plate.household_code == cast.households["zhao"])
        in_force = session.scalars(mine.where(Plate.revoked_at.is_(None))).all()
    assert len(in_force) == 1
    assert in_force[0] in [answer.get_json().get("token") for answer in answers]


def test_the_picture_of_a_plate_says_its_address(cast: Cast) -> None:
    path = f"/plates/{cast.plates['zhao']}/image.png"
    answer = cast.as_("head_chen").get(path)
    assert answer.content_type == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert zxingcpp.read_barcode(picture).text == f"http://127.0.0.1:8000/h/{cast.plates['zhao']}"
    assert cast.as_("wang_fang").get(path).status_code == 403
    assert cast.as_("other_head").get(path).status_code == 404


def test_sheets_hold_every_household_once(cast: Cast) -> None:
    answer = cast.as_("head_chen").get(f"/villages/{VILLAGE}/plates.pdf", per_page=4)
    assert answer.content_type == "application/pdf"
    pages = list(pypdfium2.PdfDocument(answer.data))
    assert len(pages) == 2
    read: set[str] = set()
    for page in pages:
        picture = page.render(scale=3).to_pil()
        read |= {found.text.rsplit("/", 1)[1] for found in zxingcpp.read_barcodes(picture)}
    assert read == {token for name, token in cast.plates.items() if name != "other"}


@pytest.mark.parametrize(
    ("by", "query", "status"),
    [
        ("head_chen", {"per_page": 7}, 422),
        ("other_head", {}, 404),
        ("wang_fang", {}, 403),
        ("admin_zhu", {"grid": "east"}, 200),
    ],
)
def test_who_prints_sheets(cast: Cast, by: str, query: dict[str, Any], status: int) -> None:
    named = {name: cast.grids.get(str(value), value) for name, value in query.items()}
    assert cast.as_(by).get(f"/villages/{VILLAGE}/plates.pdf", **named).status_code == status
    assert cast.as_("head_chen").get(f"/villages/{OTHER_VILLAGE}/plates.pdf").status_code == 404


def test_the_page_of_a_plate_names_the_village_and_nobody(cast: Cast) -> None:
    client = cast.app.test_client()
    page = client.get(f"/h/{cast.plates['zhao']}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "大槐树村" in text
    for secret in ("户主1", cast.households["zhao"], "0001", "http"):
        assert secret not in text
    assert page.headers["X-Robots-Tag"] == "noindex"
    for token in ("x" * 32, "short"):
        gone = client.get(f"/h/{token}")
        assert (gone.status_code, "不能用" in gone.get_data(as_text=True)) == (404, True)
