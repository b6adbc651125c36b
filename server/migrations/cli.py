"""`jifen db`: the schema up and down."""

from __future__ import annotations

from pathlib import Path

import click
from alembic.util import CommandError

from server.instance import data_option, open_instance
from server.migrations import run


@click.group()
def db() -> None:
    """数据库结构升级、退回。先备份。"""


@db.command()
@data_option
def upgrade(data: Path | None) -> None:
    """升级到本程序的结构。"""
    app = open_instance(data, migrated=False)
    before = run.current(app)
    run.upgrade(app)
    after = run.current(app)
    changed = before != after
    click.echo(f"数据库结构：{before or '空'} → {after}" if changed else f"数据库结构已是 {after} 版。")


@db.command()
@data_option
@click.argument("revision", metavar="REV")
@click.option("--yes", is_flag=True, help="不再询问。")
def downgrade(data: Path | None, revision: str, yes: bool) -> None:
    """退回到 REV 版（base 会删掉全部数据表）。"""
    app = open_instance(data, migrated=False)
    if revision == "base" and not yes:
        click.confirm("这会删掉全部数据表。确定吗", abort=True)
    before = run.current(app)
    try:
        run.downgrade(app, revision)
    except CommandError as error:
        raise click.ClickException(f"没有 {revision} 这个版本（{error}）。") from None
    click.echo(f"数据库结构：{before or '空'} → {run.current(app) or '空'}")
