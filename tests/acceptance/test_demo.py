"""The demo county: built by running the system, the same each time, whole, and ready to be walked through.

One small build of a Monday with a notice on is shared by the module; a second one, begun after the first try
was killed, shows that seed and date make the county.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from server.app import create_app
from server.config import Settings, load
from server.demo.cli import ensure_built
from server.kit.clock import SHANGHAI, SetClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.personas import PERSONAS
from tests.acceptance.demo_county import demo_copy
from tests.acceptance.running import ROOT, command, environment
from tests.counter import whole

AS_OF = date(2026, 11, 23)
VILLAGE, OTHER = "990101001201", "990101001202"
MONTHS = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
START_SECONDS = 180
pytestmark = pytest.mark.database("sqlite")  # a demo has its own SQLite, whatever the run's database
BUILD = ("demo", "--small", "--build-only", "--seed", "1", "--as-of", AS_OF.isoformat())


def _settings(data: Path) -> Settings:
    return load({}, data=str(data), mode="demo", scheduler="false")


def _built(data: Path) -> None:
    ensure_built(_settings(data), small=True, seed=1, as_of=AS_OF)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the county that all tests here look at."""
    return demo_copy(tmp_path_factory, small=True)


@pytest.fixture(scope="module")
def story(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the build made, before the tests hand anything out."""
    return _story(data)


@pytest.fixture(scope="module")
def app(data: Path, story: object) -> Iterator[Flask]:
    """The county served at nine o'clock of its day."""
    app = create_app(_settings(data), SetClock(datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


class Visitor:
    """Somebody who clicked on a persona of the start page."""

    def __init__(self, app: Flask, persona: str) -> None:
        self._client: FlaskClient = app.test_client()
        answer = self._client.post("/api/v1/auth/demo", json={"persona": persona})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self._headers = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    def get(self, path: str, **query: Any) -> Any:
        answer = self._client.get(f"/api/v1{path}", query_string=query, headers=self._headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, path: str, body: dict[str, Any], status: int = 201) -> Any:
        answer = self._client.post(f"/api/v1{path}", json=body, headers=self._headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()


def _personas(app: Flask) -> dict[str, dict[str, Any]]:
    answer = app.test_client().get("/api/v1/auth/demo")
    assert answer.status_code == 200
    return {row["persona"]: row for row in answer.get_json()}


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with transaction(writes=False) as session:
        return [tuple(row) for row in session.execute(text(sql))]


def _today(visitor: Visitor, village: str) -> dict[str, Any]:
    query = {"village": village, "from": AS_OF.isoformat(), "to": AS_OF.isoformat()}
    (day,) = visitor.get("/mall/exchange-days", **query)["items"]
    return dict(day)


# ---- people and history --------------------------------------------------------------------


def test_every_persona_of_the_contract_is_there_with_its_fields(app: Flask) -> None:
    found = _personas(app)
    assert list(found) == list(PERSONAS)
    for persona, row in found.items():
        assert row["name"], persona
        expected: str | None = OTHER if persona.startswith("other_") else VILLAGE
        if persona in ("township_officer", "county_officer", "auditor", "admin"):
            expected = None
        assert row["village"] == expected, persona
        if persona in ("villager_1", "villager_2", "other_villager"):
            assert row["household"].startswith(row["village"]) and len(row["plate"]) >= 16, persona
        if persona in ("grid_worker_1", "grid_worker_2", "other_grid_worker"):
            assert row["grid"] and len(row["plate"]) >= 16, persona


def test_everyone_can_be_become_and_holds_the_role(app: Flask) -> None:
    for persona in PERSONAS:
        roles = {role["role"] for role in Visitor(app, persona).get("/me")["roles"]}
        role = persona.removeprefix("other_").rstrip("_0123456789")
        assert role in roles, (persona, roles)


def test_the_cycles_have_brought_six_months(app: Flask) -> None:
    tallies = _rows("SELECT village_code, month, status FROM tallies ORDER BY village_code, month")
    states = ["posted"] * 5 + ["on_notice"]
    expected = [
        (village, int(month.replace("-", "")), state)
        for village in (VILLAGE, OTHER)
        for month, state in zip(MONTHS, states, strict=True)
    ]
    assert tallies == expected
    assert _rows("SELECT closer, period, error FROM parked_periods") == []


def test_records_are_as_many_as_people_would_log_and_in_every_state(app: Flask) -> None:
    kept = dict(_rows("SELECT status, COUNT(*) FROM records GROUP BY status"))
    assert 1000 <= sum(kept.values()) <= 1700
    panel = Visitor(app, "panel_member_1")
    for status in ("recorded", "submitted", "rejected", "on_notice", "posted"):
        assert panel.get("/records", village=VILLAGE, status=status)["items"], status
    households = _rows("SELECT village_code, COUNT(*) FROM households GROUP BY village_code ORDER BY 1")
    assert households == [(VILLAGE, 120), (OTHER, 66)]


def test_a_week_waits_to_be_submitted(app: Flask) -> None:
    mine = _personas(app)["grid_leader_1"]
    (report,) = Visitor(app, "grid_leader_1").get("/weekly-reports", grid=mine["grid"], week="2026-W47")[
        "items"
    ]
    assert report["status"] == "open"
    records = Visitor(app, "grid_leader_1").get("/records", report=report["id"])["items"]
    assert records and {record["status"] for record in records} == {"recorded"}


def test_the_month_is_on_notice_and_objections_were_answered(app: Flask) -> None:
    for village in (VILLAGE, OTHER):
        answer = app.test_client().get(f"/api/v1/public/notices?village={village}").get_json()["items"]
        assert (answer[0]["month"], answer[0]["status"]) == ("2026-11", "active")
        lines = app.test_client().get(f"/api/v1/public/notices/{answer[0]['id']}").get_json()
        assert lines["lines"] and lines["ledger_head"]
    objections = dict(_rows("SELECT status, COUNT(*) FROM objections GROUP BY status"))
    assert objections and set(objections) <= {"upheld", "dismissed"}


# ---- the shop --------------------------------------------------------------------------------


def test_both_ledgers_are_whole_and_no_stock_is_negative(app: Flask, data: Path) -> None:
    with transaction(writes=False) as session:
        whole(session)
    assert _rows("SELECT goods_id FROM goods_stock WHERE on_hand < 0 OR held < 0 OR on_hand < held") == []
    said = command(data, f"sqlite:///{data / 'jifen.db'}", "ledger", "verify")
    assert said.returncode == 0, said.stdout + said.stderr


def test_assessments_are_finished_running_and_explained(app: Flask) -> None:
    """Two half-years and a year that are over, a quarter in the middle of it."""
    officer = Visitor(app, "county_officer")
    found = {one["pack"]: one for one in officer.get("/assessments/cycles")["items"]}
    states = {pack: one["status"] for pack, one in found.items()}
    over = dict.fromkeys(("gaoyang-thousand", "gaoyang-party", "dinghai-2018-town"), "finished")
    assert states == over | {"dongguan": "running"}
    towns = officer.get(f"/assessments/cycles/{found['dinghai-2018-town']['id']}/results")["results"]
    coefficients = [one["components"]["coefficient"] for one in towns]
    assert (len(towns), max(coefficients), min(coefficients)) == (11, "1.025", "0.975")
    head = Visitor(app, "committee_head")
    key = found["gaoyang-thousand"]["id"]
    own = [one for one in head.get(f"/assessments/cycles/{key}/results")["results"] if one["explanation"]]
    assert {one["subject"] for one in own} >= {"CW01", "CW01-1"}


def test_a_shop_has_goods_with_one_low_and_one_about_to_expire(app: Flask) -> None:
    for village, keeper in ((VILLAGE, "keeper_1"), (OTHER, "other_keeper")):
        visitor = Visitor(app, keeper)
        goods = visitor.get("/mall/goods", village=village, everything=True)
        assert len(goods) == 12 and len({item["barcode"] for item in goods}) == 12
        assert len({item["category"] for item in goods}) >= 4
        assert sum(item["available"] > 0 for item in goods) >= 11
        warnings = visitor.get("/mall/warnings", village=village)
        assert "保温壶 2L" in [row["name"] for row in warnings["low"]]
        soon = [row for row in warnings["expiring"] if row["name"] == "挂面 1kg"]
        assert [(row["expires_on"], row["expired"]) for row in soon] == [("2026-12-11", False)]
        assert warnings["overpromised"] == []
        assert visitor.get("/mall/cover", village=village)["level"] in ("enough", "tight")


def test_the_donation_book_names_nobody_who_would_rather_not_be_named(app: Flask) -> None:
    book = app.test_client().get(f"/api/v1/public/donations?village={VILLAGE}").get_json()
    given = Counter(row["donor"] for row in book["donations"])
    assert given["爱心人士"] == 2 and given["麦岭镇商会"] == 2
    assert all(donor in ("爱心人士", "麦岭镇商会") or donor.endswith("*") for donor in given)
    assert book["purchases"] and Decimal(book["left"]) > 0


def test_past_exchange_days_were_redeemed_and_settled_by_two(app: Flask) -> None:
    days = _rows(
        "SELECT village_code, day, status, by_rule FROM exchange_days WHERE day < '2026-11-23' ORDER BY 1, 2"
    )
    firsts = [f"2026-{month:02d}-01" for month in (7, 8, 9, 10, 11)]
    assert days == [(village, day, "settled", 1) for village in (VILLAGE, OTHER) for day in firsts]
    signed = _rows("SELECT first_by, second_by FROM exchange_settlements")
    assert len(signed) == 10 and all(first != second and second for first, second in signed)
    for village in (VILLAGE, OTHER):
        where = f"WHERE village_code = '{village}'"
        methods = dict(_rows(f"SELECT method, COUNT(*) FROM redemptions {where} GROUP BY method"))
        assert set(methods) == {"code", "pin", "statement"} and sum(methods.values()) >= 20
    assert _rows("SELECT COUNT(*) FROM redemptions WHERE method = 'statement' AND reason = ''") == [(0,)]
    assert _rows("SELECT COUNT(*) FROM goods_returns") == [(2,)]
    assert _rows("SELECT DISTINCT status FROM stock_counts") == [("confirmed",)]


def test_what_was_spent_was_earned_by_posted_months(app: Flask) -> None:
    causes = {cause for (cause,) in _rows("SELECT DISTINCT cause FROM ledger_entries")}
    shop = {"reservation", "redemption", "reserved_redemption", "return", "release"}
    assert causes - shop == {"base_points", "month"}


def test_a_pick_up_code_works_at_the_counter_today(app: Flask) -> None:
    mine = _personas(app)["villager_1"]
    villager, keeper = Visitor(app, "villager_1"), Visitor(app, "keeper_1")
    day = _today(keeper, VILLAGE)
    assert day["status"] == "redeeming" and day["slots"]
    waiting = keeper.get("/mall/reservations", exchange_day=day["id"], status="open")["items"]
    assert len(waiting) >= 3
    seen = keeper.get("/mall/counter", plate=mine["plate"])
    assert seen["exchange_day"] == day["id"]
    (reservation,) = seen["reservations"]
    before = villager.get(f"/households/{mine['household']}/account")
    assert Decimal(before["balance"]) >= 10 and before["reserved"] == reservation["points"]
    code = villager.post("/mall/pickup-codes", {"reservation": reservation["id"]})["code"]
    body = {
        "id": new_id(),
        "household": mine["household"],
        "exchange_day": day["id"],
        "reservation": reservation["id"],
        "consent": {"method": "code", "value": code},
    }
    receipt = keeper.post("/mall/redemptions", body)
    assert receipt["points"] == reservation["points"]
    after = villager.get(f"/households/{mine['household']}/account")
    assert (after["balance"], after["reserved"]) == (before["balance"], "0.00")


def test_a_points_card_pays_for_a_walk_in_today(app: Flask) -> None:
    mine = _personas(app)["villager_2"]
    villager, keeper = Visitor(app, "villager_2"), Visitor(app, "keeper_2")
    before = Decimal(villager.get(f"/households/{mine['household']}/account")["balance"])
    assert before >= 10
    soap = next(g for g in villager.get("/mall/goods", village=VILLAGE) if g["name"] == "洗衣皂")
    body = {
        "id": new_id(),
        "household": mine["household"],
        "exchange_day": _today(keeper, VILLAGE)["id"],
        "lines": [{"goods": soap["id"], "quantity": 1}],
        "consent": {"method": "pin", "value": "402917"},
    }
    assert keeper.post("/mall/redemptions", body)["points"] == "2.00"
    assert Decimal(villager.get(f"/households/{mine['household']}/account")["balance"]) == before - 2


# ---- the grids -------------------------------------------------------------------------------


def test_every_grid_was_walked_each_month_and_what_was_missed_is_told(app: Flask) -> None:
    months = _rows(
        "SELECT month, SUM(households), SUM(missed) FROM coverage_months GROUP BY month ORDER BY 1"
    )
    assert [(month, households) for month, households, _ in months] == [
        (int(month.replace("-", "")), 186) for month in ("2026-05", *MONTHS[:-1])
    ]
    assert 0 < sum(missed for _, _, missed in months) <= 30
    shown = Visitor(app, "chief_grid_leader").get("/coverage", village=VILLAGE)["items"]
    assert len(shown) == 3 and all(0 < one["visited"] < one["households"] for one in shown)
    walk = Visitor(app, "grid_worker_1").get("/round")
    assert walk["items"], "the month is not over: there are doors left for today"


def test_a_file_has_facts_with_a_history(app: Flask) -> None:
    mine = _personas(app)["villager_2"]
    villager = Visitor(app, "villager_2")
    entries = villager.get(f"/households/{mine['household']}/facts")["items"]
    assert {entry["kind"] for entry in entries} == {"away_for_work", "returned"}
    then = villager.get(f"/households/{mine['household']}/file", as_of="2026-08-01")["facts"]
    now = villager.get(f"/households/{mine['household']}/file")["facts"]
    assert [fact["kind"] for fact in then] == ["away_for_work"] and "away_for_work" not in {
        fact["kind"] for fact in now
    }


def test_events_have_been_reported_handled_rated_and_passed_up(app: Flask) -> None:
    worker = Visitor(app, "grid_worker_1")
    waiting = worker.get("/events", village=VILLAGE)["items"]
    assert {"reported", "escalated"} <= {event["status"] for event in waiting}
    steps = {to for (to,) in _rows("SELECT DISTINCT target FROM decisions WHERE entity = 'event'")}
    assert {"handled", "escalated", "closed"} <= steps
    rated = _rows("SELECT COUNT(*) FROM events WHERE rating IS NOT NULL")
    assert rated[0][0] >= 5
    handled = Visitor(app, "villager_2").get("/events")["items"]
    assert "handled" in {event["status"] for event in handled}, "one is there to be looked at and rated"


# ---- building --------------------------------------------------------------------------------

STORY = {
    "households": "SELECT code, label, head, kind, grid_id IS NULL FROM households",
    "personas": "SELECT persona, name, household_code FROM persons",
    "accounts": "SELECT household_code, balance, reserved, score, version FROM ledger_accounts",
    "records": "SELECT household_code, item_code, occurred_on, points, status FROM records",
    "tallies": "SELECT village_code, month, status FROM tallies",
    "stock": "SELECT g.village_code, g.name, s.on_hand, s.held, s.expired FROM goods g "
    "JOIN goods_stock s ON s.goods_id = g.id",
    "batches": "SELECT village_code, label, expires_on, quantity_left FROM stock_batches",
    "days": "SELECT village_code, day, status FROM exchange_days",
    "reservations": "SELECT household_code, points, status FROM reservations",
    "redemptions": "SELECT household_code, points, method, redeemed_at FROM redemptions",
    "fund": "SELECT village_code, kind, amount, note FROM fund_entries",
    "visits": "SELECT household_code, visited_on, duties FROM visits",
    "facts": "SELECT household_code, kind, value, since FROM household_facts",
    "events": "SELECT household_code, type, status, tier, rating FROM events",
    "donors": "SELECT village_code, name, kind, named FROM donors",
}


def _story(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    app = create_app(_settings(data))
    with app.app_context():
        try:
            return {name: sorted(_rows(sql), key=repr) for name, sql in STORY.items()}
        finally:
            db.session.remove()
            db.engine.dispose()


def _kill_a_build(data: Path) -> None:
    """Begin a build and kill it once the months are being played."""
    database = data.with_name(data.name + ".building") / "jifen.db"
    process = subprocess.Popen(
        [sys.executable, "-m", "server", *BUILD, "--data", str(data)],
        env=_without_database(environment(data, "")), cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while not database.exists() or database.stat().st_size < 1_500_000:
            assert process.poll() is None and time.monotonic() < deadline, "the build does not get going"
            time.sleep(0.02)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _without_database(found: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if name not in ("JIFEN_DATABASE_URL", "JIFEN_DATA")}


def test_seed_and_date_make_the_county_even_after_a_killed_build(
    story: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    again = tmp_path / "again"
    _kill_a_build(again)
    assert not again.exists(), "a build that was cut off must not look like a county"
    assert (tmp_path / "again.building").exists()
    _built(again)
    assert not (tmp_path / "again.building").exists()
    theirs = _story(again)
    for name in STORY:
        assert story[name] and story[name] == theirs[name], name


def test_a_second_start_uses_what_is_there(data: Path) -> None:
    before = (data / "jifen.db").stat().st_ino
    _built(data)
    assert (data / "jifen.db").stat().st_ino == before
    assert not data.with_name(data.name + ".building").exists()
