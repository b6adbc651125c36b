"""The closers of the month on real data: downtime, two schedulers, a kill in the middle, new years."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from server.cycles.api import run_due
from server.cycles.models import ClosedPeriod, ParkedPeriod
from server.kit.database import db
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.ledger.models import LedgerEntry
from server.messages.models import Message
from server.people.models import Household, Village
from server.settlement import posting, tallies
from server.settlement.models import Notice, ScoreYear, Tally
from server.settlement.months import first_open_month
from tests.cast import VILLAGE, Cast
from tests.settled import Months, ok

AFTER_CUTOFF = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)


def month_entries() -> int:
    with transaction(writes=False) as session:
        query = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.cause == "month")
        return session.scalar(query) or 0


@pytest.fixture
def over(months: Months) -> Months:
    """October's notice ends in this minute; nothing has been closed yet."""
    for household, points in (("zhao", "4.00"), ("qian", "3.50"), ("sun", "1.25")):
        months.approved(household, points)
    months.go_to(AFTER_CUTOFF)
    months.on_notice()
    months.go(days=6, hours=23)
    months.cast.clock.advance(hours=1)
    return months


def test_three_weeks_without_power_are_caught_up_in_order(months: Months) -> None:
    months.approved("zhao", "4.00")
    months.go_to(AFTER_CUTOFF)
    notice = months.on_notice()
    ok(months.object(notice, "qian_yun", "zhao"), 201)
    months.cast.clock.advance(days=21)
    done = [one for one in run_due(months.now) if one.village == VILLAGE]
    order = [(one.closer.split(".")[1], one.period) for one in done if one.closer.startswith("settlement")]
    assert [name for name, _ in order] == ["notice_end", "objection_escalation"]
    weeks = [one.period for one in done if one.closer == "conduct.week_report"]
    assert weeks == sorted(weeks) and len(weeks) == 3
    assert [one.at for one in done] == sorted(one.at for one in done)
    assert months.tally()["status"] == "posted"
    with transaction(writes=False) as session:
        assert session.scalars(select(ParkedPeriod)).all() == []


def test_two_schedulers_post_a_month_once(over: Months, app: Flask) -> None:
    ready = threading.Barrier(2)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                ready.wait()
                run_due(over.now)
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert month_entries() == 3
    assert over.account("zhao") == ("104.00", "4.00")
    assert over.account("sun") == ("101.25", "1.25")
    with transaction(writes=False) as session:
        closed = select(func.count()).select_from(ClosedPeriod)
        assert session.scalar(closed.where(ClosedPeriod.closer == "settlement.notice_end")) == 1
        told = select(func.count()).select_from(Message).where(Message.kind == "month_posted")
        assert session.scalar(told) == 3
        assert session.scalars(select(ParkedPeriod)).all() == []


KILLED = """
import os, signal, sys
from datetime import datetime
from server.app import create_app
from server.config import load
from server.cycles.api import run_due
from server.settlement import posting, tallies

def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(posting, sys.argv[4], die)
app = create_app(load({}, data=sys.argv[1], mode="test", database_url=sys.argv[2], scheduler="false"))
with app.app_context():
    run_due(datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("point", ["_mark", "_tell"])
def test_a_kill_while_posting_leaves_nothing_half_done(
    over: Months, tmp_path: Path, database_url: str, point: str
) -> None:
    root = Path(__file__).parents[3]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), database_url, over.now.isoformat(), point],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=60,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert hasattr(posting, point)
    assert month_entries() == 0
    assert over.tally()["status"] == "on_notice"
    assert over.account("zhao") == ("100.00", "0.00")
    run_due(over.now)
    assert month_entries() == 3
    assert over.account("zhao") == ("104.00", "4.00")
    assert over.tally()["status"] == "posted"


def test_a_failing_month_is_parked_and_the_other_village_goes_on(
    over: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("台账不平")

    real = posting._tell
    monkeypatch.setattr(posting, "_tell", broken)
    run_due(over.now)
    with transaction(writes=False) as session:
        parked = session.scalars(select(ParkedPeriod)).all()
    assert [(row.closer, row.period, row.error) for row in parked] == [
        ("settlement.notice_end", "2026-10", "RuntimeError: 台账不平")
    ]
    assert (month_entries(), over.tally()["status"]) == (0, "on_notice")
    monkeypatch.setattr(posting, "_tell", real)
    over.cast.clock.advance(minutes=2)
    run_due(over.now)
    assert month_entries() == 3


def to_year_end(months: Months) -> None:
    """October to December 2026 resolved, published and posted; the clock stands at the last posting."""
    for month, cutoff in (("2026-10", (10, 13)), ("2026-11", (11, 13)), ("2026-12", (12, 13))):
        months.approved("zhao", "2.00")
        months.go_to(datetime(2026, *cutoff, 0, 0, tzinfo=UTC))
        months.on_notice(month)
        months.go(days=7, minutes=1)
        assert months.tally(month)["status"] == "posted"


def years() -> list[int]:
    with transaction(writes=False) as session:
        return list(
            session.scalars(
                select(ScoreYear.year).where(ScoreYear.village_code == VILLAGE).order_by(ScoreYear.year)
            )
        )


def test_a_new_year_begins_with_its_base_points(months: Months) -> None:
    to_year_end(months)
    assert months.account("zhao") == ("106.00", "6.00")
    months.go_to(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    assert years() == [2026]
    closed = [(one.closer, one.period) for one in months.go(minutes=2) if one.village == VILLAGE]
    assert ("settlement.base_points", "2027") in closed
    assert years() == [2026, 2027]
    assert months.account("zhao") == ("100.00", "6.00")  # a new score, the balance stays
    assert months.account("wu") == ("100.00", "0.00")


def test_the_new_year_waits_for_the_old_ones_last_month(months: Months) -> None:
    for month, cutoff in (("2026-10", (10, 13)), ("2026-11", (11, 13))):
        months.go_to(datetime(2026, *cutoff, 0, 0, tzinfo=UTC))
        months.on_notice(month)
        months.go(days=7, minutes=1)
    months.approved("zhao", "2.00")
    months.go_to(datetime(2026, 12, 13, 0, 0, tzinfo=UTC))
    months.go(days=5)
    months.approved("zhao", "3.00")  # December is frozen: this is January's
    months.go_to(datetime(2027, 1, 13, 0, 0, tzinfo=UTC))
    months.on_notice("2027-01")
    months.go(days=8)
    assert years() == [2026]
    assert months.tally("2027-01")["status"] == "on_notice"
    months.on_notice("2026-12")
    done = [(one.closer.split(".")[1], one.period) for one in months.go(days=7, minutes=1)]
    done = [pair for pair in done if pair[0] in ("notice_end", "base_points") and pair[1] >= "2026-12"]
    assert [pair for pair in done if "/" not in pair[1]] == [
        ("notice_end", "2026-12"), ("base_points", "2027"), ("notice_end", "2027-01"),
    ]  # fmt: skip
    assert months.account("zhao") == ("103.00", "5.00")


def test_a_household_that_joins_gets_the_years_base_once(months: Months, cast: Cast) -> None:
    months.go(days=3)
    code = VILLAGE + "0099"
    with transaction() as session:
        session.add(
            Household(
                code=code,
                village_code=VILLAGE,
                grid_id=cast.grids["east"],
                head="新来的",
                created_at=months.now,
            )
        )
        session.flush()
        ledger.open_accounts(session, VILLAGE, [code])
    cast.households["new"] = code
    closed = [(one.closer, one.period) for one in months.go(minutes=1)]
    assert ("settlement.base_points", f"2026/{code}") in closed
    assert months.account("new") == ("100.00", "0.00")
    months.go(days=2)
    assert months.account("new") == ("100.00", "0.00")


def test_a_household_out_of_the_programme_gets_none_until_it_takes_part(months: Months, cast: Cast) -> None:
    code = VILLAGE + "0098"
    with transaction() as session:
        session.add(
            Household(
                code=code, village_code=VILLAGE, head="不参加", status="declined", created_at=months.now
            )
        )
        session.flush()
        ledger.open_accounts(session, VILLAGE, [code])
    cast.households["declined"] = code
    months.go(days=1)
    assert months.account("declined") == ("0.00", "0.00")
    with transaction() as session:
        session.execute(update(Household).where(Household.code == code).values(status="active"))
    months.go(minutes=1)
    assert months.account("declined") == ("100.00", "0.00")


@pytest.mark.database("postgresql")
def test_an_approval_that_races_the_freeze_is_never_lost(months: Months, app: Flask) -> None:
    """PostgreSQL: the freeze waits for an approval under way. SQLite has one writer at a time."""
    months.approved("zhao", "4.00")
    months.go_to(AFTER_CUTOFF)
    asked, go_on, frozen = threading.Event(), threading.Event(), threading.Event()

    def approve() -> None:
        with app.app_context(), transaction() as session:
            assert str(first_open_month(session, VILLAGE)) == "2026-10"
            asked.set()
            go_on.wait(30)
            session.execute(update(Village).where(Village.code == VILLAGE).values(name="大槐树村"))

    def freeze() -> None:
        with app.app_context(), transaction() as session:
            row = session.scalars(select(Tally).where(Tally.village_code == VILLAGE)).one()
            tallies.freeze(session, row, months.now)
            frozen.set()

    first, second = threading.Thread(target=approve), threading.Thread(target=freeze)
    first.start()
    assert asked.wait(30)
    second.start()
    assert not frozen.wait(0.5)  # waits for the approval
    go_on.set()
    assert frozen.wait(30)
    first.join(30)
    second.join(30)


def test_a_notice_that_was_withdrawn_before_its_closer_ran_does_not_post(over: Months) -> None:
    with transaction(writes=False) as session:
        notice = session.scalars(select(Notice)).one()
    ok(over.cast.as_("head_chen").post(f"/notices/{notice.id}/withdrawal", {"reason": "有误"}))
    run_due(over.now)
    assert (month_entries(), over.tally()["status"]) == (0, "open")
