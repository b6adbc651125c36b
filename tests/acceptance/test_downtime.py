"""After a power cut of three weeks or more, several `jifen cycles run` at once, some killed with SIGKILL in the
middle: every period of every village is closed once, in order, and nothing is half done.

2 processes and a kill over one downtime; a soak has 4 processes and 100 kills over 400 days, with jumps of the
clock of up to 45 days.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from server.cycles.models import ClosedPeriod
from server.grid.models import Grid
from server.kit.clock import SetClock, local_date
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.people.models import Division, Household, Village
from server.settlement.models import Objection, Tally
from tests.acceptance.adoption import adopt_today
from tests.acceptance.forms import CUTOFF, DAY, midnight
from tests.acceptance.half_done import broken
from tests.acceptance.running import ROOT, command, environment
from tests.acceptance.size import seed, size
from tests.cast import OTHER_VILLAGE, TOWNSHIP, VILLAGE, Cast, build
from tests.settled import Months, ok

PROCESSES = size(2, 4, "JIFEN_SCHEDULERS")
KILLS = size(1, 100, "JIFEN_SCHEDULER_KILLS")
DAYS = size(21, 400, "JIFEN_DOWNTIME_DAYS")
VILLAGES = size(6, 10)
LONGEST_JUMP = 45
MOST_SECONDS = size(180, 3000)


def cutoff_before(day: date) -> date:
    """The day on which the month before `day` was cut off: the 13th, at midnight."""
    while day.day != CUTOFF + 1:
        day -= DAY
    return day


# the machine's clock is the program's; the power fails two days after a cut-off, at least DAYS ago
CUT_OFF = cutoff_before(local_date(datetime.now(UTC)) - (DAYS + 3) * DAY)


@pytest.fixture
def clock() -> SetClock:
    """Ten days before that cut-off."""
    return SetClock(midnight(CUT_OFF) - 10 * DAY + timedelta(hours=9))


@pytest.fixture
def village(app: Flask, clock: SetClock) -> Cast:
    """A village with a month on notice and an objection open, and others with records, when the power fails."""
    cast = build(app, clock, adopted=False)
    cast.grant("head_chen", "committee_head", TOWNSHIP)
    cast.grant("wang_fang", "grid_worker", TOWNSHIP)
    for code in (VILLAGE, OTHER_VILLAGE, *more_villages(cast)):
        adopt_today(cast, code)
    months = Months(cast)
    months.go(hours=1)
    for household in cast.households:
        cast.log("wang_fang", household, "J6", "3.00")
    months.go_to(midnight(CUT_OFF) - 2 * DAY)
    submit_and_approve(cast)
    months.go_to(midnight(CUT_OFF) + timedelta(hours=9))
    name = f"{CUT_OFF:%Y-%m}"
    months.vote("head_chen", month=name)  # of the members, those of the township included
    for member in ("member_feng", "member_chu", "member_wei"):
        if months.tally(name)["status"] == "open":
            ok(months.vote(member, month=name))
    notice = months.published(name)
    ok(months.object(notice, "zhao_min", "zhao"), 201)
    for household in cast.households:
        cast.log("wang_fang", household, "J6", "1.50")
    months.go(days=1)
    return cast


def more_villages(cast: Cast) -> list[str]:
    """Villages with two grids and a household each."""
    codes = [f"99010110{1300 + number}" for number in range(VILLAGES)]
    with transaction() as session:
        for code in codes:
            session.add(Division(code=code, parent=TOWNSHIP, level="village", name=f"{code[-2:]}号村"))
            session.flush()
            session.add(Village(code=code, name=f"{code[-2:]}号村"))
            session.flush()
            for number in (1, 2):
                grid = Grid(id=new_id(), village_code=code, name=f"第{number}网格")
                session.add(grid)
                session.flush()
                cast.households[f"{code}-{number}"] = household = f"{code}{number:04d}"
                now = cast.clock.now()
                session.add(
                    Household(
                        code=household,
                        village_code=code,
                        grid_id=grid.id,
                        head="户主",
                        kind="general",
                        created_at=now,
                    )
                )
    return codes


def submit_and_approve(cast: Cast) -> None:
    """The leaders of the first village submit the week that is over, two of the panel approve."""
    for leader in ("ma_ling", "ma_dong"):
        for report in cast.as_(leader).get("/weekly-reports", status="open").get_json()["items"]:
            ok(cast.as_(leader).post(f"/weekly-reports/{report['id']}/submission"))
    waiting = cast.as_("panel_zheng").get("/records", village=VILLAGE, status="submitted").get_json()["items"]
    assert waiting, "no record reached the panel"
    body = {"records": [record["id"] for record in waiting], "verdict": "approve"}
    for member in ("panel_zheng", "panel_zhou", "panel_wu"):
        ok(cast.as_(member).post("/reviews/batch", body))


@dataclass
class Schedulers:
    """Several `jifen cycles run` on one instance."""

    data: Path
    url: str
    pick: random.Random
    deadline: float
    kills: int = 0
    said: list[str] = field(default_factory=list)
    _number: int = 0

    def close_until(self, target: datetime, kills: int) -> None:
        """Run them side by side up to `target`; after each kill they are started again."""
        for _ in range(kills):
            self._round(target, kill=True)
        self._round(target, kill=False)

    def _round(self, target: datetime, kill: bool) -> None:
        assert time.monotonic() < self.deadline, f"{self.kills} kills took too long"
        running = [self._start(target) for _ in range(PROCESSES)]
        try:
            if kill:
                self._kill(*self.pick.choice(running))
            for process, _ in running:
                process.wait(120)
        finally:
            for process, _ in running:
                process.kill()
                process.wait(10)
        for process, output in running:
            words = output.read_text("utf-8")
            assert process.returncode in ((0, -9) if kill else (0,)), words
            self.said += [line for line in words.splitlines() if line.startswith("20")]

    def _start(self, target: datetime) -> tuple[subprocess.Popen[bytes], Path]:
        self._number += 1
        output = self.data / f"cycles-{self._number}.txt"
        arguments = [sys.executable, "-u", "-m", "server", "cycles", "run", "--as-of", target.isoformat()]
        own = environment(self.data, self.url, COLUMNS="200")
        with output.open("wb") as file:
            return subprocess.Popen(arguments, env=own, cwd=ROOT, stdout=file, stderr=file), output

    def _kill(self, process: subprocess.Popen[bytes], output: Path) -> None:
        """SIGKILL a little after its first closing, or when it had nothing to close."""
        while process.poll() is None and not output.stat().st_size:
            time.sleep(0.005)
        time.sleep(self.pick.uniform(0, 0.3))
        if process.poll() is None:
            process.kill()
            self.kills += 1


def jumps(pick: random.Random, start: datetime, end: datetime) -> list[datetime]:
    """When somebody looks after the cycles again: after three weeks, or now and then over a longer time."""
    found = []
    while end - start > LONGEST_JUMP * DAY:
        start += pick.uniform(1, LONGEST_JUMP) * DAY
        found.append(start)
    return [*found, end]


@pytest.mark.timeout(3600)
def test_every_period_is_closed_once_and_in_order(village: Cast, tmp_path: Path, database_url: str) -> None:
    pick = random.Random(seed())
    begun, end = closings(), datetime.now(UTC)
    schedulers = Schedulers(tmp_path, database_url, pick, time.monotonic() + MOST_SECONDS)
    targets = jumps(pick, village.clock.now(), end)
    share = Counter(pick.randrange(len(targets)) for _ in range(KILLS))
    for number, target in enumerate(targets):
        schedulers.close_until(target, share[number])
    print(f"{len(targets)} times, {schedulers.kills} kills, {len(closings()) - len(begun)} periods closed")
    assert max(Counter(schedulers.said).values()) == 1, "two processes say that they closed the same period"
    assert broken() == {}
    assert_in_order(village, end)
    assert_caught_up()
    assert (
        "没有到期的周期"
        in command(tmp_path, database_url, "cycles", "run", "--as-of", end.isoformat()).stdout
    )


def closings() -> list[tuple[str, str, datetime]]:
    """(closer, village, due) of all closed periods, in the order in which they were closed."""
    order = "rowid" if db.engine.dialect.name == "sqlite" else "xmin::text::bigint"
    with transaction(writes=False) as session:
        query = select(ClosedPeriod.closer, ClosedPeriod.village_code, ClosedPeriod.due_at)
        return [tuple(row) for row in session.execute(query.order_by(text(order)))]  # type: ignore[misc]


def assert_in_order(cast: Cast, end: datetime) -> None:
    """Per village the weeks and cut-offs of the calendar, each once, none missing, none before the one before."""
    done = closings()
    adopted = CUT_OFF - 10 * DAY
    days = [adopted + number * DAY for number in range(1, (local_date(end) - adopted).days + 1)]
    months = [midnight(day) for day in days if day.day == CUTOFF + 1]
    weeks = [midnight(day) for day in days if day.day == CUTOFF + 1 or day.weekday() == 0]
    for village in sorted({code[:12] for code in cast.households.values()}):
        for closer, wanted in (("conduct.week_report", weeks), ("settlement.month_cutoff", months)):
            assert [at for name, code, at in done if (name, code) == (closer, village)] == wanted, village


def assert_caught_up() -> None:
    """The month that was on notice is posted but for the line objected to, which is the township's now."""
    with transaction(writes=False) as session:
        query = select(Tally.status).where(Tally.village_code == VILLAGE).order_by(Tally.month)
        states = list(session.scalars(query))
        assert states[0] == "posted"
        assert set(states[1:]) <= {"open"}, "nobody has voted since"
        assert list(session.scalars(select(Objection.status))) == ["escalated"]
        assert ledger.verify(session) == []
        accounts = {
            code: ledger.account(session, f"{VILLAGE}{code}").balance for code in ("0001", "0002", "0004")
        }
    assert {code: f"{points:.2f}" for code, points in accounts.items()} == {
        "0001": "0.00",
        "0002": "3.00",
        "0004": "3.00",
    }
