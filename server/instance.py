"""An instance as a command opens it: `--data DIR` or the environment, and one sentence for whatever is wrong.

Owns the option that every command of the program shares. Does no work on the instance itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from flask import Flask

    from server.config import Settings

Function = TypeVar("Function", bound=Callable[..., Any])

FAULTY = 2
"""Exit status when a file or an argument is wrong and nothing was changed."""


def data_option(function: Function) -> Function:
    """Adds `--data DIR` to a command; the function gets it as `data` (None: from the environment)."""
    option = click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="数据目录；不写就用 JIFEN_DATABASE_URL 或 JIFEN_DATA。",
    )
    return option(function)


def open_instance(data: Path | None, *, migrated: bool = True, **overrides: Any) -> Flask:
    """The application on the instance; with `migrated` one whose schema is not this program's is refused.

    Raises click.ClickException with a sentence that says what to do.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import OperationalError

    from server.app import create_app
    from server.config import ConfigError

    settings = read_settings(data, **overrides)
    if migrated and not settings.database_url and not (settings.data / "jifen.db").exists():
        raise _nothing_here(settings.data)  # before anything is made in a folder that was mistyped
    try:
        app = create_app(settings)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    try:
        if migrated:
            require_migrated(app)
    except OperationalError as error:
        where = make_url(settings.url).render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0]
        message = f"打不开数据库 {where}：{reason}。请核对地址、权限，看数据库有没有在运行。"
        raise click.ClickException(message) from None
    return app


def read_settings(data: Path | None, **overrides: Any) -> Settings:
    """The settings a command works with; raises click.ClickException naming what is wrong with them."""
    from server.config import ConfigError, load

    try:
        return load(data=data, **overrides)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None


def _nothing_here(where: Path) -> click.ClickException:
    return click.ClickException(f"{where} 里还没有数据。新建请用 jifen init，或用 --data 指对目录。")


def require_migrated(app: Flask) -> None:
    """Raises click.ClickException when the database's schema is missing or of another version."""
    from server.migrations.run import current, head

    found = current(app)
    if found is None:
        raise _nothing_here(app.extensions["jifen_settings"].data)
    if found != head():
        message = f"数据库结构是 {found} 版，程序要 {head()} 版。请先运行 jifen db upgrade。"
        raise click.ClickException(message)


def with_instance(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command on an instance: adds `--data`, calls the function with the application first."""

    @functools.wraps(function)
    def command(data: Path | None, **arguments: Any) -> Any:
        app = open_instance(data)
        with app.app_context():
            return function(app, **arguments)

    return data_option(command)
