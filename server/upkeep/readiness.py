"""Whether the instance can serve, and what is wrong when it cannot: one check a line, each with a clear state.

Checks look and change nothing; what they find goes away by itself when its cause does.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.config import Settings
from server.evidence import api as evidence
from server.kit.clock import Clock
from server.kit.errors import Unavailable
from server.kit.sql import instant_out
from server.kit.transaction import transaction
from server.migrations.run import current, head

LEAST_FREE = 200 * 1024 * 1024
LONGEST_ANSWER = 2.0
BACKWARDS = timedelta(minutes=10)
MOST_WAITING = 5_000
LONGEST_WAIT = timedelta(hours=6)
PHOTOS_A_LOOK = 20


class State(StrEnum):
    """`ok`; `warning`: serves, but somebody should look; `failed`: does not serve."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """What one check found, with a sentence for whoever keeps the machine."""

    state: State
    code: str
    detail: str = ""


FINE = Finding(State.OK, "ok")


def look(app: Flask) -> dict[str, Finding]:
    """Every check. Without a database only the disk can be looked at."""
    settings: Settings = app.extensions["jifen_settings"]
    clock: Clock = app.extensions["jifen_clock"]
    found = {"disk": disk(settings.data), "database": database(app)}
    if found["database"].state is not State.FAILED:
        checks: dict[str, Callable[[], Finding]] = {
            "clock": lambda: clock_check(clock.now()),
            "queue": lambda: queue(clock.now()),
            "photos": lambda: photos(app, evidence.folder_in(settings.data)),
        }
        found |= {name: check() for name, check in checks.items()}
    return found


def disk(folder: Path) -> Finding:
    """Room for what is written next."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        said = f"数据目录的磁盘只剩 {free // 1_000_000} MB，写不进去会被退回；请清理磁盘，清出来就自动恢复。"
        return Finding(State.FAILED, "disk_full", said)
    return FINE


def database(app: Flask) -> Finding:
    """It answers, quickly, and has the schema of this program."""
    began = time.monotonic()
    try:
        with transaction(writes=False) as session:
            session.execute(text("SELECT 1"))
        found, wanted = current(app), head()
    except (SQLAlchemyError, OSError):
        return Finding(
            State.FAILED, "database_gone", "数据库连不上。请看它是否在运行；恢复后这里会自动恢复。"
        )
    if found != wanted:
        detail = f"数据库结构是 {found or '空'}，程序要 {wanted}。请运行 jifen db upgrade。"
        return Finding(State.FAILED, "migrate", detail)
    if (taken := time.monotonic() - began) > LONGEST_ANSWER:
        return Finding(State.WARNING, "database_slow", f"数据库 {taken:.1f} 秒才回答，请看它和磁盘是否太忙。")
    return FINE


def clock_check(now: datetime) -> Finding:
    """The machine's clock is not behind what was already done."""
    with transaction(writes=False) as session:
        newest = session.execute(text("SELECT MAX(closed_at) FROM closed_periods")).scalar()
    if newest is not None and now < instant_out(newest) - BACKWARDS:
        detail = "本机时钟比已经关账的时间还早。请校准时钟；校准前不会关账，也不会丢东西。"
        return Finding(State.WARNING, "clock_behind", detail)
    return FINE


def queue(now: datetime) -> Finding:
    """What goes out is not piling up."""
    sql = "SELECT COUNT(*), MIN(created_at) FROM outbox WHERE status = 'waiting'"
    with transaction(writes=False) as session:
        count, oldest = session.execute(text(sql)).one()
    if count > MOST_WAITING or (oldest is not None and now - instant_out(oldest) > LONGEST_WAIT):
        detail = f"有 {count} 条微信消息发不出去，站内消息不受影响。网络或微信恢复后会自动发。"
        return Finding(State.WARNING, "queue_full", detail)
    return FINE


@dataclass
class _Round:
    """Where the look at the photos has got to, and which were damaged when seen last."""

    after: str = ""


def photos(app: Flask, folder: Path) -> Finding:
    """A few photos at each look, in turn, are still what they were; damaged ones are looked at again each time."""
    damaged: set[str] = app.extensions.setdefault("jifen_damaged_photos", set())
    turn: _Round = app.extensions.setdefault("jifen_photo_round", _Round())
    sql = (
        "SELECT DISTINCT content_hash FROM photos WHERE blanked_at IS NULL AND content_hash > :after "
        "ORDER BY content_hash LIMIT :most"
    )
    with transaction(writes=False) as session:
        some = list(session.scalars(text(sql), {"after": turn.after, "most": PHOTOS_A_LOOK}))
    turn.after = some[-1] if len(some) == PHOTOS_A_LOOK else ""
    for content_hash in {*some, *damaged}:
        try:
            evidence.read(folder, content_hash, small=False)
            damaged.discard(content_hash)
        except Unavailable:
            damaged.add(content_hash)
    if damaged:
        first = min(damaged)[:12]
        detail = f"至少 {len(damaged)} 张照片损坏或丢失（{first}…）。请从备份里取回文件，放回后自动恢复。"
        return Finding(State.WARNING, "photo_damaged", detail)
    return FINE
