"""Many phones on a bad connection, the server killed in between: every accepted record exists exactly once.

8 phones with 25 records each and one kill; a soak has 50 with 200 and 20 kills (spec 08).
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.audit.models import AuditRow
from server.conduct.models import Record
from server.kit.clock import SetClock, local_date
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import GrantRow, Person
from tests.acceptance.adoption import adopt_today
from tests.acceptance.link import Link, Lost
from tests.acceptance.running import Blow, Server
from tests.acceptance.size import seed, size
from tests.cast import VILLAGE, Cast, build, sign_in

PHONES = size(8, 50, "JIFEN_PHONES")
RECORDS = size(25, 200, "JIFEN_PHONE_RECORDS")
KILLS = size(1, 20, "JIFEN_PHONE_KILLS")
MOST_SECONDS = size(240, 3000)
BATCH = 200
HOUSEHOLDS = {"east": ("zhao", "qian", "sun"), "west": ("li", "zhou", "wu")}
CAP = 4  # item J1: at most four times a month


@pytest.fixture
def clock() -> SetClock:
    """Three weeks ago by the machine's clock, which is the production server's."""
    return SetClock(datetime.now(UTC) - timedelta(days=21))


@dataclass
class Wanted:
    """A record that a phone is to deliver, and the refusal that it must meet (None: it must be accepted).

    `may` is a refusal that depends on who comes first.
    """

    body: dict[str, Any]
    refusal: str | None = None
    may: str | None = None


@dataclass
class Phone:
    """A grid worker's phone: it keeps sending until it knows of each record what became of it."""

    link: Link
    pick: random.Random
    wanted: list[Wanted]
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def deliver(self, deadline: float) -> None:
        """Send all, in any order, alone or in batches, again and again; then send some once more."""
        while waiting := [one for one in self.wanted if self._unknown(one)]:
            assert time.monotonic() < deadline, f"{len(waiting)} records undelivered: {self.link.seen}"
            self.pick.shuffle(waiting)
            self._try(waiting[: self.pick.choice((1, 1, 1, 5, BATCH))])
        for one in self.pick.sample(self.wanted, min(len(self.wanted), 3)):
            self._once_more(one)
        self.link.deliver_late()
        self.link.close()

    def _unknown(self, one: Wanted) -> bool:
        return one.body["id"] not in self.accepted and one.body["id"] not in self.refused

    def _try(self, some: list[Wanted]) -> None:
        gone = self.link.seen["server gone"]
        try:
            if len(some) == 1:
                answer = self.link.post("/records", some[0].body)
                self._told(some[0].body["id"], answer.status_code, answer.json())
                return
            answer = self.link.post("/records/batch", {"records": [one.body for one in some]})
        except Lost:
            time.sleep(0.02 if self.link.seen["server gone"] == gone else 0.25)
            return
        assert answer.status_code == 200, answer.text
        results = answer.json()["results"]
        assert [result["id"] for result in results] == [one.body["id"] for one in some]
        for result in results:
            self._told(result["id"], result["status"], result.get("record") or result["problem"])

    def _told(self, key: str, status: int, content: dict[str, Any]) -> None:
        if status in (200, 201):
            assert key not in self.refused, f"{key} refused as {self.refused[key]}, then accepted"
            assert self.accepted.setdefault(key, content) == content, "a repeat gave another answer"
        else:
            assert key not in self.accepted, f"{key} accepted, then refused as {content}"
            self.refused[key] = content["code"]

    def _once_more(self, one: Wanted) -> None:
        """An accepted record with another content under the same id is a conflict, and changes nothing."""
        if one.body["id"] not in self.accepted:
            return
        try:
            answer = self.link.post("/records", one.body | {"note": "改过的内容"})
        except Lost:
            return
        assert (answer.status_code, answer.json()["code"]) == (409, "record_id_reused")


@dataclass
class Story:
    """What the phones of one run are to deliver, drawn from its seed."""

    cast: Cast
    pick: random.Random
    today: date

    def records(self, grid: str) -> list[Wanted]:
        """One phone's records: most are good, some must be refused, some compete for a capped item."""
        return [self._one(grid) for _ in range(RECORDS)]

    def _one(self, grid: str) -> Wanted:
        household = self.pick.choice(HOUSEHOLDS[grid])
        draw = self.pick.random()
        if draw < 0.6:
            return Wanted(self._body(household))
        if draw < 0.75:
            body = self._body(household, item="J1", points="2.00", occurred_on=self.today.isoformat())
            return Wanted(body, may="cap_exceeded")
        return self.pick.choice(self._faults(household, "west" if grid == "east" else "east"))

    def _body(self, household: str, **more: Any) -> dict[str, Any]:
        day = self.today - timedelta(days=self.pick.randint(0, 9))
        place = {"household": self.cast.households[household]}
        if self.pick.random() < 0.5:
            place = {"plate": self.cast.plates[household]}
        body = {
            "id": new_id(),
            "item": "J6",
            "points": f"{Decimal(self.pick.randint(1, 40)) / 2:.2f}",
            "occurred_on": day.isoformat(),
            "note": self.pick.choice(("", "帮老人挑水", "“雨天”也去了\n两次", "x" * 500)),
        }
        return body | place | more

    def _faults(self, household: str, other_grid: str) -> list[Wanted]:
        day = self.today
        elsewhere = self.cast.households[HOUSEHOLDS[other_grid][0]]
        body = self._body
        stranger = {name: value for name, value in body(household).items() if name != "plate"}
        return [
            Wanted(body(household, points="20.50"), "points_out_of_range"),
            Wanted(body(household, points="0.75"), "points_off_step"),
            Wanted(body(household, points="zwei"), "invalid"),
            Wanted(body(household, occurred_on=(day + timedelta(days=3)).isoformat()), "date_in_future"),
            Wanted(body(household, occurred_on=(day - timedelta(days=17)).isoformat()), "date_too_old"),
            Wanted(body(household, item="J99"), "item_not_in_force"),
            Wanted(body(household, item="J3", points="10.00"), "photo_missing"),
            Wanted(body(household, item="V1", points="-20.00"), "may_not_log"),
            Wanted(stranger | {"household": elsewhere}, "household_not_found"),
        ]


@pytest.fixture
def village(app: Flask, clock: SetClock) -> Cast:
    """The cast, with a rulebook adopted three weeks ago."""
    cast = build(app, clock, adopted=False)
    adopt_today(cast, VILLAGE)
    return cast


def workers(cast: Cast, count: int) -> list[tuple[str, str]]:
    """New grid workers as (person, token), by turns in the two grids."""
    made = []
    now = cast.clock.now()
    with transaction() as session:
        for number in range(count):
            key = new_id()
            session.add(Person(id=key, name=f"手机{number}", home=VILLAGE, created_at=now))
            session.flush()
            scope = cast.grids["east" if number % 2 else "west"]
            session.add(GrantRow(id=new_id(), person_id=key, role="grid_worker", scope=scope, starts_at=now))
            made.append((key, sign_in(session, key, now)))
    return made


@pytest.mark.timeout(1800)
def test_every_accepted_record_exists_once_and_every_refusal_is_known(
    village: Cast, tmp_path: Path, database_url: str
) -> None:
    drawn = seed()
    story = Story(village, random.Random(drawn), local_date(datetime.now(UTC)) - timedelta(days=1))
    people = workers(village, PHONES)
    with Server(tmp_path, database_url) as server:
        phones = [
            Phone(
                Link(server.address, token, random.Random(f"{drawn}-link-{number}")),
                random.Random(f"{drawn}-phone-{number}"),
                story.records("east" if number % 2 else "west"),
            )
            for number, (_, token) in enumerate(people)
        ]
        with Killing(server, phones, random.Random(f"{drawn}-kills")) as killed:
            run_all([phone.deliver for phone in phones])
    print(f"{PHONES} phones, {RECORDS} records each, kills {dict(killed)}: {sum_of(phones)}")
    for phone, (person, _) in zip(phones, people, strict=True):
        assert phone.link.faults == []
        assert_as_told(phone, person)
    assert_caps(phones, village)
    assert_nothing_else(phones)


def run_all(works: list[Callable[[float], None]]) -> None:
    """All at once; the first failure is raised."""
    deadline = time.monotonic() + MOST_SECONDS
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work, deadline) for work in works]:
            done.result()


class Killing:
    """kill -9 at random moments while the phones deliver: each after another share of the records."""

    def __init__(self, server: Server, phones: list[Phone], pick: random.Random) -> None:
        self._server, self._phones, self._pick = server, phones, pick
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._error: BaseException | None = None
        self.done: Counter[str] = Counter()

    def __enter__(self) -> Counter[str]:
        self._thread.start()
        return self.done

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(120)
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            for known in sorted(self._pick.uniform(0.05, 0.9) for _ in range(KILLS)):
                while self._known() < known and not self._over.wait(0.01):
                    pass
                what = self._pick.choice((Blow.WORKER, Blow.ALL))
                self._server.blow(what, self._pick)
                self.done[what.value] += 1
        except BaseException as error:
            self._error = error

    def _known(self) -> float:
        told = sum(len(phone.accepted) + len(phone.refused) for phone in self._phones)
        return told / (PHONES * RECORDS)


def sum_of(phones: list[Phone]) -> dict[str, int]:
    """What happened on the way, for the terminal."""
    total: Counter[str] = Counter()
    for phone in phones:
        total += phone.link.seen
        total["accepted"] += len(phone.accepted)
        total["refused"] += len(phone.refused)
    return dict(total)


def assert_as_told(phone: Phone, person: str) -> None:
    """The database holds what the phone was told was accepted, with its content, and nothing refused."""
    with transaction(writes=False) as session:
        rows = {row.id: row for row in session.scalars(select(Record).where(Record.logged_by == person))}
        noted = Counter(
            session.scalars(
                select(AuditRow.entity_id).where(
                    AuditRow.person_id == person, AuditRow.action == "record.log"
                )
            )
        )
    assert rows.keys() == phone.accepted.keys()
    assert noted == dict.fromkeys(rows, 1)
    for one in phone.wanted:
        key, body = one.body["id"], one.body
        told = phone.refused.get(key)
        assert told in ({None, one.may} if one.may else {one.refusal}), body
        if told is None:
            row = rows[key]
            assert (row.item_code, f"{row.points:.2f}", row.note) == (
                body["item"],
                body["points"],
                body["note"],
            )
            assert row.occurred_on.isoformat() == body["occurred_on"]
            assert phone.accepted[key]["household"] == row.household_code
            assert body.get("household", row.household_code) == row.household_code
            assert row.status == "recorded"


def assert_caps(phones: list[Phone], cast: Cast) -> None:
    """Of the records that compete for a capped item exactly as many were accepted as the cap allows."""
    code_of = {cast.plates[name]: code for name, code in cast.households.items()}
    asked: Counter[str] = Counter()
    for phone in phones:
        bodies = [one.body for one in phone.wanted if one.may is not None]
        asked.update(body.get("household") or code_of[body["plate"]] for body in bodies)
    with transaction(writes=False) as session:
        given = Counter(session.scalars(select(Record.household_code).where(Record.item_code == "J1")))
    assert asked, "the story has no capped item"
    assert given == {code: min(count, CAP) for code, count in asked.items()}


def assert_nothing_else(phones: list[Phone]) -> None:
    """No record that no phone knows of."""
    with transaction(writes=False) as session:
        rows = list(session.scalars(select(Record.id)))
    assert sorted(rows) == sorted(key for phone in phones for key in phone.accepted)
