"""One scheduler at a time: saves work, proves nothing. What makes closing twice impossible is the claimed
row.

PostgreSQL: a session advisory lock, freed by the server when its process dies. SQLite: a row with an
expiry by the machine's clock, renewed with each closed period and taken over when it has run out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, or_, text, update

from server.cycles.models import SchedulerLease
from server.kit.clock import Clock, SystemClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.kit.upsert import insert_for

_NAME = "cycles"
_KEY = 7_301_905_502  # any number that no other advisory lock of this database uses
LASTS = timedelta(minutes=2)


@contextmanager
def one_at_a_time(machine: Clock | None = None) -> Iterator[Callable[[], None] | None]:
    """Gives a function that renews the lease, or None when somebody else holds it."""
    if db.engine.dialect.name == "postgresql":
        with _advisory_lock() as held:
            yield (lambda: None) if held else None
        return
    lease = _Lease(machine or SystemClock())
    if not lease.take():
        yield None
        return
    try:
        yield lease.renew
    finally:
        lease.release()


@contextmanager
def _advisory_lock() -> Iterator[bool]:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}))
        try:
            yield held
        finally:
            if held:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})


class _Lease:
    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._holder = new_id()

    def take(self) -> bool:
        now = self._machine.now()
        values = {"holder": self._holder, "expires_at": now + LASTS}
        with transaction() as session:
            made = session.execute(
                insert_for(session, SchedulerLease).values(name=_NAME, **values).on_conflict_do_nothing()
            )
            if made.rowcount == 1:  # type: ignore[attr-defined]
                return True
            taken = session.execute(
                update(SchedulerLease)
                .where(
                    SchedulerLease.name == _NAME,
                    or_(SchedulerLease.expires_at <= now, SchedulerLease.holder == self._holder),
                )
                .values(values)
                .execution_options(synchronize_session=False)
            )
            return bool(taken.rowcount == 1)  # type: ignore[attr-defined]

    def renew(self) -> None:
        self.take()

    def release(self) -> None:
        with transaction() as session:
            session.execute(delete(SchedulerLease).where(SchedulerLease.holder == self._holder))
