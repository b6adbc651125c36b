"""Structured logs, one line a request with its id. No personal data: no query values, no bodies, no names."""

from __future__ import annotations

import logging
import re
import time

import structlog
from flask import Flask, Response, g, request

from server.kit.ids import new_id

HEADER = "X-Request-Id"
_SAFE = re.compile(r"[A-Za-z0-9-]{8,64}")


def configure(level: str) -> None:
    """JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )


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
