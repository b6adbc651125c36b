"""The closer of the quarter: when its last month is posted, the summary is kept and the committee told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, NotDue, Skip
from server.insight.quarters import service
from server.insight.quarters.models import QuarterSummary
from server.insight.quarters.rules import Quarter
from server.kit.sql import Statement, instant_out
from server.messages.api import Note, notify_persons
from server.people.api import COMMITTEE, holders

NAME = "insight.quarter_close"
# months of a village post strictly in order: with the last one posted, all three are
_DUE = Statement(
    "SELECT t.village_code, t.month, t.posted_at FROM tallies t "
    "WHERE t.status = 'posted' AND t.month % 100 IN (3, 6, 9, 12) AND NOT EXISTS (SELECT 1 "
    "FROM quarter_summaries q WHERE q.village_code = t.village_code AND q.year = t.month / 100 "
    "AND q.quarter = (t.month % 100) / 3) ORDER BY t.posted_at, t.village_code, t.month LIMIT :most"
)


def closers() -> list[Closer]:
    """Keeps the quarters."""
    return [Closer(NAME, _next_due, _close)]


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = _DUE.run(session, {"most": len(skip) + 1})
    for village, month, posted in rows:
        due = Due(village, str(Quarter(month // 100, month % 100 // 3)), instant_out(posted))
        if due.at <= now and (due.village, due.period) not in skip:
            return due
    return None


def _close(session: Session, due: Due, now: datetime) -> None:
    quarter = Quarter.parse(due.period)
    if session.get(QuarterSummary, (due.village, quarter.year, quarter.number)) is not None:
        raise NotDue
    service.close(session, due.village, quarter, now)
    text = f"{quarter.words}的小结已经出来，可以看图、下载 Word 或 PDF。"
    refs = {"village": due.village, "quarter": due.period}
    committee = holders(session, sorted(COMMITTEE), due.village, now)
    notify_persons(session, [Note(one.person, "quarter_closed", text, refs) for one in committee], now)
