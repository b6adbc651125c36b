"""Hand-written statements for the hot paths: written once with `:name`, sent straight to the driver.

`Statement` skips SQLAlchemy's compilation and result typing, which cost more than the statements
themselves. Values come back as the driver gives them: hundredths as int, instants through
`instant_in`/`instant_out`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session

from server.kit.database import from_micros, micros

_NAME = re.compile(r"(?<![:\w]):([a-z_]\w*)")


class Statement:
    """SQL with `:name` parameters that runs on SQLite as it is and on PostgreSQL with psycopg's
    parameters.
    """

    def __init__(self, sql: str, *, postgresql: str | None = None) -> None:
        self._sqlite = sql
        self._postgresql = _NAME.sub(r"%(\1)s", (postgresql or sql).replace("%", "%%"))

    def run(self, session: Session, parameters: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
        """Execute in the session's transaction."""
        connection = session.connection()
        sql = self._sqlite if connection.dialect.name == "sqlite" else self._postgresql
        return connection.exec_driver_sql(sql, dict(parameters))


def instant_in(session: Session, instant: datetime) -> Any:
    """An instant as the driver of this session takes it."""
    return micros(instant) if session.get_bind().dialect.name == "sqlite" else instant


def instant_out(value: Any) -> datetime:
    """An instant as either driver gives it."""
    return from_micros(value) if isinstance(value, int) else value
