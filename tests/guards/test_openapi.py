"""The OpenAPI document: as agreed, valid, and with a summary, an example and its refusals for every operation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from flask import Flask
from jsonschema.validators import validator_for

from server.web.problem_schema import ProblemSchema

AGREED = Path(__file__).with_name("openapi.json")
RENEW = "JIFEN_RENEW_OPENAPI=1 .venv/bin/python -m pytest tests/guards/test_openapi.py"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """The document as clients read it."""
    return dict(app.test_client().get("/api/openapi.json").get_json())


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield f"{method.upper()} {path}", item[method]


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def test_the_document_is_as_agreed(document: dict[str, Any]) -> None:
    """A change of the API is looked at: it may grow, and what others rely on stays."""
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("JIFEN_RENEW_OPENAPI"):
        AGREED.write_text(text, "utf-8")
    agreed = AGREED.read_text("utf-8")
    if text == agreed:
        return
    before, now = dict(_operations(json.loads(agreed))), dict(_operations(document))
    changed = sorted(name for name in before.keys() & now.keys() if before[name] != now[name])
    pytest.fail(
        f"the API changed: gone {sorted(before.keys() - now.keys())}, new {sorted(now.keys() - before.keys())}, "
        f"changed {changed} (or schemas). If that is meant, renew it and look at the diff:\n  {RENEW}"
    )


def test_every_reference_leads_somewhere_and_every_schema_is_a_schema(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()  # against the metaschema of OpenAPI 3.1
    assert {"title", "version"} <= set(document["info"])

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                _resolved(document, node)
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(document)
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    ids = []
    for name, operation in _operations(document):
        assert operation.get("summary"), name
        ids.append(operation.get("operationId"))
        statuses = {int(status) for status in operation["responses"]}
        assert any(status < 400 for status in statuses), name
        assert {400, 404, 422, 503} <= statuses, name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                content = _resolved(document, response)["content"]
                assert set(content) == {"application/problem+json"}, (name, status)
        assert "security" in operation, name
    assert len(ids) >= 100


def test_every_body_has_an_example_that_its_schema_accepts(document: dict[str, Any]) -> None:
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"]}
    kind = validator_for(whole)
    bodies = 0
    for name, operation in _operations(document):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            if media != "application/json":
                continue
            bodies += 1
            assert content.get("example") is not None, name
            faults = [f.message for f in kind(whole | content["schema"]).iter_errors(content["example"])]
            assert faults == [], name
    assert bodies >= 50


def test_every_path_part_is_described(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        for method in METHODS & set(item):
            given = [*item.get("parameters", []), *item[method].get("parameters", [])]
            found = {_resolved(document, p)["name"] for p in given if _resolved(document, p)["in"] == "path"}
            assert {part.split("}")[0] for part in wanted} <= found, path


def test_a_problem_has_the_members_of_the_contract() -> None:
    assert set(ProblemSchema().fields) == {"type", "title", "status", "detail", "code", "errors"}
