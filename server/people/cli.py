"""`jifen init`, `jifen admin`, and the imports of divisions, rosters and people."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import click
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select

from server.grid import api as grid
from server.instance import FAULTY, data_option, open_instance, with_instance
from server.kit.clock import iso, local_date
from server.kit.transaction import transaction
from server.migrations.run import upgrade
from server.people import divisions, invitations, passwords, people_import, roster, set_up, villages
from server.people.models import Division, Household, Person, Village
from server.people.rules import Level
from server.people.schemas import USERNAME
from server.terminal import console, progress, refuse
from server.transfer.api import (
    RosterReading,
    check_parents,
    print_reading,
    read_divisions,
    read_grids,
    read_people,
    read_roster,
)

_FILE = click.Path(dir_okay=False, path_type=Path)


def _county(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[0-9]{6}|[0-9]{6}000000", value):
        raise click.BadParameter("县代码是 6 位数字（或补零到 12 位）。")
    return value[:6] + "000000"


def _under(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", value):
        raise click.BadParameter("填省 2 位、市 4 位、县 6 位或乡镇 9 位的代码。")
    return value


def village_code(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    """Checks a village code given on the command line."""
    if not re.fullmatch(r"[0-9]{12}", value) or value.endswith("000"):
        raise click.BadParameter("村代码是 12 位数字，末三位不是 000。")
    return value


@click.command()
@data_option
@click.option(
    "--county", nargs=2, required=True, metavar="CODE NAME", help="县代码和名称，如 990101 青禾县。"
)
@click.option("--admin", "username", required=True, metavar="USER", help="管理员的用户名。")
def init(data: Path | None, county: tuple[str, str], username: str) -> None:
    """新建一个实例：县、管理员、第一个密码（问您，或取自 JIFEN_ADMIN_PASSWORD）。"""
    code = _county(click.get_current_context(), click.Option(["--county"]), county[0])
    USERNAME(username)
    app = open_instance(data, migrated=False)
    upgrade(app)
    with app.app_context():
        with transaction(writes=False) as session:
            set_up.refuse_second(session)
        password = os.environ.get("JIFEN_ADMIN_PASSWORD") or click.prompt(
            f"管理员 {username} 的密码（至少 {passwords.MINIMUM} 个字符）",
            hide_input=True,
            confirmation_prompt=True,
        )
        hashed = set_up.check_password(password, username)
        with transaction() as session:
            set_up.set_up(session, code, county[1], username, hashed, app.extensions["jifen_clock"].now())
    settings = app.extensions["jifen_settings"]
    click.echo(f"建好了：{county[1]}（{code}），管理员 {username}。")
    click.echo(f"数据在 {settings.data}；接着可以 jifen import roster …，再用 jifen serve 打开。")


@click.group()
def admin() -> None:
    """在服务器上办的事。"""


@admin.command()
@click.argument("user", metavar="USER")
@with_instance
def reset(app: Flask, user: str) -> None:
    """给 USER 一个一次性密码：只能用一次，用它登录后要马上改密码。"""
    password = set_up.one_time_password()
    hashed = passwords.hashed(password)
    with transaction() as session:
        set_up.reset(session, user, hashed, app.extensions["jifen_clock"].now())
    click.echo(f"{user} 的一次性密码：{password}")
    click.echo("只能登录一次，登录后请马上改密码。原来登录的设备都已退出。")


@click.command("divisions")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--under", callback=_under, metavar="CODE", help="只导入这个省、市、县或乡镇。")
@with_instance
def divisions_file(app: Flask, file: Path, under: str | None) -> None:
    """导入区划 FILE（CSV 或 Excel，列：代码、名称）：县级和乡镇级。FILE 也可以是放着这些文件的目录。"""
    with progress("读文件") as report:
        reading = read_divisions(file, under, progress=report)
    with transaction() as session:
        check_parents(reading, divisions.existing(session, Level.COUNTY))
        refuse(reading.faults)
        nodes = [divisions.Node(row.code, row.name, Level.COUNTY, None) for row in reading.counties]
        nodes += [
            divisions.Node(row.code, row.name, Level.TOWNSHIP, divisions.county_code(row.code))
            for row in reading.townships
        ]
        stored = divisions.store(session, nodes)
    click.echo(f"县级 {len(reading.counties)} 个，乡镇级 {len(reading.townships)} 个：")
    click.echo(f"新增 {stored.added}，改名 {stored.renamed}，不变 {stored.unchanged}。")
    for row in reading.placeholders:
        click.echo(f"第 {row.row} 行 {row.code[:9]} {row.name} 就是县本身，不另建乡镇。")
    if reading.passed_over:
        click.echo(f"省、市、村级的 {reading.passed_over} 行用不着，略过。")


@click.command("roster")
@click.argument("file", type=_FILE)
@click.option("--village", required=True, callback=village_code, metavar="CODE", help="村代码，12 位。")
@click.option("--village-name", metavar="NAME", help="村还没有时，用这个名称新建（默认取名册标题里的）。")
@click.option("--township-name", metavar="NAME", help="乡镇也没有时，它的名称。")
@click.option("--dry-run", is_flag=True, help="只看，不导入。")
@click.option("--skip-faulty", is_flag=True, help="跳过有问题的行，导入其余的。")
@click.option("--yes", is_flag=True, help="不再询问。")
@with_instance
def roster_file(app: Flask, file: Path, village: str, **options: Any) -> None:
    """把花名册 FILE（.xlsx 或 .csv）导入一个村：先说明读到什么、会改什么，再导入。"""
    now = app.extensions["jifen_clock"].now()
    content = _content(file)
    with transaction(writes=False) as session:
        found = session.get(Village, village)
    with progress("读名册") as report:
        name = found.name if found else options["village_name"]
        reading = read_roster(
            content, village, local_date(now), report, filename=file.name, village_name=name
        )
    new = None if found else _new_village(village, reading, options)
    order, may = _show(app, found, village, reading, content, options["skip_faulty"])
    if new is not None:
        click.echo(f"\n村 {village} 还没有，会新建：{new[0]}（{new[1] or '乡镇已有'}）。")
    if options["dry_run"]:
        raise SystemExit(0 if may else FAULTY)
    if not may:
        hint = "" if reading.must_fix else " 改正后再导入，或加 --skip-faulty 跳过。"
        click.echo(f"\n名册里有问题，什么都没有导入。{hint}", err=True)
        raise SystemExit(FAULTY)
    if not options["yes"]:
        click.confirm("\n照这样导入吗", abort=True)
    _import(app, village, new, order, now)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise click.ClickException(f"打不开文件 {file}，请核对路径和权限。") from None


def _new_village(code: str, reading: RosterReading, options: dict[str, Any]) -> tuple[str, str | None]:
    """The names under which village and township would be made.

    The township's only where it is not there yet.
    """
    with transaction(writes=False) as session:
        if session.get(Division, divisions.county_code(code)) is None:
            raise click.ClickException(f"没有代码是 {code[:6]} 的县，请核对村代码的前 6 位。")
        known = session.get(Division, divisions.township_code(code)) is not None
    name = options["village_name"] or reading.understood.village_name or f"未命名村（{code[9:]}）"
    return name, None if known else options["township_name"] or f"未命名乡镇（{code[6:9]}）"


def _show(
    app: Flask, found: Village | None, code: str, reading: RosterReading, content: bytes, skip: bool
) -> tuple[roster.Order, bool]:
    """Print what was understood and what would change.

    Gives what would be ordered and whether it may go on.
    """
    digest = hashlib.sha256(content).hexdigest()
    with transaction(writes=False) as session:
        village = found or Village(code=code)
        seen = roster.preview(session, village, reading, digest, app.extensions["jifen_seal"])
    print_reading(console(), seen.reading, seen.plan)
    return roster.Order(reading, digest, seen.plan_hash, skip), seen.may_import(skip)


def _import(app: Flask, code: str, new: tuple[str, str | None] | None, order: roster.Order, now: Any) -> None:
    with progress("写入") as report, transaction() as session:
        if new is not None:
            villages.create_village(session, None, code, new[0], new[1], now)
        village = session.get_one(Village, code)
        seal = app.extensions["jifen_seal"]
        _, done = roster.import_roster(session, None, village, order, seal, now, report)
        given = select(func.min(Household.code), func.max(Household.code)).where(
            Household.village_code == code, Household.created_at == now
        )
        first, last = session.execute(given).one()
    click.echo(
        f"导入完成：新增 {done.households_added} 户 {done.people_added} 人，改动 {done.households_changed} 户"
        + (f"，新建网格 {done.grids_added} 个。" if done.grids_added else "。")
    )
    if first is not None:
        click.echo(f"新户的编号按名册先后是 {first} 到 {last}，填网格和人员的表时要用；末四位就是门牌号。")


@click.command("grids")
@click.argument("file", type=_FILE)
@with_instance
def grids_file(app: Flask, file: Path) -> None:
    """导入网格 FILE（CSV 或 Excel，见 jifen template grids）；村还没有的，填了村名就一并新建。"""
    now = app.extensions["jifen_clock"].now()
    reading = read_grids(file)
    with transaction() as session:
        grid.check_grids(session, reading)
        refuse(reading.faults)
        new = grid.new_villages(session, reading)
        for code, name, township in new:
            villages.create_village(session, None, code, name, township, now)
        made, placed = grid.import_grids(session, reading, now)
    for code, name, _ in new:
        click.echo(f"新建村：{name}（{code}）")
    click.echo(f"新建网格 {made} 个，{placed} 户有了网格。")


@click.command("people")
@click.argument("file", type=_FILE)
@click.option(
    "--invitations", "out", type=_FILE, metavar="FILE.xlsx", help="给还没有账号的人发邀请，写进这个文件。"
)
@with_instance
def people_file(app: Flask, file: Path, out: Path | None) -> None:
    """导入人员和角色 FILE（CSV 或 Excel，见 jifen template people）。"""
    if out is not None and (out.exists() or out.suffix.lower() != ".xlsx"):
        raise click.UsageError("邀请要写进一个还没有的 .xlsx 文件。")
    now = app.extensions["jifen_clock"].now()
    reading = read_people(file)
    with transaction() as session:
        people_import.check(session, reading)
        refuse(reading.faults)
        done = people_import.import_people(session, reading, now)
        rows = [_invitation(app, session, person, now) for person in done.without_account if out]
    click.echo(f"新增 {done.persons_added} 人，给出角色 {done.roles_added} 个。")
    if out is not None:
        _write_invitations(out, rows)
        click.echo(f"{len(rows)} 份邀请写在 {out}：只能各用一次，发出后请删掉这个文件。")
        url = app.extensions["jifen_settings"].public_url
        if url.startswith(("http://127.", "http://localhost")):
            click.echo(f"注意：邀请里的网址是 {url}，别人的手机打不开；先设 JIFEN_PUBLIC_URL。", err=True)
    elif done.without_account:
        click.echo(f"还有 {len(done.without_account)} 人没有账号；加 --invitations FILE.xlsx 发邀请。")


def _invitation(app: Flask, session: Any, person_id: str, now: Any) -> list[str]:
    settings = app.extensions["jifen_settings"]
    issued = invitations.invite(session, None, person_id, settings.invitation_seconds, False, now)
    person = session.get_one(Person, person_id)
    home = session.get_one(Division, person.home)
    return [
        person.name,
        home.name,
        issued.text,
        f"{settings.public_url}/i/{issued.text}",
        iso(issued.expires_at)[:16],
    ]


def _write_invitations(out: Path, rows: list[list[str]]) -> None:
    book = xlsxwriter.Workbook(str(out), {"in_memory": True})
    sheet = book.add_worksheet("邀请")
    for index, (title, width) in enumerate(
        (("姓名", 12), ("所在", 16), ("邀请码", 28), ("网址", 56), ("有效到", 18))
    ):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, title, book.add_format({"bold": True}))
    for number, row in enumerate(rows, 1):
        for index, text in enumerate(row):
            sheet.write_string(number, index, text)
    book.close()
