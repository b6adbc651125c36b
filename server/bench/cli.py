"""`jifen bench`: builds its county once, measures, prints the table. Works on a database of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from server.terminal import console

if TYPE_CHECKING:
    from flask import Flask

    from server.bench.plan import Plan

NAMES = ("hello", "record", "redeem", "account", "statement", "goods", "notice", "ranking", "close")
MISSING = (
    "缺少压测工具 geventhttpclient，请先安装开发依赖："
    ".venv/bin/python -m pip install -c constraints.txt -e '.[dev]'"
)


@click.command()
@click.option("--database", metavar="URL", help="空的数据库，或上次测量用过的；不写就在 --data 里建 SQLite。")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("bench-data"),
    show_default=True,
    help="放测量用的库和服务器日志的目录。",
)
@click.option("--households", type=click.IntRange(40, 1_000_000), default=100_000, show_default=True)
@click.option("--records", type=click.IntRange(40, 50_000_000), default=2_000_000, show_default=True)
@click.option("--rounds", type=click.IntRange(1, 100), default=5, show_default=True, help="轮数。")
@click.option(
    "--seconds", type=click.FloatRange(0.2, 600), default=10, show_default=True, help="每轮每项多少秒。"
)
@click.option("--warmup", type=click.FloatRange(0, 600), default=30, show_default=True, help="先预热多少秒。")
@click.option("--only", metavar="NAMES", help=f"只测这几项，用逗号分开：{'、'.join(NAMES)}。")
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="结果另存为 JSON。")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="另一种数据库的结果（JSON），并排比较。",
)
def bench(
    database: str | None,
    data: Path,
    households: int,
    records: int,
    rounds: int,
    seconds: float,
    warmup: float,
    only: str | None,
    target: Path | None,
    against: Path | None,
) -> None:
    """测量快慢：正式的服务器，对照同一服务器的空路由和手写 SQL。只访问 127.0.0.1。"""
    if importlib.util.find_spec("geventhttpclient") is None:
        raise click.ClickException(MISSING)
    from server.bench import report  # noqa: PLC0415 - heavy
    from server.bench.crew import BenchFailed  # noqa: PLC0415
    from server.bench.plan import Plan  # noqa: PLC0415

    plan = Plan(households, max(records, households))
    try:
        result = _run(plan, database, data, rounds, seconds, warmup, _names(only))
    except BenchFailed as error:
        raise click.ClickException(str(error)) from None
    if target is not None:
        target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    shown = console()
    shown.width = max(shown.width, 160)
    report.show(shown, result)
    if against is not None:
        report.beside(shown, result, json.loads(against.read_text("utf-8")))


def _names(only: str | None) -> list[str]:
    names = [name.strip() for name in (only or "").split(",") if name.strip()]
    wrong = [name for name in names if name not in NAMES]
    if wrong:
        raise click.BadParameter(f"没有 {'、'.join(wrong)}；有：{'、'.join(NAMES)}。", param_hint="--only")
    return names


def _run(
    plan: Plan,
    database: str | None,
    data: Path,
    rounds: int,
    seconds: float,
    warmup: float,
    names: Sequence[str],
) -> dict[str, Any]:
    from server.bench import closing, production, report, statements  # noqa: PLC0415
    from server.bench import rounds as turns  # noqa: PLC0415
    from server.bench.crew import crews  # noqa: PLC0415

    works = turns.chosen(names)
    closes = not names or "close" in names
    with _county(plan, database, data) as app, _status() as tell:
        url = str(app.config["SQLALCHEMY_DATABASE_URI"])
        with production.production(url, data) as port, crews(turns.FLOOR_PROCESSES) as team:
            stand = turns.Stand(plan, url, port, team)
            measured = turns.measure(stand, works, rounds, seconds, warmup, tell)
            closed = closing.measure(stand, seconds, tell) if closes else None
        counted = {work.name: statements.count(app, plan, work) for work in works}
        facts = {
            "database": _database(),
            "households": plan.households,
            "records": plan.households * plan.each,
            "villages": plan.villages,
            "rounds": rounds,
            "seconds": seconds,
            "warmup": warmup,
            "connections": turns.CONNECTIONS,
            "workers": production.WORKERS,
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        }
    return report.as_json(facts, report.lines(measured, counted), closed)


@contextmanager
def _status() -> Iterator[Callable[[str], None]]:
    """What is going on, in one line on standard error."""
    with Console(stderr=True).status("开始") as status:
        yield status.update


@contextmanager
def _county(plan: Plan, database: str | None, data: Path) -> Iterator[Flask]:
    """An application on the measured county, built unless it is there."""
    from server.bench import county  # noqa: PLC0415
    from server.kit.database import db  # noqa: PLC0415
    from server.kit.transaction import transaction  # noqa: PLC0415
    from server.terminal import progress  # noqa: PLC0415

    data.mkdir(parents=True, exist_ok=True)
    app = _opened(database, data)
    with app.app_context():
        with transaction(writes=False) as session:
            found = county.found_label(session)
        if found is not None and found != plan.label:
            raise _other(found, plan)
        if found is None:
            with progress(f"建{plan.label}") as report:
                county.build(plan, report)
        else:
            county.renew()
        yield app
        db.session.remove()
        db.engine.dispose()


def _opened(database: str | None, data: Path) -> Flask:
    from server.app import create_app  # noqa: PLC0415
    from server.config import ConfigError, load  # noqa: PLC0415
    from server.migrations.run import upgrade  # noqa: PLC0415

    try:
        settings = load({}, data=data, database_url=database, scheduler="false", log_level="WARNING")
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    app = create_app(settings)
    upgrade(app)
    return app


def _other(found: str, plan: Plan) -> click.ClickException:
    return click.ClickException(
        f"这里是{found}，要的是{plan.label}。请用同样的 --households、--records，或换一个空库（--data 换个目录）。"
    )


def _database() -> str:
    """`SQLite 3.40.1` or `PostgreSQL 15.3`."""
    from server.kit.database import db  # noqa: PLC0415

    version = ".".join(str(part) for part in db.engine.dialect.server_version_info or ())
    return f"{'SQLite' if db.engine.dialect.name == 'sqlite' else 'PostgreSQL'} {version}"
