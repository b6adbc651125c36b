"""`jifen serve`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from server.config import Settings
from server.instance import data_option, open_instance
from server.kit.database import db
from server.web.serving import run, taken


@click.command()
@data_option
@click.option("--host", help="监听地址（默认 127.0.0.1，只有本机能访问）。")
@click.option("--port", type=click.IntRange(0, 65535), help="端口（默认 8000）。")
@click.option("--workers", type=click.IntRange(1, 64), help="进程数（默认 2）。")
def serve(data: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """正式运行。设置取自 JIFEN_* 环境变量，或 JIFEN_CONFIG 指的 TOML 文件。"""
    app = open_instance(data, host=host, port=port, workers=workers)
    settings: Settings = app.extensions["jifen_settings"]
    if settings.mode == "demo":
        raise click.ClickException("演示用 jifen demo 打开；正式运行请去掉 JIFEN_MODE=demo。")
    if settings.public_url == Settings.public_url:
        settings = replace(settings, public_url=f"http://{settings.host}:{settings.port}")
    if taken(settings.host, settings.port):
        raise click.ClickException(
            f"端口 {settings.port} 已有程序在用（演示还开着？）：先停掉它，或用 --port 换一个。"
        )
    with app.app_context():
        db.engine.dispose()  # the workers open their own connections
    where = f"{settings.host}:{settings.port}"
    click.echo(f"打开 {settings.public_url}（监听 {where}，按 Ctrl+C 停止）", err=True)
    run(settings)
