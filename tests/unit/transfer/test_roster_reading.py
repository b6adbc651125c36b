"""Rosters with one oddity each: what is understood, what is a fault, and what skipping the fault leaves
out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from server.transfer.faults import Skip
from server.transfer.roster.model import (
    HouseholdFlag,
    HouseholdKind,
    MemberFlag,
    Precision,
    RosterReading,
    Sex,
)
from server.transfer.roster.reader import read_roster
from server.transfer.roster.rows import village_in
from tests.unit.transfer.books import book

VILLAGE = "990101101201"
TODAY = date(2026, 10, 12)
FLAT = [
    "户编号",
    "门牌",
    "户主",
    "姓名",
    "与户主关系",
    "出生日期",
    "性别",
    "手机号",
    "政治面貌",
    "户类型",
    "备注",
]
OFFICE = ["序号", "户主", "门牌号", "家庭成员姓名", "与户主关系", "身份证号", "出生年月", "性别", "备注"]
ZHANG = [
    f"{VILLAGE}0001",
    "东街1号",
    "张三",
    "张三",
    "户主",
    "1966-01-12",
    "男",
    "19900000001",
    "群众",
    "一般户",
    None,
]
LI = [f"{VILLAGE}0001", "东街1号", "张三", "李四", "配偶", "1968-03-05", "女", None, "中共党员", None, None]
WANG = [
    f"{VILLAGE}0002",
    "东街2号",
    "王五",
    "王五",
    "户主",
    "1970-05-06",
    "男",
    None,
    "群众",
    "独居老人",
    None,
]


def changed(row: Sequence[object], **cells: object) -> list[object]:
    """A copy of a row of FLAT with some cells changed, by the pinyin-free names below."""
    names = [
        "code",
        "door",
        "head",
        "name",
        "kinship",
        "birth",
        "sex",
        "phone",
        "political",
        "kind",
        "remark",
    ]
    return [cells.get(name, value) for name, value in zip(names, row, strict=True)]


def read(rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> RosterReading:
    return read_roster(book(rows, merges), VILLAGE, TODAY)


def faults(reading: RosterReading) -> list[tuple[int, str, str, Skip]]:
    return [(fault.row, fault.column, fault.code, fault.skip) for fault in reading.faults]


def test_a_clean_roster() -> None:
    reading = read([FLAT, ZHANG, LI, WANG])
    assert reading.faults == ()
    zhang, wang = reading.households
    assert (zhang.code, zhang.door, zhang.head_name, zhang.kind) == (
        f"{VILLAGE}0001", "东街1号", "张三", HouseholdKind.GENERAL
    )  # fmt: skip
    assert [(m.name, m.kinship, m.sex, m.birth_date, m.phone, m.party_member) for m in zhang.members] == [
        ("张三", "户主", Sex.MALE, date(1966, 1, 12), "19900000001", False),
        ("李四", "配偶", Sex.FEMALE, date(1968, 3, 5), None, True),
    ]
    assert wang.kind is HouseholdKind.ELDERS_ONLY
    assert reading.may_import(skip_faulty=False)


@pytest.mark.parametrize(
    ("row", "fault", "households", "people"),
    [
        (changed(WANG, birth="1970-02-30"), (4, "F", "no_such_date", Skip.VALUE), 2, 3),
        (changed(WANG, phone="1990000"), (4, "H", "bad_phone", Skip.VALUE), 2, 3),
        (changed(WANG, sex="南"), (4, "G", "bad_sex", Skip.VALUE), 2, 3),
        (changed(WANG, kind="钉子户"), (4, "J", "unknown_kind", Skip.VALUE), 2, 3),
        (changed(WANG, name=None), (4, "D", "no_name", Skip.ROW), 1, 2),
        (changed(WANG, name="王5"), (4, "D", "bad_name", Skip.ROW), 1, 2),
        (changed(WANG, kinship="配偶"), None, 2, 3),
        (changed(WANG, kinship="长女"), (4, "E", "kinship_sex", Skip.NOTHING), 2, 3),
        (changed(WANG, head="赵六"), (4, "C", "head_differs", Skip.NOTHING), 2, 3),
        (changed(WANG, head="赵六", kinship="配偶"), (4, "E", "no_head", Skip.HOUSEHOLD), 1, 2),
        (changed(WANG, head=None, kinship="配偶"), (4, "E", "no_head", Skip.HOUSEHOLD), 1, 2),
        (changed(WANG, code="990101101209" + "0002"), (4, "A", "other_village", Skip.HOUSEHOLD), 1, 2),
        (changed(WANG, code=f"{VILLAGE}002"), (4, "A", "bad_code", Skip.HOUSEHOLD), 1, 2),
        (changed(WANG, code=ZHANG[0]), (4, "A", "code_twice", Skip.HOUSEHOLD), 1, 2),
        (changed(WANG, door="东街０1号"), (4, "B", "door_twice", Skip.NOTHING), 2, 3),
        (changed(WANG, door=None), (4, "B", "no_door", Skip.NOTHING), 2, 3),
        (changed(WANG, name="=A1"), (4, "D", "formula", Skip.NOTHING), 1, 2),
        (changed(WANG, birth="=TODAY()"), (4, "F", "formula", Skip.NOTHING), 2, 3),
        (changed(LI, code=ZHANG[0], door=ZHANG[1], head="张三"), (4, "D", "pasted_twice", Skip.ROW), 1, 2),
    ],
)
def test_one_fault(
    row: Sequence[object], fault: tuple[int, str, str, Skip] | None, households: int, people: int
) -> None:
    """`households` and `people` are what is left when the fault is skipped."""
    reading = read([FLAT, ZHANG, LI, row])
    found = faults(reading)
    assert (found == []) if fault is None else (fault in found)
    assert (len(reading.households), reading.people) == (households, people)
    assert reading.may_import(skip_faulty=True)
    assert reading.may_import(skip_faulty=False) is (fault is None)


def test_a_fault_says_where_what_why_and_how() -> None:
    fault = read([FLAT, ZHANG, changed(WANG, phone="1990000123")]).faults[0]
    assert (fault.sheet, fault.row, fault.column, fault.title) == ("Sheet1", 3, "H", "手机号")
    assert (fault.value, fault.subject) == ("199***0123", "王五")
    assert "11 位" in fault.reason
    assert fault.remedy


def test_two_of_a_name_with_different_birth_dates_are_two_people() -> None:
    son = changed(LI, name="张小", kinship="长子", birth="1990-01-01", sex="男")
    brother = changed(LI, name="张小", kinship="次子", birth="1992-01-01", sex="男")
    reading = read([FLAT, ZHANG, son, brother])
    assert reading.faults == ()
    assert reading.people == 3


def test_a_household_whose_rows_are_apart_is_one() -> None:
    reading = read([FLAT, ZHANG, WANG, LI])
    assert reading.faults == ()
    assert [len(house.members) for house in reading.households] == [2, 1]
    assert "split_household" in {note.code for note in reading.understood.observations}


def test_two_heads_in_one_household() -> None:
    reading = read([FLAT, ZHANG, changed(LI, kinship="户主"), WANG])
    assert faults(reading) == [(3, "E", "two_heads", Skip.HOUSEHOLD)]
    assert [house.head_name for house in reading.households] == ["王五"]
    assert [(gone.code, gone.door) for gone in reading.left_out] == [(f"{VILLAGE}0001", "东街1号")]


def test_the_roster_of_another_village_is_one_fault_and_cannot_be_skipped() -> None:
    other = "990101101999"
    rows = [changed(row, code=other + str(row[0])[12:]) for row in (ZHANG, LI, WANG)]
    reading = read([FLAT, *rows])
    assert faults(reading) == [(0, "", "other_village_file", Skip.IMPOSSIBLE)]
    assert other in reading.faults[0].reason
    assert not reading.may_import(skip_faulty=True)


def test_codes_that_excel_made_numbers() -> None:
    reading = read([FLAT, changed(ZHANG, code=int(str(ZHANG[0]))), WANG])
    assert (2, "A", "code_lost_digit", Skip.HOUSEHOLD) in faults(reading)


def test_a_villages_own_household_numbers_group_rows_and_are_no_codes() -> None:
    rows = [
        changed(row, code=number, door=None, head=None) for row, number in ((ZHANG, 7), (LI, 7), (WANG, 8))
    ]
    header = [title if title != "户编号" else "户号" for title in FLAT]
    reading = read([header, *rows])
    assert [(house.code, len(house.members)) for house in reading.households] == [(None, 2), (None, 1)]


OFFICE_ROWS = [
    ["柳溪镇大槐树村村民花名册(2026年10月更新)"],
    ["填表人:", None, None, None, "填表时间:", "2026.10.12"],
    OFFICE,
    [1, "张三", "１号", "张 三", "户 主", "990101196601120015", "1966年01月", "1", None],
    [2, None, None, "李四 ", "配偶", None, date(1968, 3, 5), "女 ", "外出务工"],
    [None] * 9,
    [3, "王五", "2号", "王五", "户主", None, "19700506", "男", "已去世"],
    [4, None, None, "赵六", "配偶", None, "1972.7.8", "2", "空挂户"],
    OFFICE,
    [5, "孙七", "3号", "孙七", "户主", None, "1975/1/2", "男", "空挂户"],
    [6, None, None, "周八", "长女", None, "2001", "女", "丈夫已去世"],
    ["合计", "3户", None, "6人"],
    ["注：本表一式两份"],
]


def test_a_roster_as_an_office_keeps_it() -> None:
    rows = [list(row) for row in OFFICE_ROWS]
    reading = read(rows, merges=["A1:I1", "B4:B5", "C4:C5", "B7:B8", "C7:C8"])
    seen = reading.understood
    assert (seen.title, seen.village_name) == ("柳溪镇大槐树村村民花名册(2026年10月更新)", "大槐树村")
    assert (seen.header_rows, seen.blank_rows, seen.other_rows) == ((3,), (6,), (9, 13))
    assert [(t.row, t.households, t.people) for t in seen.totals] == [(12, 3, 6)]
    assert seen.merged_households == 2
    assert [column.title for column in seen.ignored] == ["序号"]
    assert [house.label for house in reading.households] == ["1号", "2号", "3号"]


def test_remarks_of_such_a_roster() -> None:
    first, second, third = read([list(row) for row in OFFICE_ROWS]).households
    assert first.members[1].flags == {MemberFlag.AWAY_FOR_WORK}
    assert [person.name for person in second.departed] == ["王五"]
    assert [person.name for person in second.members] == ["赵六"]
    assert second.flags == {HouseholdFlag.HEAD_DEPARTED, HouseholdFlag.REGISTERED_ONLY}
    assert (third.flags, len(third.members)) == ({HouseholdFlag.REGISTERED_ONLY}, 2)
    assert third.members[1].departure is None


def test_birth_dates_are_completed_from_a_valid_id_number() -> None:
    first, _, third = read([list(row) for row in OFFICE_ROWS]).households
    assert (first.members[0].birth_date, first.members[0].birth_precision) == (
        date(1966, 1, 12),
        Precision.DAY,
    )
    assert (third.members[1].birth_date, third.members[1].birth_precision) == (
        date(2001, 1, 1),
        Precision.YEAR,
    )


@pytest.mark.parametrize(
    ("birth", "sex", "codes"),
    [
        ("1966-01-12", "男", []),
        ("1966-01-13", "男", ["birth_differs"]),
        ("1966年02月", "男", ["birth_differs"]),
        ("1966-01-12", "女", ["sex_differs"]),
        (None, None, []),
    ],
)
def test_id_number_against_birth_date_and_sex(birth: str | None, sex: str | None, codes: list[str]) -> None:
    """Whatever is skipped, the id number, whose check character holds, is believed."""
    reading = read([OFFICE, [1, "张三", "1号", "张三", "户主", "990101196601120015", birth, sex, None]])
    assert [fault.code for fault in reading.faults] == codes
    member = reading.households[0].members[0]
    assert (member.birth_date, member.sex) == (date(1966, 1, 12), Sex.MALE)


def test_the_same_id_number_in_two_households() -> None:
    row = [1, "张三", "1号", "张三", "户主", "990101196601120015", None, "男", None]
    again = [2, "张三", "2号", "张三", "户主", "990101196601120015", None, "男", None]
    other = [3, "王五", "3号", "王五", "户主", "990101196601120015", None, "男", None]
    reading = read([OFFICE, row, again, other])
    assert ("pasted_twice", 3) in {(fault.code, fault.row) for fault in reading.faults}
    assert ("id_twice", 4) in {(fault.code, fault.row) for fault in reading.faults}
    assert all("990101196601120015" not in fault.value for fault in reading.faults)


def test_personal_numbers_do_not_show_in_a_repr() -> None:
    reading = read([OFFICE, [1, "张三", "1号", "张三", "户主", "990101196601120015", None, "男", None]])
    assert "990101196601120015" not in repr(reading)


def test_a_roster_with_one_row_per_household() -> None:
    reading = read(
        [["门牌号", "户主姓名", "人口", "电话"], ["1号", "张三", 4, "19900000001"], ["2号", "王五", 2, None]]
    )
    assert reading.faults == ()
    assert [(h.head_name, [m.kinship for m in h.members]) for h in reading.households] == [
        ("张三", ["户主"]), ("王五", ["户主"])
    ]  # fmt: skip


def test_names_alone_make_no_households() -> None:
    reading = read([["姓名", "性别"], ["张三", "男"]])
    assert [fault.code for fault in reading.must_fix] == ["no_household"]


def test_no_header_at_all() -> None:
    reading = read([["张三", "男"], ["李四", "女"]])
    assert [fault.code for fault in reading.must_fix] == ["no_header"]


def test_a_door_counts_within_its_group() -> None:
    header = ["村民小组", "门牌", "姓名", "与户主关系"]
    reading = read([header, ["一组", "1号", "张三", "户主"], ["二组", "1号", "王五", "户主"]])
    assert reading.faults == ()
    assert [house.label for house in reading.households] == ["一组 1号", "二组 1号"]


def test_a_row_of_another_village_among_ours() -> None:
    header = ["村名", "门牌", "姓名", "与户主关系"]
    rows = [["大槐树村", f"{n}号", "张三", "户主"] for n in range(1, 4)]
    reading = read([header, *rows, ["小槐树村", "9号", "王五", "户主"]])
    assert faults(reading) == [(5, "A", "other_village", Skip.HOUSEHOLD)]


def test_a_csv_roster_of_an_old_program() -> None:
    lines = "\r\n".join(",".join(str(cell or "") for cell in row) for row in (FLAT, ZHANG, LI, WANG))
    reading = read_roster(lines.encode("gb18030"), VILLAGE, TODAY, filename="花名册.csv")
    assert (reading.faults, len(reading.households), reading.people) == ((), 2, 3)


def test_progress_rises_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    read_roster(book([FLAT, ZHANG, LI]), VILLAGE, TODAY, lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize(
    ("title", "village"),
    [
        ("柳溪镇大槐树村村民花名册(2026年10月更新)", "大槐树村"),
        ("2026年河西社区居民花名册", "河西社区"),
        ("额尔敦苏木巴彦嘎查户籍表", "巴彦嘎查"),
        ("村民花名册", None),
    ],
)
def test_the_village_in_a_title(title: str, village: str | None) -> None:
    assert village_in(title) == village
