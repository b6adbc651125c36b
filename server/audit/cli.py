"""`jifen audit`: recompute the chain of the audit log; take a part of it out as a file."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import select

from server.audit import chain
from server.audit.models import AuditRow
from server.instance import with_instance
from server.kit.clock import iso, local_midnight
from server.kit.transaction import snapshot


@click.group()
def audit() -> None:
    """操作日志：核对、导出。"""


@audit.command()
@with_instance
def verify(app: Flask) -> None:
    """从记录重算整条封签链；有出入就列出来，退出状态为 1。"""
    with snapshot() as session:
        report = chain.verify(session, app.extensions["jifen_seal"])
    click.echo(
        f"操作日志：已封 {report.sealed:,} 条，待封 {report.waiting:,} 条，过期已清 {report.cut:,} 条。"
    )
    if not report.differences:
        click.echo("全部吻合，没有出入。")
        return
    click.echo(f"有 {len(report.differences):,} 处出入：")
    for line in report.differences[:100]:
        click.echo(f"  {line}")
    sys.exit(1)


def _day(_ctx: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("日期写成 2026-11-22 这样。") from None


@audit.command()
@click.option("--from", "first", callback=_day, metavar="DAY", help="从哪一天起。")
@click.option("--to", "last", callback=_day, metavar="DAY", help="到哪一天止（不含）。")
@click.argument("file", metavar="FILE.jsonl", type=click.Path(dir_okay=False, path_type=Path))
@with_instance
def export(app: Flask, first: date | None, last: date | None, file: Path) -> None:
    """把操作日志写成文件，一行一条；要在过期清除之前留存，就先导出。"""
    wanted = select(AuditRow).order_by(AuditRow.id)
    if first is not None:
        wanted = wanted.where(AuditRow.at >= local_midnight(first))
    if last is not None:
        wanted = wanted.where(AuditRow.at < local_midnight(last))
    count = 0
    with snapshot() as session, file.open("x", encoding="utf-8") as out:
        for row in session.scalars(wanted, execution_options={"yield_per": 1000}):
            shown = {column.name: getattr(row, column.name) for column in AuditRow.__table__.columns}
            out.write(json.dumps(shown | {"at": iso(row.at)}, ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"写了 {count:,} 条：{file}")
