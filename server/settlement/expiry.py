"""Expiry, where a village chose it: points of year Y lapse at the end of year Y+1, oldest first, and each
household is told 60 days before. The default is never.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.cycles.api import Closer, Due, NotDue, Skip
from server.kit.clock import local_date, local_midnight
from server.kit.exact import ZERO
from server.kit.upsert import insert_for
from server.ledger import api as ledger
from server.messages.api import Note, notify_households
from server.people.api import Village
from server.settlement.models import Expiry, ScoreYear

ANNOUNCE = "settlement.expiry_announcement"
LAPSE = "settlement.expiry"
CHOSEN = "end_of_next_year"
DAYS_BEFORE = 60

_ANNOUNCED = exists().where(Expiry.village_code == ScoreYear.village_code, Expiry.year == ScoreYear.year)
_TO_ANNOUNCE = (
    select(ScoreYear.village_code, ScoreYear.year)
    .join(Village, Village.code == ScoreYear.village_code)
    .where(Village.expiry == CHOSEN, ScoreYear.year <= bindparam("year"), ~_ANNOUNCED)
)
_TO_LAPSE = (
    select(Expiry.village_code, Expiry.year, Expiry.lapse_at)
    .join(Village, Village.code == Expiry.village_code)
    .where(Expiry.lapsed_at.is_(None), Expiry.lapse_at <= bindparam("now"), Village.expiry == CHOSEN)
    .order_by(Expiry.lapse_at, Expiry.village_code, Expiry.year)
)


def closers() -> list[Closer]:
    """The announcement, and the lapse itself."""
    return [Closer(ANNOUNCE, _next_announcement, _announce), Closer(LAPSE, _next_lapse, _lapse)]


def lapses_at(year: int, announced_at: datetime) -> datetime:
    """Points of `year` lapse when the next year has ended, and never within 60 days of the announcement."""
    return max(local_midnight(date(year + 2, 1, 1)), announced_at + timedelta(days=DAYS_BEFORE))


def _next_announcement(session: Session, now: datetime, skip: Skip) -> Due | None:
    found = (due for due in _to_announce(session, now) if (due.village, due.period) not in skip)
    return min(found, key=lambda due: due.at, default=None)


def _to_announce(session: Session, now: datetime) -> Iterator[Due]:
    for village, year in session.execute(_TO_ANNOUNCE, {"year": local_date(now).year - 1}):
        at = local_midnight(date(year + 2, 1, 1)) - timedelta(days=DAYS_BEFORE)
        if at <= now:
            yield Due(village, str(year), at)


def _announce(session: Session, due: Due, now: datetime) -> None:
    year = int(due.period)
    at = lapses_at(year, now)
    kept = session.execute(
        insert_for(session, Expiry)
        .values(village_code=due.village, year=year, announced_at=now, lapse_at=at)
        .on_conflict_do_nothing()
    )
    if kept.rowcount != 1:  # type: ignore[attr-defined]
        raise NotDue
    day = local_date(at)
    text = "您家有 {} 分是 {} 年度及以前的，到 {}年{}月{}日还没有用就过期，请在这之前兑换。"
    notes = [
        Note(household, "expiry_announced", text.format(amount, year, day.year, day.month, day.day))
        for household, amount in ledger.older_points(session, due.village, year).items()
    ]
    notify_households(session, notes, now)


def _next_lapse(session: Session, now: datetime, skip: Skip) -> Due | None:
    rows = session.execute(_TO_LAPSE, {"now": now})
    found = (Due(village, str(year), at) for village, year, at in rows)
    return next((due for due in found if (due.village, due.period) not in skip), None)


def _lapse(session: Session, due: Due, now: datetime) -> None:
    year = int(due.period)
    claimed = session.execute(
        update(Expiry)
        .where(Expiry.village_code == due.village, Expiry.year == year, Expiry.lapsed_at.is_(None))
        .values(lapsed_at=now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotDue
    older = ledger.older_points(session, due.village, year)
    for household, amount in older.items():
        ledger.expire(session, household, amount, f"expiry:{household}:{year}", {"year": year}, now)
    text = "{} 年度及以前没有用的 {} 分已经过期。"
    notes = [
        Note(household, "points_expired", text.format(year, amount)) for household, amount in older.items()
    ]
    notify_households(session, notes, now)
    after = {"year": year, "households": len(older), "points": str(sum(older.values(), ZERO))}
    audit.record(session, None, "points.expire", "village", due.village, now, due.village, after=after)
