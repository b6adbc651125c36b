"""Which month a record joins, and how far each month has come. Imports no slice that uses conduct, so that
conduct may use it while settlement uses conduct.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, and_, case, select
from sqlalchemy.orm import Session

from server.cycles.api import MONTH, Schedule, running_month
from server.cycles.calendar import Month, month_of
from server.kit.clock import local_date
from server.kit.errors import Conflict
from server.people.api import Village
from server.settlement.models import Tally, TallyLine
from server.settlement.states import LineStatus, TallyStatus


@dataclass(frozen=True)
class MonthState:
    """How far a month of a village has come. `held` are the households whose line waits for an answer."""

    status: TallyStatus
    frozen: bool
    held: frozenset[str]


def month_number(month: Month) -> int:
    """A month as yyyymm, as the tables keep it."""
    return month.year * 100 + month.number


def month_from(number: int) -> Month:
    """The inverse of `month_number`."""
    return Month(number // 100, number % 100)


def kind_of(number: int) -> str:
    """What a tally of this number holds: a month, or (yyyy00) the opening balances of a score year."""
    return "month" if number % 100 else "opening"


def number_of(period: str) -> int:
    """yyyymm of a period as `str(month_from(…))` writes it; yyyy00 too, which is no month."""
    year, _, number = period.partition("-")
    return int(year) * 100 + int(number)


@dataclass(frozen=True)
class Borders:
    """Where the months of a village really ended, and will end: the cut-off day may have been changed.

    `ends` are (first day after the month, month) in order; behind the last the setting holds.
    """

    ends: tuple[tuple[date, Month], ...]
    cutoff_day: int

    def month_of(self, day: date) -> Month:
        """The month that a day of conduct belongs to; days before the first month join it."""
        found = next((month for end, month in self.ends if day < end), None)
        return found or month_of(day, self.cutoff_day)


def borders(session: Session, village: str) -> Borders:
    """The ends of the village's months, from their tallies and, for the running one, from the plan."""
    rows = session.execute(
        select(Tally.cutoff_at, Tally.month).where(Tally.village_code == village, Tally.month % 100 != 0)
    )
    ends = [(local_date(at), month_from(number)) for at, number in rows]
    planned = session.execute(
        select(Schedule.due_at, Schedule.period).where(
            Schedule.closer == MONTH, Schedule.village_code == village
        )
    ).first()
    if planned is not None:
        ends.append((local_date(planned[0]), Month.parse(planned[1])))
    return Borders(tuple(sorted(ends)), session.get_one(Village, village).cutoff_day)


def first_open_month(session: Session, village: str, since: Month | None = None) -> Month:
    """The first month of the village, not before `since`, whose tally is not frozen: the one an approved
    record joins.

    The rows that say so are held until the transaction ends (PostgreSQL: FOR SHARE), so that no freeze
    can pass the approval by. Raises Conflict `village_not_started` where no rulebook was adopted yet.
    """
    running = running_month(session, village)
    if running is None:
        raise Conflict("village_not_started", "本村还没有通过积分细则，积分月还没有开始。")
    query = select(Tally.month, Tally.frozen_at).where(Tally.village_code == village)
    if since is not None:
        query = query.where(Tally.month >= month_number(since))
    tallies = session.execute(query.order_by(Tally.month).with_for_update(read=True)).all()
    open_ones = [month_from(number) for number, frozen_at in tallies if frozen_at is None]
    if open_ones:
        return open_ones[0]
    return max(running, since) if since is not None else running


def month_states(session: Session, village: str) -> dict[int, MonthState]:
    """The months (yyyymm) of a village that have a tally; records of other months are not tallied yet."""
    held: dict[int, set[str]] = {}
    rows = session.execute(
        select(Tally.month, TallyLine.household_code)
        .join(TallyLine, TallyLine.tally_id == Tally.id)
        .where(Tally.village_code == village, TallyLine.status == LineStatus.HELD)
    )
    for month, household in rows:
        held.setdefault(month, set()).add(household)
    tallies = session.execute(
        select(Tally.month, Tally.status, Tally.frozen_at).where(Tally.village_code == village)
    )
    return {
        month: MonthState(TallyStatus(status), frozen_at is not None, frozenset(held.get(month, ())))
        for month, status, frozen_at in tallies
    }


def stage(village: Any, month: Any, household: Any) -> ScalarSelect[str]:
    """A correlated expression: how far an approved record of these columns has come, `tallied`, `on_notice`
    or `posted` as the contract names it; NULL before its month's cut-off.
    """
    reached = case(
        (TallyLine.status == LineStatus.POSTED, "posted"),
        (Tally.status.in_([TallyStatus.ON_NOTICE, TallyStatus.POSTED]), "on_notice"),
        else_="tallied",
    )
    line = and_(TallyLine.tally_id == Tally.id, TallyLine.household_code == household)
    return (
        select(reached)
        .select_from(Tally)
        .outerjoin(TallyLine, line)
        .where(Tally.village_code == village, Tally.month == month)
        .scalar_subquery()
    )
