"""The lawful-rights guard: positive items, doubtful consequences, and what a finding says."""

from __future__ import annotations

import pytest

from server.rulebook.findings import Level
from server.rulebook.guard import inspect
from server.rulebook.items import Item, ItemKind, Rulebook
from tests.unit.rulebook.reading import ONE, errors, of_consequence, of_item


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("帮邻居代办残疾证", "替行动不便的邻居跑腿办证。"),
        ("帮老人做社保认证", "上门帮老人刷脸认证养老金。"),
        ("陪邻居就医", ""),
        ("接送邻居孩子上学", ""),
        ("全年无上访", ""),
        ("协助选举现场服务", "帮老人到投票点投票。"),
        ("照顾怀孕邻居", ""),
    ],
)
def test_a_positive_item_that_mentions_such_a_word_gets_a_warning(name: str, text: str) -> None:
    found = of_item(name, text, "positive")
    assert errors(found) == set()
    assert [finding.code for finding in found] == ["guard_mention"]


def test_a_positive_item_may_not_take_back_for_a_right() -> None:
    assert errors(of_item("门前整洁", "全家有上访的，扣回加分。", "positive")) == {"guard_petition"}


def test_harmless_items_are_silent() -> None:
    assert of_item("参加清洁日", "每户来一个人，干满半天。", "positive") == []
    assert of_item("门前乱堆乱放", "提醒后三天还没清走。") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("积分高的优先办理宅基地手续", "guard_preference"),
        ("列入全村黑名单", "guard_consequence"),
        ("全村大喇叭点名三天", "guard_consequence"),
    ],
)
def test_doubtful_consequences_are_warned_about(text: str, code: str) -> None:
    assert [(finding.code, finding.level) for finding in of_consequence(text)] == [(code, Level.WARNING)]


def test_vague_superstition_is_warned_about() -> None:
    found = of_item("搞封建迷信活动")
    assert [(finding.code, finding.level) for finding in found] == [("guard_vague_belief", Level.WARNING)]


def test_findings_say_where_they_stand() -> None:
    item = Item(
        "N7", "乱扔垃圾", "乡村建设", ItemKind.NEGATIVE, -ONE, -ONE, consequences=("提醒改正", "取消低保")
    )
    (finding,) = inspect(Rulebook("试", "试", True, (item, item), consequences=()))[:1]
    assert (finding.item, finding.field) == ("N7", "items.0.consequences.1")
    assert "N7 乱扔垃圾" in finding.message and "低保" in finding.message
