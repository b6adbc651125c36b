"""Rulebook files: YAML and spreadsheets in, every fault with its place; the template; round trips."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from server.kit.errors import Invalid
from server.rulebook.document import read_file, shipped
from server.rulebook.items import Cap, CapPeriod, ItemKind
from server.rulebook.sheet import write_workbook
from tests.rulebooks import small_rulebook

YAML = """\
title: 大槐树村细则
items:
  - code: J1
    name: 门前整洁
    heading: 乡村建设
    kind: 正面
    points: 1.50
    cap: 每月 4 次
    loggers: 网格员、村委会
    evidence: 网格员当面看到
    explanation: 看过记一次
    exempt: 纯老年户
  - code: F1
    name: 乱倒垃圾
    heading: 社会治安
    kind: negative
    points_min: -2
    points_max: -1
    unit: 每次
    evidence: 网格员当面看到
    explanation: 看到记一次
"""


def places(text: str) -> list[tuple[str, str, str]]:
    return [(one.code, one.field, one.place) for one in read_file(text.encode()).findings]


def test_yaml_in_chinese_words_and_in_codes() -> None:
    result = read_file(YAML.encode())
    assert result.findings == () and result.rulebook is not None
    first, second = result.rulebook.items
    assert str(first.points_min) == str(first.points_max) == "1.50"
    assert (first.kind, second.kind) == (ItemKind.POSITIVE, ItemKind.NEGATIVE)
    assert first.cap == Cap(4, CapPeriod.MONTH)
    assert first.loggers == {"grid_worker", "committee_member", "committee_head"}
    assert result.rulebook.exemption_classes == {"elders_only": {"J1"}}
    assert str(result.rulebook.base_points) == "100.00"


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ("points: 1.50", "points: 一分半", ("value_bad", "items.0.points_min", "第 3 行")),
        ("points_min: -2", "points_min: -2.005", ("value_bad", "items.1.points_min", "第 17 行")),
        ("points_min: -2", "points_min: .nan", ("value_bad", "items.1.points_min", "第 17 行")),
        ("kind: 正面", "kind: 好的", ("value_bad", "items.0.kind", "第 6 行")),
        ("kind: 正面", "type: 正面", ("field_unknown", "items.0.type", "第 6 行")),
        ("unit: 每次", "unit: 每回", ("value_bad", "items.1.unit", "第 19 行")),
        ("cap: 每月 4 次", "cap: 随便", ("value_bad", "items.0.cap", "第 8 行")),
        ("cap: 每月 4 次", "cap: {times: 4}", ("value_bad", "items.0.cap", "第 8 行")),
        ("loggers: 网格员、村委会", "loggers: 张三", ("value_bad", "items.0.loggers", "第 9 行")),
        ("name: 门前整洁", "name:", ("field_missing", "items.0.name", "第 4 行")),
        ("title: 大槐树村细则", "titel: 细则", ("field_unknown", "titel", "第 1 行")),
        ("kind: negative", "kind: positive", ("sign_wrong", "items.1.points_min", "第 17 行")),
        ("exempt: 纯老年户", "consequences: [取消低保]",
         ("guard_withholding", "items.0.consequences.0", "第 12 行")),
    ],
)  # fmt: skip
def test_a_fault_in_yaml_names_its_line(line: str, instead: str, fault: tuple[str, str, str]) -> None:
    assert line in YAML
    assert fault in places(YAML.replace(line, instead))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [", "第 1 行"),
        ("- 1\n- 2\n", "没有细则"),
        ("", "没有细则"),
        ("title: a\ntitle: b\n", "写了两遍"),
        ("a: &x [1]\nb: *x\n", "引用"),
        ("a: " + "[" * 40 + "]" * 40, "套得太深"),
        ("a: " + "[" * 40_000, ""),
    ],
)
def test_what_is_no_rulebook_file(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_file(text.encode())
    assert refused.value.code == "yaml_invalid" and said in refused.value.message


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for content, code in (
        (None, "no_file"),
        (b"x" * 1_100_000, "file_too_large"),
        (b"\xff\xfe\x00", "yaml_invalid"),
    ):
        path = tmp_path / f"{code}.yaml"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(Invalid) as refused:
            read_file(path)
        assert refused.value.code == code


def test_json_is_read_too() -> None:
    item = '{"code": "J1", "name": "门前整洁", "heading": "乡村建设", "kind": "positive"}'
    text = f'{{"title": "细则", "items": [{item}]}}'
    assert [code for code, _, _ in places(text)] == ["field_missing", "field_missing"]


@pytest.mark.parametrize(
    ("written", "cap"),
    [
        ("每月4次", Cap(4, CapPeriod.MONTH)),
        ("每月最多 4 次", Cap(4, CapPeriod.MONTH)),
        ("４次/月", Cap(4, CapPeriod.MONTH)),
        ("每季度1次", Cap(1, CapPeriod.QUARTER)),
        ("每周 2 次", Cap(2, CapPeriod.WEEK)),
        ("每年不超过10次", Cap(10, CapPeriod.YEAR)),
        ("{times: 3, per: week}", Cap(3, CapPeriod.WEEK)),
        ("不限", None),
    ],
)
def test_ways_to_write_a_cap(written: str, cap: Cap | None) -> None:
    result = read_file(YAML.replace("每月 4 次", written).encode())
    assert result.rulebook is not None and result.rulebook.items[0].cap == cap


def workbook(tmp_path: Path, **edits: object) -> Path:
    path = tmp_path / "细则.xlsx"
    write_workbook(path, small_rulebook())
    book = openpyxl.load_workbook(path)
    for cell, value in edits.items():
        book["条目"][cell] = value
    book.save(path)
    return path


@pytest.mark.parametrize("make", [small_rulebook, shipped])
def test_a_workbook_reads_back_as_it_was_written(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "细则.xlsx"
    write_workbook(path, make())
    assert read_file(path).rulebook == make()


def test_numbers_typed_into_excel_are_read_exactly(tmp_path: Path) -> None:
    result = read_file(workbook(tmp_path, E2=2, F2=4.5, G2=0.5))
    assert result.rulebook is not None
    assert [
        str(part) for part in (result.rulebook.items[0].points_min, result.rulebook.items[0].points_max)
    ] == [
        "2.00",
        "4.50",
    ]


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("D2", "好", "value_bad"),
        ("E2", "两分", "value_bad"),
        ("I2", "常常", "value_bad"),
        ("J2", "也许", "value_bad"),
        ("M2", "张三", "value_bad"),
        ("B2", None, "field_missing"),
        ("E8", 3, "range_reversed"),
        ("A3", "J1", "code_twice"),
    ],
)
def test_a_fault_in_a_workbook_names_its_cell(cell: str, value: object, code: str, tmp_path: Path) -> None:
    findings = read_file(workbook(tmp_path, **{cell: value})).findings
    assert (code, f"条目 {cell}") in [(one.code, one.place) for one in findings]


def test_a_formula_is_not_a_value(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_file(workbook(tmp_path, E2="=1+1"))
    assert refused.value.code == "sheet_invalid" and "E2" in refused.value.message


def test_the_empty_template_asks_for_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "细则.xlsx"
    write_workbook(path)
    assert [one.code for one in read_file(path).findings] == ["field_missing", "items_missing"]
    titles = [cell.value for cell in openpyxl.load_workbook(path)["条目"][1]]
    assert titles[:5] == ["编号", "名称", "类别", "性质", "最低分"]
    assert openpyxl.load_workbook(path).sheetnames == ["条目", "细则", "填写说明"]


def test_a_workbook_as_bytes_with_a_merged_heading_column() -> None:
    target = io.BytesIO()
    write_workbook(target, small_rulebook())
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    page = book["条目"]
    page["C3"] = "乡村建设"
    page.merge_cells("C2:C5")
    merged = io.BytesIO()
    book.save(merged)
    result = read_file(merged.getvalue(), "细则.xlsx")
    assert result.rulebook is not None
    assert [item.heading for item in result.rulebook.items[:4]] == ["乡村建设"] * 4


def test_csv_takes_its_title_from_the_file_name() -> None:
    head = "编号,名称,类别,性质,最低分,最高分,频次上限,凭据,说明"
    text = f"{head}\nJ1,门前整洁,乡村建设,正面,1,2,每月4次,看到,看过记一次\n"
    result = read_file(text.encode(), "槐树村细则.csv")
    assert result.findings == () and result.rulebook is not None
    assert result.rulebook.title == "槐树村细则"
