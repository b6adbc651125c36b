"""The clock of a demo: the machine's, ahead by an offset that is stored in the demo's database and only
grows.

A database is a demo when it has the offset's row; no other database has a clock of its own. Moving the
clock steps through every period that falls due on the way, each closed at its own instant, as if the time
had passed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.cycles.engine import Closed, Closer, Due, run_due
from server.cycles.models import DemoOffset
from server.kit.clock import Clock, SystemClock
from server.kit.database import db
from server.kit.errors import Conflict, FieldFault, Invalid
from server.kit.transaction import transaction

_ROW = 1
_MICRO = timedelta(microseconds=1)
FARTHEST = timedelta(days=366)


class DemoClock:
    """Reads the offset at every call: several processes serve one demo. Needs an application context."""

    def __init__(self, machine: Clock | None = None) -> None:
        self.machine = machine or SystemClock()

    def now(self) -> datetime:
        """The demo's present instant; the machine's where the database is not a demo."""
        query = select(DemoOffset.offset_micros).where(DemoOffset.id == _ROW)
        with db.engine.connect().execution_options(writes=False) as connection:
            offset = connection.scalar(query)
        return self.machine.now() + (offset or 0) * _MICRO


def make_demo(session: Session, now: datetime, machine: Clock | None = None) -> None:
    """Make this database a demo whose clock shows `now` (not before the machine's clock's beginning of the
    demo).
    """
    offset = (now - (machine or SystemClock()).now()) // _MICRO
    session.execute(insert(DemoOffset).values(id=_ROW, offset_micros=offset))


def is_demo(session: Session) -> bool:
    """Whether this database is a demo."""
    return session.scalar(select(DemoOffset.id).where(DemoOffset.id == _ROW)) is not None


def move_to(
    clock: DemoClock,
    target: datetime,
    progress: Callable[[Closed], None] | None = None,
    closers: Sequence[Closer] | None = None,
) -> list[Closed]:
    """Move the demo's clock forward to `target`: what was closed on the way, in order.

    Raises Conflict `not_a_demo`; Invalid `clock_backwards`, `clock_too_far` (over 366 days in one go).
    When the process dies on the way, the clock stands at the last step and moving on continues from
    there.
    """
    with transaction(writes=False) as session:
        demo = is_demo(session)
    if not demo:
        raise Conflict("not_a_demo", "只有演示数据才能拨时钟。")
    now = clock.now()
    if target < now:
        raise _fault("clock_backwards", "时钟只能往后拨，请选一个比现在晚的时间。")
    if target - now > FARTHEST:
        raise _fault("clock_too_far", "一次最多往后拨一年，请分几次拨。")

    def step(due: Due) -> datetime:
        return _advance(clock, min(max(due.at, clock.now()), target))

    done = run_due(target, progress, closers, step)
    _advance(clock, target)
    return done


def _advance(clock: DemoClock, at: datetime) -> datetime:
    offset = (at - clock.machine.now()) // _MICRO
    with transaction() as session:
        session.execute(
            update(DemoOffset)
            .where(DemoOffset.id == _ROW, DemoOffset.offset_micros < offset)
            .values(offset_micros=offset)
            .execution_options(synchronize_session=False)
        )
    return at


def _fault(code: str, message: str) -> Invalid:
    return Invalid(code, message, [FieldFault("to", message)])
