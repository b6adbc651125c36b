"""Recognising columns by their headers, shown on a small importer of people."""

from __future__ import annotations

from server.transfer.columns import Column, read_columns
from server.transfer.faults import BadValue, Skip
from server.transfer.roster.values import read_phones
from server.transfer.workbook import open_table
from tests.unit.transfer.books import book

ROLES = {"网格员": "grid_worker", "村委会主任": "committee_head"}


def read_role(value: object) -> str:
    role = ROLES.get(str(value).strip())
    if role is None:
        raise BadValue("unknown_role", "没有这个角色", "从模板的下拉框里选", Skip.ROW)
    return role


PEOPLE = (
    Column("name", "姓名", required=True, filled=True),
    Column("phone", "手机", aliases=("手机号", "联系电话"), read=read_phones, secret=True),
    Column("username", "用户名", required=True, filled=True),
    Column("role", "角色", required=True, read=read_role),
)


def test_columns_are_found_in_any_order_under_a_title() -> None:
    data = book(
        [
            ["2026 年干部名单"],
            ["序号", "用户名 *", "姓 名", "角色\n(必填)", "手机号"],
            [1, "lina", "李娜", "网格员", 19900000001],
            [None, None, None, None, None],
            [2, "wang", "王 强", "村委会主任", None],
        ]
    )
    reading = read_columns(open_table(data), PEOPLE)
    assert reading.faults == []
    assert [record.row for record in reading.records] == [3, 5]
    assert reading.records[0].values == {
        "name": "李娜", "phone": ("19900000001",), "username": "lina", "role": "grid_worker"
    }  # fmt: skip
    assert reading.headers["Sheet1"].ignored == {0: "序号"}


def test_every_fault_is_listed_with_its_cell() -> None:
    data = book(
        [
            ["姓名", "用户名", "角色", "手机"],
            ["李娜", "lina", "县长", "1990000000"],
            [None, "wang", "网格员", None],
            ["赵六", "=A1", "网格员", None],
        ]
    )
    reading = read_columns(open_table(data), PEOPLE)
    assert reading.records == []
    assert [(f.row, f.column, f.title, f.value, f.code) for f in reading.faults] == [
        (2, "C", "角色", "县长", "unknown_role"),
        (2, "D", "手机", "199***0000", "bad_phone"),
        (3, "A", "姓名", "", "empty"),
        (4, "B", "用户名", "0", "formula"),
    ]


def test_a_missing_column_is_one_fault_of_the_file() -> None:
    reading = read_columns(open_table(book([["姓名", "角色"], ["李娜", "网格员"]])), PEOPLE)
    assert [(f.code, f.skip, f.row) for f in reading.faults] == [("no_header", Skip.IMPOSSIBLE, 0)]
    assert "用户名" in reading.faults[0].reason


def test_a_header_of_two_rows() -> None:
    data = book(
        [["姓名", "账号", None], [None, "用户名", "角色"], ["李娜", "lina", "网格员"]],
        merges=["A1:A2", "B1:C1"],
    )
    reading = read_columns(open_table(data), PEOPLE)
    assert [(record["name"], record["username"]) for record in reading.records] == [("李娜", "lina")]
