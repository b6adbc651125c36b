"""Every faulty input is told with row, column, reason and remedy, ends with status 2 and leaves no output.

The table holds one fault a line; each changes one thing in a sound sheet. Faults of files (encodings,
workbooks, bombs) are in `test_assessment_files.py`.
"""

# ruff: noqa: E501  the tables hold one case a line
from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.assessment.cli import assess
from server.assessment.entries import COLUMNS
from server.assessment.faults import Faulty
from server.assessment.pack_reader import load_pack
from server.assessment.sheet_file import read_sheet
from tests.unit.assessment.sheets import Row, row

Change = Callable[[list[Row]], None]
PARTY = ("party_discipline", "party_organisation", "party_publicity", "party_united_front")
BASE = {
    "economic": "27",
    "social": "22",
    "other_work": "13",
    "leader_appraisal": "14",
    "democratic_appraisal": "13",
}


def town() -> list[Row]:
    """One sound town; its rows are 2 to 10, and 11 to 13 are a bonus, a penalty and a veto."""
    rows = [row("T1", "town", one, "90") for one in PARTY]
    rows += [row("T1", "town", one, value) for one, value in BASE.items()]
    rows.append(row("T1", "town", "bonus", "1", kind="red_flag", note="三季度"))
    rows.append(row("T1", "town", "penalty", "2", kind="criticism", note="督查通报"))
    return [*rows, row("T1", "town", "veto", "1", kind="environment")]


def banner() -> list[Row]:
    """A unit (rows 2 to 5, the last a loss) and a person in it (rows 6 to 8)."""
    rows = [row("U1", "town", one, "80", rater="一季度") for one in ("routine", "special", "periodic")]
    rows.append(row("U1", "town", "task_loss", "2", kind="P1"))
    return rows + [row("P1", "head", one, "80", unit="U1") for one in ("routine", "special", "periodic")]


def cadre() -> list[Row]:
    """One cadre: five indicators by three raters, rows 2 to 16."""
    indicators, raters = ("de", "neng", "qin", "ji", "lian"), ("self", "group", "superior")
    return [row("C1", "window", one, "80", rater=rater) for one in indicators for rater in raters]


def member() -> list[Row]:
    """Four entries of a licence, rows 2 to 5."""
    rows = [row("M1", "member", "deduct", "2", kind="meetings", date="2026-03-01", note="二月支部大会")]
    rows.append(row("M1", "member", "merit", "1", kind="service", date="2026-04-01"))
    rows.append(row("M1", "member", "training_passed", "1", date="2026-05-01", period="2026Q2"))
    return [*rows, row("M1", "member", "deduct", "1", kind="dues", date="2026/6/1")]


def maritime() -> list[Row]:
    """A member of a department with a standard and an honour, rows 2 and 3."""
    return [
        row("D1", "department", "A01.1.1", "3", period="2026Q1"),
        row("D1", "department", "honour", "3", kind="annual", period="2026Q1"),
    ]


def villages() -> list[Row]:
    """A team (rows 2, 3) and a member of it (row 4)."""
    rows = [row("V1", "team", "quant.party.1", "30"), row("V1", "team", "qual.1", "70")]
    return [*rows, row("P1", "member", "quant.party.1", "30", unit="V1")]


def peasants() -> list[Row]:
    """A party member without a post, rows 2 and 3, and an old one, row 4."""
    rows = [row("M1", "C", "duty.01", "1"), row("M1", "C", "prosperity.01", "5")]
    return [*rows, row("M2", "F", "service.01", "2")]


SOUND = {
    "dinghai-2018-town": town,
    "hangjin": banner,
    "nanjiang-rating": cadre,
    "nanjiang-licence": member,
    "dongguan": maritime,
    "gaoyang-thousand": villages,
    "gaoyang-party": peasants,
}


def put(line: int, **cells: str) -> Change:
    """Changes cells of the row that a spreadsheet counts as `line`."""
    return lambda rows: rows[line - 2].update(cells)


def drop(line: int) -> Change:
    return lambda rows: rows.pop(line - 2) and None


def repeat(line: int, **cells: str) -> Change:
    return lambda rows: rows.append(rows[line - 2] | cells)


# id, pack, change, expected code, row, column
TABLE: list[tuple[str, str, Change, str, int, str]] = [
    ("subject_empty", "dinghai-2018-town", put(12, subject=""), "subject_empty", 12, "subject"),
    ("name_empty", "gaoyang-party", put(4, name=""), "name_empty", 4, "name"),
    ("name_differs", "dinghai-2018-town", put(5, name="名T１"), "name_differs", 5, "name"),
    ("category_differs", "hangjin", put(3, category="social"), "category_differs", 3, "category"),
    ("unit_differs", "hangjin", put(7, unit="U2"), "unit_differs", 7, "unit"),
    ("category_empty", "gaoyang-party", put(4, category=""), "category_empty", 4, "category"),
    ("category_unknown", "gaoyang-party", put(4, category="G"), "category_unknown", 4, "category"),
    ("category_case", "gaoyang-party", put(4, category="f"), "category_unknown", 4, "category"),
    ("category_by_title", "gaoyang-thousand", put(4, category="成员"), "category_unknown", 4, "category"),
    ("unit_of_a_unit", "gaoyang-thousand", lambda rows: [one.update(unit="X") for one in rows[:2]] and None,
     "unit_of_unit", 2, "unit"),
    ("unit_missing", "gaoyang-thousand", put(4, unit=""), "unit_missing", 4, "unit"),
    ("unit_is_self", "gaoyang-thousand", put(4, unit="P1"), "unit_is_self", 4, "unit"),
    ("unit_is_a_person", "hangjin", lambda rows: rows.extend(r | {"subject": "P2", "name": "名P2", "unit": "P1"} for r in rows[4:7]),
     "unit_is_person", 9, "unit"),
    ("indicator_empty", "gaoyang-party", put(2, indicator=""), "indicator_empty", 2, "indicator"),
    ("indicator_unknown", "gaoyang-party", put(2, indicator="duty.99"), "indicator_unknown", 2, "indicator"),
    ("indicator_case", "dinghai-2018-town", put(6, indicator="Economic"), "indicator_unknown", 6, "indicator"),
    ("indicator_of_another_pack", "dongguan", put(2, indicator="duty.01"), "indicator_unknown", 2, "indicator"),
    ("indicator_heading", "dongguan", put(2, indicator="A01.1"), "indicator_heading", 2, "indicator"),
    ("indicator_guide", "hangjin", put(2, indicator="routine.reform"), "indicator_heading", 2, "indicator"),
    ("not_binding_standard", "dongguan", put(2, indicator="B03.1.1"), "indicator_not_binding", 2, "indicator"),
    ("not_binding_duty_of_f", "gaoyang-party", put(4, indicator="duty.01"), "indicator_not_binding", 4, "indicator"),
    ("not_binding_loss_of_person", "hangjin", repeat(6, indicator="task_loss", kind="P1", value="1"),
     "indicator_not_binding", 9, "indicator"),
    ("missing_base", "dinghai-2018-town", drop(6), "indicator_missing", 2, "indicator"),
    ("missing_party", "dinghai-2018-town", drop(2), "indicator_missing", 2, "indicator"),
    ("missing_routine", "hangjin", drop(2), "indicator_missing", 2, "indicator"),
    ("missing_of_rating", "nanjiang-rating", lambda rows: rows.__delitem__(slice(0, 3)), "indicator_missing", 2, "indicator"),
    ("missing_second_level", "dinghai-2018-town", put(3, indicator="party_organisation.teams", value="10"),
     "indicator_missing", 2, "indicator"),
    ("both_levels", "dinghai-2018-town", repeat(3, indicator="party_organisation.teams", value="10"),
     "both_levels", 3, "indicator"),
    ("rater_missing", "nanjiang-rating", drop(4), "rater_missing", 2, "rater"),
    ("rater_empty", "nanjiang-rating", put(3, rater=""), "rater_empty", 3, "rater"),
    ("rater_unknown", "nanjiang-rating", put(3, rater="boss"), "rater_unknown", 3, "rater"),
    ("rater_without_number", "nanjiang-rating", put(4, rater="superior:"), "rater_unknown", 4, "rater"),
    ("rater_not_asked", "gaoyang-party", put(2, rater="张三"), "rater_not_asked", 2, "rater"),
    ("value_empty", "gaoyang-party", put(2, value=""), "value_empty", 2, "value"),
    ("value_word", "gaoyang-party", put(2, value="缺考"), "not_a_number", 2, "value"),
    ("value_letter_o", "dinghai-2018-town", put(2, value="9O"), "not_a_number", 2, "value"),
    ("value_nan", "dinghai-2018-town", put(2, value="NaN"), "not_a_number", 2, "value"),
    ("value_two_points", "dinghai-2018-town", put(2, value="90.1.2"), "not_a_number", 2, "value"),
    ("value_chinese", "dinghai-2018-town", put(2, value="九十"), "chinese_number", 2, "value"),
    ("value_full_width", "dinghai-2018-town", put(2, value="９０"), "full_width", 2, "value"),
    ("value_full_width_point", "dinghai-2018-town", put(2, value="90．5"), "full_width", 2, "value"),
    ("value_percent", "dinghai-2018-town", put(2, value="90%"), "percent", 2, "value"),
    ("value_unit", "dinghai-2018-town", put(2, value="90分"), "unit_suffix", 2, "value"),
    ("value_thousands", "dinghai-2018-town", put(2, value="1,000"), "thousands", 2, "value"),
    ("value_comma_point", "dinghai-2018-town", put(2, value="90,5"), "comma_point", 2, "value"),
    ("value_exponent", "dinghai-2018-town", put(2, value="9e1"), "exponent", 2, "value"),
    ("value_bare_point", "dinghai-2018-town", put(2, value=".5"), "bare_point", 2, "value"),
    ("value_date", "dinghai-2018-town", put(2, value="2026-03-05"), "date_as_value", 2, "value"),
    ("value_month_and_day", "dinghai-2018-town", put(2, value="3月5日"), "date_as_value", 2, "value"),
    ("value_formula", "dinghai-2018-town", put(2, value="=45*2"), "formula", 2, "value"),
    ("value_too_long", "dinghai-2018-town", put(2, value="9" * 16), "too_many_digits", 2, "value"),
    ("value_too_precise", "dinghai-2018-town", put(2, value="9." + "1" * 13), "too_many_digits", 2, "value"),
    ("above_maximum", "dinghai-2018-town", put(6, value="30.01"), "above_maximum", 6, "value"),
    ("above_maximum_standard", "dongguan", put(2, value="5.5"), "above_maximum", 2, "value"),
    ("below_minimum", "dinghai-2018-town", put(6, value="-0.01"), "below_minimum", 6, "value"),
    ("negative_penalty", "dinghai-2018-town", put(12, value="-2"), "not_positive", 12, "value"),
    ("zero_duty", "gaoyang-party", put(2, value="0"), "not_positive", 2, "value"),
    ("negative_loss", "hangjin", put(5, value="-1"), "not_positive", 5, "value"),
    ("fact_two", "dinghai-2018-town", put(13, value="2"), "fact_not_one", 13, "value"),
    ("fact_zero", "nanjiang-licence", put(4, value="0"), "fact_not_one", 4, "value"),
    ("fact_yes", "dinghai-2018-town", put(13, value="是"), "not_a_number", 13, "value"),
    ("kind_missing", "dinghai-2018-town", put(11, kind=""), "kind_empty", 11, "kind"),
    ("kind_unknown", "dinghai-2018-town", put(11, kind="redflag"), "kind_unknown", 11, "kind"),
    ("kind_of_another_list", "dinghai-2018-town", put(12, kind="red_flag"), "kind_unknown", 12, "kind"),
    ("kind_not_asked", "dinghai-2018-town", put(2, kind="red_flag"), "kind_not_asked", 2, "kind"),
    ("in_charge_empty", "hangjin", put(5, kind=""), "kind_empty", 5, "kind"),
    ("in_charge_unknown", "hangjin", put(5, kind="P9"), "person_unknown", 5, "kind"),
    ("in_charge_is_a_unit", "hangjin", put(5, kind="U1"), "person_is_unit", 5, "kind"),
    ("duplicate_entry", "dinghai-2018-town", repeat(2, value="80"), "duplicate_entry", 14, "indicator"),
    ("duplicate_entry_other_note", "dinghai-2018-town", repeat(2, note="重填"), "duplicate_entry", 14, "indicator"),
    ("duplicate_rater", "nanjiang-rating", repeat(4, value="70"), "duplicate_entry", 17, "indicator"),
    ("duplicate_occasion", "hangjin", repeat(2, value="70"), "duplicate_entry", 9, "indicator"),
    ("duplicate_row", "dinghai-2018-town", repeat(11), "duplicate_row", 14, "indicator"),
    ("duplicate_row_other_spelling", "dinghai-2018-town", repeat(11, value="1.0"), "duplicate_row", 14, "indicator"),
    ("training_twice", "nanjiang-licence", repeat(4), "duplicate_row", 6, "indicator"),
    ("date_unreadable", "nanjiang-licence", put(2, date="三月一日"), "date_unreadable", 2, "date"),
    ("date_does_not_exist", "nanjiang-licence", put(2, date="2026-02-30"), "date_unreadable", 2, "date"),
    ("date_day_first", "nanjiang-licence", put(2, date="01/03/2026"), "date_unreadable", 2, "date"),
    ("date_serial", "nanjiang-licence", put(2, date="46082"), "date_unreadable", 2, "date"),
    ("period_unreadable", "dongguan", put(2, period="一季度"), "period_unreadable", 2, "period"),
    ("period_fifth_quarter", "dongguan", put(2, period="2026Q5"), "period_unreadable", 2, "period"),
    ("period_empty_beside_others", "dongguan", put(2, period=""), "period_empty", 2, "period"),
    ("period_mixed", "dinghai-2018-town",
     lambda rows: rows[0].update(period="2025") or rows[4].update(period="2026"), "period_mixed", 6, "period"),
    ("line_break_in_id", "gaoyang-party", put(4, subject="M\n2"), "control_character", 4, "subject"),
    ("tab_in_name", "gaoyang-party", put(4, name="张\t三"), "control_character", 4, "name"),
    ("zero_width_space", "gaoyang-party", put(4, subject="M\u200b2"), "invisible_character", 4, "subject"),
    ("right_to_left_mark", "gaoyang-party", put(4, name="张\u202e三"), "invisible_character", 4, "name"),
    ("byte_order_mark_inside", "gaoyang-party", put(4, indicator="\ufeffservice.01"), "invisible_character", 4, "indicator"),
    ("null_character", "gaoyang-party", put(4, kind="\x00"), "control_character", 4, "kind"),
    ("id_too_long", "gaoyang-party", put(4, subject="M" * 65), "too_long", 4, "subject"),
    ("note_too_long", "gaoyang-party", put(4, note="长" * 1001), "too_long", 4, "note"),
]  # fmt: skip


def text(rows: list[Row]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def run(pack: str, content: str | bytes, folder: Path) -> tuple[int, str, str, list[str]]:
    """Status, standard output, standard error, and the files that the run left behind."""
    source, target = folder / "in.csv", folder / "out" / "out.json"
    target.parent.mkdir()
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = CliRunner().invoke(assess, ["run", pack, "--input", str(source), "--output", str(target)])
    return found.exit_code, found.stdout, found.stderr, [path.name for path in target.parent.iterdir()]


@pytest.mark.parametrize("pack", SOUND)
def test_the_sheets_of_the_table_are_sound(pack: str, tmp_path: Path) -> None:
    status, _, _, files = run(pack, text(SOUND[pack]()), tmp_path)
    assert (status, files) == (0, ["out.json"])


@pytest.mark.parametrize(
    ("pack", "change", "code", "line", "column"), [one[1:] for one in TABLE], ids=[o[0] for o in TABLE]
)
def test_fault(pack: str, change: Change, code: str, line: int, column: str, tmp_path: Path) -> None:
    rows = SOUND[pack]()
    change(rows)
    status, out, err, files = run(pack, text(rows), tmp_path)
    assert (status, out, files) == (2, "", []), err
    with pytest.raises(Faulty) as caught:
        read_sheet(load_pack(pack), tmp_path / "in.csv")
    found = [one for one in caught.value.faults if one.code == code]
    assert [(one.row, one.column) for one in found][:1] == [(line, column)], caught.value.faults
    assert found[0].reason
    assert found[0].remedy
    assert f"第 {line} 行" in err
    assert column in err
    assert found[0].remedy in err


def test_the_table_is_long_enough() -> None:
    assert len({one[0] for one in TABLE}) == len(TABLE) >= 60


HEADER = "subject,name,category,unit,indicator,rater,value,kind,note"
SHAPES: list[tuple[str, str, str, int, str]] = [
    (
        "wrong_column",
        HEADER.replace("value", "score") + "\nM1,甲,C,,duty.01,,1,,\n",
        "column_unknown",
        1,
        "第 7 列",
    ),
    ("missing_column", HEADER.replace(",note", "") + "\nM1,甲,C,,duty.01,,1,\n", "column_missing", 1, "note"),
    ("doubled_column", HEADER + ",value\nM1,甲,C,,duty.01,,1,,,1\n", "column_double", 1, "第 10 列"),
    (
        "unnamed_column",
        HEADER.replace("unit", "") + "\nM1,甲,C,,duty.01,,1,,\n",
        "column_unknown",
        1,
        "第 4 列",
    ),
    ("no_header", "M1,甲,C,,duty.01,,1,,\n", "column_unknown", 1, "第 1 列"),
    ("header_below_a_blank_row", "\n" + HEADER + "\nM1,甲,C,,duty.01,,1,,\n", "header_row", 1, ""),
    ("title_above_the_header", "党员积分表\n" + HEADER + "\n", "column_unknown", 1, "第 1 列"),
    ("semicolons", HEADER.replace(",", ";") + "\nM1;甲;C;;duty.01;;1;;\n", "csv_delimiter", 1, ""),
    ("tabs", HEADER.replace(",", "\t") + "\n", "csv_delimiter", 1, ""),
    ("full_width_commas", HEADER.replace(",", "，") + "\n", "csv_delimiter", 1, ""),
    ("too_few_cells", HEADER + "\nM1,甲,C,,duty.01,,1\n", "row_width", 2, ""),
    ("too_many_cells", HEADER + "\nM1,甲,C,,duty.01,,1,,说明,又一格\n", "row_width", 2, ""),
    ("open_quotation_mark", HEADER + '\nM1,甲,C,,duty.01,,1,,"没有结束\n', "csv_broken", 2, ""),
    ("huge_cell", HEADER + "\nM1,甲,C,,duty.01,,1,," + "长" * 100_001 + "\n", "csv_broken", 2, ""),
    ("empty_file", "", "empty_file", 1, ""),
    ("blank_file", "\ufeff\n\n  \n", "empty_file", 1, ""),
    ("header_only", HEADER + "\n", "no_entries", 2, ""),
    ("header_and_blank_rows", HEADER + "\n,,,,,,,,\n\n", "no_entries", 2, ""),
]


@pytest.mark.parametrize(
    ("content", "code", "line", "column"), [o[1:] for o in SHAPES], ids=[o[0] for o in SHAPES]
)
def test_shape_of_the_file(content: str, code: str, line: int, column: str, tmp_path: Path) -> None:
    status, out, err, files = run("gaoyang-party", content, tmp_path)
    assert (status, out, files) == (2, "", []), err
    with pytest.raises(Faulty) as caught:
        read_sheet(load_pack("gaoyang-party"), tmp_path / "in.csv")
    first = caught.value.faults[0]
    assert (first.code, first.row, first.column) == (code, line, column), caught.value.faults
    assert first.remedy in err


def test_all_faults_at_once_in_order_of_rows(tmp_path: Path) -> None:
    rows = town()
    for change in (put(13, value="2"), put(11, kind="x"), put(6, value="九"), put(3, name="别名"), drop(5)):
        change(rows)
    status, _, err, _ = run("dinghai-2018-town", text(rows), tmp_path)
    assert status == 2
    lines = err.strip().splitlines()
    assert [line.split(" ")[1] for line in lines[:-1]] == ["2", "3", "5", "10", "12"]
    assert lines[-1] == "共 5 处错误，没有输出结果。"


def test_thousands_of_faults_are_counted_not_kept(tmp_path: Path) -> None:
    rows = [row(f"M{number}", "C", "duty.01", "x") for number in range(6000)]
    status, _, err, _ = run("gaoyang-party", text(rows), tmp_path)
    assert status == 2
    assert "另有 1000 处错误没有列出" in err
    assert "共 6000 处错误" in err


def test_an_unknown_word_gets_a_suggestion(tmp_path: Path) -> None:
    rows = [row("M1", "C", "dutty.01", "1")]
    assert "是不是“duty.01”？" in run("gaoyang-party", text(rows), tmp_path)[2]
