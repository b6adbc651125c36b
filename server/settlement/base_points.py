"""Base points: once per household and score year; they open the village's year.

The first year begins with the first rulebook. Year Y begins when every month of Y-1 is posted and it is 1
January Y. A household that joins later, or takes part again, gets the base of the running year. Source:
spec 01 (Rulebook).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from server.conduct import api as conduct
from server.cycles.api import MONTH, Closer, Due, NotDue, Schedule, Skip, running_month
from server.kit.clock import local_date, local_midnight
from server.kit.errors import Conflict
from server.kit.upsert import insert_for
from server.ledger import api as ledger
from server.messages.api import Note, notify_households
from server.people.api import Household
from server.rulebook import api as rulebook
from server.settlement.models import ScoreYear, Tally
from server.settlement.notices import signed
from server.settlement.states import TallyStatus

NAME = "settlement.base_points"
DECEMBER = 12

# every look of every bell asks these: built once, so that SQLAlchemy finds them compiled
_BEGUN = exists().where(ScoreYear.village_code == Schedule.village_code)
_WITHOUT_YEAR = select(Schedule.village_code).where(Schedule.closer == MONTH, ~_BEGUN)
_YEARS = (
    select(ScoreYear.village_code, func.max(ScoreYear.year).label("year"))
    .group_by(ScoreYear.village_code)
    .subquery()
)
_LAST_MONTH = and_(Tally.village_code == _YEARS.c.village_code, Tally.month == _YEARS.c.year * 100 + DECEMBER)
_YEARS_OVER = (
    select(_YEARS.c.village_code, _YEARS.c.year, Tally.posted_at)
    .join(Tally, _LAST_MONTH)
    .where(Tally.status == TallyStatus.POSTED, _YEARS.c.year < bindparam("year"))
)
_ACCOUNT = ledger.LedgerAccount
_WITHOUT_BASE = (
    select(
        _YEARS.c.village_code,
        _YEARS.c.year,
        func.min(_ACCOUNT.household_code),
        func.min(Household.created_at),
    )
    .join(
        _ACCOUNT,
        and_(_ACCOUNT.village_code == _YEARS.c.village_code, _ACCOUNT.base_year < _YEARS.c.year),
    )
    .join(Household, and_(Household.code == _ACCOUNT.household_code, Household.status == "active"))
    .group_by(_YEARS.c.village_code, _YEARS.c.year)
)


def closer() -> Closer:
    """Gives base points: first years, new years, households that joined since."""
    return Closer(NAME, _next_due, _close)


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    candidates = (*_first_years(session), *_new_years(session, now), *_latecomers(session))
    due = [one for one in candidates if one.at <= now and (one.village, one.period) not in skip]
    return min(due, key=lambda one: one.at, default=None)


def _first_years(session: Session) -> Iterator[Due]:
    """Villages that adopted a rulebook and have no score year yet."""
    for village in session.scalars(_WITHOUT_YEAR).all():
        day = rulebook.first_adoption(session, village)
        month = running_month(session, village, held=False)
        first = session.scalar(select(func.min(Tally.month)).where(Tally.village_code == village))
        if day is not None and month is not None:
            yield Due(village, str(first // 100 if first else month.year), local_midnight(day))


def _new_years(session: Session, now: datetime) -> Iterator[Due]:
    """Villages whose year is over: its last month is posted and a new calendar year has begun."""
    rows = session.execute(_YEARS_OVER, {"year": local_date(now).year})
    for village, year, posted_at in rows:
        yield Due(village, str(year + 1), max(posted_at, local_midnight(date(year + 1, 1, 1))))


def _latecomers(session: Session) -> Iterator[Due]:
    """Per village the first household that takes part and has no base points of the running year."""
    for village, year, household, created_at in session.execute(_WITHOUT_BASE):
        yield Due(village, f"{year}/{household}", created_at)


def _close(session: Session, due: Due, now: datetime) -> None:
    year, _, household = due.period.partition("/")
    if household:
        waiting = set(ledger.unposted_base(session, due.village, int(year)))
        taking_part = conduct.participating_households(session, due.village)
        _give(session, due.village, int(year), [code for code in taking_part if code in waiting], now)
        return
    opened = session.execute(
        insert_for(session, ScoreYear)
        .values(village_code=due.village, year=int(year), opened_at=now)
        .on_conflict_do_nothing()
    )
    if opened.rowcount != 1:  # type: ignore[attr-defined]
        raise NotDue
    households = list(conduct.participating_households(session, due.village))
    ledger.open_accounts(session, due.village, households)
    _give(session, due.village, int(year), households, now)


def _give(session: Session, village: str, year: int, households: list[str], now: datetime) -> None:
    if not households:
        return
    adopted = rulebook.rulebook_on(session, village, local_date(now))
    if adopted is None:
        raise Conflict("rulebook_missing", "本村还没有生效的积分细则，不能发基础分。")
    book = adopted.rulebook
    ledger.post_base(session, village, year, book.base_points, book.base_counts_for_balance, households, now)
    text = f"{year} 年度基础分 {signed(book.base_points)} 已记入您家考核分。"
    notify_households(session, [Note(code, "base_points", text, {"year": year}) for code in households], now)
