"""The Monday's word on the cover: kept for the chart, and told to the committee before the programme promises more
than it can give.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from mall.overview.models import CoverDay
from mall.overview.queries import cover_of
from mall.overview.rules import Cover, Level
from mall.stock.api import COVER, following_week
from server.cycles.api import Closer, Due, calendar_closer
from server.kit.clock import local_date
from server.kit.upsert import insert_for
from server.messages.api import Note, notify_persons
from server.people.api import COMMITTEE, holders


def closers() -> list[Closer]:
    """The closer of this slice; `mall.stock` begins its schedule with the first goods that come in."""
    return [calendar_closer(COVER, _warn, following_week)]


def _warn(session: Session, due: Due, now: datetime) -> None:
    cover = cover_of(session, due.village, local_date(now))
    _keep(session, due.village, cover, now)
    if cover.level is Level.ENOUGH:
        return
    refs = {"village": due.village, "level": cover.level.value}
    committee = holders(session, COMMITTEE, due.village, now)
    notify_persons(session, [Note(one.person, "mall.cover", cover.sentence, refs) for one in committee], now)


def _keep(session: Session, village: str, cover: Cover, now: datetime) -> None:
    """Under the day on which it was measured: weeks that are closed late share the one figure there is."""
    row = {
        "village_code": village,
        "day": local_date(now),
        "stock_value": cover.stock_value,
        "fund": cover.fund,
        "points": cover.points,
        "rate": cover.rate,
        "measured_at": now,
    }
    session.execute(insert_for(session, CoverDay).values(row).on_conflict_do_nothing())
