"""Posting lines to the ledger: a month in one transaction and exactly once, held lines later with their
answer.

A line's reference names its tally and household, so that no way of calling can post it twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from server.ledger import api as ledger
from server.messages.api import Note, notify_households
from server.people.api import Actor, Grant, Village
from server.settlement import notices, tallies
from server.settlement.models import Notice, Tally, TallyLine
from server.settlement.months import month_from
from server.settlement.notices import month_words, signed
from server.settlement.states import LineStatus, NoticeStatus, TallyStatus


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
    query = select(TallyLine.household_code, TallyLine.net).where(
        TallyLine.tally_id == tally.id, TallyLine.status == source
    )
    if household is not None:
        query = query.where(TallyLine.household_code == household)
    rows = [(code, net) for code, net in session.execute(query.order_by(TallyLine.household_code))]
    refs = {"tally": tally.id, "month": str(month_from(tally.month))}
    asked = [ledger.MonthLine(code, net, f"tally:{tally.id}:{code}", refs) for code, net in rows]
    entries = ledger.post_month(
        session,
        tally.village_code,
        tally.month // 100,
        asked,
        cause,
        now,
        negative_balance=tallies.carries_negative(session, tally),
    )
    _mark(session, tally, source, entries)
    _tell(session, tally, rows, now)


def _mark(session: Session, tally: Tally, source: LineStatus, entries: Mapping[str, str]) -> None:
    if not entries:
        return
    table = TallyLine.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(
            table.c.tally_id == bindparam("of_tally"),
            table.c.household_code == bindparam("of_household"),
            table.c.status == source.value,
        )
        .values(status=LineStatus.POSTED.value, entry_id=bindparam("to_entry"))
    )
    session.connection().execute(
        statement,
        [
            {"of_tally": tally.id, "of_household": household, "to_entry": entry}
            for household, entry in entries.items()
        ],
    )


def _tell(session: Session, tally: Tally, rows: Sequence[tuple[str, Decimal]], now: datetime) -> None:
    month = month_words(tally.month)
    notes = [
        Note(code, "month_posted", f"{month}积分已入账：{signed(net)} 分。", {"tally": tally.id})
        for code, net in rows
    ]
    notify_households(session, notes, now)
