"""The only commit. Opened at the edge (a request, a closer, a command); services never commit.

On SQLite a file lock stands around writing transactions: several processes then queue fairly instead of
polling for the database lock, and the WAL race of SQLite before 3.51.3 cannot happen, since writes and
checkpoints are serial.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import portalocker
from sqlalchemy.orm import Session

from server.kit.database import READING, db
from server.kit.sql import forget_driver, keep_driver

_locks: dict[str, WriteLock] = {}


class WriteLock:
    """One writer at a time across threads (a lock) and processes (a locked file beside the database)."""

    def __init__(self, path: Path) -> None:
        self._threads = threading.Lock()
        self._path = path

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for the turn and keep it; the operating system frees it when the process dies."""
        with self._threads, self._path.open("ab") as file:
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
            try:
                yield
            finally:
                portalocker.unlock(file)


def _write_lock() -> AbstractContextManager[None]:
    url = db.engine.url
    if db.engine.dialect.name != "sqlite" or not url.database or url.database == ":memory:":
        return nullcontext()
    lock = _locks.setdefault(url.database, WriteLock(Path(url.database + ".lock")))
    return lock.hold()


@contextmanager
def transaction(*, writes: bool = True) -> Iterator[Session]:
    """One transaction: commits when the block returns, rolls back when it raises.

    `writes=False` promises not to write: it takes no lock and is rolled back at the end.
    """
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("transactions do not nest: open them at the edge only")
    with _write_lock() if writes else nullcontext():
        try:
            keep_driver(session, session.connection(execution_options={"writes": writes}))
            yield session
            if writes:
                session.commit()
            else:
                session.expunge_all()
                session.rollback()
        except BaseException:
            session.rollback()
            raise
        finally:
            forget_driver(session)
            session.expunge_all()


@contextmanager
def snapshot() -> Iterator[Session]:
    """For long reading: every statement sees the database as it was at the first one, others go on writing."""
    with transaction(writes=False) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """For a request that only reads: nothing that it does can write.

    On PostgreSQL every statement stands alone, as it does inside a READ COMMITTED transaction, and the two
    round trips of BEGIN and ROLLBACK are saved; on SQLite it is a transaction that does not write.
    """
    engine = db.engines.get(READING)
    if engine is None:
        with transaction(writes=False) as session:
            yield session
        return
    with Session(engine, expire_on_commit=False) as session:
        keep_driver(session, session.connection(), reads=True)
        yield session
