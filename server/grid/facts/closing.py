"""The closer of facts: what a kind's time is over for is blanked; who wrote it when, and its hash, stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.orm import Session

from server.cycles.api import Closer, Due, Skip
from server.grid.facts.models import Fact
from server.kit.clock import local_date, local_midnight

NAME = "grid.fact_retention"
_OVER = (
    select(Fact.village_code, Fact.keep_until)
    .where(Fact.blanked_at.is_(None), Fact.keep_until <= bindparam("now"))
    .order_by(Fact.keep_until, Fact.village_code)
    .limit(1)
)


def closers() -> list[Closer]:
    """Per village and day everything whose time ended on it."""
    return [Closer(NAME, _next_due, _blank)]


def _next_due(session: Session, now: datetime, skip: Skip) -> Due | None:
    query = _OVER
    for village, period in sorted(skip):
        query = query.where(tuple_(Fact.village_code, Fact.keep_until) != (village, _begin(period)))
    row = session.execute(query, {"now": now}).first()
    if row is None:
        return None
    return Due(row.village_code, local_date(row.keep_until).isoformat(), row.keep_until)


def _begin(period: str) -> datetime:
    return local_midnight(datetime.fromisoformat(period).date())


def _blank(session: Session, due: Due, now: datetime) -> None:
    until = _begin(due.period) + timedelta(days=1)
    session.execute(
        update(Fact)
        .where(
            Fact.village_code == due.village,
            Fact.blanked_at.is_(None),
            Fact.keep_until < until,
        )
        .values(value="", reason="", blanked_at=now)
        .execution_options(synchronize_session=False)
    )
