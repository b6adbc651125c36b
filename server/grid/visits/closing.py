"""The closers of visits: in a month's last week the workers hear what is left, at its end the tier above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, calendar_closer
from server.cycles.calendar import Month
from server.grid.duties.queries import Net
from server.grid.duties.rules import NAMES, Tier
from server.grid.models import Grid
from server.grid.visits import queries, rules
from server.grid.visits.models import CoverageMonth, MissedVisit
from server.kit.clock import local_midnight
from server.messages.api import Note, notify_persons
from server.people.api import Village

WARNING_CLOSER = "grid.visits_warning"
MONTH_CLOSER = "grid.visits_month"


def warning_due(month: Month) -> datetime:
    """The beginning of the month's last week."""
    return local_midnight(rules.last_week(month))


def month_due(month: Month) -> datetime:
    """The midnight after the month's last day."""
    return local_midnight(rules.last_day(month) + timedelta(days=1))


def closers() -> list[Closer]:
    """Warning and end of month; both begin with a village's first visit."""
    return [
        calendar_closer(WARNING_CLOSER, warn, _next_warning),
        calendar_closer(MONTH_CLOSER, close_month, _next_month),
    ]


def _next_warning(village: Village, due: Due) -> Due:
    month = Month.parse(due.period).next()
    return Due(village.code, str(month), warning_due(month))


def _next_month(village: Village, due: Due) -> Due:
    month = Month.parse(due.period).next()
    return Due(village.code, str(month), month_due(month))


def _missed(
    session: Session, village: str, month: Month
) -> tuple[list[Grid], dict[str, list[str]], Counter[str]]:
    """The village's grids, and per grid the households that nobody visited and how many there are."""
    homes = rules.to_visit(queries.homes(session, village), month)
    missed = rules.missed_by_grid(homes, queries.visited_in(session, village, month))
    return queries.grids_of(session, village), missed, Counter(home.grid for home in homes)


def warn(session: Session, due: Due, now: datetime) -> None:
    """Who works in a grid hears how many households are left; where nobody works, the tier above."""
    month = Month.parse(due.period)
    grids, missed, _ = _missed(session, due.village, month)
    net = Net(session, due.village, [grid.id for grid in grids], now)
    until = rules.last_day(month)
    notes: list[Note] = []
    for grid in grids:
        left = len(missed.get(grid.id, ()))
        if left:
            text = f"{grid.name}本月还有 {left} 户没有走访，请在 {until.month}月{until.day}日前走到。"
            told = min(net.held(grid.id), default=Tier.VILLAGE_WORKER)
            notes += _notes(net.holders(grid.id, told), "visits_left", text, grid, month)
    notify_persons(session, notes, now)


def close_month(session: Session, due: Due, now: datetime) -> None:
    """Keep each grid's month as it ended, and tell the tier above what was missed."""
    month = Month.parse(due.period)
    grids, missed, counted = _missed(session, due.village, month)
    before = queries.closed_months(session, due.village, month.previous())
    net = Net(session, due.village, [grid.id for grid in grids], now)
    rows, notes = [], []
    for grid in grids:
        left = missed.get(grid.id, [])
        last = before.get(grid.id)
        tier = rules.escalated_tier(last.tier if last else 0, net.held(grid.id)) if left else None
        rows.append(_row(grid, month, counted[grid.id], len(left), tier, now))
        if tier is not None:
            notes += _notes(
                net.holders(grid.id, tier), "visits_missed", _told(grid, month, left, tier), grid, month
            )
    if rows:
        session.execute(insert(CoverageMonth), rows)
    number = rules.number_of(month)
    gaps = [
        {"household_code": code, "month": number, "grid_id": grid.id}
        for grid in grids
        for code in missed.get(grid.id, ())
    ]
    if gaps:
        session.execute(insert(MissedVisit), gaps)
    notify_persons(session, notes, now)


def _row(
    grid: Grid, month: Month, households: int, missed: int, tier: Tier | None, now: datetime
) -> dict[str, object]:
    return {
        "grid_id": grid.id,
        "month": rules.number_of(month),
        "village_code": grid.village_code,
        "households": households,
        "missed": missed,
        "tier": tier or 0,
        "closed_at": now,
    }


def _told(grid: Grid, month: Month, left: Sequence[str], tier: Tier) -> str:
    numbers = "、".join(code[12:] for code in left[:5]) + ("等" if len(left) > 5 else "")
    return f"{grid.name} {month.number} 月有 {len(left)} 户没有走访（{numbers}），现请{NAMES[tier]}了解原因、安排补上。"


def _notes(persons: Sequence[str], kind: str, text: str, grid: Grid, month: Month) -> list[Note]:
    refs = {"grid": grid.id, "month": str(month)}
    return [Note(person, kind, text, refs) for person in persons]
