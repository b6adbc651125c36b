"""`jifen assess`: outputs as the contract says, explanations that add up, what-if, sensitivity, files put
whole in place."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from server.assessment.cli import assess
from server.assessment.entries import COLUMNS
from server.assessment.pack_reader import PACKS
from tests.unit.assessment.cases import GENERATORS, sheets
from tests.unit.assessment.sheets import Row, row


def written(rows: list[Row], folder: Path) -> Path:
    path = folder / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(assess, [str(word) for word in words])


def run(pack: str, rows: list[Row], folder: Path, *more: str) -> dict[str, Any]:
    found = command("run", pack, "--input", written(rows, folder), *more)
    assert found.exit_code == 0, found.stderr
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


def units(*scores: tuple[str, str, str]) -> list[Row]:
    """Hangjin rows of (subject, category, score), all three forms alike."""
    forms = ("routine", "special", "periodic")
    return [row(subject, category, form, score) for subject, category, score in scores for form in forms]


def by_form(**scores: str) -> list[Row]:
    """Hangjin rows of towns, each with its routine, special and periodic score."""
    forms = ("routine", "special", "periodic")
    return [
        row(subject, "town", form, value)
        for subject, values in scores.items()
        for form, value in zip(forms, values.split(), strict=True)
    ]


def test_json_as_the_contract_says(tmp_path: Path) -> None:
    rows = units(
        ("U2", "town", "80"), ("U10", "town", "80"), ("U3", "town", "90.005"), ("S1", "social", "70")
    )
    rows += units(("U4", "town", "60"))
    found = run("hangjin", rows, tmp_path)
    assert found["pack"] == "hangjin"
    order = [(one["category"], one["rank"], one["subject"]) for one in found["results"]]
    assert order == [
        ("social", 1, "S1"),
        ("town", 1, "U3"),
        ("town", 2, "U10"),
        ("town", 2, "U2"),
        ("town", 4, "U4"),
    ]
    first = found["results"][1]
    assert first.keys() >= {"subject", "name", "category", "components", "final", "rank", "grade", "flags",
                            "consequences", "explanation"}  # fmt: skip
    assert (first["final"], first["components"]["routine"]) == ("90.01", "90.005")
    assert first["grade"] == "advanced"
    assert first["consequences"][0].keys() == {"code", "title", "decided_by"}
    assert found["results"][4]["grade"] is None


def test_components_have_twelve_places_without_trailing_zeros(tmp_path: Path) -> None:
    rows = units(("U1", "town", "80")) + [
        row("U1", "town", "routine", value, rater=value) for value in ("80.5", "81")
    ]
    one = run("hangjin", rows, tmp_path)["results"][0]
    assert one["components"]["routine"] == "80.5"
    rows[-1]["value"] = "80"
    assert run("hangjin", rows, tmp_path)["results"][0]["components"]["routine"] == "80.166666666667"


def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = [*node.get("from", ()), *node.get("others", ()), *node.get("facts", ())]
    return [node] if "row" in node else [leaf for child in below for leaf in leaves(child)]


@pytest.mark.parametrize("pack", GENERATORS)
def test_explanations_name_every_row_once_and_their_sums_add_up(pack: str, tmp_path: Path) -> None:
    for rows in sheets(pack, 6, seed=5):
        found = run(pack, rows, tmp_path)
        named: dict[str, list[int]] = {}
        for one in found["results"]:
            tree = one["explanation"]
            named[one["subject"]] = sorted(leaf["row"] for leaf in leaves(tree) if "charged_from" not in leaf)
            check_sums(tree)
        for subject, listed in named.items():
            assert listed == [number for number, one in enumerate(rows, start=2) if one["subject"] == subject]


def check_sums(node: dict[str, Any]) -> None:
    """Sums, products and weighted means recomputed from the nodes below; 1e-9 for the rounded decimals."""
    values = [F(child["value"]) for child in node.get("from", ())]
    if node.get("method") == "sum":
        total = F(node.get("base", "0"))
        for child, value in zip(node["from"], values, strict=True):
            total += -value if child.get("sign") == "-" else value
        total = min(total, F(node["max"])) if "max" in node else total
        total = max(total, F(node["min"])) if "min" in node else total
        assert abs(total - F(node["value"])) < F(1, 10**9)
    if node.get("method") in ("weighted_mean", "rater_mean") and values:
        weights = [F(child["weight"]) for child in node["from"]]
        mean = sum((v * w for v, w in zip(values, weights, strict=True)), F(0)) / sum(weights)
        assert abs(mean - F(node["value"])) < F(1, 10**9)
    if node.get("method") in ("mean", "mean_of_periods") and values:
        assert abs(sum(values, F(0)) / len(values) - F(node["value"])) < F(1, 10**9)
    for child in node.get("from", ()):
        check_sums(child)


def test_a_loss_is_explained_to_the_person_too(tmp_path: Path) -> None:
    rows = units(("U1", "town", "80")) + [one | {"unit": "U1"} for one in units(("P1", "head", "80"))]
    rows.append(row("U1", "town", "task_loss", "3", kind="P1", note="造林"))
    tree = run("hangjin", rows, tmp_path)["results"][1]["explanation"]
    charged = [leaf for leaf in leaves(tree) if leaf.get("charged_from")]
    assert [(leaf["charged_from"], leaf["row"], leaf["note"]) for leaf in charged] == [("U1", 8, "造林")]


def test_csv_output_is_harmless_in_a_spreadsheet(tmp_path: Path) -> None:
    rows = [
        row("=1+1", "C", "duty.01", "1", name="@甲"),
        row("M2", "C", "duty.01", "2", name="-乙", unit="+1"),
    ]
    target = tmp_path / "out.csv"
    assert (
        command("run", "gaoyang-party", "--input", written(rows, tmp_path), "--output", target).exit_code == 0
    )
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert table[1][2:4] == ["'=1+1", "'@甲"]
    assert table[2][3:5] == ["'-乙", "'+1"]


def test_xlsx_output_has_results_and_explanations_and_no_formula(tmp_path: Path) -> None:
    rows = [
        row("=1+1", "C", "duty.01", "1.5", name='=HYPERLINK("http://127.0.0.1")'),
        row("M2", "C", "prosperity.01", "2"),
    ]
    target = tmp_path / "out.xlsx"
    assert (
        command("run", "gaoyang-party", "--input", written(rows, tmp_path), "--output", target).exit_code == 0
    )
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["结果", "计算说明"]
    assert not [cell for sheet in book for line in sheet for cell in line if cell.data_type == "f"]
    sheet = book["结果"]
    assert sheet["A1"].value == "高阳县农村（社区）党员积分制管理结果表"
    assert [cell.value for cell in sheet[3]][:6] == ["类别", "名次", "编号", "名称", "所属单位", "最终得分"]
    assert [cell.value for cell in sheet[4]][1:6] == [1, "M2", "名M2", None, 102] or sheet["F4"].value == 102
    assert sheet["F5"].value == 98.5
    assert sheet["C5"].value == "'=1+1"
    lines = [[cell.value for cell in line] for line in book["计算说明"].iter_rows(min_row=2)]
    assert any("录入表第 2 行" in str(line[4]) for line in lines)


def test_output_format_follows_the_file_name_or_the_option(tmp_path: Path) -> None:
    source = written([row("M1", "C", "duty.01", "1")], tmp_path)
    mark = b"\xef\xbb\xbf"
    named = [("a.json", None, b"{"), ("b.csv", None, mark), ("c.xlsx", None, b"PK"), ("f.out", None, b"{")]
    for name, form, start in [*named, ("d.out", "csv", mark), ("e.out", "xlsx", b"PK")]:
        more = ("--format", form) if form else ()
        assert (
            command("run", "gaoyang-party", "--input", source, "--output", tmp_path / name, *more).exit_code
            == 0
        )
        assert (tmp_path / name).read_bytes().startswith(start)
    assert command("run", "gaoyang-party", "--input", source, "--format", "xlsx").exit_code == 2


def test_faults_leave_an_older_result_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("旧结果", encoding="utf-8")
    source = written([row("M1", "C", "duty.01", "很多")], tmp_path)
    assert command("run", "gaoyang-party", "--input", source, "--output", target).exit_code == 2
    assert target.read_text(encoding="utf-8") == "旧结果"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.json"]


def test_tables_on_a_terminal(tmp_path: Path) -> None:
    rows = units(("U1", "town", "90"), ("U2", "town", "80"), ("U3", "town", "70"), ("U4", "town", "[red]60"))
    rows = [one | {"value": one["value"].removeprefix("[red]")} for one in rows]
    rows = [one | {"name": "[bold]甲[/]"} if one["subject"] == "U1" else one for one in rows]
    found = command("run", "hangjin", "--input", written(rows, tmp_path), "--format", "table").stdout
    assert "[bold]甲[/]" in found  # names are text, never markup
    assert "先进集体" in found
    assert "系统不作决定" in found


def test_show_check_packs_and_template(tmp_path: Path) -> None:
    shown = json.loads(command("show", "dongguan", "--format", "json").stdout)
    assert shown["counts"] == {"aspect": 4, "item": 32, "content": 77, "standard": 202, "honour": 1}
    assert "802" not in command("show", "dongguan").stdout
    assert "A01.1.1" in command("show", "dongguan").stdout
    assert "积分项目 32" in command("packs").stdout
    assert len(json.loads(command("packs", "--format", "json").stdout)) == 10
    assert command("check", PACKS / "hangjin.yaml").exit_code == 0
    assert command("template", "hangjin", "--output", tmp_path / "t.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "t.xlsx")["填报"]["A1"].value == "编号"


def test_a_countys_own_pack_by_path(tmp_path: Path) -> None:
    text = (PACKS / "gaoyang-party.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(
        text.replace("id: gaoyang-party", "id: own").replace("value: 100, ill", "value: 50, ill"),
        encoding="utf-8",
    )
    rows = [row("M1", "C", "duty.01", "1")]
    found = command("run", own, "--input", written(rows, tmp_path))
    assert json.loads(found.stdout)["results"][0]["final"] == "49.00"
    own.write_text(
        text.replace("method: sum, add: [duty.*]", "method: sum, add: [dutty.*]"), encoding="utf-8"
    )
    checked = command("check", own)
    line = next(n for n, one in enumerate(text.splitlines(), start=1) if "add: [duty.*]" in one)
    assert checked.exit_code == 2
    assert f"第 {line} 行" in checked.stderr


def test_what_if_shows_who_moves_and_why(tmp_path: Path) -> None:
    rows = by_form(A="90 60 80", B="70 95 80")
    words = ["what-if", "hangjin", "--input", written(rows, tmp_path), "--set", "weight_routine=0.1"]
    moves = json.loads(command(*words, "--format", "json").stdout)["moves"]
    assert [(one["subject"], one["rank"], one["climbed"]) for one in moves] == [
        ("A", [1, 2], -1),
        ("B", [2, 1], 1),
    ]
    assert [one["final"] for one in moves] == [["80.00", "75.71"], ["79.00", "82.86"]]
    assert "↑1" in command(*words).stdout
    same = [*words[:-1], "weight_routine=0.4"]
    assert "没有人" in command(*same).stdout


def test_what_if_under_another_pack(tmp_path: Path) -> None:
    text = (
        (PACKS / "hangjin.yaml")
        .read_text(encoding="utf-8")
        .replace("value: 0.4, weight", "value: 0.2, weight", 1)
    )
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    rows = [*units(("A", "town", "90")), row("A", "town", "routine", "50", rater="二")]
    found = command(
        "what-if",
        "hangjin",
        "--input",
        written(rows, tmp_path),
        "--with",
        tmp_path / "own.yaml",
        "--format",
        "json",
    )
    assert json.loads(found.stdout)["moves"][0]["final"] == ["82.00", "85.00"]


def test_sensitivity_finds_the_crossing_exactly(tmp_path: Path) -> None:
    # A − B = 20·w_routine − 35·w_special: equal at w_routine = 0.35, and at w_special = 8/35
    rows = by_form(A="90 60 80", B="70 95 80")
    found = json.loads(
        command("sensitivity", "hangjin", "--input", written(rows, tmp_path), "--format", "json").stdout
    )
    by_name = {one["parameter"]: one for one in found["ranges"]}
    routine, special, periodic = (by_name[f"weight_{name}"] for name in ("routine", "special", "periodic"))
    assert (routine["lowest"], routine["highest"], routine["exact"]) == ("0.35", None, True)
    assert (special["lowest"], special["highest"]) == (None, "0.228571428571")
    assert (periodic["lowest"], periodic["highest"]) == (None, None)
    assert routine["rivals_at_lowest"] == ["A", "B"]
    assert "可到 0" in command("sensitivity", "hangjin", "--input", tmp_path / "in.csv").stdout


def test_sensitivity_where_a_cap_bends_the_line(tmp_path: Path) -> None:
    text = (PACKS / "hangjin.yaml").read_text(encoding="utf-8")
    text = text.replace("add: [score], subtract", "add: [score], max: 79.5, subtract")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    rows = by_form(A="90 60 80", B="70 95 80", C="99 99 99")
    words = [
        "sensitivity",
        tmp_path / "own.yaml",
        "--input",
        written(rows, tmp_path),
        "--weight",
        "weight_routine",
    ]
    one = json.loads(command(*words, "--format", "json").stdout)["ranges"][0]
    assert one["exact"] is False
    # A leaves the cap, and C ahead, where (44 + 90w) / (0.6 + w) = 79.5
    assert abs(F(one["lowest"]) - F(37, 105)) < F(1, 100_000)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "nowhere"], "没有这个方案"),
        (["run", "hangjin", "--input", "none.csv"], "找不到这个文件"),
        (["what-if", "hangjin", "--input", "none.csv"], "--set"),
        (["run", "hangjin", "--input", "none.csv", "--set", "x"], "参数=数值"),
        (["run", "hangjin", "--input", "none.csv", "--set", "x=1"], "没有这个参数"),
    ],
)
def test_wrong_words_end_with_two_and_a_remedy(words: list[str], told: str) -> None:
    found = command(*words)
    assert found.exit_code == 2
    assert told in found.stderr


def test_one_subject_explained_on_the_terminal(tmp_path: Path) -> None:
    source = written(units(("A", "town", "80")), tmp_path)
    found = command("explain", "hangjin", "--input", source, "--subject", "A").stdout
    assert "录入表第 2 行" in found
    assert command("explain", "hangjin", "--input", source, "--subject", "Z").exit_code == 2


def test_as_a_program_of_its_own(tmp_path: Path) -> None:
    source = written([row("M1", "C", "duty.01", "1")], tmp_path)
    words = [sys.executable, "-m", "server.assessment.cli", "run", "gaoyang-party", "--input", str(source)]
    found = subprocess.run(words, capture_output=True, check=True, cwd=PACKS.parents[2])
    assert json.loads(found.stdout)["results"][0]["final"] == "99.00"
