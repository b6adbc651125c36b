"""What must hold for the whole house, whoever adds a room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Float, Numeric

from server.kit import errors
from server.kit.database import Base
from server.migrations.run import config
from server.people.access import TABLE, Permission, Role
from server.web.problems import STATUS
from server.web.routes import PUBLIC, undeclared

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for top in ("server", "mall") for path in (ROOT / top).rglob("*.py"))


def test_every_route_declares_its_permission(app: Flask) -> None:
    assert undeclared(app) == []
    declared = {
        getattr(app.view_functions[rule.endpoint], "needs", None) for rule in app.url_map.iter_rules()
    }
    assert declared - {None, PUBLIC} <= set(Permission)


def test_every_permission_names_its_roles() -> None:
    assert set(TABLE) == set(Permission)
    assert all(roles <= set(Role) and roles for roles in TABLE.values())


def test_every_domain_error_has_a_status() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.DomainError)
    ]
    assert {kind for kind in kinds if kind is not errors.DomainError} == set(STATUS)


def test_there_is_one_migration_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_no_column_is_a_float() -> None:
    wrong = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, (Float, Numeric))
    ]
    assert wrong == []


def test_every_constraint_has_a_name(app: Flask) -> None:
    unnamed = [
        table.name for table in Base.metadata.tables.values() for c in table.constraints if c.name is None
    ]
    assert unnamed == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_transaction_module_commits(path: Path) -> None:
    calls = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    allowed = path.relative_to(ROOT).as_posix() in ("server/kit/transaction.py",)
    assert allowed or calls == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_say_what_they_own_and_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module's docstring says what it owns"
    if "versions" not in path.parts:  # a migration is one long list of columns, written once
        assert text.count("\n") <= 400, "look for the second thing that it does"


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in ("demo", "test"):
        assert f"make {command}" in readme
        assert f"\n{command}:" in makefile
