"""Goods from and to spreadsheets: all faults by row and column, all or nothing; no cell is a formula."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from flask import Flask

from mall.goods.cli import goods_file
from mall.goods.goods_file import COLUMNS, read_goods
from mall.goods.goods_import import check, import_goods
from server import cli, instance
from server.kit.clock import SetClock
from server.kit.errors import NotFound
from server.kit.transaction import transaction
from server.transfer.sheets import neutral
from tests.cast import VILLAGE, Cast, build
from tests.shop import goods_body, on_sale, open_shop, stock

HEAD = ["名称", "单位", "积分", "成本", "类别", "条码", "每户限兑", "预警数量", "保质期"]
RICE: list[Any] = ["东北大米 5kg", "袋", 30, "28.00", "粮油", "6901234567892", 2, 5, 365]
OIL: list[Any] = ["菜籽油 1.8L", "桶", "25.50", 24.5, "粮油", None, None, None, None]


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def sheet(*rows: list[Any], head: list[str] = HEAD) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("商品")
        for line, row in enumerate([head, *rows]):
            page.write_row(line, 0, row)
    return stream.getvalue()


def faults_of(cast: Cast, content: bytes) -> list[tuple[int, str, str]]:
    reading = read_goods(content, "goods.xlsx")
    with transaction(writes=False) as session:
        check(session, VILLAGE, reading, cast.clock.now())
    return [(fault.row, fault.column, fault.code) for fault in reading.faults]


def run(cast: Cast, monkeypatch: pytest.MonkeyPatch, path: Path) -> Any:
    monkeypatch.setattr(instance, "open_instance", lambda _data: cast.app)
    return CliRunner().invoke(goods_file, [str(path), "--village", VILLAGE])


def test_a_sheet_of_goods(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "goods.xlsx"
    path.write_bytes(sheet(RICE, OIL))
    done = run(cast, monkeypatch, path)
    assert (done.exit_code, done.output) == (0, "商品新增 2 种，原有不变 0 种。\n")
    found = {item["name"]: item for item in on_sale(cast).values()}
    rice, oil = found["东北大米 5kg"], found["菜籽油 1.8L"]
    assert (rice["points_price"], rice["barcode"], rice["limit"]) == ("30.00", "6901234567892", 2)
    assert (oil["points_price"], oil["limit"], oil["on_hand"]) == ("25.50", None, 0)
    kept = cast.as_("keeper_jiang").get(f"/mall/goods/{oil['id']}").get_json()
    assert (kept["cost_yuan"], kept["low_level"], kept["shelf_life_days"]) == ("24.50", 0, None)
    again = run(cast, monkeypatch, path)
    assert (again.exit_code, again.output) == (0, "商品新增 0 种，原有不变 2 种。\n")
    assert len(on_sale(cast)) == 2


def test_every_fault_is_listed_and_nothing_is_imported(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "goods.xlsx"
    path.write_bytes(
        sheet(
            RICE,
            ["盐", "袋", "二", None, None, "6901234567890", 0, -1, 1.5],
            ["", "袋", 2],
            ["东北大米 5kg", "袋", 30],
            ["糖", "袋", 0, None, None, "6901234567892"],
        )
    )
    done = run(cast, monkeypatch, path)
    assert done.exit_code == 2
    assert "什么都没有导入" in done.output
    for said in ("3", "C 积分", "写成 25 或 25.50", "条码的校验码不对", "名称没有填", "和第 2 行的名称相同"):
        assert said in done.output
    assert on_sale(cast) == {}


def test_faults_by_row_and_column(cast: Cast) -> None:
    content = sheet(
        RICE,
        ["盐", "袋", "二", None, None, "6901234567890", 0, -1, 1.5],
        ["", "袋", 2],
        ["东北大米 5kg", "袋", 30],
        ["糖", "袋", 2, None, None, "6901234567892"],
    )
    assert faults_of(cast, content) == [
        (3, "C", "bad_amount"),
        (3, "F", "bad_check_digit"),
        (3, "G", "bad_number"),
        (3, "H", "bad_number"),
        (3, "I", "bad_number"),
        (4, "A", "empty"),
        (5, "A", "twice"),
        (6, "F", "twice"),
    ]


def test_what_contradicts_the_shop_is_a_fault(cast: Cast) -> None:
    open_shop(cast)
    cast.as_("keeper_jiang").post("/mall/goods", goods_body(barcode="6901234567892"))
    content = sheet(
        ["东北大米 5kg", "袋", 30, 28],  # as it is
        ["菜籽油 1.8L", "瓶", 26],
        ["浴巾", "条", 8, None, None, "6901234567892"],
    )
    assert faults_of(cast, content) == [
        (3, "B", "different"),
        (3, "C", "different"),
        (4, "F", "barcode_taken"),
    ]


def test_an_unknown_village_and_a_formula(cast: Cast) -> None:
    reading = read_goods(sheet(RICE), "goods.xlsx")
    with pytest.raises(NotFound), transaction(writes=False) as session:
        check(session, "990101101999", reading, cast.clock.now())
    assert faults_of(cast, sheet(["=1+1", "袋", 2])) == [(2, "A", "formula")]
    assert [code for _, _, code in faults_of(cast, sheet(["盐"], head=["品名"]))] == ["no_header"]


def test_the_template_is_read_by_the_import(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    done = CliRunner().invoke(cli.jifen, ["template", "goods", str(path)])
    assert done.exit_code == 0, done.output
    header = [cell.value for cell in openpyxl.load_workbook(path)["商品"][1]]
    assert set(header) == {column.title for column in COLUMNS} and len(header) == len(COLUMNS)
    assert read_goods(path).faults == []


def cells(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert all(cell.data_type != "f" for row in book.active for cell in row)  # type: ignore[union-attr]
    return [[cell.value for cell in row] for row in book.active]  # type: ignore[union-attr]


def test_an_exported_list_can_be_imported(cast: Cast) -> None:
    open_shop(cast, rice=4)
    answer = cast.as_("head_chen").get("/mall/exports/goods", village=VILLAGE)
    assert answer.status_code == 200
    rows = cells(answer.data)
    assert rows[0][:9] == ["名称", "单位", "积分", "成本", "类别", "条码", "每户限兑", "预警数量", "保质期"]
    rice = next(row for row in rows if row[0] == "东北大米 5kg")
    assert (rice[2], rice[3], rice[9], rice[10]) == (30, 28, "是", 4)
    assert faults_of(cast, answer.data) == []
    reading = read_goods(answer.data, "goods.xlsx")
    with transaction() as session:
        done = import_goods(session, VILLAGE, reading, cast.clock.now())
    assert (done.added, done.unchanged) == (0, 3)


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(cast: Cast, name: str) -> None:
    assert neutral(name) == "'" + name
    if name[0] == "\t":
        return  # no such name gets in
    body = goods_body(name=name)
    assert cast.as_("keeper_jiang").post("/mall/goods", body).status_code == 201
    stock(cast, body["id"], 1, note=name, donor=name)
    assert "'" + name in [
        row[0] for row in cells(cast.as_("head_chen").get("/mall/exports/goods", village=VILLAGE).data)
    ]
    moved = cells(cast.as_("head_chen").get("/mall/exports/stock-movements", village=VILLAGE).data)
    assert (moved[1][1], moved[1][7], moved[1][9]) == ("'" + name, "'" + name, "'" + name)


def test_exported_movements(cast: Cast, clock: SetClock) -> None:
    ids = open_shop(cast)
    stock(cast, ids["rice"], 4, "bought", cost="112.00", batch="A1", expires_on="2027-01-31")
    clock.advance(days=1)
    stock(cast, ids["rice"], 1, "spoiled")
    rows = cells(cast.as_("supervisor_shen").get("/mall/exports/stock-movements", village=VILLAGE).data)
    assert [(row[1], row[2], row[3]) for row in rows[1:]] == [
        ("东北大米 5kg", "报损", -1),
        ("东北大米 5kg", "采购", 4),
    ]
    assert rows[2][0].isoformat() == "2026-09-14T09:00:00"
    assert (rows[2][5], rows[2][6].date().isoformat(), rows[2][8]) == ("A1", "2027-01-31", 112)
    late = cast.as_("head_chen").get(
        "/mall/exports/stock-movements", village=VILLAGE, **{"from": "2026-09-15T00:00:00+08:00"}
    )
    assert len(cells(late.data)) == 2
    done = cast.as_("auditor_yang").get("/audit", action="stock.export").get_json()["items"]
    assert len(done) == 2


@pytest.mark.parametrize("path", ["/mall/exports/goods", "/mall/exports/stock-movements"])
def test_who_may_export(cast: Cast, path: str) -> None:
    found = {
        who: cast.as_(who).get(path, village=VILLAGE).status_code
        for who in ("zhao_min", "wang_fang", "other_head", "keeper_jiang", None)
    }
    assert found == {"zhao_min": 403, "wang_fang": 403, "other_head": 404, "keeper_jiang": 200, None: 401}
