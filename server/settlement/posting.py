"""Posting lines to the ledger: a month in one transaction and exactly once, held lines later with their
answer.

A line's reference names its tally and household, so that no way of calling can post it twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.kit.exact import from_hundredths
from server.kit.sql import Statement
from server.ledger import api as ledger
from server.messages.api import Note, notify_households
from server.people.api import Actor, Grant, Village
from server.settlement import notices, tallies
from server.settlement.models import Notice, Tally, TallyLine
from server.settlement.months import month_from
from server.settlement.notices import month_words, signed
from server.settlement.states import LineStatus, NoticeStatus, TallyStatus

_OF_LINES = (
    "tally_id = :tally AND status = :status "
    "AND (household_code = :household OR CAST(:household AS TEXT) IS NULL)"
)
_LINES = Statement(
    f"SELECT household_code, net, balance FROM tally_lines WHERE {_OF_LINES} ORDER BY household_code"
)
# the ledger took each line under its reference, so that all lines find their entries in one statement
_MARK = Statement(
    "UPDATE tally_lines SET status = 'posted', entry_id = (SELECT e.id FROM ledger_entries e "
    f"WHERE e.reference = 'tally:' || tally_lines.tally_id || ':' || tally_lines.household_code) WHERE {_OF_LINES}"
)


def post_month(session: Session, notice: Notice, now: datetime) -> None:
    """The notice is over: every line without an unanswered objection posts, the month is closed."""
    tally = tallies.lock(session, notice.tally_id)
    _post(session, tally, LineStatus.PENDING, ledger.Cause.MONTH, now)
    tallies.move(session, tally, TallyStatus.POSTED, now, None, None, "公示期满", posted_at=now)
    village = session.get_one(Village, tally.village_code)
    down = now + timedelta(days=village.takedown_days)
    notices.move(
        session, notice, NoticeStatus.ENDED, now, None, None, "公示期满", ended_at=now, take_down_at=down
    )


def release(
    session: Session, tally: Tally, household: str, actor: Actor, grant: Grant, now: datetime
) -> LineStatus | None:
    """A line that was held by objections is free: it waits for the month, or posts where the month has
    posted.
    """
    if tally.status == TallyStatus.POSTED:
        _post(session, tally, LineStatus.HELD, ledger.Cause.HELD_LINE, now, household)
        return LineStatus.POSTED
    freed = session.execute(
        update(TallyLine)
        .where(
            TallyLine.tally_id == tally.id,
            TallyLine.household_code == household,
            TallyLine.status == LineStatus.HELD,
        )
        .values(status=LineStatus.PENDING)
        .execution_options(synchronize_session=False)
    )
    return LineStatus.PENDING if freed.rowcount == 1 else None  # type: ignore[attr-defined]


def _post(
    session: Session,
    tally: Tally,
    source: LineStatus,
    cause: ledger.Cause,
    now: datetime,
    household: str | None = None,
) -> None:
    found = _LINES.run(session, {"tally": tally.id, "status": source.value, "household": household})
    rows = [(code, from_hundredths(net), balance) for code, net, balance in found]
    refs = {"tally": tally.id, "month": str(month_from(tally.month))}
    if tally.is_opening:
        _post_opening(session, tally, rows, refs, now)
        _mark(session, tally, source, household)
        return
    asked = [ledger.MonthLine(code, net, f"tally:{tally.id}:{code}", refs) for code, net, _ in rows]
    ledger.post_month(
        session,
        tally.village_code,
        tally.month // 100,
        asked,
        cause,
        now,
        negative_balance=tallies.carries_negative(session, tally),
    )
    _mark(session, tally, source, household)
    _tell(session, tally, [(code, net) for code, net, _ in rows], now)


def _post_opening(
    session: Session,
    tally: Tally,
    rows: Sequence[tuple[str, Decimal, int]],
    refs: Mapping[str, str],
    now: datetime,
) -> None:
    """Opening balances: score and balance as they were brought in."""
    asked = [
        ledger.OpeningLine(code, from_hundredths(balance), score, f"tally:{tally.id}:{code}", refs)
        for code, score, balance in rows
    ]
    ledger.post_opening_balances(session, tally.village_code, tally.month // 100, asked, now)
    notes = [
        Note(
            line.household,
            "opening_posted",
            f"初始积分已入账：可兑换 {line.balance} 分。",
            {"tally": tally.id},
        )
        for line in asked
    ]
    notify_households(session, notes, now)


def _mark(session: Session, tally: Tally, source: LineStatus, household: str | None) -> None:
    _MARK.run(session, {"tally": tally.id, "status": source.value, "household": household})


def _tell(session: Session, tally: Tally, rows: Sequence[tuple[str, Decimal]], now: datetime) -> None:
    month = month_words(tally.month)
    notes = [
        Note(code, "month_posted", f"{month}积分已入账：{signed(net)} 分。", {"tally": tally.id})
        for code, net in rows
    ]
    notify_households(session, notes, now)
