"""The lawful-rights guard: fines, positive items, doubtful consequences, and what a finding says."""

from __future__ import annotations

import pytest

from server.rulebook.findings import Level
from server.rulebook.guard import inspect
from server.rulebook.items import Item, ItemKind, Rulebook
from tests.unit.rulebook.reading import ONE, errors, of_consequence, of_item

FINES_REFUSED = [
    "罚款50元",
    "每次罚款五十元",
    "处以一百元罚款",
    "罚 20 块钱",
    "缴纳违约金200元",
    "扣押金",
    "没收卫生保证金",
    "交保证金 500 元，整改后退还",
    "不打扫的交50元清洁费",
    "从工钱里扣钱",
    "扣款30元",
    "罚请全村看一场电影，罚放电影",
    "罚酒两桌",
    "处罚100元并通报",
    "收取滞纳金",
    "按每分10元扣款",
    "罚金由村委会收取",
    "每缺一次收20元",
    "垃圾不分类罚十元",
    "违者罚没建材",
    "扣除保证金的一半",
    "罚款50元，并移交派出所",
    "报告派出所后由村里罚款",
    "每次交清洁费30元",
    "扣20元",
    "罚二十",
    "押金不退",
    "一次罚款100元，二次加倍",
    "违约金从土地流转费里扣",
    "每户预交200元环境保证金",
    "罚扫街一周或交50元",
    "屡犯的处50元以上罚款",
]


@pytest.mark.parametrize("text", FINES_REFUSED)
def test_no_fines_in_money(text: str) -> None:
    found = [finding for finding in of_consequence(text) if finding.code == "guard_fine"]
    assert found and found[0].level is Level.ERROR
    assert "第二十七条" in found[0].message


FINES_NEAR = [
    "不罚款，只扣积分",
    "村里不得罚款",
    "严禁以任何形式罚款",
    "用积分代替罚款",
    "由公安机关依法罚款",
    "被交警罚款的，另做安全教育",
    "照价赔偿",
    "恢复原状",
    "扣积分5分",
    "奖励50元购物券",
    "奖励价值20元的洗衣粉",
    "扣2分，提醒改正",
    "不收押金和保证金",
    "乱罚款的，村民可以投诉",
    "罚款一律无效，退还",
    "赔偿邻居损失",
    "兑换20元以内的日用品",
    "由执法部门依法处罚",
    "不扣钱不扣物，只提醒改正",
    "谈心教育，帮助整改",
]


@pytest.mark.parametrize("text", FINES_NEAR)
def test_near_misses_of_fines(text: str) -> None:
    assert "guard_fine" not in errors(of_consequence(text))


@pytest.mark.parametrize(
    ("name", "explanation", "refused"),
    [
        ("乱扔垃圾罚款50元", "", True),
        ("乱倒垃圾", "第二次起每次罚20元。", True),
        ("酒后驾车", "被交警罚款的，扣分。", False),
        ("收买证人", "给钱让人说假话。", False),
        ("强收保护费", "向商户要钱。", False),
    ],
)
def test_fines_inside_items(name: str, explanation: str, refused: bool) -> None:
    assert ("guard_fine" in errors(of_item(name, explanation))) is refused


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
