"""The floor of a work: what the database itself allows. The same rows read, written and locked by hand-written
SQL over the bare driver, with the same durability; no HTTP, no permissions, no checks, no objects.

Signing in is part of the work, so its statement is part of the floor.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sqlalchemy import make_url

from server.bench.plan import (
    PER_GRID,
    PER_VILLAGE,
    Plan,
    grid_number,
    household_code,
    token,
)
from server.kit.clock import local_date
from server.kit.database import micros
from server.kit.ids import new_id, token_hash
from server.kit.transaction import WriteLock

_NAME = re.compile(r"(?<![:\w]):([a-z_]\w*)")


class Connection:
    """One bare connection, with the settings that the program gives its own."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite:
            self._raw: Any = sqlite3.connect(str(parsed.database), timeout=30, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
                self._raw.execute(f"PRAGMA {pragma}").close()
            self._lock = WriteLock(Path(f"{parsed.database}.lock"))
        else:
            plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            self._raw = psycopg.connect(plain, autocommit=True)

    def run(self, sql: str, parameters: Mapping[str, Any]) -> list[Any]:
        """Run one statement with `:name` parameters; its rows, if it gives any."""
        cursor = self._raw.execute(sql if self.sqlite else _as_psycopg(sql), parameters)
        return list(cursor.fetchall()) if cursor.description else []

    def writing(self) -> AbstractContextManager[None]:
        """One writing transaction; on SQLite behind the same file lock as the program's."""
        return self._sqlite_write() if self.sqlite else self._postgresql_write()

    @contextmanager
    def _sqlite_write(self) -> Iterator[None]:
        with self._lock.hold():
            self._raw.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._raw.execute("ROLLBACK")
                raise
            self._raw.execute("COMMIT")

    @contextmanager
    def _postgresql_write(self) -> Iterator[None]:
        with self._raw.transaction():
            yield

    def instant(self, at: datetime) -> Any:
        """An instant as this database keeps it."""
        return micros(at) if self.sqlite else at

    def close(self) -> None:
        self._raw.close()


_CONVERTED: dict[str, str] = {}


def _as_psycopg(sql: str) -> str:
    found = _CONVERTED.get(sql)
    if found is None:
        found = _CONVERTED[sql] = _NAME.sub(r"%(\1)s", sql.replace("%", "%%"))
    return found


Floor = Callable[[Plan, Connection, Random], Iterator[None]]
"""Makes a generator that does one unit of work per `next`."""

_SESSION = (
    "SELECT s.id, p.id, p.name, p.household_code, p.grants_version FROM sessions s "
    "JOIN persons p ON p.id = s.person_id WHERE s.access_hash = :hash AND s.revoked_at IS NULL "
    "AND s.access_until > :now AND NOT p.disabled"
)
_ACCOUNT = (
    "SELECT score, balance, reserved, score_year FROM ledger_accounts WHERE household_code = :household"
)
_STATEMENT = (
    "SELECT b.seq, e.id, e.posted_at, e.cause, b.amount, s.amount, b.balance_after, e.refs "
    "FROM ledger_postings b JOIN ledger_entries e ON e.id = b.entry_id "
    "LEFT JOIN ledger_postings s ON s.household_code = b.household_code AND s.account = 'score' "
    "AND s.seq = b.seq WHERE b.household_code = :household AND b.account = 'balance' "
    "ORDER BY b.seq DESC LIMIT 20"
)
_PLATE = (
    "SELECT h.code, h.village_code, h.grid_id, h.status, p.revoked_at, (SELECT b.id FROM rulebooks b "
    "WHERE b.village_code = h.village_code AND b.status = 'adopted' AND b.effective_on <= :on "
    "ORDER BY b.version DESC LIMIT 1) FROM plates p JOIN households h ON h.code = p.household_code "
    "WHERE p.token = :plate"
)
_CAPS = (
    "SELECT count(*) FROM records WHERE household_code = :household AND item_code = :item "
    "AND occurred_on BETWEEN :first AND :last AND status IN ('recorded', 'submitted', 'approved')"
)
_RECORD = (
    "INSERT INTO records (id, village_code, household_code, grid_id, rulebook_id, item_code, heading, kind, "
    "points, logged_points, occurred_on, note, photos, source, logged_by, grant_id, logged_at, content_hash, "
    "status, round, first_round, to_meeting, reason) VALUES (:id, :village, :household, :grid, :book, :item, "
    "'乡村建设', 'positive', 200, 200, :on, '', '[]', 'scan', :person, :person, :now, :hash, 'recorded', 1, 1, "
    "false, '')"
)
AUDIT = (
    "INSERT INTO audit_log (id, at, person_id, session_id, action, entity, entity_id, village_code, after) "
    "VALUES (:audit, :now, :person, :session, :action, :entity, :id, :village, :after)"
)
QUEUE = "INSERT INTO audit_unsealed (audit_id) VALUES (:audit)"


def account(plan: Plan, connection: Connection, chance: Random) -> Iterator[None]:
    """Sign in, read one account."""
    yield from _read(plan, connection, chance, _ACCOUNT)


def statement(plan: Plan, connection: Connection, chance: Random) -> Iterator[None]:
    """Sign in, read 20 rows of a statement."""
    yield from _read(plan, connection, chance, _STATEMENT)


def _read(plan: Plan, connection: Connection, chance: Random, sql: str) -> Iterator[None]:
    while True:
        number = chance.randrange(plan.readers)
        sign_in(connection, token("villager", number))
        if not connection.run(sql, {"household": household_code(plan.reader(number))}):
            raise RuntimeError("the floor found no rows")
        yield


def sign_in(connection: Connection, secret: str) -> Any:
    """The session of a token: (session, person, name, household, version of the grants)."""
    now = connection.instant(datetime.now(UTC))
    return connection.run(_SESSION, {"hash": token_hash(secret), "now": now})[0]


def record(plan: Plan, connection: Connection, chance: Random) -> Iterator[None]:
    """Sign in, find and lock the household, count for the cap, write record and audit row, commit."""
    plate_sql = _PLATE if connection.sqlite else f"{_PLATE} FOR NO KEY UPDATE OF h"
    while True:
        number = chance.randrange(plan.households)
        village, place = divmod(number, PER_VILLAGE)
        secret = token("worker", grid_number(village, place // PER_GRID))
        now = datetime.now(UTC)
        today = local_date(now)
        with connection.writing():
            session, person, *_ = sign_in(connection, secret)
            plate = {"plate": token("plate", number), "on": today.isoformat()}
            household, own, grid, _, _, book = connection.run(plate_sql, plate)[0]
            known = {"household": household, "item": f"B{chance.randrange(4)}"}
            month = {"first": today.replace(day=1).isoformat(), "last": today.isoformat()}
            connection.run(_CAPS, known | month)
            made = {
                "id": new_id(), "village": own, "grid": grid, "book": book, "on": today.isoformat(),
                "person": person, "hash": token_hash(household), "now": connection.instant(now),
            }  # fmt: skip
            connection.run(_RECORD, known | made)
            after = f'{{"household":"{household}","item":"B1","points":200,"grant":"{person}"}}'
            made |= {"audit": new_id(), "session": session, "after": after}
            made |= {"action": "record.log", "entity": "record"}
            connection.run(AUDIT, made)
            connection.run(QUEUE, made)
        yield
