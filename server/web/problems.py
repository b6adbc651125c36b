"""Errors as RFC 9457 problem details. The one table error → status stands here."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, json, request
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from server.kit.errors import (
    Conflict,
    DomainError,
    FieldFault,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Stale,
    TooMany,
    Unavailable,
)

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
STATUS: dict[type[DomainError], int] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Stale: 412,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}
_HTTP_MESSAGES = {
    400: ("bad_request", "请求的格式不对，请检查后再试。"),
    404: ("not_found", "没有找到，请核对后再试。"),
    405: ("method_not_allowed", "这个地址不支持这种操作。"),
    406: ("not_acceptable", "只能提供 JSON。"),
    408: ("timeout", "等得太久，请再试一次。"),
    413: ("too_large", "内容太大，请缩小后再传。"),
    415: ("unsupported_media_type", "请用 application/json 发送。"),
    422: ("invalid", "有内容不对，请按提示改正。"),
}
log = structlog.get_logger()


def problem(status: int, code: str, detail: str, faults: tuple[FieldFault, ...] = ()) -> dict[str, Any]:
    """The body of a problem: `type, title, status, detail, code, errors: [{field, message}]`."""
    return {
        "type": f"urn:jifen:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [asdict(fault) for fault in faults],
    }


def of(error: DomainError) -> dict[str, Any]:
    """The problem of a domain error."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return problem(status, error.code, error.message, error.faults)


def _answer(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(
        json.dumps(body, ensure_ascii=False),
        status=body["status"],
        content_type="application/problem+json",
        headers=headers,
    )


def answer(error: DomainError, **more: str) -> Response:
    """A refusal as an answer, with `more` members; a route that returns it (and does not raise) commits what it has
    written.
    """
    headers: dict[str, str] = {"Cache-Control": "no-store"}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return _answer(of(error) | more, headers)


def flatten(messages: Any, path: str = "") -> list[FieldFault]:
    """marshmallow's nested messages as one fault per field path."""
    if isinstance(messages, dict):
        items = messages.items()
        return [f for key, inner in items for f in flatten(inner, f"{path}.{key}" if path else str(key))]
    texts = messages if isinstance(messages, list) else [messages]
    return [FieldFault(path, str(text)) for text in texts]


def _validation(messages: Any) -> Response:
    if isinstance(messages, dict) and set(messages) <= {"json", "query", "form", "files", "headers"}:
        faults = [fault for inner in messages.values() for fault in flatten(inner)]
    else:
        faults = flatten(messages)
    return _answer(problem(422, "invalid", _HTTP_MESSAGES[422][1], tuple(faults)))


def of_http(error: HTTPException) -> Response:
    """A refusal of the framework (unknown path, unreadable body, faulty field) as a problem."""
    if isinstance(error, UnprocessableEntity) and getattr(error, "data", None):
        return _validation(error.data["messages"])  # type: ignore[attr-defined]
    status = error.code or 500
    if status >= 500:
        return _accident(error)
    code, message = _HTTP_MESSAGES.get(status, ("refused", "这个请求不能受理，请检查后再试。"))
    headers = {"Allow": ", ".join(error.valid_methods or ())} if status == 405 else None  # type: ignore[attr-defined]
    return _answer(problem(status, code, message), headers)


def _database(error: DBAPIError) -> Response:
    """Disk full, database locked or gone: the same request may be sent again, nothing was written."""
    original = error.orig
    full = isinstance(original, sqlite3.OperationalError) or error.connection_invalidated
    if full or isinstance(error, OperationalError):
        log.error("database_unavailable", error=type(original).__name__)
        body = problem(503, "database_unavailable", "系统暂时写不进数据，什么都没有改动，请稍后再试。")
        return _answer(body, {"Retry-After": "5"})
    return _accident(error)


def _accident(error: Exception) -> Response:
    log.error("accident", error=type(error).__name__, exc_info=error)
    return _answer(problem(500, "accident", "系统出了差错，什么都没有改动。请稍后再试，还不行就告诉管理员。"))


def install(app: Flask) -> None:
    """Every error of every route becomes a problem."""
    app.register_error_handler(DomainError, answer)
    app.register_error_handler(ValidationError, lambda error: _validation(error.messages))
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(DBAPIError, _database)
    if not app.testing:
        app.register_error_handler(Exception, _accident)
    app.before_request(_refuse_control)


def _refuse_control() -> None:
    """An address with a control character names nothing; PostgreSQL would not even take it as a parameter."""
    if _CONTROL.search(request.path):
        raise NotFound()
