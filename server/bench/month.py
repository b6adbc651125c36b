"""The month close through the program's own closers: cut-off, freezing, notice end with posting.

What people do in between (vote, publish) is set straight in the tables and not counted. A month that was closed is
not opened again: its records are given to the next month, so that a run can be repeated on the same county.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from server.bench.county import FOR_EVER
from server.bench.crew import BenchFailed
from server.bench.plan import made_id, village_code
from server.conduct.models import Record
from server.cycles.api import MONTH, Closer, run_due
from server.cycles.calendar import Month
from server.cycles.models import Schedule
from server.cycles.schedule import month_due
from server.kit.database import db
from server.kit.transaction import transaction
from server.ledger.models import LedgerHead
from server.people.models import Village
from server.settlement import closing
from server.settlement.models import Notice, ScoreYear, Tally
from server.settlement.months import month_from, month_number

BATCH = 20
DAYS = {MONTH: 0, closing.FREEZE: 4, closing.NOTICE_END: 20}
"""How many days after the cut-off each of the closers works."""


def present(session: Session) -> int:
    """The month (yyyymm) that the approved records of the first village belong to."""
    found = session.scalar(select(func.max(Record.month)).where(Record.village_code == village_code(0)))
    if found is None:
        raise BenchFailed("没有可以关账的记录。")
    return int(found)


def unused(session: Session) -> int:
    """The first month after all that have a tally."""
    last = session.scalar(select(func.max(Tally.month)).where(Tally.month < 290000))
    return month_number(month_from(last).next()) if last else present(session)


def prepare(villages: Sequence[str]) -> Month:
    """Let the records of `villages` belong to a month that is not closed yet, and the cut-off be due."""
    with transaction() as session:
        old, new = present(session), unused(session)
        _settle(session)
    for start in range(0, len(villages), BATCH):
        some = villages[start : start + BATCH]
        with transaction() as session:
            if new != old:
                _relabel(session, some, new)
            _schedule(session, some, month_from(new))
    if new != old and db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE records"))
    return month_from(new)


def _settle(session: Session) -> None:
    """Nothing but what is measured falls due: other villages rest, what a broken-off run left counts as done."""
    plain = {"synchronize_session": False}
    session.execute(
        update(Schedule).where(Schedule.closer == MONTH).values(due_at=FOR_EVER), execution_options=plain
    )
    ended = update(Notice).where(Notice.status == "active").values(status="ended", take_down_at=FOR_EVER)
    session.execute(ended, execution_options=plain)
    posted = {"status": "posted", "posted_at": Tally.cutoff_at, "frozen_at": Tally.cutoff_at}
    session.execute(update(Tally).where(Tally.status != "posted").values(posted), execution_options=plain)


def _relabel(session: Session, villages: Sequence[str], month: int) -> None:
    of_month = (Record.village_code.in_(villages), Record.month.is_not(None), Record.month != month)
    session.execute(
        update(Record).where(*of_month).values(month=month).execution_options(synchronize_session=False)
    )


def _schedule(session: Session, villages: Sequence[str], month: Month) -> None:
    due = month_due(session.get_one(Village, villages[0]), month).at
    session.execute(
        update(Schedule)
        .where(Schedule.closer == MONTH, Schedule.village_code.in_(villages))
        .values(period=str(month), due_at=due)
        .execution_options(synchronize_session=False)
    )
    begun = select(ScoreYear.village_code).where(ScoreYear.year == month.year)
    years = select(Village.code, literal(month.year), literal(due, ScoreYear.opened_at.type)).where(
        Village.code.in_(villages), Village.code.not_in(begun)
    )
    session.execute(insert(ScoreYear).from_select(["village_code", "year", "opened_at"], years))


def close(villages: Sequence[str], month: Month) -> dict[str, float]:
    """Close the month of these villages: seconds by closer, what lies between them not counted."""
    with transaction(writes=False) as session:
        cutoff = month_due(session.get_one(Village, villages[0]), month).at
    seconds = {MONTH: _run(MONTH, cutoff, villages), closing.FREEZE: _run(closing.FREEZE, cutoff, villages)}
    with transaction() as session:
        _publish(session, villages, month, cutoff + timedelta(days=DAYS[closing.FREEZE]))
    seconds[closing.NOTICE_END] = _run(closing.NOTICE_END, cutoff, villages)
    return seconds


def _run(name: str, cutoff: datetime, villages: Sequence[str]) -> float:
    closers: list[Closer] = [closer for closer in closing.closers() if closer.name == name]
    began = time.perf_counter()
    done = run_due(cutoff + timedelta(days=DAYS[name]), closers=closers)
    took = time.perf_counter() - began
    if {closed.village for closed in done} != set(villages):
        raise BenchFailed(f"{name} 关了 {len(done)} 个村，应为 {len(villages)} 个。")
    return took


def _publish(session: Session, villages: Sequence[str], month: Month, at: datetime) -> None:
    """What committees do by vote and notice: the tallies resolved and public, their notices up for eight days."""
    mine = (Tally.village_code.in_(villages), Tally.month == month_number(month))
    session.execute(
        update(Tally)
        .where(*mine)
        .values(status="on_notice", resolved_at=at)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(
        select(Tally.id, Tally.village_code, LedgerHead.hash)
        .join(LedgerHead, LedgerHead.village_code == Tally.village_code)
        .where(*mine)
    )
    head = made_id("worker", 0)
    notices = [
        {
            "id": tally,
            "tally_id": tally,
            "village_code": village,
            "month": month_number(month),
            "status": "active",
            "version": 1,
            "published_by": head,
            "published_grant": head,
            "published_at": at,
            "days": 8,
            "ends_at": at + timedelta(days=8),
            "ledger_head": hash_,
            "facts": {"covers": [], "households": 0, "resolved": {}},
        }
        for tally, village, hash_ in rows
    ]
    session.execute(insert(Notice), notices)
