"""kill -9 of workers, master or both at random moments while a village works: nothing acknowledged is lost.

5 kills; a soak has 50, JIFEN_KILLS=200 makes it 200. The village's clock runs through the months, so that the
kills also hit week closings, cut-offs, base points and postings.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select

from server.conduct.models import Record, Review
from server.cycles.api import run_due
from server.cycles.demo_clock import make_demo
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.settlement.models import Notice, Objection, Tally, TallyVote
from tests.acceptance.busy import Person, Sent, Village
from tests.acceptance.half_done import broken
from tests.acceptance.running import DEMO, Blow, Server, command
from tests.acceptance.size import SOAK, seed, size
from tests.cast import Cast, build

KILLS = size(5, 50, "JIFEN_KILLS")
MOST_SECONDS = size(240, 60 * KILLS)
FEWEST_MONTHS = 2 if SOAK else 1
BLOWS = (Blow.WORKER, Blow.WORKER, Blow.ALL, Blow.ALL, Blow.MASTER)


@pytest.fixture
def clock() -> SetClock:
    """A few days before the cut-off of October 2026."""
    return SetClock(datetime(2026, 10, 9, 1, 0, tzinfo=UTC))


@dataclass
class Run:
    """Everybody at work until enough kills have hit and enough months are posted."""

    village: Village
    server: Server
    drawn: int
    stop: threading.Event = field(default_factory=threading.Event)
    people: list[Person] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    errors: list[BaseException] = field(default_factory=list)

    def go(self) -> None:
        """Start everybody, kill, wait until all have stopped; the first failure is raised."""
        threads = [threading.Thread(target=self._keep_at, args=pair) for pair in self._people()]
        threads.append(threading.Thread(target=self._kill))
        deadline = time.monotonic() + MOST_SECONDS
        for thread in threads:
            thread.start()
        while not (self.stop.is_set() or self._enough() or time.monotonic() > deadline):
            time.sleep(0.1)
        self.stop.set()
        for thread in threads:
            thread.join(120)
        if self.errors:
            raise self.errors[0]
        assert self._enough(), f"kills {dict(self.kills)}, at {self.village.now}"

    def _people(self) -> list[tuple[Person, Any]]:
        tokens = self.village.cast.tokens
        pairs = []
        for name, work in self.village.works().items():
            pick = random.Random(f"{self.drawn}-{name}")
            token = tokens.get(name, "")
            person = Person(name, self.server.address, token, pick, self.stop, lambda: self.village.now)
            pairs.append((person, work))
            self.people.append(person)
        return pairs

    def _keep_at(self, person: Person, work: Any) -> None:
        try:
            while not self.stop.is_set():
                work(person)
                self.stop.wait(person.pick.uniform(0.05, 0.5))
        except BaseException as error:
            self.errors.append(error)
            self.stop.set()

    def _kill(self) -> None:
        pick = random.Random(f"{self.drawn}-kills")
        try:
            while self.kills.total() < KILLS and not self.stop.wait(pick.uniform(0.1, 1.5)):
                what = pick.choice(BLOWS)
                self.server.blow(what, pick)
                self.kills[what.value] += 1
        except BaseException as error:
            self.errors.append(error)
            self.stop.set()

    def _enough(self) -> bool:
        return self.kills.total() >= KILLS and months_posted() >= FEWEST_MONTHS

    def sent(self) -> list[tuple[Person, Sent]]:
        """Every write that was answered, with who sent it."""
        return [(person, one) for person in self.people for one in person.sent]


def months_posted() -> int:
    """How many months of all villages are posted."""
    with transaction(writes=False) as session:
        return len(session.scalars(select(Tally.id).where(Tally.status == "posted")).all())


@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    app: Flask, clock: SetClock, tmp_path: Path, database_url: str
) -> None:
    drawn = seed()
    cast = build(app, clock)
    with transaction() as session:
        make_demo(session, clock.now())
    run_due(clock.now())  # the year's base points open the accounts
    with Server(tmp_path, database_url, DEMO) as server:
        run = Run(Village(cast, clock.now()), server, drawn)
        run.go()
        server.blow(Blow.ALL, random.Random(drawn))  # and starts again without any repair
        for person in run.people:
            for one in person.pick.sample(person.sent, min(len(person.sent), 10)):
                person.again(one)
    print(summary(run))
    assert_acknowledged(run, cast)
    assert broken() == {}
    assert_whole(tmp_path, database_url)


def summary(run: Run) -> str:
    """What went on, for the terminal."""
    answers = Counter(one.status for _, one in run.sent())
    waits, repeats = (sum(getattr(one, name) for one in run.people) for name in ("waits", "repeats"))
    return (
        f"kills {dict(run.kills)}, answers {dict(answers)}, waited in vain {waits}, sent again {repeats}, "
        f"months posted {months_posted()}, until {run.village.now:%Y-%m-%d}"
    )


def assert_acknowledged(run: Run, cast: Cast) -> None:
    """Each write that was answered with success is in the database as it was answered."""
    known = Acknowledged(cast)
    checked = Counter(known.check(person, one) for person, one in run.sent() if one.status < 400)
    assert {"records", "/records/batch", "votes", "notice"} <= checked.keys(), checked
    assert checked["reviews"] + checked["/reviews/batch"] > 0, checked


class Acknowledged:
    """The database after the last kill, to be held against answers."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        with transaction(writes=False) as session:
            self.records = {row.id: row for row in session.scalars(select(Record))}
            self.reviews = {(row.record_id, row.reviewer) for row in session.scalars(select(Review))}
            self.votes = {(row.tally_id, row.person_id) for row in session.scalars(select(TallyVote))}
            self.notices = set(session.scalars(select(Notice.id)))
            self.objections = {row.id: row for row in session.scalars(select(Objection))}

    def check(self, person: Person, one: Sent) -> str:
        """Assert that the effect of an answered write is there; gives the kind of write."""
        parts = one.path.strip("/").split("/")
        kind = one.path if parts[-1] == "batch" else parts[-1]
        me = self.cast.persons.get(person.name, "")
        if kind == "records":
            self._record(one.body, one.content)
        elif kind == "/records/batch":
            for body, result in zip(one.body["records"], one.content["results"], strict=True):
                if result["status"] in (200, 201):
                    self._record(body, result["record"])
        elif kind == "withdrawal":
            assert self.records[parts[1]].status == "withdrawn"
        elif kind == "reviews":
            assert (parts[1], me) in self.reviews
        elif kind == "/reviews/batch":
            assert all(
                (result["id"], me) in self.reviews
                for result in one.content["results"]
                if result["status"] == 200
            )
        elif kind == "votes":
            assert (parts[1], me) in self.votes
        elif kind == "notice":
            assert one.content["notice"]["id"] in self.notices
        elif kind == "objections":
            assert one.content["id"] in self.objections
        elif kind == "answer":
            assert self.objections[parts[1]].status == one.content["status"]
        return kind

    def _record(self, body: Any, answered: dict[str, Any]) -> None:
        row = self.records[body["id"]]
        assert (row.household_code, row.item_code) == (body["household"], body["item"])
        assert f"{row.logged_points:.2f}" == body["points"] == answered["logged_points"]


def assert_whole(data: Path, url: str) -> None:
    """The ledger verifies, no cycle failed, and the database itself is sound."""
    verified = command(data, url, "ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    due = command(data, url, "cycles", "run")
    assert due.returncode == 0, due.stdout + due.stderr
    file = make_url(url).database
    if url.startswith("sqlite"):
        with sqlite3.connect(str(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
