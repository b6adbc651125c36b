"""The command line on a real instance: what it prints, what it changes, how it ends."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from server.app import create_app
from server.cli import COMMANDS, IMPORTS, jifen
from server.config import load
from server.kit.transaction import transaction
from server.people import passwords
from server.people.models import Division, GrantRow, Household, Person, Village

VILLAGE = "990101101201"
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash of {password}")
    monkeypatch.delenv("JIFEN_DATABASE_URL", raising=False)
    monkeypatch.setenv("JIFEN_ADMIN_PASSWORD", "shanshui-2026")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An instance that was just set up."""
    folder = tmp_path / "instance"
    done = run("init", "--county", "990101", "青禾县", "--admin", "Root", data=folder)
    assert done.exit_code == 0, done.output
    return folder


def run(*arguments: object, data: Path | None = None, answers: str | None = None) -> Result:
    extra = ["--data", str(data)] if data else []
    return CliRunner().invoke(jifen, [*map(str, arguments), *extra], input=answers)


def count(data: Path, model: type) -> int:
    app = create_app(load({}, data=str(data), scheduler="false"))
    with app.app_context(), transaction(writes=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def csv(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def xlsx(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def roster(path: Path, households: int, phone: str = "19900001111") -> Path:
    rows: list[tuple[object, ...]] = [("门牌", "户主", "姓名", "与户主关系", "手机号")]
    for number in range(1, households + 1):
        head = f"韩{chr(0x4E00 + number)}"
        rows.append((f"东街{number}号", head, head, "户主", phone))
    return xlsx(path, *rows)


def test_help_names_every_command() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "server", "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    for name in COMMANDS:
        assert f"  {name} " in shown.stdout
    heavy = "import sys, server.cli; print(any(m.startswith('flask') for m in sys.modules))"
    light = subprocess.run(
        [sys.executable, "-c", heavy], capture_output=True, text=True, check=True, timeout=60
    )
    assert light.stdout.strip() == "False"


@pytest.mark.parametrize("names", [[name] for name in COMMANDS] + [["import", name] for name in IMPORTS])
def test_every_command_has_help(names: list[str]) -> None:
    shown = run(*names, "--help")
    assert shown.exit_code == 0, shown.output
    assert "Usage: jifen" in shown.output or "Usage: " in shown.output


def test_init_makes_county_and_administrator_once(data: Path) -> None:
    app = create_app(load({}, data=str(data), scheduler="false"))
    with app.app_context(), transaction(writes=False) as session:
        assert session.get_one(Division, "990101000000").name == "青禾县"
        root = session.scalars(select(Person)).one()
        assert (root.username, root.password_hash) == ("root", "hash of shanshui-2026")
        grant = session.scalars(select(GrantRow)).one()
        assert (grant.role, grant.scope) == ("admin", "990101000000")
    again = run("init", "--county", "990101", "青禾县", "--admin", "root", data=data)
    assert (again.exit_code, "已经建过了" in again.output) == (1, True)


def test_init_asks_for_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIFEN_ADMIN_PASSWORD")
    arguments = ("init", "--county", "990101", "青禾县", "--admin", "root")
    weak = run(*arguments, data=tmp_path / "a", answers="kurz\nkurz\n")
    assert (weak.exit_code, "太容易猜" in weak.output) == (2, True)
    done = run(*arguments, data=tmp_path / "a", answers="lang-genug\nlang-genug\n")
    assert done.exit_code == 0, done.output
    assert "lang-genug" not in done.output


@pytest.mark.parametrize(
    "arguments", [("admin", "reset", "root"), ("plates", "--village", VILLAGE, "--output", "x.pdf")]
)
def test_without_an_instance_the_way_is_shown(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    refused = run(*arguments, data=tmp_path / "nothing")
    assert (refused.exit_code, "jifen init" in refused.output) == (1, True)
    assert not (tmp_path / "nothing").exists(), "a mistyped folder is not made"


def test_without_a_folder_the_way_is_shown_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JIFEN_DATA", raising=False)
    refused = run("ledger", "verify")
    assert (refused.exit_code, "jifen init" in refused.output) == (1, True)


def test_a_database_that_is_not_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIFEN_DATA", str(tmp_path))
    monkeypatch.setenv("JIFEN_DATABASE_URL", "postgresql://clerk:geheim@127.0.0.1:1/village")
    refused = run("ledger", "verify")
    assert (refused.exit_code, "打不开数据库" in refused.output) == (1, True)
    assert "geheim" not in refused.output


@pytest.mark.parametrize("name", ["grids", "people", "divisions"])
def test_an_empty_template_is_not_an_import(data: Path, tmp_path: Path, name: str) -> None:
    empty = tmp_path / f"{name}.xlsx"
    assert run("template", name, empty).exit_code == 0
    refused = run("import", name, empty, data=data)
    assert (refused.exit_code, "一行也没有填" in refused.output) == (2, True)


def test_a_rulebook_for_a_village_that_is_not_there(data: Path) -> None:
    refused = run("import", "rulebook", "--shipped", "--village", VILLAGE, data=data)
    assert (refused.exit_code, f"没有代码是 {VILLAGE} 的村" in refused.output) == (1, True)


def test_a_demo_of_another_version_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "jifen.db").touch()
    refused = run("demo", "--build-only", data=tmp_path)
    assert (refused.exit_code, "请删掉这个目录" in refused.output) == (1, True)


def test_a_port_that_is_taken_is_said_before_anything_is_built(data: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for refused in (
            run("serve", "--port", port, data=data),
            run("demo", "--port", port, data=tmp_path / "d"),
        ):
            assert (refused.exit_code, f"端口 {port} 已有程序在用" in refused.output) == (1, True)
    assert not (tmp_path / "d").exists()


def test_wrong_settings_are_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_PORT", "many")
    refused = run("admin", "reset", "root", data=data)
    assert (refused.exit_code, "JIFEN_PORT" in refused.output) == (1, True)


def test_a_reset_gives_a_password_for_once(data: Path) -> None:
    done = run("admin", "reset", "ROOT", data=data)
    assert (done.exit_code, "一次性密码：" in done.output) == (0, True)
    unknown = run("admin", "reset", "nobody", data=data)
    assert (unknown.exit_code, "nobody" in unknown.output) == (1, True)


def test_divisions_whole_or_one_county(data: Path, tmp_path: Path) -> None:
    areas = csv(tmp_path / "areas.csv", "code,name,cityCode", '130628,"高阳县",1306', '350527,"金门县",3505')
    streets = csv(
        tmp_path / "streets.csv",
        "code,name,areaCode",
        '130628100,"高阳镇",130628',
        '130628101,"庞口镇",130628',
        '350527000,"金门县",350527',
    )
    early = run("import", "divisions", streets, data=data)
    assert (early.exit_code, "130628" in early.output) == (2, True)
    assert count(data, Division) == 1, "a faulty file changes nothing"
    assert run("import", "divisions", areas, data=data).exit_code == 0
    one = run("import", "divisions", streets, "--under", "130628", data=data)
    assert (one.exit_code, "乡镇级 2 个" in one.output) == (0, True)
    whole = run("import", "divisions", streets, data=data)
    assert "新增 0，改名 0，不变 2" in whole.output
    assert "就是县本身" in whole.output
    csv(streets, "code,name", '130628100,"高阳新镇"')
    assert "改名 1" in run("import", "divisions", streets, data=data).output


def test_divisions_list_every_fault(data: Path, tmp_path: Path) -> None:
    bad = csv(tmp_path / "bad.csv", "code,name", "13062,短码", "130628,", "130629,有名", "130629,重复")
    refused = run("import", "divisions", bad, data=data)
    assert refused.exit_code == 2
    for said in ("有 3 处问题", "区划代码应是", "没有填", "重复"):
        assert said in refused.output
    assert count(data, Division) == 1


@pytest.mark.skipif(not (DATA / "divisions").is_dir(), reason="the published files are not here")
def test_the_whole_country(data: Path) -> None:
    done = run("import", "divisions", DATA / "divisions", data=data)
    assert done.exit_code == 0, done.output
    assert "县级 2978 个，乡镇级 41351 个" in done.output


def test_a_roster_makes_its_village_and_is_shown_first(data: Path, tmp_path: Path) -> None:
    file = roster(tmp_path / "roster.xlsx", 12)
    looked = run("import", "roster", file, "--village", VILLAGE, "--dry-run", data=data)
    assert (looked.exit_code, count(data, Household)) == (0, 0)
    assert "新增 12 户" in looked.output
    denied = run("import", "roster", file, "--village", VILLAGE, data=data, answers="n\n")
    assert (denied.exit_code, count(data, Village)) == (1, 0)
    names = ("--village-name", "大槐树村", "--township-name", "柳溪镇")
    done = run("import", "roster", file, "--village", VILLAGE, *names, "--yes", data=data)
    assert (done.exit_code, "新增 12 户 12 人" in done.output) == (0, True)
    assert f"{VILLAGE}0001 到 {VILLAGE}0012" in done.output
    again = run("import", "roster", file, "--village", VILLAGE, "--yes", data=data)
    assert ("不变 12 户" in again.output, "新户的编号" in again.output) == (True, False)
    assert count(data, Household) == 12


def test_a_faulty_roster_changes_nothing_until_skipped(data: Path, tmp_path: Path) -> None:
    file = roster(tmp_path / "roster.xlsx", 2, phone="123")
    refused = run("import", "roster", file, "--village", VILLAGE, "--yes", data=data)
    assert (refused.exit_code, "手机号" in refused.output) == (2, True)
    assert (count(data, Household), count(data, Village)) == (0, 0)
    done = run("import", "roster", file, "--village", VILLAGE, "--yes", "--skip-faulty", data=data)
    assert (done.exit_code, count(data, Household)) == (0, 2)


@pytest.mark.parametrize("village", ["110101001001", "990101101000", "99"])
def test_a_village_that_cannot_be(data: Path, tmp_path: Path, village: str) -> None:
    refused = run(
        "import", "roster", roster(tmp_path / "r.xlsx", 1), "--village", village, "--yes", data=data
    )
    assert refused.exit_code in (1, 2)
    assert count(data, Village) == 0


@pytest.mark.skipif(not (DATA / "roster-9999.xlsx").is_file(), reason="the large roster is not here")
def test_9999_households_at_once(data: Path) -> None:
    done = run("import", "roster", DATA / "roster-9999.xlsx", "--village", "990101101299", "--yes", data=data)
    assert (done.exit_code, "新增 9999 户 35522 人" in done.output) == (0, True), done.output[-500:]


GRIDS = ("村代码", "村名", "乡镇", "网格", "责任片区", "户号从", "户号到")
PEOPLE = ("姓名", "区划代码", "户编号", "用户名", "角色", "网格", "开始日期")


def test_grids_and_people_with_invitations(data: Path, tmp_path: Path) -> None:
    empty = xlsx(tmp_path / "g0.xlsx", GRIDS, (VILLAGE, "大槐树村", "柳溪镇", "东网格", "", "", ""))
    made = run("import", "grids", empty, data=data)
    assert (made.exit_code, "新建村：大槐树村" in made.output) == (0, True), made.output
    assert (
        run(
            "import", "roster", roster(tmp_path / "r.xlsx", 5), "--village", VILLAGE, "--yes", data=data
        ).exit_code
        == 0
    )
    filled = xlsx(
        tmp_path / "g1.xlsx",
        GRIDS,
        (VILLAGE, "", "", "东网格", "一片", "0001", "0003"),
        (VILLAGE, "", "", "西网格", "", 4, 5),
    )
    done = run("import", "grids", filled, data=data)
    assert "新建网格 1 个，5 户有了网格" in done.output, done.output
    people = xlsx(
        tmp_path / "p.xlsx",
        PEOPLE,
        ("王芳", VILLAGE, f"{VILLAGE}0001", "", "网格员", "东网格", ""),
        ("王芳", VILLAGE, f"{VILLAGE}0001", "", "评议小组成员", "", "2026-01-01"),
        ("陈立", VILLAGE, "", "chenli", "村委会主任", "", ""),
    )
    out = tmp_path / "invitations.xlsx"
    came = run("import", "people", people, "--invitations", out, data=data)
    assert "新增 2 人，给出角色 3 个" in came.output, came.output
    rows = list(load_workbook(out).active.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["王芳", "陈立"]
    assert rows[0][3].endswith(rows[0][2])
    again = run("import", "people", people, data=data)
    assert "新增 0 人，给出角色 0 个" in again.output
    assert count(data, Person) == 3


@pytest.mark.parametrize(
    ("command", "header", "row", "said"),
    [
        ("grids", GRIDS, (VILLAGE, "", "", "东网格", "", "", ""), "没有这个村"),
        ("grids", GRIDS, (VILLAGE, "大槐树村", "", "东网格", "", "", ""), "乡镇还没有"),
        ("grids", GRIDS, ("110101001001", "外村", "外镇", "东网格", "", "", ""), "110101"),
        ("grids", GRIDS, (VILLAGE, "大槐树村", "柳溪镇", "东网格", "", 9, 3), "小于"),
        ("people", PEOPLE, ("王芳", VILLAGE, "", "", "网格员", "", ""), "没有这个地方"),
        ("people", PEOPLE, ("王芳", "990101", "", "", "村委会主任", "", ""), "这一级"),
        ("people", PEOPLE, ("王芳", "990101", "", "", "皇帝", "", ""), "没有这个角色"),
        ("people", PEOPLE, ("王芳", "990101", "", "root", "审计员", "", ""), "已经有人用"),
        ("people", PEOPLE, ("", "990101", "", "", "审计员", "", ""), "没有填"),
    ],
)
def test_faults_of_grids_and_people(
    data: Path, tmp_path: Path, command: str, header: tuple[str, ...], row: tuple[object, ...], said: str
) -> None:
    refused = run("import", command, xlsx(tmp_path / "f.xlsx", header, row), data=data)
    assert (refused.exit_code, said in refused.output) == (2, True), refused.output
    assert (count(data, Village), count(data, Person)) == (0, 1)


@pytest.mark.parametrize("name", ["roster", "grids", "people", "divisions"])
def test_templates_are_read_by_their_own_importer(data: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.xlsx"
    assert run("template", name, file).exit_code == 0
    assert run("template", name, file).exit_code == 1, "a filled-in sheet is not overwritten"
    extra = ("--village", VILLAGE, "--dry-run") if name == "roster" else ()
    read = run("import", name, file, *extra, data=data)
    assert "没有找到表头" not in read.output, read.output


def test_plates_are_printed_for_a_village(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "plates.pdf"
    early = run("plates", "--village", VILLAGE, "--output", out, data=data)
    assert (early.exit_code, out.exists()) == (1, False)
    run("import", "roster", roster(tmp_path / "r.xlsx", 9), "--village", VILLAGE, "--yes", data=data)
    done = run("plates", "--village", VILLAGE, "--output", out, "--per-page", 6, data=data)
    assert (done.exit_code, "9 块门牌，2 张纸" in done.output) == (0, True), done.output
    assert out.read_bytes().startswith(b"%PDF")


def test_the_schema_goes_down_and_up(data: Path) -> None:
    assert "已是" in run("db", "upgrade", data=data).output
    down = run("db", "downgrade", "base", "--yes", data=data)
    assert (down.exit_code, "空" in down.output) == (0, True), down.output
    assert "jifen init" in run("admin", "reset", "root", data=data).output
    assert run("db", "upgrade", data=data).exit_code == 0
    wrong = run("db", "downgrade", "no-such", data=data)
    assert (wrong.exit_code, "no-such" in wrong.output) == (1, True)


def test_a_rulebook_is_checked_and_kept_as_a_draft(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "rules.yaml"
    assert run("rulebook", "copy", own).exit_code == 0
    checked = run("rulebook", "check", own)
    assert (checked.exit_code, "正面 25 条，负面 19 条，一票否决 4 条" in checked.output) == (0, True), (
        checked.output
    )
    own.write_text(own.read_text("utf-8").replace("points", "punkte"), "utf-8")
    assert run("rulebook", "check", own).exit_code == 2
    run("import", "roster", roster(tmp_path / "r.xlsx", 1), "--village", VILLAGE, "--yes", data=data)
    assert run("import", "rulebook", own, "--village", VILLAGE, data=data).exit_code == 2
    done = run("import", "rulebook", "--shipped", "--village", VILLAGE, data=data)
    assert (done.exit_code, "草案存好了" in done.output) == (0, True), done.output
