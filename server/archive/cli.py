"""`jifen backup`, `restore`, `export`, `load`: archives on the server's own disk. The work is in the other modules."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import IntegrityError

from server.archive import backup as whole
from server.archive import container, photos
from server.archive import village as one
from server.archive.backup import Instance
from server.archive.container import Reader
from server.archive.keys import add_keys
from server.archive.manifest import Format, Manifest
from server.instance import data_option, open_instance, read_settings, with_instance
from server.kit.errors import Conflict, Invalid
from server.kit.transaction import snapshot, transaction
from server.migrations.run import current, head, known, upgrade
from server.people.api import Seal
from server.terminal import progress

_OUT = click.Path(dir_okay=False, path_type=Path)
_IN = click.Path(exists=True, dir_okay=False, path_type=Path)
_force = click.option("--force", is_flag=True, help="文件已经有了也覆盖。")


def _village(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", value):
        raise click.BadParameter("村代码是 12 位数字。")
    return value


def instance_of(app: Flask) -> Instance:
    """What an archive needs of this instance."""
    data = app.extensions["jifen_settings"].data
    seal, now = app.extensions["jifen_seal"], app.extensions["jifen_clock"].now()
    return Instance(data, seal, head() or "", now)


@click.command()
@click.argument("file", metavar="FILE", type=_OUT)
@_force
@with_instance
def backup(app: Flask, file: Path, force: bool) -> None:
    """备份整个实例到 FILE：数据库和照片。程序开着也能备份；密钥文件不在里面，要另存。"""
    _free(file, force)
    try:
        with progress("备份") as report, snapshot() as session, container.writing(file) as writer:
            manifest = whole.back_up(session, writer, instance_of(app), report)
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{error.strerror}。") from None
    _say_written(file, manifest)
    key = app.extensions["jifen_settings"].secret_key_path
    click.echo(f"密钥 {key} 不在备份里：请另存一份，放在别处。没有它，手机号和证件号打不开。")


@click.command()
@click.option("--village", required=True, callback=_village, metavar="CODE", help="村代码，12 位。")
@click.argument("file", metavar="FILE", type=_OUT)
@_force
@with_instance
def export(app: Flask, village: str, file: Path, force: bool) -> None:
    """把一个村整个写进 FILE，另一个实例可以用 jifen load 读进去。"""
    _free(file, force)
    try:
        with progress("导出") as report, snapshot() as session, container.writing(file) as writer:
            manifest = one.export(session, writer, instance_of(app), village, report)
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{error.strerror}。") from None
    _say_written(file, manifest)
    click.echo("文件里有村民的个人信息：只交给该拿的人，用完就删。对方还需要这里的密钥文件。")


def _free(file: Path, force: bool) -> None:
    if file.exists() and not force:
        raise click.ClickException(f"{file} 已经有了；要覆盖请加 --force。")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"没有目录 {file.absolute().parent}。")


def _say_written(file: Path, manifest: Manifest) -> None:
    rows = sum(facts.rows for facts in manifest.tables.values())
    size = file.stat().st_size / 1_000_000
    click.echo(f"{file}：{len(manifest.tables)} 张表 {rows:,} 行，文件 {manifest.files} 个，{size:,.1f} MB。")
    if manifest.missing:
        lost = "、".join(one[:12] for one in manifest.missing[:5])
        click.echo(f"有 {len(manifest.missing)} 张照片已经丢失或损坏，没有写进去：{lost} …", err=True)


@click.command()
@click.argument("file", metavar="FILE", type=_IN)
@click.option(
    "--without-key", is_flag=True, help="没有原来的密钥也恢复：手机号、证件号和积分卡密码不能用了。"
)
@data_option
def restore(file: Path, without_key: bool, data: Path | None) -> None:
    """把备份 FILE 恢复到一个空的实例，并核对：行数、台账、封签链、照片。"""
    with container.reading(file, Format.BACKUP) as reader:
        manifest = reader.manifest
        if manifest.schema not in known():
            raise Invalid("archive_newer", f"备份的结构是 {manifest.schema} 版，本程序没有。请先升级程序。")
        settings = read_settings(data)
        key = settings.secret_key_path
        if not key.exists() and not without_key:
            raise click.ClickException(f"请先把原来的密钥文件放到 {key}，再恢复（没有就加 --without-key）。")
        app = open_instance(data, migrated=False)
        seal: Seal = app.extensions["jifen_seal"]
        if not without_key:
            remedy = f"请把原来的密钥文件放到 {key}（没有就加 --without-key）。"
            whole.require_keys(manifest, seal, remedy)
        with progress("检查") as report:
            reader.check(report)
        _need_room(reader, settings.data)
        with app.app_context():
            wrong = _restore(app, reader, manifest)
    _say_restored(manifest, wrong)


def _restore(app: Flask, reader: Reader, manifest: Manifest) -> list[str]:
    """Rows, photos, messages held back, verified; gives what differs."""
    if current(app) is None:
        upgrade(app, manifest.schema)
    if current(app) != manifest.schema:
        raise Conflict("instance_not_empty", "这个数据库已经升级过，恢复只能放进空的数据库。")
    instance, same = instance_of(app), manifest.schema == head()
    photos.take(reader, instance.photo_folder)
    with progress("恢复") as report, transaction() as session:
        whole.require_empty(session)
        whole.fill(session, reader, report)
        if same:
            whole.settle(session, manifest, instance.now)
    if not same:
        upgrade(app)
        with transaction() as session:
            whole.settle(session, manifest, instance.now)
    with snapshot() as session:
        return whole.differences(session, manifest, counts=same)


def _say_restored(manifest: Manifest, wrong: list[str]) -> None:
    rows = sum(facts.rows for facts in manifest.tables.values())
    click.echo(f"恢复了 {manifest.made_at} 的备份：{len(manifest.tables)} 张表 {rows:,} 行。")
    if manifest.missing:
        click.echo(f"备份时就缺 {len(manifest.missing)} 张照片。", err=True)
    if wrong:
        click.echo(f"核对有 {len(wrong)} 处出入：", err=True)
        for line in wrong[:50]:
            click.echo(f"  {line}", err=True)
        raise SystemExit(1)
    click.echo("核对过了：行数、台账、封签链、照片都吻合。没发出的微信消息不再发，站内消息都在。")


def _need_room(reader: Reader, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < reader.size:
        raise click.ClickException(f"{folder} 的磁盘放不下：至少要 {reader.size / 1e9:.1f} GB。")


@click.command()
@click.argument("file", metavar="FILE", type=_IN)
@click.option("--key", metavar="SECRET.KEY", type=_IN, help="原来实例的密钥文件；会加到这里的密钥后面。")
@click.option("--without-key", is_flag=True, help="没有密钥也导入：手机号和证件号留空。")
@with_instance
def load(app: Flask, file: Path, key: Path | None, without_key: bool) -> None:
    """把 jifen export 写的一个村读进这个实例；台账和封签原样保留，核对过才算数。"""
    own = app.extensions["jifen_settings"].secret_key_path
    with container.reading(file, Format.VILLAGE) as reader:
        with progress("检查") as report:
            reader.check(report)
        if key is not None:
            app.extensions["jifen_seal"] = add_keys(own, key)
        instance = instance_of(app)
        if not without_key:
            whole.require_keys(
                reader.manifest, instance.seal, "请加 --key 原来的密钥文件，或加 --without-key。"
            )
        photos.take(reader, instance.photo_folder)
        try:
            with progress("导入") as report, transaction() as session:
                done = one.load(session, reader, instance, not without_key, report)
        except IntegrityError:
            raise Conflict("load_refused", "文件里有编号和这里的重复，什么都没有改动。") from None
    code, name = reader.manifest.village or ("", "")
    click.echo(f"导入了{name}（{code}）：{done.rows:,} 行，台账和封签核对过了。")
    if done.renamed:
        click.echo(f"这些用户名这里已经有人用，请给他们重发邀请：{'、'.join(done.renamed)}", err=True)
