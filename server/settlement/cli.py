"""`jifen import opening-balances`: points from an older system or paper cards, for the committee to resolve."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from server.instance import with_instance
from server.kit.transaction import transaction
from server.settlement.opening_file import read_openings
from server.settlement.openings import bring_in
from server.terminal import refuse


@click.command("opening-balances")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--village", required=True, metavar="CODE", help="村代码，12 位。")
@with_instance
def opening_balances_file(app: Flask, file: Path, village: str) -> None:
    """导入初始积分 FILE（见 jifen template opening-balances）：先由村委会表决、公示，期满才入账。"""
    reading = read_openings(file)
    refuse(reading.columns.faults)
    now = app.extensions["jifen_clock"].now()
    with transaction() as session:
        tally = bring_in(session, None, village, reading.lines, now)
    balance = sum(line.balance for line in reading.lines)
    click.echo(f"登记了 {len(reading.lines)} 户的初始积分，可兑换合计 {balance} 分，编号 {tally.id}。")
    click.echo("还没有入账：村委会表决通过、公示期满后自动入账。")
