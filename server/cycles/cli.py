"""`jifen cycles`: what is due, done and parked; close it now; ring the bell as a process of its own."""

from __future__ import annotations

import signal
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from server.cycles import demo_clock, scheduler
from server.cycles.engine import Closed, list_due, run_due
from server.cycles.models import ClosedPeriod, ParkedPeriod
from server.instance import data_option, open_instance, with_instance
from server.kit.clock import SHANGHAI, Clock
from server.kit.transaction import transaction
from server.people.api import Village

# how the closers are called on a screen
NAMES = {
    "conduct.week_report": "周报送",
    "conduct.week_autosubmit": "周报到期自动报送",
    "settlement.month_cutoff": "月度截止",
    "settlement.tally_freeze": "月度名单定稿",
    "settlement.notice_end": "公示期满入账",
    "settlement.objection_escalation": "异议转乡镇",
    "settlement.notice_takedown": "公示撤下",
    "settlement.base_points": "年度基础分",
    "insight.quarter_close": "季度小结",
    "honours.year_close": "年度评比开始",
    "honours.notice_end": "年度评比公示期满",
    "honours.objection_escalation": "年度评比异议转乡镇",
    "ledger.seal": "账本封印",
    "audit.seal": "操作日志封签",
    "audit.cut": "操作日志过期清除",
    "evidence.orphans": "没用上的照片清除",
    "evidence.aged": "照片到期清除",
    "evidence.files": "照片文件删除",
    "assessment.opening": "考核周期开始",
    "assessment.step": "考核环节到期",
    "assessment.appraisal": "匿名测评计票",
    "assessment.objection": "考核异议转监督",
    "assessment.rectification": "整改到期",
    "settlement.photo_retention": "入账后照片到期清除",
    "upkeep.sweep": "过期的登录和凭据清除",
}
_SHOWN = 20


class Moment(click.ParamType[datetime]):
    """A day or an instant; without an offset it is Asia/Shanghai, a day is its beginning."""

    name = "时间"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            self.fail("时间写成 2026-11-22 或 2026-11-22T08:00 这样。", param, ctx)
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)


_as_of = click.option("--as-of", type=Moment(), help="看这个时间为止；演示数据上 run 会把时钟拨到这里。")


@click.group(invoke_without_command=True)
@click.pass_context
@data_option
@_as_of
def cycles(ctx: click.Context, data: Path | None, as_of: datetime | None) -> None:
    """到期的周期：哪些该关、关了哪些、哪些没关成。"""
    if ctx.invoked_subcommand is None:
        app = open_instance(data)
        with app.app_context():
            show(Console(), as_of or _clock(app).now())


@cycles.command()
@_as_of
@with_instance
def run(app: Flask, as_of: datetime | None) -> None:
    """把到期的周期都关掉；演示数据上 --as-of 会把时钟往后拨，沿路到期的一并关掉。"""
    clock = _clock(app)
    now = clock.now()
    console = Console()
    if as_of is None or as_of <= now:
        done = run_due(as_of or now, lambda closed: _say(console, closed))
    elif isinstance(clock, demo_clock.DemoClock):
        done = demo_clock.move_to(clock, as_of, lambda closed: _say(console, closed))
        console.print(f"演示时钟拨到 {_time(clock.now())}。", highlight=False)
    else:
        raise click.UsageError("--as-of 是将来的时间：只有演示数据能往后关账。不写 run 可以先看。")
    console.print(f"关了 {len(done)} 个周期。" if done else "没有到期的周期。", highlight=False)
    parked = _parked()
    if parked:
        console.print(_parked_table(parked))
        raise SystemExit(1)


@cycles.command()
@with_instance
def serve(app: Flask) -> None:
    """单独运行调度进程；正式运行时网页进程里已有一个，多开几个也不会重复关账。"""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    scheduler.serve(app)


def _clock(app: Flask) -> Clock:
    with transaction(writes=False) as session:
        demo = demo_clock.is_demo(session)
    found: Clock = app.extensions["jifen_clock"]
    return demo_clock.DemoClock() if demo and not isinstance(found, demo_clock.DemoClock) else found


def show(console: Console, until: datetime) -> None:
    """Print what is due at `until`, what is parked, and what was closed last."""
    with transaction(writes=False) as session:
        due = list_due(session, until)
        newest = select(ClosedPeriod).order_by(ClosedPeriod.closed_at.desc(), ClosedPeriod.due_at.desc())
        done = session.scalars(newest.limit(_SHOWN)).all()
        villages = {row.code: row.name for row in session.execute(select(Village.code, Village.name))}
    table = _table(f"到 {_time(until)} 该关的", "周期", "村", "期", "到期")
    for closer, period in due:
        table.add_row(closer_name(closer), _place(villages, period.village), period.period, _time(period.at))
    console.print(table if due else f"到 {_time(until)} 没有该关的周期。", highlight=False)
    if parked := _parked():
        console.print(_parked_table(parked))
    table = _table(f"最近关掉的（最多 {_SHOWN} 个）", "周期", "村", "期", "到期", "关于")
    for row in done:
        place = _place(villages, row.village_code)
        table.add_row(closer_name(row.closer), place, row.period, _time(row.due_at), _time(row.closed_at))
    console.print(table if done else "还没有关过周期。", highlight=False)


def _parked() -> list[ParkedPeriod]:
    with transaction(writes=False) as session:
        return list(session.scalars(select(ParkedPeriod).order_by(ParkedPeriod.next_try_at)))


def _parked_table(parked: list[ParkedPeriod]) -> Table:
    table = _table("没关成的（会自动再试，其他的照常）", "周期", "村", "期", "试过", "再试", "原因")
    for row in parked:
        tries = f"{row.attempts} 次"
        place = row.village_code or "全县"
        table.add_row(closer_name(row.closer), place, row.period, tries, _time(row.next_try_at), row.error)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _say(console: Console, closed: Closed) -> None:
    words = (_time(closed.at), closer_name(closed.closer), closed.village or "全县", closed.period)
    console.print("  ".join(words), highlight=False)


def closer_name(closer: str) -> str:
    """A closer as people call it."""
    return NAMES.get(closer, closer)


def _place(villages: dict[str, str], code: str) -> str:
    return f"{villages[code]} {code}" if code in villages else code or "全县"


def _time(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
