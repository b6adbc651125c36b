"""Backups made while a village works: every one restores, verifies, and holds what was acknowledged before it began.

4 backups; a soak makes 100.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.conduct.models import Record
from server.cycles.api import run_due
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from tests.acceptance.half_done import broken
from tests.acceptance.size import seed, size
from tests.cast import Cast, build
from tests.spare import lend_key, place_of, spare

BACKUPS = size(4, 100, "JIFEN_BACKUPS")
WRITERS = ("wang_fang", "wang_jun", "ma_ling")


@pytest.fixture
def clock() -> SetClock:
    """A few days before the cut-off of October 2026."""
    return SetClock(datetime(2026, 10, 9, 1, 0, tzinfo=UTC))


@dataclass
class Busy:
    """People who go on writing until they are told to stop; what was acknowledged is remembered in order."""

    cast: Cast
    drawn: int
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Busy:
        self.threads = [threading.Thread(target=self._keep_at, args=(name,)) for name in WRITERS]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        if self.errors:
            raise self.errors[0]

    def _keep_at(self, name: str) -> None:
        pick = random.Random(f"{self.drawn}-{name}")
        homes = {"wang_fang": ["zhao", "qian"], "wang_jun": ["li", "zhou", "wu"], "ma_ling": ["sun"]}[name]
        try:
            while not self.stop.wait(pick.uniform(0.0, 0.02)):
                body = self.cast.record(pick.choice(homes), "J6")
                if pick.random() < 0.02:
                    body["photos"] = [self.cast.as_(name).photo(pick.choice(("red", "green", "blue")))]
                answer = self.cast.as_(name).post("/records", body)
                assert answer.status_code == 201, answer.get_data(as_text=True)
                self.acknowledged.append(body["id"])
        except BaseException as error:
            self.errors.append(error)


@pytest.mark.timeout(3600)
def test_every_backup_restores_and_verifies(app: Flask, clock: SetClock, tmp_path: Path) -> None:
    cast = build(app, clock)
    run_due(clock.now())
    here = place_of(app)
    sizes = []
    with Busy(cast, seed()) as busy:
        for number in range(BACKUPS):
            busy.stop.wait(0.3)
            known = list(busy.acknowledged)
            file = tmp_path / f"{number}.jifen"
            done = here.run("backup", file)
            assert done.exit_code == 0 and "丢失" not in done.output, done.output
            there = spare(app, tmp_path, f"spare{number % 2}-{number}" if "sqlite" in here.url else "spare")
            lend_key(here, there)
            done = there.run("restore", file)
            assert done.exit_code == 0, done.output
            with there.opened(clock):
                with transaction(writes=False) as session:
                    found = set(session.scalars(select(Record.id)))
                assert set(known) <= found
                assert broken() == {}
            sizes.append(len(found))
            file.unlink()
            clean(there.data)
    print(f"backups {BACKUPS}, records in them {sizes[0]}–{sizes[-1]}")
    assert sizes == sorted(sizes) and sizes[-1] > sizes[0], "people were writing meanwhile"


def clean(folder: Path) -> None:
    """A hundred copies are not to fill the disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
