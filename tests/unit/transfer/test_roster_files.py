"""Whole files: the two rosters a village sent, one as large as four digits allow, and our own template."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from rich.console import Console

from server.transfer.roster.model import HouseholdFlag, MemberFlag
from server.transfer.roster.plan import plan_changes
from server.transfer.roster.reader import read_roster
from server.transfer.roster.report import print_reading
from server.transfer.roster.template import write_template
from server.transfer.workbook import open_table

ROSTERS = Path(__file__).parent / "rosters"
TODAY = date(2026, 11, 22)


def test_the_clean_roster_reads_without_a_question() -> None:
    reading = read_roster(ROSTERS / "roster-clean.xlsx", "990101101201", TODAY)
    assert (reading.faults, len(reading.households), reading.people) == ((), 317, 1128)
    assert all(house.code and len(house.code) == 16 for house in reading.households)


def test_the_messy_roster_is_understood_and_every_fault_listed() -> None:
    reading = read_roster(ROSTERS / "roster-messy.xlsx", "990101101202", TODAY)
    assert (len(reading.households), reading.people, reading.departed) == (286, 936, 20)
    assert Counter(fault.code for fault in reading.faults) == {"id_length": 38, "pasted_twice": 3}
    assert [fault.row for fault in reading.faults if fault.code == "pasted_twice"] == [276, 585, 922]
    assert reading.may_import(skip_faulty=True)
    assert not reading.may_import(skip_faulty=False)
    seen = reading.understood
    assert (seen.village_name, seen.header_rows, seen.merged_households) == ("大槐树村", (3,), 252)
    assert seen.blank_rows == (110, 224, 344, 465, 602, 745, 881)
    assert "totals_agree" in {note.code for note in seen.observations}
    assert {use.text: len(use.rows) for use in seen.remarks} == {
        "外出务工": 101, "在外上学": 36, "已去世": 20, "空挂户": 15
    }  # fmt: skip


def test_every_cell_of_the_messy_roster_comes_out_clean() -> None:
    households = read_roster(ROSTERS / "roster-messy.xlsx", "990101101202", TODAY).households
    people = [person for house in households for person in (*house.members, *house.departed)]
    assert len(people) == 956
    assert all(person.birth_date and person.sex and person.kinship for person in people)
    assert all(
        person.phone is None or (len(person.phone) == 11 and person.phone.isascii()) for person in people
    )
    assert not any(" " in person.name for person in people)
    assert [house.door for house in households[:12]] == [f"{n}号" for n in range(1, 13)]
    assert Counter(flag for person in people for flag in person.flags)[MemberFlag.LOW_INCOME] == 61
    assert sum(HouseholdFlag.REGISTERED_ONLY in house.flags for house in households) == 5


@pytest.mark.parametrize("name", ["roster-clean.xlsx", "roster-messy.xlsx"])
def test_our_reading_of_cells_is_that_of_openpyxl(name: str) -> None:
    sheet = openpyxl.load_workbook(ROSTERS / name).worksheets[0]
    theirs = {
        (cell.row, cell.column - 1): cell.value.date() if hasattr(cell.value, "date") else cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }
    opened = open_table(ROSTERS / name).sheets[0]
    ours = {(row.number, column): value for row in opened.rows for column, value in row.values.items()}
    assert ours == theirs
    assert len(opened.merges) == len(sheet.merged_cells.ranges)


def large_roster(households: int) -> bytes:
    """A roster of `households` households of three or four, as a program exports it."""
    chance = random.Random(7)
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = workbook.add_worksheet("花名册")
    sheet.write_row(
        0, 0, ["户编号", "门牌", "户主", "姓名", "与户主关系", "出生日期", "性别", "手机号", "户类型"]
    )
    line = 0
    for serial in range(1, households + 1):
        head = chance.choice("赵钱孙李周吴郑王") + chance.choice("伟刚勇强军平明磊")
        for index, kinship in enumerate(("户主", "配偶", "长子", "长女")[: chance.choice((3, 4))]):
            line += 1
            name = (
                head
                if index == 0
                else chance.choice("冯陈褚卫蒋沈韩杨") + chance.choice("芳娜敏静丽") + "甲乙丙"[index - 1]
            )
            born = date(1960, 1, 1) + timedelta(days=chance.randrange(20_000))
            sex = "女" if kinship in ("配偶", "长女") else "男"
            row = [
                f"990101101299{serial:04d}",
                f"东街{serial}号",
                head,
                name,
                kinship,
                born.isoformat(),
                sex,
                f"199{chance.randrange(10**8):08d}",
                "一般户",
            ]
            for column, value in enumerate(row):
                sheet.write_string(line, column, value)
    workbook.close()
    return stream.getvalue()


def test_as_many_households_as_four_digits_allow() -> None:
    data = large_roster(9_999)
    told: list[int] = []
    reading = read_roster(data, "990101101299", TODAY, lambda done, total: told.append(done))
    assert (reading.faults, len(reading.households)) == ((), 9_999)
    assert reading.people > 30_000
    assert len(told) > 50


def test_the_template_reads_back_and_its_examples_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path, "大槐树村")
    reading = read_roster(path, "990101101201", TODAY)
    assert [fault.code for fault in reading.faults] == ["no_people"]
    assert reading.understood.example_rows == (2, 3)
    assert reading.understood.ignored == ()


def test_a_filled_template_imports_without_a_fault(tmp_path: Path) -> None:
    stream = BytesIO()
    write_template(stream)
    workbook = openpyxl.load_workbook(BytesIO(stream.getvalue()))
    sheet = workbook["花名册"]
    rows = [
        (None, "东街12号", "陈大", "陈大", "户主", "1966-01-12", "男", "19900000001", "群众", "一般户"),
        (None, "东街12号", "陈大", "林小", "配偶", "1968-03", "女", None, "中共党员", None),
        (None, "东街13号", "吴一", "吴一", "户主", "1950-01-01", "男", None, "群众", "独居老人"),
    ]
    for number, row in enumerate(rows, 4):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    filled = tmp_path / "花名册.xlsx"
    workbook.save(filled)
    reading = read_roster(filled, "990101101201", TODAY)
    assert reading.faults == ()
    assert [(house.door, len(house.members)) for house in reading.households] == [
        ("东街12号", 2),
        ("东街13号", 1),
    ]
    validations = sheet.data_validations.dataValidation
    assert {str(rule.sqref).split("2")[0] for rule in validations} == {"E", "G", "I", "J"}


@pytest.mark.parametrize("width", [80, 140])
def test_the_report_shows_every_fault_and_no_number_in_clear(width: int) -> None:
    reading = read_roster(ROSTERS / "roster-messy.xlsx", "990101101202", TODAY)
    out = StringIO()
    print_reading(Console(file=out, width=width), reading, plan_changes((), reading))
    text = out.getvalue()
    lines = text.splitlines()
    for fault in reading.faults:
        assert any(f" {fault.row} " in line for line in lines)
    assert "286 户 936 人" in text
    assert "新增 286 户" in text
    for house in reading.households:
        for person in house.members:
            assert person.phone is None or person.phone not in text
            assert person.id_number is None or person.id_number not in text
