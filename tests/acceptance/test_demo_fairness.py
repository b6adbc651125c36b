"""The demo county raises next to no hints, and each planted case among its real records is found.

Small by default; a soak builds the full county. A look is one worker or one grid in one month.
"""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from server.app import create_app
from server.cycles.calendar import Month
from server.insight import queries
from server.insight.api import Kind, village_fairness
from server.kit.clock import SHANGHAI, SetClock, local_midnight
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import GrantRow, Household, Person, Relation, Village
from tests.acceptance.demo_county import AS_OF, demo_copy, demo_settings
from tests.cast import Caller, sign_in

NOW = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
VILLAGE = "990101001201"
MONTHS = [Month(2026, number) for number in range(6, 12)]
SPAN = {"from": "2026-11-13", "to": "2026-12-12"}
pytestmark = pytest.mark.database("sqlite")  # a demo has its own SQLite, whatever the run's database


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_copy(tmp_path_factory)


@contextmanager
def served(folder: Path) -> Iterator[Flask]:
    app = create_app(demo_settings(folder), SetClock(NOW))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.mark.timeout(1800)
def test_a_clean_county_raises_at_most_two_false_hints_in_a_hundred_looks(county: Path) -> None:
    looks, raised = 0, []
    with served(county), transaction(writes=False) as session:
        for village in session.scalars(select(Village.code)).all():
            for month in MONTHS:
                since = local_midnight(month.first_day(12))
                until = local_midnight(month.last_day(12) + timedelta(days=1))
                records = queries.logged(session, village, since, until)
                assert records, (village, month)
                looks += len({record.worker for record in records})
                looks += len(queries.grid_sizes(session, village))
                found = village_fairness(session, village, since, until, 8).hints
                raised += [(village, str(month), hint.kind.value, hint.said) for hint in found]
    print(f"{len(raised)} hints in {looks} looks: {raised}")
    assert len(raised) * 50 <= looks, raised


# ---- planted ---------------------------------------------------------------------------------


class Plants:
    """A copy of the county, in which things are done that should be noticed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with transaction() as session:
            row = session.execute(
                select(GrantRow.person_id, GrantRow.scope)
                .join(Person, Person.id == GrantRow.person_id)
                .where(GrantRow.role == "grid_worker", Person.persona == "grid_worker_1")
            ).one()
            self.worker, self.grid = row
            self.home = session.get_one(Person, self.worker).household_code
            houses = select(Household.code).where(
                Household.grid_id == self.grid, Household.status == "active"
            )
            self.households = [code for code in session.scalars(houses) if code != self.home]
            self.caller = Caller(app, sign_in(session, self.worker, NOW))
            supervisor = session.scalars(select(Person.id).where(Person.persona == "supervisor")).one()
            self.supervisor = Caller(app, sign_in(session, supervisor, NOW))
        book = self.caller.get("/rulebooks/current", village=VILLAGE).get_json()
        self.items = [
            item
            for item in book["items"]
            if item["kind"] == "positive" and "grid_worker" in item["loggers"] and not item["place_required"]
        ]

    def log(self, household: str, item: dict[str, Any], **more: Any) -> str | None:
        """Log one record; None where a cap or an exemption refuses it."""
        body = {
            "id": new_id(),
            "household": household,
            "item": item["code"],
            "points": item["points_min"],
            "occurred_on": AS_OF.isoformat(),
            **more,
        }
        answer = self.caller.post("/records", body)
        return str(body["id"]) if answer.status_code == 201 else None

    def hints(self) -> list[dict[str, Any]]:
        answer = self.supervisor.get(f"/villages/{VILLAGE}/fairness", **SPAN)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return list(answer.get_json()["hints"])

    def kinds(self) -> Counter[str]:
        return Counter(hint["kind"] for hint in self.hints())


@pytest.fixture
def plants(county: Path, tmp_path: Path) -> Iterator[Plants]:
    shutil.copytree(county, tmp_path / "copy")
    with served(tmp_path / "copy") as app:
        yield Plants(app)


def easy(plants: Plants) -> list[dict[str, Any]]:
    return [item for item in plants.items if not item["photo_required"]]


def test_a_worker_who_favours_relatives(plants: Plants) -> None:
    kin = plants.households[0]
    first, second = sorted((kin, str(plants.home)))
    with transaction() as session:
        session.add(Relation(household_a=first, household_b=second, kind="亲属"))
    assert Kind.FAVOURS_RELATIVES not in plants.kinds()
    given = [plants.log(kin, item) for item in easy(plants)]
    given += [plants.log(str(plants.home), item) for item in easy(plants)]
    assert sum(key is not None for key in given) >= 8
    found = [hint for hint in plants.hints() if hint["kind"] == Kind.FAVOURS_RELATIVES]
    assert [hint["subject"] for hint in found] == [plants.worker]


def test_thirty_records_in_two_minutes(plants: Plants) -> None:
    assert Kind.BURST not in plants.kinds()
    logged = 0
    for household in plants.households:
        for item in easy(plants)[:4]:
            logged += plants.log(household, item) is not None
        if logged >= 30:
            break
    (found,) = [hint for hint in plants.hints() if hint["kind"] == Kind.BURST]
    assert found["subject"] == plants.worker and len(found["records"]) >= 30


def test_a_phone_that_was_offline_all_day_is_no_burst(plants: Plants) -> None:
    logged = 0
    for minute, household in enumerate(plants.households[:20]):
        at = NOW - timedelta(hours=7) + timedelta(minutes=15 * minute)
        for item in easy(plants)[:3]:
            logged += plants.log(household, item, device_time=at.isoformat()) is not None
    assert logged >= 40 and Kind.BURST not in plants.kinds()


def test_one_deed_of_forty_households_is_no_burst(plants: Plants) -> None:
    deed, item = new_id(), easy(plants)[0]
    logged = [plants.log(household, item, group=deed) for household in plants.households]
    assert sum(key is not None for key in logged) >= 25 and Kind.BURST not in plants.kinds()


def test_one_photo_used_five_times(plants: Plants) -> None:
    pick = Random(3)
    rough = Image.new("L", (9, 8))
    rough.putdata([pick.randrange(256) for _ in range(72)])
    keys = []
    for number, household in enumerate(plants.households[:5]):
        stream = io.BytesIO()
        size = (320 + 40 * number, 240 + 30 * number)
        picture = rough.convert("RGB").resize(size, Image.Resampling.BICUBIC)
        picture.save(stream, "JPEG", quality=95 - 9 * number)
        photo = new_id()
        assert plants.caller.upload(stream.getvalue(), photo).status_code == 201
        key = next(filter(None, (plants.log(household, item, photos=[photo]) for item in easy(plants))))
        keys.append(key)
    (found,) = [hint for hint in plants.hints() if hint["kind"] == Kind.REUSED_PHOTO]
    assert found["records"] == sorted(keys)


def test_a_grid_nobody_visits(plants: Plants) -> None:
    """A new grid of ten households, to whose doors nobody goes any more."""
    span = {"from": "2026-10-13", "to": "2026-11-12"}
    with transaction() as session:
        head = session.scalars(select(Person.id).where(Person.persona == "committee_head")).one()
        caller = Caller(plants.app, sign_in(session, head, NOW))
    grid = caller.post("/grids", {"village": VILLAGE, "name": "新片"}).get_json()["id"]
    body = {"households": plants.households[:10]}
    path = f"/api/v1/grids/{grid}/households"
    assert plants.app.test_client().put(path, json=body, headers=caller.headers).status_code == 200
    answer = plants.supervisor.get(f"/villages/{VILLAGE}/fairness", **span).get_json()["hints"]
    assert {hint["kind"] for hint in answer if hint["subject"] == grid} == {
        *(Kind.GRID_UNVISITED, Kind.GRID_UNSEEN)
    }
    assert {hint["subject"] for hint in answer if hint["kind"] == Kind.GRID_UNVISITED} == {grid}
