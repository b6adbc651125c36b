"""`jifen template`: empty sheets to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from server.transfer import template as sheets
from server.transfer.roster.api import write_template

_SIMPLE = {
    "divisions": ("区划", sheets.DIVISIONS),
    "grids": ("网格", sheets.GRIDS),
    "people": ("人员", sheets.PEOPLE),
    "goods": ("商品", sheets.GOODS),
    "opening-balances": ("初始积分", sheets.OPENING_BALANCES),
}


@click.command()
@click.argument("name", type=click.Choice(["roster", *_SIMPLE]))
@click.argument("file", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="文件已经有了也覆盖。")
def template(name: str, file: Path, force: bool) -> None:
    """写出空的模板：roster 花名册、grids 网格、people 人员和角色、divisions 区划、goods 商品、
    opening-balances 初始积分。"""
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError("文件名要以 .xlsx 结尾。")
    if file.exists() and not force:
        raise click.ClickException(f"{file} 已经有了；要覆盖请加 --force。")
    try:
        if name == "roster":
            write_template(str(file))
        else:
            sheets.write(file, *_SIMPLE[name])
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{error.strerror}。") from None
    click.echo(f"已写出 {file}。填好后用 jifen import {name} 导入。")
