"""How many statements a request of each work sends, counted in this process on the same database.

BEGIN and COMMIT are not counted; a first request of the same work is, since it fills the caches, left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import event

from server.bench.crew import BenchFailed
from server.bench.plan import Plan
from server.bench.works import Request, Work
from server.kit.database import db
from server.kit.sql import watchers


@contextmanager
def captured() -> Iterator[list[tuple[str, Any]]]:
    """The statements with their parameters that this process sends while the block runs."""
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        if not sql.startswith("BEGIN"):
            seen.append((sql, parameters))

    def by_hand(sql: str, parameters: Any) -> None:
        seen.append((sql, parameters))

    engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    watchers.append(by_hand)
    try:
        yield seen
    finally:
        watchers.remove(by_hand)
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def count(app: Flask, plan: Plan, work: Work) -> int:
    """Statements of the work's second request with the same household and person."""
    answered = _ask(app, next(work.requests(plan, Random(1))))  # noqa: S311
    with captured() as seen:
        answered = _ask(app, next(work.requests(plan, Random(1))))  # noqa: S311
    if answered != 0:
        raise BenchFailed(f"{work.title}：试一次就回答了 {answered}。")
    return len(seen)


def _ask(app: Flask, request: Request) -> int:
    """0, or the status where it is not the expected one."""
    headers = {"Authorization": f"Bearer {request.token}"} if request.token else {}
    answer = app.test_client().open(
        request.path,
        method=request.method,
        data=request.body or None,
        headers=headers,
        content_type="application/json" if request.body else None,
    )
    return 0 if answer.status_code == request.expects else answer.status_code
