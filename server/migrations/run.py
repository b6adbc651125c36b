"""Runs the migrations from the program itself: no ini file, the database of the application."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from server.kit.database import db

HERE = Path(__file__).parent


def config() -> Config:
    """Alembic's configuration."""
    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.set_main_option("path_separator", "os")
    return found


def upgrade(app: Flask, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    _run(app, lambda found: command.upgrade(found, revision))


def downgrade(app: Flask, revision: str) -> None:
    """Bring the schema down to `revision` (`base` removes everything)."""
    _run(app, lambda found: command.downgrade(found, revision))


def current(app: Flask) -> str | None:
    """The revision the database is at, or None for an empty one."""
    with app.app_context(), db.engine.connect().execution_options(writes=False) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision."""
    return ScriptDirectory.from_config(config()).get_current_head()


def known() -> set[str]:
    """Every revision that this program knows."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def _run(app: Flask, act) -> None:  # type: ignore[no-untyped-def]
    found = config()
    with app.app_context(), db.engine.begin() as connection:
        found.attributes["connection"] = connection
        act(found)
