"""`jifen plates`."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask import Flask

from server.grid import faces
from server.instance import with_instance
from server.kit.clock import local_date
from server.kit.transaction import transaction
from server.paper.api import PER_PAGE, plate_sheet_pdf
from server.terminal import progress

_FILE = click.Path(dir_okay=False, path_type=Path)


def _village(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", value):
        raise click.BadParameter("村代码是 12 位数字。")
    return value


@click.command()
@click.option("--village", required=True, callback=_village, metavar="CODE", help="村代码，12 位。")
@click.option("--output", required=True, type=_FILE, metavar="FILE.pdf", help="写到哪里。")
@click.option(
    "--per-page",
    type=click.Choice([str(number) for number in PER_PAGE]),
    default="8",
    show_default=True,
    help="一张 A4 上几块。",
)
@with_instance
def plates(app: Flask, village: str, output: Path, per_page: str) -> None:
    """把一个村的门牌二维码排成 A4，写成 PDF，裁开就能贴。"""
    settings, now = app.extensions["jifen_settings"], app.extensions["jifen_clock"].now()
    with transaction(writes=False) as session:
        found = faces.faces_of(session, village, settings.public_url)
    if not found:
        raise click.ClickException(f"村 {village} 还没有户，没有门牌可印。请核对村代码，或先导入花名册。")
    if settings.public_url.startswith(("http://127.", "http://localhost")):
        click.echo(
            f"注意：二维码里是 {settings.public_url}，别人的手机打不开；先设 JIFEN_PUBLIC_URL。", err=True
        )
    with progress("排版") as report:
        batch = local_date(now).isoformat()
        pdf = plate_sheet_pdf(found, int(per_page), batch=batch, made_at=now, on_progress=report)
    try:
        output.write_bytes(pdf)
    except OSError as error:
        raise click.ClickException(f"写不了 {output}：{error.strerror}。") from None
    sheets = -(-len(found) // int(per_page))
    click.echo(f"{len(found)} 块门牌，{sheets} 张纸：{output}")
