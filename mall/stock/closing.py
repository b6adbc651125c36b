"""Closers of stock: what has expired leaves the sale on the day after, and the keeper hears every Monday.

A period of expiry is named after the last good day; it is due at the midnight that ends it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from mall.settings.api import settings_of
from mall.stock import batches
from mall.stock.models import Batch
from mall.stock.warnings import said, warnings
from server.audit import api as audit
from server.cycles.api import Closer, Due, calendar_closer, schedule
from server.cycles.calendar import next_monday, week_of
from server.kit.clock import local_date, local_midnight
from server.messages.api import Note, notify_persons
from server.people.api import Role, Village, holders

EXPIRY = "mall.expiry"
WARNINGS = "mall.stock_warnings"
COVER = "mall.cover"  # closed by `mall.overview`, which knows the fund and the points
MORNING = timedelta(hours=7)
_EXPIRED = (
    select(Batch.village_code, func.min(Batch.expires_on))
    .where(Batch.quantity_left > 0, Batch.expired.is_(False), Batch.expires_on < bindparam("today"))
    .group_by(Batch.village_code)
    .order_by(func.min(Batch.expires_on), Batch.village_code)
    .limit(1)
)


def closers() -> list[Closer]:
    """Expiry first, so that the Monday's message knows of it."""
    return [Closer(EXPIRY, _next_expiry, _expire), calendar_closer(WARNINGS, _warn, following_week)]


def start_warnings(session: Session, village: str, now: datetime) -> None:
    """Begin the Monday's messages of a village; where they have begun nothing changes."""
    for closer in (WARNINGS, COVER):
        schedule(session, closer, _week_after(village, local_date(now)))


def _week_after(village: str, day: date) -> Due:
    monday = next_monday(day)
    return Due(village, week_of(monday), local_midnight(monday) + MORNING)


def following_week(village: Village, due: Due) -> Due:
    """The next Monday morning."""
    return _week_after(village.code, local_date(due.at))


def _next_expiry(session: Session, now: datetime, skip: frozenset[tuple[str, str]]) -> Due | None:
    query = _EXPIRED
    if skip:
        left_out = [(village, date.fromisoformat(period)) for village, period in sorted(skip)]
        query = query.where(tuple_(Batch.village_code, Batch.expires_on).not_in(left_out))
    village, day = session.execute(query, {"today": local_date(now)}).first() or (None, None)
    if village is None or day is None:
        return None
    return Due(village, day.isoformat(), local_midnight(day + timedelta(days=1)))


def _expire(session: Session, due: Due, now: datetime) -> None:
    for goods, units in batches.expire(session, due.village, date.fromisoformat(due.period)):
        audit.record(
            session, None, "stock.expired", "goods", goods, now, due.village,
            after={"last_day": due.period, "quantity": units},
        )  # fmt: skip


def _warn(session: Session, due: Due, now: datetime) -> None:
    days = settings_of(session, due.village).expiry_warning_days
    found = warnings(session, due.village, local_date(now), days)
    if not found:
        return
    text = said(found)
    keepers = holders(session, [Role.KEEPER], due.village, now)
    notes = [Note(keeper.person, "mall.stock_warnings", text, {"village": due.village}) for keeper in keepers]
    notify_persons(session, notes, now)
