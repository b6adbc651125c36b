"""Closing by state, not by alarm: look for a period that is due and not closed, and close it exactly once.

Whoever calls, however often and from however many processes: the row in `closed_periods` is written in
the same transaction as the effects, and its key exists once. A closing that fails is parked and the
others go on. This module knows no slice; the closers come from `registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.cycles import registry
from server.cycles.models import ClosedPeriod, ParkedPeriod
from server.kit.transaction import transaction
from server.kit.upsert import insert_for

log = structlog.get_logger()
Skip = frozenset[tuple[str, str]]
INSTANCE = ""
"""In the place of a village: the period belongs to the whole instance."""
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A period of one village that is to be closed from `at` on."""

    village: str
    period: str
    at: datetime


@dataclass(frozen=True)
class Closer:
    """One kind of closing.

    `next_due(session, now, skip)` gives the earliest period with `at <= now` whose (village, period) is
    not in `skip`, or None. `close(session, due, now)` has the effects; it must leave the period no longer
    due, and raises NotDue where the state has moved on meanwhile.
    """

    name: str
    next_due: Callable[[Session, datetime, Skip], Due | None]
    close: Callable[[Session, Due, datetime], None]


@dataclass(frozen=True)
class Closed:
    """One period that this call closed."""

    closer: str
    village: str
    period: str
    at: datetime


class NotDue(Exception):
    """The period that was found due is no longer so: somebody else was first. Nothing is wrong."""


@dataclass
class _Same:
    """The closing that a round is at: one closer at one instant, village by village."""

    closer: Closer
    first: Due
    villages: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.villages = {self.first.village}


@dataclass
class Run:
    """One round over the closers. What failed in a round is not tried again in the same round.

    `step` gives the instant at which a period is closed: the present one, or for a demo's clock the
    period's own.
    """

    now: datetime
    closers: Sequence[Closer] = field(default_factory=registry.closers)
    step: Callable[[Due], datetime] | None = None
    tried: set[tuple[str, str, str]] = field(default_factory=set)
    _same: _Same | None = None

    def __iter__(self) -> Iterator[Closed]:
        """Close what is due, one by one, the earliest first."""
        while closed := self.close_one():
            yield closed

    def close_one(self) -> Closed | None:
        """Close the earliest due period (ties: the closer that is registered first); None when none is
        left.
        """
        while found := self._earliest():
            closer, due = found
            now = self.step(due) if self.step else self.now
            try:
                if _close(closer, due, now):
                    return Closed(closer.name, due.village, due.period, due.at)
            except NotDue:
                log.info("period_moved_on", closer=closer.name, village=due.village, period=due.period)
            except Exception as error:
                place = {"closer": closer.name, "village": due.village, "period": due.period}
                log.error("period_parked", **place, exc_info=error)
                _park(closer, due, now, error)
            self.tried.add((closer.name, due.village, due.period))
        return None

    def _earliest(self) -> tuple[Closer, Due] | None:
        with transaction(writes=False) as session:
            parked = parked_until(session, self.now) | self.tried
            found = self._another_village(session, parked)
            if found is None:
                due = [
                    (closer, due)
                    for closer in self.closers
                    if (due := closer.next_due(session, self.now, skip_of(closer, parked))) is not None
                ]
                found = min(due, key=lambda pair: pair[1].at, default=None)
                self._same = _Same(*found) if found else None
        return found

    def _another_village(
        self, session: Session, parked: set[tuple[str, str, str]]
    ) -> tuple[Closer, Due] | None:
        """The same closing at the same instant in one more village: nothing else can come before it, so the
        other closers need not be asked. A county's cut-off is one such row of villages.
        """
        if self._same is None:
            return None
        closer, first = self._same.closer, self._same.first
        due = closer.next_due(session, self.now, skip_of(closer, parked))
        if due is None or due.at != first.at or due.village in self._same.villages:
            return None
        self._same.villages.add(due.village)
        return closer, due


def close_one_due(now: datetime, closers: Sequence[Closer] | None = None) -> Closed | None:
    """Close the one period that is due longest, over all closers; None when nothing is due."""
    return Run(now, registry.closers() if closers is None else closers).close_one()


def run_due(
    now: datetime,
    progress: Callable[[Closed], None] | None = None,
    closers: Sequence[Closer] | None = None,
    step: Callable[[Due], datetime] | None = None,
) -> list[Closed]:
    """Close everything that is due at `now`, in order; `progress` hears of each.

    With `step` each period is closed at the instant that `step(due)` gives: how demo clocks and the demo
    builder walk through time.
    """
    done: list[Closed] = []
    for closed in Run(now, registry.closers() if closers is None else closers, step):
        done.append(closed)
        if progress is not None:
            progress(closed)
    return done


def list_due(
    session: Session, until: datetime, closers: Sequence[Closer] | None = None, limit: int = 500
) -> list[tuple[str, Due]]:
    """What is due at `until` as things stand now, earliest first: (closer, period). Parked ones are
    included.
    """
    found: list[tuple[str, Due]] = []
    for closer in registry.closers() if closers is None else closers:
        seen: set[tuple[str, str]] = set()
        while len(seen) < limit and (due := closer.next_due(session, until, frozenset(seen))) is not None:
            seen.add((due.village, due.period))
            found.append((closer.name, due))
    return sorted(found, key=lambda pair: pair[1].at)


def skip_of(closer: Closer, parked: set[tuple[str, str, str]]) -> Skip:
    """The periods of one closer to leave out."""
    return frozenset((village, period) for name, village, period in parked if name == closer.name)


def parked_until(session: Session, now: datetime) -> set[tuple[str, str, str]]:
    """The parked periods that are not to be tried again yet."""
    rows = session.execute(
        select(ParkedPeriod.closer, ParkedPeriod.village_code, ParkedPeriod.period).where(
            ParkedPeriod.next_try_at > now
        )
    )
    return {(closer, village, period) for closer, village, period in rows}


def _close(closer: Closer, due: Due, now: datetime) -> bool:
    """Claim and effects in one transaction; False when somebody else had claimed it."""
    with transaction() as session:
        if not _claim(session, closer, due, now):
            if closer.next_due(session, now, frozenset()) == due:
                raise RuntimeError("closed before and still due: its closer does not move on")
            return False
        closer.close(session, due, now)
        session.execute(
            delete(ParkedPeriod).where(
                ParkedPeriod.closer == closer.name,
                ParkedPeriod.village_code == due.village,
                ParkedPeriod.period == due.period,
            )
        )
    return True


def _claim(session: Session, closer: Closer, due: Due, now: datetime) -> bool:
    claimed = session.execute(
        insert_for(session, ClosedPeriod)
        .values(closer=closer.name, village_code=due.village, period=due.period, due_at=due.at, closed_at=now)
        .on_conflict_do_nothing()
    )
    return bool(claimed.rowcount == 1)  # type: ignore[attr-defined]


def _park(closer: Closer, due: Due, now: datetime, error: Exception) -> None:
    with transaction() as session:
        row = session.get(ParkedPeriod, (closer.name, due.village, due.period))
        if row is None:
            row = ParkedPeriod(closer=closer.name, village_code=due.village, period=due.period, attempts=0)
            session.add(row)
        row.attempts += 1
        row.error = describe(error)
        row.next_try_at = now + retry_after(row.attempts)


def retry_after(attempts: int) -> timedelta:
    """How long a period rests after so many failures: 1, 4, 16 … minutes, at most a day."""
    factor: int = 4 ** min(attempts - 1, 10)
    return min(FIRST_RETRY * factor, LONGEST_RETRY)


def describe(error: Exception) -> str:
    """An error in one line, without the parameters of a statement."""
    cause: BaseException = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0][:300]
