"""`jifen import goods`: the goods of a shop from a spreadsheet."""

from __future__ import annotations

import re
from pathlib import Path

import click
from flask import Flask

from mall.goods.goods_file import read_goods
from mall.goods.goods_import import check, import_goods
from server.instance import with_instance
from server.kit.transaction import transaction
from server.terminal import refuse


def _village(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", value) or value.endswith("000"):
        raise click.BadParameter("村代码是 12 位数字，末三位不是 000。")
    return value


@click.command("goods")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--village", required=True, callback=_village, metavar="CODE", help="村代码，12 位。")
@with_instance
def goods_file(app: Flask, file: Path, village: str) -> None:
    """把商品表 FILE（Excel 或 CSV）导入一个村的积分超市。数量另外入库，或用盘点登记。"""
    reading = read_goods(file)
    now = app.extensions["jifen_clock"].now()
    with transaction() as session:
        check(session, village, reading, now)
        refuse(reading.faults)
        done = import_goods(session, village, reading, now)
    click.echo(f"商品新增 {done.added} 种，原有不变 {done.unchanged} 种。")
