"""The shipped packs keep the sources' counts, editors find their schema, and faulty packs name line and
remedy."""

# ruff: noqa: E501  the tables hold one case a line
from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator

from server.assessment.faults import Fault, Faulty
from server.assessment.pack_reader import PACKS, load_pack, read_pack, shipped_packs
from server.assessment.pack_view import pack_view

IDS = ("dinghai-2017", "dinghai-2018-organ", "dinghai-2018-town", "dongguan", "gaoyang-party", "gaoyang-thousand",
       "hangjin", "nanjiang-achievement", "nanjiang-licence", "nanjiang-rating")  # fmt: skip


def test_the_ten_packs_are_shipped() -> None:
    assert shipped_packs() == IDS


@pytest.mark.parametrize(
    ("pack", "counts"),
    [
        ("dongguan", {"aspect": 4, "item": 32, "content": 77, "standard": 202}),
        ("gaoyang-party", {"class": 3, "task": 54}),
        ("gaoyang-thousand", {"sheet": 4, "heading": 4, "item": 6}),
        ("dinghai-2017", {"first": 4, "second": 8}),
        ("dinghai-2018-town", {"first": 4, "second": 8}),
        ("dinghai-2018-organ", {"first": 5, "second": 8}),
    ],
)
def test_counts_of_the_sources(pack: str, counts: dict[str, int]) -> None:
    assert load_pack(pack).counts().items() >= counts.items()


def test_every_standard_of_dongguan_is_marked_and_told_apart() -> None:
    standards = [one for one in load_pack("dongguan").indicators.values() if one.level == "standard"]
    marks = [one.categories for one in standards]
    both, department, office = {"department", "field_office"}, {"department"}, {"field_office"}
    assert all(marks.count(frozenset(mark)) > 10 for mark in (both, department, office))
    assert len({one.title for one in standards}) == 202
    assert all(one.maximum and one.direction == "deduct" and one.repeatable for one in standards)
    assert min(len(one.title) for one in standards) >= 5


def test_tasks_of_gaoyang_bind_categories_and_f_has_no_duty() -> None:
    tasks = [one for one in load_pack("gaoyang-party").indicators.values() if one.level == "task"]
    assert {code for one in tasks if one.direction == "deduct" for code in one.categories} == set("ABCDE")
    assert {code for one in tasks if one.direction == "add" for code in one.categories} == set("ABCDEF")
    assert len({one.title for one in tasks}) == 54


@pytest.mark.parametrize("pack", IDS)
def test_each_pack_tells_editors_its_schema_and_its_source(pack: str) -> None:
    text = (PACKS / f"{pack}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=pack.schema.json\n")
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    assert sum(bool(re.search("[一-鿿]", line)) for line in comments) >= 5
    loaded = load_pack(pack)
    assert loaded.id == pack
    assert loaded.source["document"] in {"000", "001", "002", "003", "004"}
    assert loaded.source["illustrative"]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads((PACKS / "pack.schema.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("pack", IDS)
def test_the_view_has_the_keys_of_the_contract(pack: str) -> None:
    view = json.loads(json.dumps(pack_view(load_pack(pack)), ensure_ascii=False))
    assert view["id"] == pack
    assert view.keys() >= {"categories", "methods", "counts", "indicators"}
    levels = [one["level"] for one in view["indicators"]]
    assert {level: levels.count(level) for level in view["counts"]} == view["counts"]
    codes = {one["code"] for one in view["indicators"]}
    assert all(one["parent"] is None or one["parent"] in codes for one in view["indicators"])


def test_no_county_is_named_in_the_engine() -> None:
    names = ("dinghai", "nanjiang", "gaoyang", "hangjin", "dongguan", "定海", "南江", "高阳", "杭锦", "东莞")
    for path in PACKS.parent.glob("*.py"):
        text = path.read_text(encoding="utf-8").replace("请参照 nanjiang-licence", "")
        assert not [name for name in names if name in text], path.name


SMALL = """\
id: own
title: 本县考核
version: "1"
source: {document: own, name: 本县文件}
periods: single
categories:
  - {code: a, title: 甲类, subject: person}
raters:
  - {code: boss, title: 领导, weight: 1}
parameters:
  most: {title: 满分, value: 100}
levels: {item: 指标}
expected_counts: {item: 2}
indicators:
  - {code: work, title: 工作, level: item, min: 0, max: 60, required: true}
  - {code: bonus, title: 加分, level: item, kinds: [{code: x, title: 表彰}]}
steps:
  - {name: final, title: 得分, method: sum, add: [work, bonus], max: $most}
result: final
flags:
  - {code: low, title: 偏低, when: {value: final, below: 10}}
gradings:
  - name: grade
    title: 等次
    grades: [{code: good, title: 好}]
    rules:
      - {grade: good, quota: 0.3}
consequences:
  - {code: talk, title: 谈话, decided_by: 党委, when: {flag: low}}
"""


def faults(text: str) -> list[Fault]:
    with pytest.raises(Faulty) as caught:
        read_pack(text)
    return caught.value.faults


def test_a_small_pack_of_a_countys_own() -> None:
    assert read_pack(SMALL).counts() == {"item": 2}
    assert read_pack(SMALL, {"most": "50"}).parameters["most"].value == 50


PACK_FAULTS: list[tuple[str, str, str, int, str]] = [
    ("tab", "  - {code: a,", "\t- {code: a,", 7, "yaml"),
    ("open bracket", "kinds: [{code: x, title: 表彰}]}", "kinds: [{code: x, title: 表彰}", 17, "yaml"),
    ("key twice", "title: 本县考核", "title: 本县考核\ntitle: 又一个", 3, "yaml_key"),
    ("alias", "code: a, title: 甲类", "code: &a a, title: *a", 7, "yaml_alias"),
    ("unknown key", "periods: single", "periods: single\ncolour: red", 6, "pack_shape"),
    ("missing key", "result: final\n", "", 1, "pack_shape"),
    ("wrong type", "max: 60", "max: 很多", 15, "pack_shape"),
    ("wrong word", "periods: single", "periods: yearly", 5, "pack_shape"),
    ("wrong method", "method: sum", "method: add_up", 18, "pack_shape"),
    ("bad code", "code: work", "code: 工作", 15, "pack_shape"),
    ("empty list", "rules:\n      - {grade: good, quota: 0.3}", "rules: []", 26, "pack_shape"),
    ("no document", "document: own, ", "", 4, "pack_shape"),
    ("unknown parameter", "$most", "$least", 18, "parameter_unknown"),
    ("unused parameter", "max: $most", "max: 100", 11, "parameter_unused"),
    ("word for a number", "value: 100", "value: 一百", 11, "parameter_value"),
    ("unknown reference", "add: [work, bonus]", "add: [work, bonos]", 18, "reference_unknown"),
    ("later step", "add: [work, bonus]", "add: [final]", 18, "reference_unknown"),
    ("nothing below", "add: [work, bonus]", "add: [work.*]", 18, "reference_unknown"),
    ("unknown result", "result: final", "result: total", 19, "result_unknown"),
    ("unknown level", "title: 加分, level: item", "title: 加分, level: items", 16, "level_unknown"),
    ("count", "expected_counts: {item: 2}", "expected_counts: {item: 3}", 13, "count"),
    ("doubled indicator", "code: bonus, title", "code: work, title", 16, "indicator_double"),
    ("unknown category", "required: true}", "required: true, categories: [b]}", 15, "category_unknown"),
    ("unknown rater", "required: true}", "required: true, raters: [group]}", 15, "rater_unknown"),
    ("bounds", "min: 0, max: 60", "min: 70, max: 60", 15, "bounds"),
    ("doubled kind", "[{code: x, title: 表彰}]", "[{code: x, title: 表彰}, {code: x, title: 嘉奖}]", 16, "kind_double"),
    ("unknown grade", "{grade: good, quota", "{grade: best, quota", 27, "grade_unknown"),
    ("quota in per cent", "quota: 0.3", "quota: 30", 27, "quota"),
    ("unknown flag", "{flag: low}", "{flag: high}", 29, "reference_unknown"),
    ("unknown value", "{value: final,", "{value: score,", 21, "reference_unknown"),
    ("no bound", "{value: final, below: 10}", "{value: final}", 21, "condition"),
    ("two conditions in one", "{value: final, below: 10}", "{value: final, below: 10, has: bonus}", 21, "condition"),
    ("unknown kind", "{value: final, below: 10}", "{has: bonus, kind: y}", 21, "kind_unknown"),
    ("each period", "method: sum, add", "method: sum, each_period: true, add", 18, "step_period"),
    ("rank of an indicator", "method: sum, add: [work, bonus], max: $most", "method: rank, of: work, max: $most", 18, "step_source"),
    ("no step size", "method: sum, add", "method: rank_coefficient, of", 18, "step_number"),
    ("no terms", "add: [work, bonus], max", "max", 18, "step_empty"),
    ("caps without kinds", "method: sum, add: [work, bonus]", "method: capped_by_kind, of: work", 18, "step_kinds"),
    ("weights of nothing", "method: sum, add: [work, bonus]", "method: weighted_mean, parts: [{of: work, weight: 0}]", 18, "weights"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "code"), [one[1:] for one in PACK_FAULTS], ids=[o[0] for o in PACK_FAULTS]
)
def test_a_faulty_pack_names_line_and_remedy(old: str, new: str, line: int, code: str) -> None:
    assert SMALL.count(old) == 1
    found = faults(SMALL.replace(old, new))
    assert (line, code) in [(fault.line, fault.code) for fault in found], found
    assert all(fault.reason and fault.remedy for fault in found)


def test_all_faults_of_a_pack_at_once() -> None:
    text = SMALL.replace("level: item, kinds", "level: none, kinds").replace("{flag: low}", "{flag: no}")
    text = text.replace("result: final", "result: x")
    assert [fault.line for fault in faults(text)] == [13, 16, 19, 29]


@pytest.mark.parametrize(
    "text", ["", "# 只有说明\n", "- 1\n- 2\n", "\x00", "a: [" * 200, "a: &x [*x, *x]\n", "x" * 2_000_001]
)
def test_texts_that_are_no_packs(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"weight": "1"}, "parameter_unknown"), ({"weight_routine": "很大"}, "parameter_value"),
     ({"quota_scope": "village"}, "parameter_value")],
)  # fmt: skip
def test_parameters_that_cannot_be_set(changes: dict[str, str], code: str) -> None:
    with pytest.raises(Faulty) as caught:
        load_pack("hangjin", changes)
    assert [fault.code for fault in caught.value.faults] == [code]
