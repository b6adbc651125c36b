"""`jifen rulebook` and `jifen import rulebook`: a rulebook file is judged, then kept as a draft."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import click
from flask import Flask
from rich.markup import escape
from rich.table import Table

from server.cycles.calendar import Month
from server.instance import FAULTY, with_instance
from server.kit.errors import NotFound
from server.kit.transaction import transaction
from server.people.api import Village
from server.rulebook.document import SHIPPED, read_file
from server.rulebook.findings import Finding, Level, has_errors
from server.rulebook.items import ItemKind
from server.rulebook.reading import Reading
from server.rulebook.replaying import Replayed, replay_village
from server.rulebook.service import create_draft
from server.terminal import console

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def rulebook() -> None:
    """积分细则文件。"""


@rulebook.command()
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """检查 FILE（YAML、Excel 或 CSV）：每一处问题在哪里、怎么改；有错时退出码 2。"""
    reading = _read(file)
    _print(reading)
    if has_errors(reading.findings):
        raise SystemExit(FAULTY)


@rulebook.command()
@click.argument("file", metavar="FILE.yaml", type=_FILE)
def copy(file: Path) -> None:
    """把自带的积分细则（示例分值）写到 FILE，改成自己村的。"""
    if file.exists():
        raise click.ClickException(f"{file} 已经有了，请换个文件名。")
    data = resources.files("server.rulebook").joinpath("data", f"{SHIPPED}.yaml").read_bytes()
    try:
        file.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{error.strerror}。") from None
    click.echo(f"已写出 {file}。改好后用 jifen rulebook check 检查。")


@rulebook.command("replay")
@click.argument("file", type=_FILE)
@click.option("--village", required=True, metavar="CODE", help="村代码，12 位。")
@click.option("--from", "first", required=True, metavar="M", help="从哪个月，写成 2026-05。")
@click.option("--to", "last", required=True, metavar="M", help="到哪个月，写成 2026-10。")
@with_instance
def replay_file(app: Flask, file: Path, village: str, first: str, last: str) -> None:
    """按 FILE 的细则重算过去几个月：每户每条会差多少。什么都不写。"""
    reading = _read(file)
    if reading.rulebook is None or has_errors(reading.findings):
        _print(reading)
        raise SystemExit(FAULTY)
    with transaction(writes=False) as session:
        found = replay_village(session, village, reading.rulebook, _month(first), _month(last))
    print_replay(found)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise click.UsageError(f"月份写成 2026-11 这样，不是 {text!r}。") from None


def print_replay(found: Replayed) -> None:
    """The differences as a table, the sums below."""
    table = Table(box=None, pad_edge=False)
    for title in ("户", "条目", "原来", "按新细则", "差", "原条数", "新条数"):
        table.add_column(title, justify="left" if title in ("户", "条目") else "right")
    for line in found.lines:
        figures = (line.old_points, line.new_points, line.change, line.old_records, line.new_records)
        name = f"{line.item} {found.names.get(line.item, '（新细则没有）')}"
        table.add_row(line.household, escape(name), *(str(figure) for figure in figures))
    if found.lines:
        console().print(table)
    click.echo(
        f"{found.first} 至 {found.last}：{found.records} 条记录，{found.households} 户；"
        f"会变的 {found.households_changed} 户，合计由 {found.old_points} 变为 {found.new_points}。"
        "没有写入任何数据。"
    )


@click.command("rulebook")
@click.argument("file", type=_FILE, required=False)
@click.option("--shipped", is_flag=True, help="不要 FILE，用自带的那一本。")
@click.option("--village", required=True, metavar="CODE", help="村代码，12 位。")
@with_instance
def rulebook_file(app: Flask, file: Path | None, shipped: bool, village: str) -> None:
    """把积分细则 FILE 存为一个村的草案；开会通过后（POST /rulebooks/编号/adoption）才生效。"""
    if (file is None) is not shipped:
        raise click.UsageError("写 FILE，或者写 --shipped，只要一个。")
    reading = _shipped() if file is None else _read(file)
    _print(reading)
    if reading.rulebook is None or has_errors(reading.findings):
        click.echo("有错，什么都没有导入。", err=True)
        raise SystemExit(FAULTY)
    now = app.extensions["jifen_clock"].now()
    with transaction() as session:
        if session.get(Village, village) is None:
            raise NotFound("village_not_found", f"没有代码是 {village} 的村，请核对代码，或先导入花名册。")
        row, _ = create_draft(session, None, village, reading.rulebook, now)
    click.echo(f"草案存好了：{row.title}，编号 {row.id}")
    click.echo("下一步：村里开会通过后，由村委会登记会议（附：出席、赞成、反对、弃权），细则就生效。")


def _read(file: Path) -> Reading:
    return read_file(file)


def _shipped() -> Reading:
    name = f"{SHIPPED}.yaml"
    return read_file(resources.files("server.rulebook").joinpath("data", name).read_bytes(), name)


def _print(reading: Reading) -> None:
    if reading.findings:
        console().print(_table(reading.findings))
    if reading.rulebook is not None:
        kinds = [item.kind for item in reading.rulebook.items]
        counts = (kinds.count(kind) for kind in (ItemKind.POSITIVE, ItemKind.NEGATIVE, ItemKind.VETO))
        said = "{}：正面 {} 条，负面 {} 条，一票否决 {} 条。".format(reading.rulebook.title, *counts)
        click.echo(said)
    errors = sum(finding.level is Level.ERROR for finding in reading.findings)
    click.echo(
        f"{errors} 处要改，{len(reading.findings) - errors} 处提醒。" if reading.findings else "没有问题。"
    )


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("", "位置", "条目", "问题", "怎么改"):
        table.add_column(title, overflow="fold")
    for finding in findings:
        error = finding.level is Level.ERROR
        mark = "[red]错[/red]" if error else "[yellow]提醒[/yellow]"
        texts = (finding.place or finding.field, finding.item, finding.message, finding.remedy)
        table.add_row(mark, *(escape(text) for text in texts))
    return table
