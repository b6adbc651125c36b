"""`jifen grids`: the report, and a proposal that a person accepts."""

from __future__ import annotations

import re

import click
from flask import Flask

from server.grid.suggestions import service
from server.grid.suggestions.service import Wanted
from server.instance import with_instance
from server.kit.transaction import transaction


def _code(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9]{12}", value):
        raise click.BadParameter("村代码是 12 位数字。")
    return value


@click.group()
def grids() -> None:
    """网格：哪里不合规，怎么划分。"""


@grids.command("report")
@click.option("--village", callback=_code, metavar="CODE", help="只看一个村。")
@with_instance
def report(app: Flask, village: str | None) -> None:
    """列出网格户数不在 30–50 之间、或有户没有划进网格的村。"""
    with transaction(writes=False) as session:
        found = service.report(session, None, village)
    for one in found:
        click.echo(f"{one.village} {one.name}")
        for name, size in one.wrong.items():
            click.echo(f"  {name}：{size} 户")
        if one.without:
            click.echo(
                f"  不在任何网格：{len(one.without)} 户（{'、'.join(c[12:] for c in one.without[:8])} …）"
            )
    if not found:
        click.echo("每个网格都是 30–50 户，每户都在网格里。")


@grids.command("suggest")
@click.option("--village", required=True, callback=_code, metavar="CODE", help="村代码，12 位。")
@click.option("--accept", is_flag=True, help="照这个方案划分（先不写这一项看一看）。")
@with_instance
def suggest(app: Flask, village: str, accept: bool) -> None:
    """提出一个划分方案：相邻的 30–50 户一个网格。"""
    now = app.extensions["jifen_clock"].now()
    with transaction(writes=accept) as session:
        found = service.proposal(session, None, village)
        wanted = [Wanted(f"第{n}网格", [door.code for door in grid]) for n, grid in enumerate(found.grids, 1)]
        if accept and wanted:
            service.accept(session, None, village, wanted, now)
    if not wanted:
        raise click.ClickException(f"村 {village} 还没有户，请先导入花名册。")
    click.echo("按坐标划分：" if found.by == "coordinates" else "按门牌号划分：")
    for one, grid in zip(wanted, found.grids, strict=True):
        click.echo(f"  {one.name}：{len(grid)} 户，{grid[0].label} 到 {grid[-1].label}")
    click.echo("已照此划分。" if accept else "还没有改动；加上 --accept 就照此划分。")
