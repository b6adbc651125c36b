"""Generated requests from the OpenAPI document: no 5xx, no undocumented status or content type, answers as described.

Every operation is asked by several people of the permission matrix's world, in which nothing is kept. Half of the
cases are schemathesis' own (valid and broken), on things that exist as often as not; half are the matrix's sample
requests with one value spoilt, which get deeper. JIFEN_SOAK=1 makes 20,000 of them.
"""

from __future__ import annotations

import copy
import os
import random
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask_sqlalchemy.session import Session
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.kit.clock import SetClock
from server.people.access import TABLE, Permission
from server.web.routes import PUBLIC
from tests.acceptance.test_permissions import SAMPLES
from tests.guards.permissions.matrix import Asker, Matrix, fill
from tests.guards.permissions.samples import filled
from tests.guards.permissions.world import build_world

SOAK = os.environ.get("JIFEN_SOAK") == "1"
CASES = 20_000 if SOAK else 800
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WHO = (
    "committee_head of own village",
    "grid_worker of own grid",
    "grid_leader of own grid",
    "villager of own household",
    "keeper of own village",
    "panel_member of own village",
    "auditor of the county",
    "admin of the county",
    "a stranger",
)
# what breaks programs: for each value of a good request one of these takes its place
NASTY: tuple[Any, ...] = (
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e反",
    "字" * 5000,
    "=1+1",
    " ",
    "9" * 400,
    10**400,
    -(10**30),
    2**63,
    2**31,
    -1,
    0,
    1.5,
    1e308,
    True,
    None,
    [],
    {},
    [[[[[[[[]]]]]]]],
    {"a": {"b": {"c": {}}}},
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "NaN",
    "Infinity",
    "1e5",
    "-0.00",
    "9999999999.99",
    "990101101201\n",
    "９９０１０１１０１２０１",
    "00000000-0000-0000-0000-000000000000",
    "W1siYSJdXQ",
    "WzFd",
    "WyJhIl0",
    "WzFlNDAwXQ",
    "WyJcdTAwMDAiXQ",
)


@pytest.fixture
def matrix(app: Flask, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Matrix:
    """The world of the permission matrix, kept as it is."""
    made = fill(build_world(app, clock))

    def undone(session: Session) -> None:
        session.flush()
        session.expunge_all()
        session.rollback()

    monkeypatch.setattr(Session, "commit", undone)
    # an unforeseen exception is an answer of 500, as in production
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return made


class Run:
    """Sends cases as one after another of WHO and collects what is wrong, once each."""

    def __init__(self, matrix: Matrix) -> None:
        named = {asker.name: asker for asker in matrix.askers}
        self.askers = [named[name] for name in WHO]
        self.faults: dict[str, str] = {}
        self.sent = 0
        self.statuses: dict[int, int] = {}

    def send(self, case: Case) -> None:
        if any("?" in str(value) for value in case.path_parameters.values()):
            return  # werkzeug's client would take it for a query
        asker = self._who(case)
        self.sent += 1
        headers = {"Authorization": f"Bearer {asker.token}"} if asker.token else {}
        label = case.operation.label
        try:
            response = case.call(headers=headers)
            self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                self._note(label, asker, case, failure)
        except Exception as error:
            self._note(label, asker, case, error)

    def _who(self, case: Case) -> Asker:
        """Mostly somebody who holds the operation's permission: the others do not get far."""
        needs = case.operation.definition.raw["x-permission"]
        holders = [
            a for a in self.askers if a.role and (needs == PUBLIC or a.role in TABLE[Permission(needs)])
        ]
        fitting = holders if holders and self.sent % 8 else self.askers
        return fitting[self.sent // 8 % len(fitting)]

    def _note(self, label: str, asker: Asker, case: Case, error: BaseException) -> None:
        trace = traceback.extract_tb(error.__traceback__)
        where = (
            "" if isinstance(error, Failure) or not trace else f" at {trace[-1].filename}:{trace[-1].lineno}"
        )
        said = f"{type(error).__name__}{where}: {str(error)[:600]}"
        key = f"{label}: {said[:120]}"
        shown = f"path={case.path_parameters!r} query={case.query!r} body={str(case.body)[:300]!r}"
        self.faults.setdefault(key, f"{label} by {asker.name}\n  {shown}\n  {said}")


def test_generated_requests_are_answered_as_documented(matrix: Matrix) -> None:
    operations = _operations(matrix.world.app)
    run, per = Run(matrix), max(2, CASES // (4 * len(operations)))
    chance = random.Random(None if SOAK else 20261122)
    for operation in operations:
        for mode in GenerationMode:
            for known in (False, True):
                _generate(run, operation, mode, _path(matrix, operation.label) if known else None, per // 2)
        for spoilt in _spoilt(matrix, operation, chance, 2 * per):
            run.send(spoilt)
    print(f"{run.sent} cases, {dict(sorted(run.statuses.items()))}")
    assert run.sent >= CASES * 3 // 4
    assert not run.faults, f"{len(run.faults)} faults:\n" + "\n".join(run.faults.values())


def _operations(app: Flask) -> list[Any]:
    """Every operation, without its security: schemathesis would take the session away as often as not."""
    raw = app.test_client().get("/api/openapi.json").get_json()
    for item in raw["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    raw["components"].pop("securitySchemes", None)
    schema = schemathesis.openapi.from_dict(raw)
    schema.app = app
    return [result.ok() for result in schema.get_all_operations()]


def _generate(
    run: Run, operation: Any, mode: GenerationMode, path: dict[str, str] | None, count: int
) -> None:
    """schemathesis' own cases."""
    given_path = {"path_parameters": path} if path else {}

    @settings(
        max_examples=max(1, count),
        deadline=None,
        database=None,
        derandomize=not SOAK,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, **given_path))
    def cases(case: Case) -> None:
        run.send(case)

    try:
        cases()
    except Unsatisfiable:
        return  # nothing about this operation can be broken


def _sample(label: str) -> Any:
    """The matrix's sample of an operation: `GET /a/{b}` there, `GET /a/<b>` here."""
    return SAMPLES[label.replace("{", "<").replace("}", ">")]


def _path(matrix: Matrix, label: str) -> dict[str, str]:
    return dict(filled(_sample(label).path, matrix.world.things))


def _spoilt(matrix: Matrix, operation: Any, chance: random.Random, count: int) -> Iterator[Case]:
    """The sample's request as it is, then with one value of its path, query or body spoilt."""
    sample, things = _sample(operation.label), matrix.world.things
    good = {
        "path": _path(matrix, operation.label),
        "query": _query(operation) | dict(filled(sample.query, things)),
        "body": filled(sample.body, things | matrix.world.extra),
    }
    for number in range(count):
        parts = copy.deepcopy(good)
        places = list(_places(parts))
        if number and places:
            chance.choice(places)(chance.choice(NASTY))
        path = {name: _part(value) for name, value in parts["path"].items()}
        query = {name: _part(value) for name, value in parts["query"].items() if value is not None}
        body = {} if parts["body"] is None else {"body": parts["body"], "media_type": "application/json"}
        yield operation.Case(path_parameters=path, query=query, **body)


def _query(operation: Any) -> dict[str, Any]:
    """Every query parameter that there is, so that each may be spoilt."""
    return dict.fromkeys(parameter.name for parameter in operation.query)


def _part(value: Any) -> str:
    """A value as it stands in an address: no lone surrogates, no empty path."""
    return str(value).encode("utf-8", "replace").decode() or "x"


def _places(parts: Any) -> Iterator[Callable[[Any], None]]:
    """A setter for every value of a nested structure, the leaves and the branches."""
    pairs = parts.items() if isinstance(parts, dict) else enumerate(parts) if isinstance(parts, list) else ()
    for key, inner in pairs:
        if key not in ("path", "query", "body") or inner is None:
            yield lambda value, key=key: parts.__setitem__(key, value)
        yield from _places(inner)
