"""How a slice declares a route: permission, schemas, transaction. Nothing is reachable without a declaration.

    @endpoint(bp, "POST", "/records", needs=Permission.RECORD_LOG, body=RecordBody, answer=RecordAnswer)
    def log_record(call: Call, body: dict) -> dict: ...

The function gets a `Call` (who, when, the session of the request's transaction), then the parsed body, then
the parsed query, then the path's parts by name. It returns what `answer` dumps, or `(that, status)`, or a
Response.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask import Blueprint as FlaskBlueprint
from flask import Flask, Response, current_app, g, json, request
from flask_smorest import Blueprint
from marshmallow import Schema
from sqlalchemy.orm import Session

from server.kit.clock import Clock
from server.kit.errors import NotSignedIn
from server.kit.transaction import reading, transaction
from server.people import api as people
from server.people.access import Actor, Permission
from server.web import idempotency
from server.web.examples import example_of

PUBLIC: Literal["public"] = "public"
Needs = Permission | Literal["public"]


@dataclass
class Call:
    """One request: who asks (None for a stranger on a public route), when, and the open transaction."""

    now: datetime
    clock: Clock
    _actor: Actor | None
    _session: Session | None

    @property
    def actor(self) -> Actor:
        """The person signed in; raises NotSignedIn for a stranger."""
        if self._actor is None:
            raise NotSignedIn()
        return self._actor

    @property
    def stranger(self) -> bool:
        return self._actor is None

    @property
    def session(self) -> Session:
        """The request's transaction; routes declared with transaction='own' open theirs."""
        if self._session is None:
            raise RuntimeError("this route opens its own transaction")
        return self._session


def endpoint(
    blueprint: Blueprint,
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
    rule: str,
    *,
    needs: Needs,
    body: type[Schema] | Schema | None = None,
    query: type[Schema] | Schema | None = None,
    answer: type[Schema] | Schema | None = None,
    status: int = 200,
    also: Mapping[int, type[Schema] | Schema | None] | None = None,
    own_transaction: bool = False,
    body_location: Literal["json", "form", "files"] = "json",
    content_type: str | tuple[str, ...] = "application/json",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a route. `needs` is the permission (or PUBLIC); `also` documents further successful answers.

    Writes run in one writing transaction, reads in one that promises not to write; with `own_transaction` the
    function opens its own (password hashing and photo decoding must not hold the database).
    """
    # made once: a schema that is given as a class would be made anew, field by field, for every request
    body, query, schema = _made(body), _made(query), _made(answer)
    route = _Route(method, needs, schema, status, own_transaction)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        parsed: Callable[..., Any] = function
        if query is not None:
            parsed = blueprint.arguments(query, location="query")(parsed)
        if body is not None:
            example = example_of(body) if body_location == "json" else None
            parsed = blueprint.arguments(body, location=body_location, example=example)(parsed)

        @functools.wraps(parsed)
        def view(**path: Any) -> Response:
            return route.run(parsed, path)

        documented = _document(blueprint, view, route, also or {}, content_type)
        documented.needs = needs  # type: ignore[attr-defined]
        blueprint.route(rule, methods=[method], endpoint=function.__name__)(documented)
        return function

    return decorate


def _made(schema: type[Schema] | Schema | None) -> Schema | None:
    return schema() if isinstance(schema, type) else schema


def page(blueprint: FlaskBlueprint, rule: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a public page or file outside the API: it may show nothing that a stranger may not know."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        function.needs = PUBLIC  # type: ignore[attr-defined]
        return blueprint.get(rule)(function)

    return decorate


def undeclared(app: Flask) -> list[str]:
    """The rules whose view declares no permission (flask-smorest's own document is public)."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "needs")
        and rule.endpoint != "api-docs.openapi_json"
    ]


@dataclass(frozen=True)
class _Route:
    method: str
    needs: Needs
    answer: Schema | None
    status: int
    own_transaction: bool

    def run(self, function: Callable[..., Any], path: dict[str, Any]) -> Response:
        if not self.own_transaction:
            request.get_data(cache=True)  # a slow phone must not hold the database while it sends
        clock: Clock = current_app.extensions["jifen_clock"]
        now = clock.now()
        g.request_now = now
        if self.own_transaction:
            with reading() as session:
                actor = self._actor(session, now)
            return self._response(function(Call(now, clock, actor, None), **path))
        with reading() if self.method == "GET" else transaction() as session:
            actor = self._actor(session, now)
            call = Call(now, clock, actor, session)
            if self.method == "GET" or actor is None:
                return self._response(function(call, **path))
            return self._once(call, actor, function, path)

    def _actor(self, session: Session, now: datetime) -> Actor | None:
        header = request.headers.get("Authorization", "")
        if not header and self.needs == PUBLIC:
            return None
        actor = people.authenticate(session, header.removeprefix("Bearer ").strip(), now)
        if isinstance(self.needs, Permission):
            actor.anywhere(self.needs)
        return actor

    def _once(self, call: Call, actor: Actor, function: Callable[..., Any], path: dict[str, Any]) -> Response:
        key = idempotency.key_of(request)
        if key is None:
            return self._response(function(call, **path))
        first = idempotency.claim(
            call.session, actor.person, key, idempotency.content_hash(request), call.now
        )
        if first is not None:
            return first
        response = self._response(function(call, **path))
        idempotency.store(call.session, actor.person, key, response)
        return response

    def _response(self, result: Any) -> Response:
        if isinstance(result, Response):
            return result
        status = self.status
        if isinstance(result, tuple):
            result, status = result
        if status == 204:
            return Response(status=204)
        content = self.answer.dump(result) if self.answer is not None else result
        response = json_response(content, status)
        return not_modified(response) if self.method == "GET" else response


def json_response(content: Any, status: int = 200) -> Response:
    """JSON that a proxy must not keep (pages that may be cached say so themselves)."""
    response = Response(json.dumps(content), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def not_modified(response: Response) -> Response:
    """The answer with a weak ETag of its content; 304 for a phone that kept this very content."""
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


# the refusals that any route may give; the document holds each once
PROBLEMS = {
    400: "格式不对",
    401: "未登录或登录已过期",
    403: "身份不符",
    404: "没有，或无权知道",
    409: "与现状冲突",
    412: "别人先改了",
    413: "内容太大",
    415: "不是约定的格式",
    422: "内容不对",
    429: "太频繁",
    503: "暂时不可用",
}


def _document(
    blueprint: Blueprint,
    view: Callable[..., Any],
    route: _Route,
    also: Mapping[int, type[Schema] | Schema | None],
    content_type: str | tuple[str, ...],
) -> Callable[..., Any]:
    responses: dict[str, Any] = {}
    for status, schema in {route.status: route.answer, **also}.items():
        responses[str(status)] = {"description": "成功"}
        if status != 204:
            kinds = (content_type,) if isinstance(content_type, str) else content_type
            responses[str(status)]["content"] = {kind: {"schema": schema or {}} for kind in kinds}
    for status in PROBLEMS:
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    extra: dict[str, Any] = {"security": [] if route.needs == PUBLIC else [{"session": []}]}
    extra |= {"x-permission": str(route.needs), "responses": responses}
    if route.method != "GET" and not route.own_transaction:
        extra["parameters"] = [_KEY_PARAMETER]
    documented: Callable[..., Any] = blueprint.doc(**extra)(view)
    return documented


_KEY_PARAMETER = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 8, "maxLength": 100},
    "description": "同一个值重发得到第一次的回答；换了内容则 409。",
}
