"""A second instance beside the test's own: an empty database and data folder, and commands that work on either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from server.app import create_app
from server.cli import jifen
from server.config import load
from server.kit.clock import Clock
from server.kit.database import db


@dataclass(frozen=True)
class Place:
    """An instance by its data folder and database."""

    data: Path
    url: str

    def run(self, *arguments: object) -> Result:
        """One `jifen` command on it."""
        environment = {"JIFEN_DATABASE_URL": self.url, "JIFEN_DATA": str(self.data), "COLUMNS": "200"}
        return CliRunner().invoke(jifen, [*map(str, arguments)], env=environment)

    @contextmanager
    def opened(self, clock: Clock | None = None) -> Iterator[Flask]:
        """The application on it."""
        given = {"mode": "test", "database_url": self.url, "scheduler": "false"}
        app = create_app(load({}, data=str(self.data), **given), clock)
        with app.app_context():
            yield app
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def place_of(app: Flask) -> Place:
    """The test's own instance."""
    settings = app.extensions["jifen_settings"]
    return Place(settings.data, settings.url)


def spare(app: Flask, folder: Path, name: str = "spare") -> Place:
    """An empty place on the same kind of database; a PostgreSQL one of the same name is made anew."""
    settings = app.extensions["jifen_settings"]
    data = folder / name
    data.mkdir(parents=True)
    if settings.url.startswith("sqlite"):
        return Place(data, f"sqlite:///{data / 'jifen.db'}")
    own = make_url(settings.url)
    database = f"{own.database}_{name}"
    server = create_engine(own, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {database}"))
    server.dispose()
    return Place(data, own.set(database=database).render_as_string(hide_password=False))


def lend_key(source: Place, target: Place) -> None:
    """Carry the key file over, as whoever restores does."""
    (target.data / "secret.key").write_bytes((source.data / "secret.key").read_bytes())
