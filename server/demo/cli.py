"""`jifen demo`: builds the demo county in a folder if it is not there, then serves it on this machine."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from server.app import create_app
from server.config import ConfigError, Settings, load
from server.demo.build import Built, build
from server.kit.clock import SHANGHAI
from server.migrations.run import current, head
from server.web.serving import run, taken

console = Console()


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址；演示没有密码，不要开给外网")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="演示数据的目录")
@click.option("--small", is_flag=True, help="只建两个村，几秒就好")
@click.option("--seed", type=int, default=1, show_default=True, help="同一个种子和日期，同一个县")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="演示的“今天”（默认今天）")
@click.option("--build-only", is_flag=True, help="只建数据，不打开")
def demo(
    port: int, host: str, data: Path | None, small: bool, seed: int, as_of: datetime | None, build_only: bool
) -> None:
    """建一个虚构的县（第一次要一两分钟），在本机打开，点一个人就用他的身份进去。"""
    try:
        settings = load(
            data=str(data or Path("demo-data")),
            mode="demo",
            port=port,
            host=host,
            public_url=f"http://{host}:{port}",
        )
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    if not build_only and taken(host, port):
        raise click.ClickException(f"端口 {port} 已有程序在用：先停掉它，或用 --port 换一个。")
    today = as_of.date() if as_of else datetime.now(SHANGHAI).date()
    ensure_built(settings, small=small, seed=seed, as_of=today)
    if build_only:
        return
    console.print(f"\n  演示已打开：[bold]http://{host}:{port}/[/bold]　（按 Ctrl+C 停止）\n")
    run(settings)


def ensure_built(settings: Settings, *, small: bool, seed: int, as_of: date) -> None:
    """Build where nothing is yet; a build that was cut off is thrown away and begun again."""
    if settings.database_url:
        raise click.ClickException("演示用自带的 SQLite，请去掉 JIFEN_DATABASE_URL 再运行。")
    if (settings.data / "jifen.db").exists():
        _refuse_other_version(settings)
        console.print(f"用已有的演示数据：{settings.data}（想重建就先删掉这个目录）")
        return
    building = settings.data.with_name(settings.data.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    console.print("先建一个演示县：村民、记录、评议、公示都由程序照日子跑出来。")
    built = _build_with_bar(replace(settings, data=building, scheduler=False), small, seed, as_of)
    settings.data.parent.mkdir(parents=True, exist_ok=True)
    if settings.data.exists():
        settings.data.rmdir()  # an empty folder that was made for us; anything else is not ours to remove
    building.rename(settings.data)
    console.print(f"建好了：{built.villages} 个村，{built.households} 户，{built.records} 条记录。")


def _refuse_other_version(settings: Settings) -> None:
    """A demo that another version of the program built is built again rather than upgraded."""
    if current(create_app(replace(settings, scheduler=False))) != head():
        message = f"{settings.data} 里的演示数据是别的版本建的，请删掉这个目录再运行，会重新建。"
        raise click.ClickException(message)


def _build_with_bar(settings: Settings, small: bool, seed: int, as_of: date) -> Built:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("建演示县", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        return build(settings, small=small, seed=seed, as_of=as_of, progress=progress)
