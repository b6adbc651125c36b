"""The Monday's word on the cover: the committee hears before the programme promises more than it can give."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from mall.overview.queries import cover_of
from mall.overview.rules import Level
from mall.stock.api import COVER, following_week
from server.cycles.api import Closer, Due, calendar_closer
from server.kit.clock import local_date
from server.messages.api import Note, notify_persons
from server.people.api import COMMITTEE, holders


def closers() -> list[Closer]:
    """The closer of this slice; `mall.stock` begins its schedule with the first goods that come in."""
    return [calendar_closer(COVER, _warn, following_week)]


def _warn(session: Session, due: Due, now: datetime) -> None:
    cover = cover_of(session, due.village, local_date(now))
    if cover.level is Level.ENOUGH:
        return
    refs = {"village": due.village, "level": cover.level.value}
    committee = holders(session, COMMITTEE, due.village, now)
    notify_persons(session, [Note(one.person, "mall.cover", cover.sentence, refs) for one in committee], now)
