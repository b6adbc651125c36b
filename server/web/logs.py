"""Structured logs, one line a request with its id. No personal data: no query values, no bodies, no names."""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request

from server.kit.ids import new_id

HEADER = "X-Request-Id"
_SAFE = re.compile(r"[A-Za-z0-9-]{8,64}")


class _StandardError:
    """Standard error as it is when something is logged: loggers are kept, and output may be redirected since."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(level: str) -> None:
    """JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(_StandardError()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )


def _without_values(_log: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as types and places. Its messages are left out: a database error names the refused row, a
    faulty value stands in a ValueError.
    """
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_described(error))
    return event


def _described(error: BaseException) -> list[str]:
    """The chain of exceptions, the first cause first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = _described(before) if before is not None else []
    kind = type(error)
    return [*earlier, f"{kind.__module__}.{kind.__qualname__}", *_places(error.__traceback__)]


def _places(trace: TracebackType | None) -> list[str]:
    return [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]


def install(app: Flask) -> None:
    """Each request gets an id (the proxy's, where it sends a plausible one) that stands in its logs and
    answer.
    """
    log = structlog.get_logger("request")

    @app.before_request
    def _begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _SAFE.fullmatch(given) else new_id()
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        log.debug(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
        )
        return response
