"""What a test may know of the statements that the program sends: SQLAlchemy's own and the hand-written ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from server.kit.database import db
from server.kit.sql import watchers

Sent = list[tuple[str, Any]]


@contextmanager
def sent() -> Iterator[Sent]:
    """Every statement with its parameters that this process sends while the block runs, in order."""
    found: Sent = []

    def by_model(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    def by_hand(statement: str, parameters: Any) -> None:
        found.append((statement, parameters))

    engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", by_model)
    watchers.append(by_hand)
    try:
        yield found
    finally:
        watchers.remove(by_hand)
        for engine in engines:
            event.remove(engine, "before_cursor_execute", by_model)
