"""`jifen keys`: a new key for phone and id numbers, while the program runs.

Every column whose name ends in `_sealed` is sealed anew, some rows at a time; old keys stay in the file until they are
dropped with `drop`, since marks of points card PINs were made with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import Column, Table, select, update

from server.audit import api as audit
from server.instance import with_instance
from server.kit.database import Base
from server.kit.keyfile import write_keys
from server.kit.transaction import transaction
from server.people.sealing import Seal
from server.terminal import progress

_BATCH = 500


@click.group()
def keys() -> None:
    """密钥：手机号和证件号用它加密。密钥文件要另存一份。"""


@keys.command()
@with_instance
def rotate(app: Flask) -> None:
    """换一把新密钥，把所有手机号和证件号重新加密。程序开着也能换；旧密钥留在文件里。"""
    path: Path = app.extensions["jifen_settings"].secret_key_path
    present = path.read_text("ascii").split()
    write_keys(path, [Fernet.generate_key().decode(), *present])
    count = seal_anew(Seal.from_file(path))
    with transaction() as session:
        now = app.extensions["jifen_clock"].now()
        audit.record(session, None, "keys.rotate", "instance", "keys", now, None, None, {"values": count})
    click.echo(f"换好了：{count:,} 个值用新密钥加密。请把 {path} 重新另存一份，正在运行的程序请重启一次。")
    click.echo("重启后再运行一次 jifen keys reseal，旧密钥就没有用处了，可以用 jifen keys drop 去掉。")


@keys.command()
@with_instance
def reseal(app: Flask) -> None:
    """把还用旧密钥加密的值都换成第一把密钥。"""
    count = seal_anew(Seal.from_file(app.extensions["jifen_settings"].secret_key_path))
    click.echo(f"{count:,} 个值用第一把密钥加密。")


@keys.command()
@click.option("--yes", is_flag=True, help="不再询问。")
@with_instance
def drop(app: Flask, yes: bool) -> None:
    """去掉旧密钥：先全部重新加密，再只留第一把。用旧密钥做的积分卡密码要重设，以前的备份就打不开了。"""
    path: Path = app.extensions["jifen_settings"].secret_key_path
    if not yes:
        click.confirm("以前的备份里的手机号和证件号以后打不开，旧的积分卡密码要重设。确定吗", abort=True)
    count = seal_anew(Seal.from_file(path))
    write_keys(path, path.read_text("ascii").split()[:1])
    click.echo(f"{count:,} 个值用第一把密钥加密，旧密钥去掉了。")


def sealed_columns() -> list[Column[Any]]:
    """Every column that holds sealed texts."""
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    return [column for column in columns if column.name.endswith("_sealed")]


def seal_anew(seal: Seal) -> int:
    """Seal every value with the first key, in small transactions; gives how many values."""
    with progress("加密") as report:
        return sum(_column(column, seal, report) for column in sealed_columns())


def _column(column: Column[Any], seal: Seal, report: Any) -> int:
    table: Table = column.table
    (key,) = table.primary_key.columns
    after, count = "", 0
    while True:
        with transaction() as session:
            query = select(key, column).where(key > after, column.is_not(None)).order_by(key).limit(_BATCH)
            rows = session.execute(query).all()
            for primary, value in rows:
                # only what was read: somebody may change it meanwhile
                mine = update(table).where(key == primary, column == value)
                session.execute(mine.values({column.name: seal.renewed(value)}))
        if not rows:
            return count
        after, count = rows[-1][0], count + len(rows)
        report(count, count)
